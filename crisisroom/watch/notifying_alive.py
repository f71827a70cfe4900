"""Whether the watcher's work is really done: judged by what stands in the room, not by its word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from crisisroom.core.engine import next_fire
from crisisroom.core.incident import Incident
from crisisroom.room import Room
from crisisroom.room.waiting import held, stopped_words
from crisisroom.store import Tx, log, pages, sources
from crisisroom.store.log import UNREADABLE
from crisisroom.store.sources import SourceRow

LATE = timedelta(minutes=3)  # by which what is due at once may be late
LATE_CLOCKS = timedelta(minutes=1)
_PERIODS = 3


async def ailing(room: Room) -> tuple[str, ...]:
    """Return what is not done though it is due: sources, clocks, sending, telling. None if well."""
    return await room.store.read(lambda tx: _ailing(tx, room))


async def _ailing(tx: Tx, room: Room) -> tuple[str, ...]:
    now = room.clock.now()
    found = [*_sources(await sources.all_rows(tx), room, now)]
    stopped = await stopped_words(tx)
    for chain, _ in await log.chains(tx):
        state = await log.state(tx, chain, room.store.seen)
        if state is not None:
            found += _clocks(state, now)
            found += _outbox(state, stopped, now)
    if any(now - one.due_at > LATE for one in await pages.in_state(tx, pages.OPEN)):
        found.append("people are not told of what is due")
    return tuple(found)


def _sources(rows: Iterable[SourceRow], room: Room, now: datetime) -> Iterator[str]:
    known = {one.id: one for one in room.config.sources}
    for row in rows:
        source = known.get(row.id)
        if source is None or row.next_at is None:
            continue
        if now - row.next_at > max(LATE, timedelta(seconds=source.every * _PERIODS)):
            yield f"source {row.id} is not asked"


def _clocks(state: Incident, now: datetime) -> Iterator[str]:
    try:
        owed = next_fire(state, now - LATE_CLOCKS)
    except UNREADABLE:
        return  # whoever acts on it is told
    if owed is not None:
        yield f"the clocks of {state.id} stand still"


def _outbox(state: Incident, stopped: str, now: datetime) -> Iterator[str]:
    for words in (*state.statements.values(), *state.replies.values()):
        if words.bulk or held(state, words, stopped):
            continue
        for send in words.sends.values():
            waits = send.state == "queued" and not send.reason and send.not_before is None
            if waits and send.at is not None and now - send.at > LATE:
                yield f"{words.id} of {state.id} is not sent"
