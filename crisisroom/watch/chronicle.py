"""What happened to the room as a service, for the log: sources, jobs, what went out, notices.

It reads what the watcher's parts wrote into the room, so that no part can forget to say it, and
hands on ids, states and counts only: never a word of anybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from crisisroom.core.errors import Unavailable
from crisisroom.core.timeline import ROOM, Entry
from crisisroom.logbook import Level, Logbook, Value
from crisisroom.room import Room, reading
from crisisroom.sources.unread import lines_unread
from crisisroom.store import Change, Tx, changes, log
from crisisroom.store import sources as rows

LOOK = 5.0  # seconds
_TOLD = (
    *("anchor.", "backup.", "room.", "config.", "words.erased", "person.erased", "person.notified"),
    *("statement.", "reply.", "outgoing.", "candidate.raised", "escalation.", "notice.", "clock."),
    "page.",
)
_LOUD = ("unknown", "failed", "exhausted", "late", "unanswered")
_IDS = ("id", "channel", "place", "key", "tries", "try", "state", "step", "way", "code", "outcome")


class _Source(msgspec.Struct, frozen=True):
    state: str
    fails: int
    heard: datetime | None
    unread: int = 0  # lines that are no mentions


class Chronicle:
    """Follows a room for one watcher; while another leads, that one's log has it."""

    def __init__(self, room: Room, log: Logbook, leads: Callable[[], bool]) -> None:
        self._room = room
        self._log = log
        self._leads = leads
        self._after: int | None = None
        self._sources: dict[str, _Source] = {}

    async def run(self) -> None:
        """Go on for ever; a room that is away is looked at again."""
        while True:
            try:
                await self.look()
            except Unavailable as error:
                self._log.event("unread", "debug", code=error.code)
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Write down what came since the last look."""
        found, sources = await self._room.store.read(self._read)
        if self._leads():
            for number, entry in found:
                self._tell(number, entry)
            self._compare(sources)
        self._sources = sources

    async def _read(self, tx: Tx) -> tuple[list[tuple[str, Entry]], dict[str, _Source]]:
        if self._after is None:
            self._after = await changes.head(tx)
        found: list[tuple[str, Entry]] = []
        while batch := await changes.since(tx, self._after):
            self._after = batch[-1].seq
            found += await _entries(tx, batch)
        return found, await self._states(tx)

    async def _states(self, tx: Tx) -> dict[str, _Source]:
        known = {row.id: row for row in await rows.all_rows(tx)}
        now = self._room.clock.now()
        found = {}
        for source in self._room.config.sources:
            row = known.get(source.id)
            state = reading.state_of(source, row, now)
            found[source.id] = _Source(
                state,
                row.fails if row else 0,
                row.last_ok_at if row else None,
                lines_unread(row.cursor) if row else 0,
            )
        return found

    def _compare(self, sources: dict[str, _Source]) -> None:
        """Tell which sources do otherwise than at the last look."""
        log, now = self._log.of("source"), self._room.clock.now()
        for name, one in sources.items():
            before = self._sources.get(name)
            if self._sources and one.unread > (before.unread if before else 0):
                log.event("unreadable", "warn", id=name, lines=one.unread)
            if before is None or before.state == one.state:
                continue
            level: Level = "warn" if one.state in ("failing", "stale") else "info"
            last = (now - one.heard).total_seconds() if one.heard else None
            if one.state == "ok" and before.heard:
                last = (now - before.heard).total_seconds()
            log.event(_event(before.state, one.state), level, id=name, fails=one.fails, last=last)

    def _tell(self, number: str, entry: Entry) -> None:
        component, _, event = entry.kind.partition(".")
        level: Level = "warn" if event in _LOUD else "info"
        values: dict[str, Value] = {"incident": number, "seq": entry.seq}
        for key in _IDS:
            value = entry.data.get(key)
            if isinstance(value, str | int):
                values[key] = value
        self._log.of(component).event(event, level, **values)


def _event(before: str, now: str) -> str:
    return "back" if now == "ok" and before in ("failing", "stale") else now


async def _entries(tx: Tx, batch: Iterable[Change]) -> list[tuple[str, Entry]]:
    numbers = {chain: f"INC-{number}" for chain, number in await log.chains(tx)} | {ROOM: ROOM}
    found = []
    for change in batch:
        if change.topic != "entry" or not change.ref.isdecimal():
            continue
        for entry in await log.entries(tx, change.chain, int(change.ref) - 1, 1):
            if entry.kind.startswith(_TOLD):
                found.append((numbers.get(change.chain, "-"), entry))
    return found
