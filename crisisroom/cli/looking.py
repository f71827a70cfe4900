"""Where we stand: status, timeline."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, checked_limit, flag, option, takes
from crisisroom.cli.output import document, flush, say
from crisisroom.cli.plain import At, clock_line, entry_line, in_zone, incident_line
from crisisroom.core.clocks import all_clocks, clocks, minutes
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident, Owed
from crisisroom.core.timeline import Entry
from crisisroom.core.truth import corrections_due
from crisisroom.report.contract import Json, clock_json, entry_json, incident_json, moment, plainly
from crisisroom.room import Room, reading
from crisisroom.room.reading import SourceStatus, Status

_PAGE = 500  # entries read at once


async def _status(context: Context, args: Namespace) -> int:
    room = await context.here()
    known = await reading.status(room)
    context.show(lambda: _status_json(context, known), lambda: _status_lines(context, room, known))
    return 0


def _status_json(context: Context, status: Status) -> Json:
    now, watcher = context.clock.now(), status.watcher
    return {
        "room": status.room,
        "schema": status.schema,
        "watcher": watcher
        and {"pid": watcher.pid, "host": watcher.host, "since": moment(watcher.since)},
        "sources": [
            {
                "id": one.id,
                "state": one.state,
                "last_ok_at": moment(one.last_ok_at),
                "reason": one.reason,
            }
            for one in status.sources
        ],
        "incidents": [incident_json(one) for one in status.incidents],
        "clocks": [
            clock_json(clock) | {"incident": incident.id}
            for incident in status.incidents
            for clock in all_clocks(incident, now)
        ],
        "owed": [_owed_json(one, due) for one in status.incidents if (due := corrections_due(one))],
        "outbox": [plainly(item) for item in status.outbox],
        "unwatched": list(status.unwatched),
        "unread": plainly(status.unread),
        "people": [
            {
                "actor": one.actor,
                "incident": one.incident,
                "view": one.view,
                "mention": one.mention,
                "host": one.host,
                "since": moment(one.since),
            }
            for one in status.people
        ],
    }


def _status_lines(context: Context, room: Room, status: Status) -> Iterator[str]:
    now = context.clock.now()
    at = in_zone(room.config.zone, now)
    yield f"room: {status.room}"
    if status.watcher:
        yield f"watcher: process {status.watcher.pid} on {status.watcher.host}"
    else:
        yield "watcher: none, nobody listens and nothing is sent: crisisroom watch starts one"
    for one in status.sources:
        yield f"source: {_source_words(one, at, now)}"
    if status.unread:
        since = at(status.unread.since)
        yield f"analysis: {status.unread.mentions} mentions wait since {since}: crisisroom doctor"
    if status.unwatched:
        yield f"unwatched, silence there is not calm: {', '.join(status.unwatched)}"
    for incident in status.incidents:
        yield f"incident: {incident_line(incident, at)}"
        if due := corrections_due(incident):
            yield f"  {_owed_line(incident, due, now)}"
        yield from (f"  {clock_line(clock, at, now)}" for clock in clocks(incident, now))
    if not status.incidents:
        yield "incident: none is open"
    for item in status.outbox:
        reason = f": {item.reason}" if item.reason else ""
        yield f"outbox: {item.incident} {item.id} {item.state} on {item.channel}{reason}"
    for person in status.people:
        where = " ".join(part for part in (person.incident, person.view, person.mention) if part)
        yield f"here: {person.actor} since {at(person.since)}" + (f", {where}" if where else "")


def _texts(due: Sequence[Owed]) -> list[str]:
    return list(dict.fromkeys(one.words for one in due))


def _owed_json(incident: Incident, due: Sequence[Owed]) -> Json:
    words = _texts(due)
    return {
        "incident": incident.id,
        "count": len(words),
        "words": words,
        "oldest_at": moment(due[0].at),
    }


def _owed_line(incident: Incident, due: Sequence[Owed], now: datetime) -> str:
    """Return how many texts are out that are not true any more, and for how long the first is."""
    words = _texts(due)
    many = "correction is due" if len(words) == 1 else "corrections are due"
    since = minutes(now - due[0].at)
    told = f"{len(words)} {many} ({', '.join(words)}), the oldest {since} old"
    return f"correct: {told}: crisisroom statement owed {incident.id}"


def _source_words(one: SourceStatus, at: At, now: datetime) -> str:
    """Return how a source does; of one that fails, for how long, why, and when it last did not."""
    reason = f": {one.reason}" if one.reason else ""
    heard = f", last heard {at(one.last_ok_at)}" if one.last_ok_at else ""
    if one.state != "failing":
        return f"{one.id} {one.state}{heard}{reason}"
    if one.last_ok_at is None:
        return f"{one.id} failing{reason}, never heard yet"
    return f"{one.id} failing for {minutes(now - one.last_ok_at)}{reason}{heard}"


async def _timeline(context: Context, args: Namespace) -> int:
    room = await context.here()
    incident = await reading.incident(room, args.inc)
    limit = checked_limit(args)
    after = _after(args.after, incident, args.last)
    if args.follow and limit is not None:
        raise Usage("usage", "--limit ends a list, --follow goes on: use one of them")
    at = in_zone(incident.zone, context.clock.now())
    if args.follow:
        async for entry in _following(room, incident.id, after):
            _print_entry(context, entry, incident, at)
        return 0
    entries = await reading.timeline(room, incident.id, after, limit)
    context.show(
        lambda: [entry_json(entry, incident.id) for entry in entries],
        lambda: [entry_line(entry, at) for entry in entries],
    )
    return 0


def _after(given: str, incident: Incident, last: int | None) -> int:
    if given and not (given.isascii() and given.isdecimal()):
        raise Usage("after", f"{given[:40]} is no entry's number")
    if last is not None:
        return max(int(given or 0), incident.seq - last)
    return int(given or 0)


async def _following(room: Room, inc: str, after: int) -> AsyncIterator[Entry]:
    """Yield the entries there are, then each further one as it is written."""
    woken = room.changes(await reading.latest_change(room))
    while True:
        while page := await reading.timeline(room, inc, after, _PAGE):
            for entry in page:
                yield entry
            after = page[-1].seq
        await anext(woken)


def _print_entry(context: Context, entry: Entry, incident: Incident, at: At) -> None:
    if context.options.json:
        document(entry_json(entry, incident.id))
    else:
        say(entry_line(entry, at))
    flush()


VERBS = {
    "status": Verb(_status),
    "timeline": Verb(
        _timeline,
        takes(
            flag("--follow", "go on with what is written from now on"),
            option("--after", "only what follows this entry", metavar="N"),
            arg("--limit", "at most so many", type=int, metavar="N"),
            arg("--last", "only the newest so many", type=int, metavar="N"),
        ),
        incident=True,
    ),
}
