"""One answer to many: proposed person by person, reviewed, sent, stopped."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import opened
from crisisroom.cli.options import arg, flag, option, takes, text
from crisisroom.cli.options import words as given
from crisisroom.cli.output import say
from crisisroom.cli.overkey import A_HOST_FILE, ACTS, READS
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.said import Bulk
from crisisroom.report.contract import plainly
from crisisroom.room import bulk, reading
from crisisroom.room.bulk import Addressee, Chosen, Proposal


async def _preview(context: Context, args: Namespace) -> int:
    room = await context.here()
    found = await bulk.propose(room, args.inc, args.narrative, args.words)
    context.show(lambda: _as_json(found), lambda: [*_lines(found)])
    return 0


def _as_json(found: Proposal) -> dict[str, object]:
    return {
        "incident": found.incident,
        "narrative": found.narrative,
        "words": found.words,
        "wordings": found.wordings,
        "people": [_person(one) for one in found.people],
    }


def _person(one: Addressee) -> dict[str, object]:
    return {
        "mention": one.mention.id,
        "handle": one.mention.author.handle,
        "quote": one.mention.text,
        "channel": one.channel,
        "text": one.text,
        "asks": [*one.asks],
        "why_not": one.why_not,
    }


def _lines(found: Proposal) -> Iterator[str]:
    ways = f", {found.wordings} wordings in turn" if found.wordings > 1 else ""
    yield f"{found.words} for {len(found.going)} of {len(found.people)} people{ways}"
    for one in found.people:
        who = f"{one.mention.id} {one.mention.author.handle or one.mention.author.name}"
        if one.why_not:
            yield f"  - {who}: none, {one.why_not}"
            continue
        yield f"  + {who} on {one.channel}"
        yield from (f"      {line}" for line in one.text.split("\n"))
        yield from (f"      ? {question}" for question in one.asks)
    where = f"{found.incident} {found.narrative} --words {found.words}"
    yield f"next: crisisroom bulk send {where} --all, or --to M-1 M-2, or --from FILE"


async def _send(context: Context, args: Namespace) -> int:
    room = await context.here()
    chosen = await _chosen(context, args)
    result = await bulk.send(
        room,
        args.inc,
        args.narrative,
        args.words,
        chosen,
        command_id=context.options.command_id,
    )
    context.acted(
        result.acted,
        lambda: {
            "bulk": result.bulk.id,
            "queued": [*result.queued],
            "held": [{"id": id_, "why": why} for id_, why in result.held],
        },
    )
    if not context.options.json:
        for id_, why in result.held:
            say(f"held: {id_}: {why}")
        where = f"{result.acted.incident.id} {result.bulk.id}"
        say(f"{len(result.queued)} on their way; crisisroom bulk stop {where} stops the rest")
    return 0


async def _chosen(context: Context, args: Namespace) -> list[Chosen]:
    if args.source:
        return [*_reviewed(args.source)]
    room = await context.here()
    found = await bulk.propose(room, args.inc, args.narrative, args.words)
    wanted = {one.upper() for one in args.to}
    if not (args.all or wanted):
        raise Usage("nobody", "say who gets an answer", "--all, --to M-1 M-2, or --from FILE")
    without = {one.upper() for one in args.without}
    return [
        Chosen(one.mention.id, one.text)
        for one in found.going
        if (args.all or one.mention.id in wanted) and one.mention.id not in without
    ]


def _reviewed(path: str) -> Iterator[Chosen]:
    """Yield the lines of a reviewed list: JSON lines, or the document that preview printed."""
    with opened(path) as file:
        raw = file.read()
    for number, row in enumerate(_rows(path, raw), 1):
        if not isinstance(row, dict) or not isinstance(row.get("mention"), str):
            raise Usage(
                "list", f"{path}: person {number} names no mention", '{"mention": "M-1", …}'
            )
        if not isinstance(row.get("text", ""), str):
            raise Usage("list", f"{path}: the text of person {number} is no text")
        if row.get("text") and not row.get("why_not"):
            yield Chosen(row["mention"], row["text"])


def _rows(path: str, raw: bytes) -> list[object]:
    try:
        whole = json.loads(raw)
    except ValueError:
        numbered = enumerate(raw.splitlines(), 1)
        return [_row(line, number) for number, line in numbered if line.strip()]
    except RecursionError:
        raise Usage("list", f"{path} is nested too deeply") from None
    if not isinstance(whole, dict) or "people" not in whole:
        return [whole]
    if not isinstance(whole["people"], list):
        raise Usage("list", f"{path}: people is no list")
    return whole["people"]


def _row(line: bytes, number: int) -> object:
    try:
        found: object = json.loads(line)
    except json.JSONDecodeError as error:
        raise Usage("list", f"line {number} is no JSON: {error.msg}") from None
    except (UnicodeDecodeError, RecursionError):
        raise Usage("list", f"line {number} is no JSON") from None
    return found


async def _stop(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await bulk.stop(
        room, args.inc, args.bulk, given(args.why), command_id=context.options.command_id
    )
    return context.acted(acted, lambda: _bulk_json(acted.incident, args.bulk.upper()))


async def _resume(context: Context, args: Namespace) -> int:
    room = await context.here()
    acted = await bulk.resume(room, args.inc, args.bulk, command_id=context.options.command_id)
    return context.acted(acted, lambda: _bulk_json(acted.incident, args.bulk.upper()))


async def _list(context: Context, args: Namespace) -> int:
    room = await context.here()
    state = await reading.incident(room, args.inc)
    context.show(
        lambda: [_bulk_json(state, one) for one in state.bulks],
        lambda: (
            [_bulk_line(state, one) for one in state.bulks.values()]
            or ["nobody answered many at once"]
        ),
    )
    return 0


def _bulk_json(state: Incident, bulk_id: str) -> dict[str, object]:
    held: dict[str, object] = plainly(state.bulks[bulk_id])
    return held | {"states": dict(bulk.progress(state, bulk_id))}


def _bulk_line(state: Incident, one: Bulk) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in bulk.progress(state, one.id).items())
    stopped = f"; stopped by {one.stopped_by}" if one.stopped_at else ""
    return f"{one.id} by {one.by} to {one.narrative_id} with {one.words}: {counts}{stopped}"


_STORY = arg("narrative", "the story: N-3")
_BULK = arg("bulk", "the answer to many: B-1")

VERBS = {
    "bulk preview": Verb(
        _preview,
        takes(_STORY, option("--words", "the key message or answer; else what fits", metavar="ID")),
        incident=True,
        over_key=READS,
    ),
    "bulk send": Verb(
        _send,
        takes(
            _STORY,
            arg("--words", "the key message or answer", required=True, metavar="ID"),
            flag("--all", "everybody that preview names"),
            arg("--to", "only these mentions", nargs="+", default=[], metavar="M"),
            arg("--without", "not these mentions", nargs="+", default=[], metavar="M"),
            option("--from", "a list that somebody reviewed", metavar="FILE", dest="source"),
        ),
        incident=True,
        over_key=ACTS.without(source=A_HOST_FILE),
    ),
    "bulk stop": Verb(
        _stop, takes(_BULK, text("why", "why", optional=True)), incident=True, over_key=ACTS
    ),
    "bulk resume": Verb(_resume, _BULK, incident=True, over_key=ACTS),
    "bulk list": Verb(_list, incident=True, over_key=READS),
}
