"""A running incident takes more: playbooks, tasks, sentences, answers, and the patch they make."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, flag, option, takes, text, words
from crisisroom.cli.output import document, note, say, say_all, say_exactly
from crisisroom.cli.overkey import A_HOST_FILE, ACTS, READS
from crisisroom.cli.plain import one_line
from crisisroom.core.additions import Additions, additions, authors
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.kinds import span
from crisisroom.core.patch import as_yaml, patched, unified
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.wordings import Wording, words_of
from crisisroom.core.yamlwrite import Unwritable
from crisisroom.report.contract import Json, incident_json, task_json
from crisisroom.room import Acted, approvals, plan, reading
from crisisroom.room.approvals import ApprovedWords

Standing = Mapping[str, ApprovedWords]


async def _add(context: Context, args: Namespace) -> int:
    playbook = context.playbook(args.playbook)
    room = await context.here()
    command_id = context.options.command_id
    acted = await plan.add_playbook(room, args.inc, playbook, command_id=command_id)
    return _grown(context, acted, _settled(acted))


async def _switch(context: Context, args: Namespace) -> int:
    playbook = context.playbook(args.playbook)
    room = await context.here()
    command_id = context.options.command_id
    acted = await plan.switch_playbook(
        room, args.inc, playbook, words(args.reason), command_id=command_id
    )
    return _grown(context, acted, _settled(acted)[1:])  # the first line is the reason


def _settled(acted: Acted) -> list[str]:
    said: str = acted.entries[0].data["words"]
    return said.split("\n") if said else []


def _grown(context: Context, acted: Acted, settled: list[str]) -> int:
    context.acted(acted, lambda: incident_json(acted.incident) | {"settled": settled})
    if not context.options.json:
        say_all(f"  {line}" for line in settled)
    return 0


async def _task(context: Context, args: Namespace) -> int:
    within = span(args.within) if args.within else None
    if args.within and within is None:
        raise Usage("within", f"{args.within} is no span of time", "write it as 30m or 1h30m")
    room = await context.here()
    acted = await plan.add_task(
        room,
        args.inc,
        words(args.title),
        role=args.role,
        within=within,
        phase=args.phase,
        required=args.required,
        detail=args.detail,
        command_id=context.options.command_id,
    )
    now, task = context.clock.now(), acted.incident.tasks[acted.thing]
    return _named(context, acted, task_json(acted.incident, task, now))


def _named(context: Context, acted: Acted, thing: Json) -> int:
    """Print what was added with the id it got, by which other verbs know it."""
    context.acted(acted, lambda: thing)
    if not context.options.json:
        say(f"  its id is {acted.thing}")
    return 0


async def _message(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await plan.add_message(
        room,
        args.inc,
        words(args.text),
        title=args.title,
        when=args.when,
        expires=args.expires,
        command_id=context.options.command_id,
    )
    return await _worded(context, acted)


async def _answer(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await plan.add_answer(
        room,
        args.inc,
        args.question,
        words(args.answer),
        when=args.when,
        command_id=context.options.command_id,
    )
    return await _worded(context, acted)


async def _worded(context: Context, acted: Acted) -> int:
    standing = await approvals.approved(await context.here())
    (word,) = [one for one in words_of(acted.incident.plan) if one.id == acted.thing]
    code = _named(context, acted, _word_json(word, standing, acted.entries[0].actor))
    if not context.options.json and word.sha256 not in standing:
        say(f"  next: crisisroom message approve {acted.incident.id} {word.id}")
    return code


async def _messages(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    standing = await approvals.approved(room)
    by = authors(await reading.timeline(room, incident.id))
    known = [one for one in words_of(incident.plan) if one.kind in ("key_message", "faq")]
    context.show(
        lambda: [_word_json(one, standing, by.get(one.id, "")) for one in known],
        lambda: [*_lines(incident, known, standing, by)] or ["no messages"],
    )
    return 0


def _word_json(word: Wording, standing: Standing, by: str) -> Json:
    return {
        "id": word.id,
        "kind": word.kind,
        "text": word.text,
        "sha256": word.sha256,
        "approved": word.sha256 in standing,
        "added_by": by,
    }


def _lines(
    incident: Incident, known: list[Wording], standing: Standing, by: Mapping[str, str]
) -> Iterator[str]:
    questions = {one.id: one.question for one in incident.plan.faq}
    for word in known:
        state = "approved" if word.sha256 in standing else "not approved"
        added = f", added by {by[word.id]}" if word.id in by else ""
        asked = f"{one_line(questions[word.id])} " if word.id in questions else ""
        yield f"{word.id} ({state}{added}): {asked}{one_line(word.text)}"


async def _approve(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    fresh = await plan.approve_added(
        room, incident.id, args.ids, command_id=context.options.command_id
    )
    context.show(
        lambda: {"incident": incident.id, "approved": list(fresh)},
        lambda: (
            [f"approved {one}" for one in fresh]
            or [f"{incident.id}: nothing to approve of what was added"]
        ),
    )
    return 0


async def _patch(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    added = additions(await reading.timeline(room, incident.id))
    titles = {phase.id: phase.title for phase in incident.plan.phases}
    found = _file(context, args.file or incident.playbook.id, strict=bool(args.file))
    before, name = found or ("", "")
    after = patched(before, added, titles, _loader(name)) if found and added else None
    difference = unified(before, after, name) if after is not None else ""
    pasted = _pasted(added, titles)
    if context.options.json:
        document({"incident": incident.id, "file": name, "diff": difference, "yaml": pasted})
    elif difference:
        say_exactly(difference.removesuffix("\n"))
    else:
        _without_a_diff(incident, added, name, pasted, same=after is not None)
    return 0


def _pasted(added: Additions, titles: Mapping[str, str]) -> str:
    try:
        return as_yaml(added, titles) if added else ""
    except Unwritable as error:
        raise Refused("unwritable", f"no file can hold this: {error}") from error


def _without_a_diff(
    incident: Incident, added: Additions, name: str, pasted: str, *, same: bool
) -> None:
    if not added or same:
        where = f"; {name} has it all" if added else ""
        say(f"{incident.id}: nothing to put into the playbook's file{where}")
        return
    why = f"{name} does not take these lines as they are" if name else "its file is not here"
    note(f"crisisroom: {why}; this is what to paste")
    say_exactly(pasted.removesuffix("\n"))


def _file(context: Context, name: str, *, strict: bool) -> tuple[str, str] | None:
    """Return the text and name of a playbook's file, None where there is none to be read."""
    from crisisroom.library import find

    try:
        return find(name, context.playbooks())
    except Refused:
        if strict:
            raise
        return None


