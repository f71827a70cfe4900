"""Where we stand."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime

from crisisroom.cli.acting import owned_json, owned_line
from crisisroom.cli.anchoring import head_json, heads_line, late_places, place_json
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.holding import held_json, hold_line
from crisisroom.cli.notifying import standing_json, standing_lines
from crisisroom.cli.overkey import READS
from crisisroom.cli.plain import At, clock_line, in_zone, incident_line, one_line
from crisisroom.cli.unchanged import on_full_disk
from crisisroom.core.clocks import all_clocks, clocks, minutes
from crisisroom.core.errors import Unavailable
from crisisroom.core.incident import Incident
from crisisroom.core.said import Owed
from crisisroom.core.timeline import ROOM
from crisisroom.core.truth import corrections_due
from crisisroom.report.contract import Json, clock_json, incident_json, moment, plainly
from crisisroom.report.contract_team import screen_json
from crisisroom.room import (
    Room,
    anchoring,
    corrective,
    holding,
    moving,
    notifying_looking,
    purging,
    reading,
    verifying,
    vitals,
)
from crisisroom.room.looks import looks_at
from crisisroom.room.purging import Due
from crisisroom.room.reading import SourceStatus, Status
from crisisroom.room.vitals import Lease
from crisisroom.store.moving import Gone


async def _status(context: Context, args: Namespace) -> int:
    try:
        room = await context.here()
    except Unavailable as refused:
        if refused.code != "disk-full":
            raise
        async with await on_full_disk(context) as room:
            return await _told(context, room)
    return await _told(context, room)


async def _told(context: Context, room: Room) -> int:
    known = await reading.status(room)
    late = await corrective.late(room)
    heads, places = await verifying.heads(room), await anchoring.standing(room)
    due = await purging.due(room)
    gone = await moving.gone(room)
    jobs, full = await vitals.leases_of(room), vitals.is_full(room)
    held, telling = await holding.held_incidents(room), await notifying_looking.standing(room)
    at = in_zone(room.config.zone, context.clock.now())
    context.show(
        lambda: (
            _status_json(context, known)
            | {"moved_to": _gone_to(context, gone), "disk_full": full}
            | {"jobs": [_job_json(one) for one in jobs]}
            | {"late_actions": [owned_json(context, one) for one in late]}
            | {"head": heads[ROOM], "anchors": [place_json(one) for one in places]}
            | {"notify": standing_json(telling)}
            | {"purge": plainly(due), "held": [held_json(one) for one in held]}
        ),
        lambda: (
            *_gone_lines(context, gone),
            *(("disk: FULL, so nothing is written: free some space",) if full else ()),
            *_status_lines(context, room, known, jobs),
            *standing_lines(telling, room.actor.name, at),
            heads_line(heads, known.incidents),
            *late_places(places, at),
            *(f"late action: {owned_line(context, one, named=True)}" for one in late),
            *_over_and_held(held, at),
            *due_lines(due),
        ),
    )
    return 0


def _gone_to(context: Context, gone: Gone | None) -> str:
    return "" if gone is None else "another place" if context.confined else gone.to


def _gone_lines(context: Context, gone: Gone | None) -> Iterator[str]:
    if gone is not None:
        yield f"MOVED to {_gone_to(context, gone)} at {gone.at}: what follows is as it was then"


def _over_and_held(held: Sequence[Incident], at: At) -> Iterator[str]:
    """Yield the holds on what is over; those of open incidents stand with them."""
    for one in held:
        if one.status != "open":
            yield f"hold: {one.id} {one_line(one.title)}: {hold_line(one, at)}"


def due_lines(due: Due) -> Iterator[str]:
    """Yield what somebody has to let go of: nothing is deleted by itself."""
    if due.unfinished:
        yield "erasure: one was interrupted: open the room once more, or give its command again"
    if said := str(due):
        yield f"retention: {said} are older than it says: crisisroom purge --dry-run"


def _where(context: Context, status: Status) -> str:
    """Return where the room lies; who comes by a key knows it by their key."""
    return "this key's" if context.confined else status.room


def _status_json(context: Context, status: Status) -> Json:
    now, watcher = context.clock.now(), status.watcher
    return {
        "room": _where(context, status),
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
        "incidents": [incident_json(one) | head_json(one) for one in status.incidents],
        "clocks": [
            clock_json(clock) | {"incident": incident.id}
            for incident in status.incidents
            for clock in all_clocks(incident, now)
        ],
        "owed": [_owed_json(one, due) for one in status.incidents if (due := corrections_due(one))],
        "outbox": [plainly(item) for item in status.outbox],
        "unwatched": list(status.unwatched),
        "unread": plainly(status.unread),
        "people": [screen_json(one) for one in status.people],
    }


def _status_lines(
    context: Context, room: Room, status: Status, jobs: Sequence[Lease]
) -> Iterator[str]:
    now = context.clock.now()
    at = in_zone(room.config.zone, now)
    yield f"room: {_where(context, status)}"
    yield from _watcher_lines(status, jobs)
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
        if held := hold_line(incident, at):
            yield f"  {held}"
        yield from (f"  {clock_line(clock, at, now)}" for clock in clocks(incident, now))
    if not status.incidents:
        yield "incident: none is open"
    for item in status.outbox:
        reason = f": {item.reason}" if item.reason else ""
        yield f"outbox: {item.incident} {item.id} {item.state} on {item.channel}{reason}"
    for person in status.people:
        reads = f", {person.access}" if person.access else ""
        yield f"here: {person.actor}{reads} since {at(person.since)}, {looks_at(person)}"


def _watcher_lines(status: Status, jobs: Sequence[Lease]) -> Iterator[str]:
    """Yield who watches, each with what they hold; who leads sends and keeps the clocks."""
    if status.watcher is None:
        yield "watcher: none, nobody listens and nothing is sent: crisisroom watch starts one"
    does = dict[tuple[str, int], list[str]]()
    for one in sorted(jobs, key=lambda one: one.name != vitals.WATCHES):
        if one.name == vitals.WATCHES or one.name.startswith((vitals.MEMBER, vitals.SOURCE)):
            held = does.setdefault((one.host, one.pid), [])
            held += ["leads"] if one.name == vitals.WATCHES else []
            held += [one.name] if one.name.startswith(vitals.SOURCE) else []
        else:
            yield f"job: {one.name}: process {one.pid} on {one.host}"
    for (host, pid), held in does.items():
        yield f"watcher: process {pid} on {host}: {', '.join(held) or 'stands by'}"


def _job_json(one: Lease) -> Json:
    return {"name": one.name, "host": one.host, "pid": one.pid, "age": round(one.age, 1)}


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


VERBS = {"status": Verb(_status, over_key=READS, serves=True)}
