"""How a room does, in figures: for `health`, for monitoring, and for the screen of the sources."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from crisisroom.core.clocks import clocks
from crisisroom.room import Room, anchoring, reading
from crisisroom.room.vitals_link import LinkVitals, link_of
from crisisroom.room.vitals_telling import Telling, telling_of
from crisisroom.store import SCHEMA, Tx, changes, erase_begun, leases, log, programs, vitals
from crisisroom.store import sources as source_rows
from crisisroom.store.full import FullDisk
from crisisroom.store.processes import proven_dead
from crisisroom.store.programs import Running

WATCHES = "watch"  # the lease of whoever sends and keeps the clocks
SOURCE = "source "  # and of those of whoever listens to one
NONE = 1 << 20  # bytes free: too little to write anything
MEMBER = "watcher "  # how those of the live watchers begin


class SourceVitals(msgspec.Struct, frozen=True, kw_only=True):
    """A source in figures: its state, failures in a row, when it was last heard, what is kept."""

    id: str
    type: str
    state: str
    fails: int = 0
    last_ok_at: datetime | None = None
    mentions: int | None = None  # None where it was not counted


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """A job that somebody holds, and the seconds since they last gave a sign of life.

    `version` is that of the holder's program, empty where nobody noted it.
    """

    name: str
    host: str
    pid: int
    epoch: int
    age: float
    version: str = ""


class Disk(msgspec.Struct, frozen=True):
    """Bytes: of the room's files, and free beside them; `full` where nothing can be written."""

    room: int
    log: int
    free: int
    full: bool = False


class Vitals(msgspec.Struct, frozen=True, kw_only=True):
    """A room in figures, as of one moment; what `full` adds is empty without it."""

    at: datetime
    schema: int
    leases: tuple[Lease, ...]
    programs: tuple[Running, ...]
    sources: tuple[SourceVitals, ...]
    outgoing: Mapping[str, int]
    entries: Mapping[str, int]
    newest_change: int
    unread: reading.Unread | None
    unfinished: bool  # an erasure that was interrupted
    backup_at: datetime | None
    anchors: tuple[anchoring.Standing, ...]
    disk: Disk | None
    link: LinkVitals
    telling: Telling = Telling()
    incidents: Mapping[str, int] = {}  # by severity, the open ones
    clocks: Mapping[tuple[str, str], int] = {}  # by kind and state
    calling: int = 0  # steps of escalations that nobody acknowledged yet

    @property
    def watcher(self) -> Lease | None:
        """Return whoever sends and keeps the clocks, None where nobody lives who does."""
        return next((one for one in self.leases if one.name == WATCHES), None)


async def vitals_of(room: Room, *, full: bool = False) -> Vitals:
    """Take a room's figures; `full` reads the open incidents and counts mentions too."""
    link = await link_of(room)  # first: where it is lost, this says so at once
    standing = await anchoring.standing(room)
    taken = await room.store.read(lambda tx: _taken(tx, room, standing, link, full))
    taken = msgspec.structs.replace(taken, telling=await telling_of(room))
    return await _with_incidents(room, taken) if full else taken


async def _taken(
    tx: Tx, room: Room, standing: tuple[anchoring.Standing, ...], link: LinkVitals, full: bool
) -> Vitals:
    now = room.clock.now()
    running = await programs.running(tx)
    return Vitals(
        at=now,
        schema=SCHEMA,
        leases=await _leases(tx, room, running),
        programs=tuple(one for one in running if not proven_dead(one.host, one.pid, one.started)),
        sources=await _sources(tx, room, now, full),
        outgoing=await vitals.outgoing(tx),
        entries=await vitals.entries(tx),
        newest_change=await changes.head(tx),
        unread=await reading.unread_in(tx, now),
        unfinished=await erase_begun.interrupted(tx, room.clock),
        backup_at=await vitals.newest_of(tx, "backup.made"),
        anchors=standing,
        disk=_disk(room),
        link=link,
    )


async def leases_of(room: Room) -> tuple[Lease, ...]:
    """Return which jobs are held at the moment, by name."""

    async def work(tx: Tx) -> tuple[Lease, ...]:
        return await _leases(tx, room, await programs.running(tx))

    return await room.store.read(work)


async def _leases(tx: Tx, room: Room, running: tuple[Running, ...]) -> tuple[Lease, ...]:
    now = room.clock.now()
    return tuple(_lease(one, running, now) for one in await leases.held(tx, room.clock, ""))


def _lease(one: leases.Lease, running: tuple[Running, ...], now: datetime) -> Lease:
    same = (one.boot, one.pid, one.started)
    versions = [each.version for each in running if (each.host, each.pid, each.started) == same]
    return Lease(
        name=one.name,
        host=one.host,
        pid=one.pid,
        epoch=one.epoch,
        age=max(0.0, (now - one.since).total_seconds()),
        version=versions[0] if versions else "",
    )


async def _sources(tx: Tx, room: Room, now: datetime, full: bool) -> tuple[SourceVitals, ...]:
    known = {row.id: row for row in await source_rows.all_rows(tx)}
    counted = await vitals.by_source(tx) if full else None
    found = []
    for source in room.config.sources:
        row = known.get(source.id)
        found.append(
            SourceVitals(
                id=source.id,
                type=source.type,
                state=reading.state_of(source, row, now),
                fails=row.fails if row else 0,
                last_ok_at=row.last_ok_at if row else None,
                mentions=None if counted is None else counted.get(source.id, 0),
            )
        )
    return tuple(found)


def disk_of(address: str) -> Disk | None:
    """Return how much a room's file takes and how much is free; None for a database server."""
    if "://" in address:
        return None
    path = Path(address)
    folder = next(one for one in path.absolute().parents if one.exists())
    return Disk(_size(path), _size(Path(f"{path}-wal")), shutil.disk_usage(folder).free)


def is_full(room: Room) -> bool:
    """Tell whether there is no place for anything beside a room's file."""
    disk = _disk(room)
    return disk is not None and disk.full


def _disk(room: Room) -> Disk | None:
    disk = disk_of(room.address)
    full = isinstance(room.store.under, FullDisk)  # a quota is not to be seen in what is free
    return disk and msgspec.structs.replace(disk, full=full or disk.free < NONE)


def _size(path: Path) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


async def _with_incidents(room: Room, taken: Vitals) -> Vitals:
    """Add what only the open incidents tell."""

    async def work(tx: Tx) -> Vitals:
        severities, by_state, calling = Counter[str](), Counter[tuple[str, str]](), 0
        for chain, _ in await log.chains(tx):
            state = await log.state(tx, chain, room.store.seen)
            if state is None:
                continue
            for clock in clocks(state, taken.at):
                by_state[clock.kind, clock.state] += 1
                calling += clock.kind == "escalation"
            if state.status == "open":
                severities[state.severity] += 1
        return msgspec.structs.replace(
            taken, incidents=dict(severities), clocks=dict(by_state), calling=calling
        )

    return await room.store.read(work)