def _loader(name: str) -> Callable[[str], Playbook | None]:
    """Return what loads a text as if it stood in a file, with the files beside it."""
    from crisisroom.library import beside

    return lambda text: load_playbook(text, name, read=beside(Path(name)))[0]


_PLAYBOOK = arg("playbook", "the playbook's id or file")
_WHEN = arg(
    "--when",
    "a word in a mention that makes it fit; may be repeated",
    action="append",
    default=[],
    metavar="WORD",
)

VERBS = {
    "playbook add": Verb(_add, _PLAYBOOK, incident=True, over_key=ACTS.by_id("playbook")),
    "playbook switch": Verb(
        _switch,
        takes(_PLAYBOOK, text("reason", "why another plan leads")),
        incident=True,
        over_key=ACTS.by_id("playbook"),
    ),
    "playbook patch": Verb(
        _patch,
        option("--file", "the playbook's file; else the one with its id", metavar="FILE"),
        incident=True,
        over_key=READS.without(file=A_HOST_FILE),
    ),
    "task add": Verb(
        _task,
        takes(
            text("title", "what is to be done"),
            option("--role", "whose it is", metavar="ID"),
            option("--within", "due so long from now: 30m, 1h30m", metavar="SPAN"),
            option("--phase", "where it stands; else where the work is now", metavar="ID"),
            flag("--required", "it has to be done or skipped before the end"),
            option("--detail", "how to do it", metavar="WORDS"),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "message add": Verb(
        _message,
        takes(
            text("text", "the sentence, as it goes out; {{fact.what}} is filled in"),
            option("--title", "what it is called; else how it begins"),
            _WHEN,
            option("--expires", "the last day it counts: 2026-11-30", metavar="DAY"),
        ),
        incident=True,
        over_key=ACTS,
    ),
    "message answer": Verb(
        _answer,
        takes(
            arg("question", "the question as people ask it, in quotes"),
            text("answer", "our answer"),
            _WHEN,
        ),
        incident=True,
        over_key=ACTS,
    ),
    "message list": Verb(_messages, incident=True, over_key=READS),
    "message approve": Verb(
        _approve,
        arg("ids", "ids of added words; without them all", nargs="*", metavar="ID"),
        incident=True,
        over_key=ACTS,
    ),
}
