"""The review: shown, written, edited in one's own editor, moved on."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.editor import again, edited, keep
from crisisroom.cli.files import read_bytes
from crisisroom.cli.options import arg, flag, option, takes, text, words
from crisisroom.cli.overkey import ACTS, READS
from crisisroom.cli.plain import At, action_line, in_zone, one_line
from crisisroom.cli.programme import factor_line, gently
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.postmortem import (
    STATE_WORDS,
    Heading,
    all_headings,
    due_words,
    find,
    open_headings,
    said,
    task_of,
    written,
)
from crisisroom.core.reviewdoc import Broken, Section, document, parsed
from crisisroom.report.contract_review import review_of, section_json
from crisisroom.report.metrics import Metric
from crisisroom.report.plain import figure
from crisisroom.room import Room, reading, reviewing
from crisisroom.room.reviewing import STATES, Saved


async def _show(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    figures = await reviewing.figures(room, incident.id)
    at = in_zone(incident.zone, context.clock.now())
    context.show(lambda: review_of(incident, figures), lambda: _review_lines(incident, figures, at))
    return 0


def _review_lines(incident: Incident, figures: Sequence[Metric], at: At) -> Iterator[str]:
    every, missing = all_headings(incident), open_headings(incident)
    done = sum(bool(said(incident, one.id)) for one in every)
    state = STATE_WORDS[incident.review_state]
    yield (
        f"{incident.id} {one_line(incident.title)}: the review is {state},"
        f" {done} of {len(every)} headings written{_due(incident)}"
    )
    for heading in every:
        yield ""
        yield from _heading_lines(incident, heading, at)
    if figures:
        yield ""
        yield "figures to look at:"
        yield from (f"  {one.label}: {figure(one)}" for one in figures)
    if incident.factors:
        yield ""
        yield "factors:"
        yield from (f"  {factor_line(one)}" for one in incident.factors.values())
    if incident.actions:
        yield ""
        yield "actions:"
        yield from (f"  {action_line(one)}" for one in incident.actions.values())
    if missing:
        yield ""
        yield f"open: {', '.join(one.id for one in missing)}; crisisroom review edit {incident.id}"


def _due(incident: Incident) -> str:
    task = task_of(incident)
    if task is None:
        return f", {due_words(incident.plan)}"
    return f", held by {task.owner}, {task.state}" + (f", due {task.due}" if task.due else "")


def _heading_lines(incident: Incident, heading: Heading, at: At) -> Iterator[str]:
    held = written(incident, heading.id)
    optional = "" if heading.required else ", may stay empty"
    state = f"{held.by} {at(held.at)}" if held else f"nothing yet{optional}"
    yield f"{heading.id}: {one_line(heading.title)} ({state})"
    if held:
        yield from (f"  | {line}" for line in held.words.split("\n"))


async def _write(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await reviewing.write(
        room,
        args.inc,
        args.section,
        words(args.words),
        add=args.add,
        replace=args.replace,
        command_id=context.options.command_id,
    )
    gently(context, [acted.thing])
    incident = acted.incident
    heading = find(incident, args.section)
    assert heading is not None
    return context.acted(acted, lambda: section_json(incident, heading) | {"ask": acted.thing})


async def _edit(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    asked = _asked(incident, args.section)
    name = f"{incident.id}-review.md"
    if args.source:
        raw = read_bytes(args.source)
    else:
        _refuse_shell(room)
        helps = _helps(incident, await reviewing.figures(room, incident.id))
        sections = ((one, said(incident, one.id)) for one in asked)
        raw = edited(document(incident.id, incident.title, sections, helps), name).encode()
    saved = await _saved(room, incident, asked, raw, args.source)
    kept = keep(raw, name) if saved.clashes and not args.source else None
    return _told(context, saved, kept or (Path(args.source) if args.source else None))


def _refuse_shell(room: Room) -> None:
    if room.actor.confined:
        hint = "crisisroom review write takes words, and - reads them from stdin"
        raise Refused("shell", "no other program is started in this shell", hint)


def _asked(incident: Incident, named: str) -> tuple[Heading, ...]:
    """Return the headings to edit: all, or the one that was named."""
    if not named:
        return all_headings(incident)
    if heading := find(incident, named):
        return (heading,)
    known = ", ".join(one.id for one in all_headings(incident))
    raise Usage("unknown-section", f"the review has no section {named[:60]}", f"one of {known}")


def _helps(incident: Incident, figures: Sequence[Metric]) -> Iterator[str]:
    yield "Write under the headings. Lines like these stay: by them your words are read back."
    yield "Of things, never of people: what made it likely, easy, hard to see?"
    yield from (one for one in incident.plan.review.factors)
    yield from (f"{one.label}: {figure(one)}" for one in figures)
    yield from (f"factor {factor_line(one)}" for one in incident.factors.values())


async def _saved(
    room: Room, incident: Incident, asked: Sequence[Heading], raw: bytes, source: str
) -> Saved:
    """Read a document back and write what is new in it; what cannot be read is kept and named."""
    try:
        return await reviewing.save(room, incident.id, _parsed(incident, asked, raw))
    except (Refused, Broken, UnicodeDecodeError) as error:
        kept = Path(source) if source else keep(raw, f"{incident.id}-review.md")
        what = error.message if isinstance(error, Refused) else str(error)
        message = f"nothing was written: {what}; your words are in {kept}"
        raise Refused("document", message, again(kept)) from error


def _parsed(incident: Incident, asked: Sequence[Heading], raw: bytes) -> dict[str, Section]:
    return parsed(raw.decode(), incident.id, [one.id for one in asked])


def _told(context: Context, saved: Saved, kept: Path | None) -> int:
    """Tell what was written, and what somebody else wrote meanwhile; 1 where anything clashed."""
    incident = saved.acted.incident
    context.show(
        lambda: {
            "incident": incident.id,
            "written": [section_json(incident, one) for one in saved.written],
            "clashes": [
                {"id": one.heading.id, "mine": one.mine, "theirs": one.theirs, "by": one.by}
                for one in saved.clashes
            ],
            "kept": str(kept) if kept and saved.clashes else "",
            "asks": [*saved.asks],
            "entry": saved.acted.entry.seq,
        },
        lambda: _saved_lines(incident, saved, kept),
    )
    gently(context, saved.asks)
    return 1 if saved.clashes else 0


def _saved_lines(incident: Incident, saved: Saved, kept: Path | None) -> Iterator[str]:
    for heading in saved.written:
        yield f"{incident.id} wrote: {one_line(heading.title)}"
    if not saved.written and not saved.clashes:
        yield f"{incident.id}: nothing changed"
    for clash in saved.clashes:
        yield f"{one_line(clash.heading.title)}: {clash.by} wrote here meanwhile, yours is not in:"
        yield from (f"  | {line}" for line in clash.theirs.split("\n"))
    if saved.clashes:
        ids = " ".join(dict.fromkeys(one.heading.id for one in saved.clashes))
        yield f"your words are in {kept}; put them in with crisisroom review write ({ids})"


async def _state(context: Context, args: Namespace) -> int:
    room, command_id = await context.here(), context.options.command_id
    acted = await reviewing.move(room, args.inc, args.state, command_id=command_id)
    incident = acted.incident
    return context.acted(acted, lambda: review_of(incident, ()))


_SECTION = arg("section", "its id, its number, or how its id begins: review show has them")

VERBS = {
    "review show": Verb(_show, incident=True, over_key=READS),
    "review write": Verb(
        _write,
        takes(
            _SECTION,
            text("words", "what stands there", optional=True),
            flag("--add", "below what somebody wrote there"),
            flag("--replace", "in place of what somebody wrote there"),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "review edit": Verb(
        _edit,
        takes(
            arg("section", "only this one", nargs="?", default=""),
            option("--from", "a document that was edited already", dest="source", metavar="FILE"),
        ),
        incident=True,
    ),
    "review state": Verb(
        _state,
        arg("state", "what it is now", choices=STATES, metavar="STATE"),
        incident=True,
        over_key=ACTS,
    ),
}
