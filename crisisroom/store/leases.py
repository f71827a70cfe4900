"""Leases: who does a job for the room, proven by a heartbeat and an epoch.

Every transaction under a lease checks its epoch, so that a holder who slept too long can change
nothing any more. A holder that is proven dead loses the lease at once.

In a file they are timed by the machine's monotonic clock, which all its processes share: they
neither run faster in a drill nor end when somebody sets the time, and what was held before a
restart is free. Where several machines share the room, the database's own clock times them, asked
in the transaction. After a fail-over that is another machine's: a beat that lies ahead of it counts
as fresh for one `ttl` and not for ever.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime

import msgspec

from crisisroom.clock import Clock, ManualClock, ServerClock
from crisisroom.core.errors import Refused
from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.processes import here, proven_dead, same_run, started_at
from crisisroom.store.tx import Tx
from crisisroom.store.upserts import upsert


class LeaseLost(Refused):
    """Somebody else does this job now."""


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """A job held: `epoch` grows with every change of hands."""

    name: str
    holder: str
    host: str
    pid: int
    started: str
    epoch: int
    since: datetime  # the last heartbeat, by the room's clock
    boot: str  # where the holder's pid and, in a file, `beat` mean something: see `here`
    beat: float  # the last heartbeat, in seconds of the clock that times the leases
    ttl: float  # seconds without a heartbeat after which it is free


class _Moment(msgspec.Struct, frozen=True):
    """Now, by the clock that times the leases."""

    seconds: float
    shared: bool  # among machines


_COLUMNS = ("name", "holder", "host", "pid", "started", "epoch", "beat_at", "boot", "beat", "ttl")
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM lease"
_OURS = "holder = ? AND boot = ? AND pid = ? AND started = ?"


async def _now(tx: Tx, clock: Clock) -> _Moment:
    by_hand = isinstance(clock, ManualClock) or (isinstance(clock, ServerClock) and clock.by_hand)
    if tx.engine != "postgres" or by_hand:
        return _Moment(clock.monotonic(), False)
    row = await tx.row("SELECT CAST(extract(epoch FROM clock_timestamp()) AS float8)")
    assert row is not None
    return _Moment(float(row[0]), True)


def _lease(row: tuple[object, ...]) -> Lease:
    told = dict(zip(_COLUMNS, row, strict=True))
    return msgspec.convert({**told, "since": unstamp(str(told.pop("beat_at")))}, Lease)


async def _get(tx: Tx, name: str) -> Lease | None:
    row = await tx.row(f"{_SELECT} WHERE name = ?", (name,))
    return _lease(row) if row else None


def _over(lease: Lease, now: _Moment) -> bool:
    """Tell whether a job is free."""
    silent = now.seconds - lease.beat
    if now.shared:  # a beat that lies a little ahead is of another server's clock
        expired = abs(silent) > lease.ttl
    else:  # one that lies ahead is of a machine that was restarted
        expired = not same_run(lease.boot) or not 0 <= silent <= lease.ttl
    return expired or not lease.holder or proven_dead(lease.boot, lease.pid, lease.started)


def _own(who: str) -> tuple[str, str, int, str]:
    pid = os.getpid()
    return who, here(), pid, started_at(pid)


def _ours(lease: Lease, who: str) -> bool:
    theirs = (lease.holder, lease.boot, lease.pid, lease.started)
    return theirs == _own(who) and lease.host == socket.gethostname()


async def holder(tx: Tx, name: str, clock: Clock) -> Lease | None:
    """Return who holds a job at the moment, None when it is free."""
    lease = await _get(tx, name)
    return lease if lease and not _over(lease, await _now(tx, clock)) else None


async def held(tx: Tx, clock: Clock, *prefixes: str) -> tuple[Lease, ...]:
    """Return the jobs that somebody holds at the moment whose names begin so, by name."""
    now = await _now(tx, clock)
    known = [_lease(row) for row in await tx.rows(f"{_SELECT} ORDER BY name")]
    return tuple(one for one in known if one.name.startswith(prefixes) and not _over(one, now))


async def acquire(tx: Tx, name: str, who: str, clock: Clock, ttl: float) -> Lease | None:
    """Take a free job and return the lease; None while somebody else holds it."""
    before, now = await _get(tx, name), await _now(tx, clock)
    if before is not None and not _ours(before, who) and await _held(tx, before, now):
        return None
    place, pid = here(), os.getpid()
    lease = Lease(
        name=name,
        holder=who,
        host=socket.gethostname(),
        pid=pid,
        started=started_at(pid),
        epoch=(before.epoch if before else 0) + 1,
        since=clock.now(),
        boot=place,
        beat=now.seconds,
        ttl=ttl,
    )
    await tx.run(
        upsert("lease", _COLUMNS, ("name",)),
        (
            *(name, who, lease.host, lease.pid, lease.started, lease.epoch),
            *(stamp(lease.since), lease.boot, lease.beat, ttl),
        ),
    )
    tx.tell("lease", name)
    return lease


async def _held(tx: Tx, lease: Lease, now: _Moment) -> bool:
    """Tell whether somebody holds a job; a beat ahead of the clock is counted from now on."""
    if not (now.shared and lease.beat > now.seconds):
        return not _over(lease, now)
    await tx.run("UPDATE lease SET beat = ? WHERE name = ?", (now.seconds, lease.name))
    return not _over(msgspec.structs.replace(lease, beat=now.seconds), now)


async def beat(tx: Tx, lease: Lease, clock: Clock) -> None:
    """Say that the holder still works; LeaseLost if the job has gone to somebody else."""
    await check(tx, lease)
    now = await _now(tx, clock)
    await tx.run(
        "UPDATE lease SET beat_at = ?, beat = ? WHERE name = ?",
        (stamp(clock.now()), now.seconds, lease.name),
    )


async def keep(tx: Tx, who: str, clock: Clock, ttl: float) -> tuple[Lease, ...]:
    """Say of every job that this process holds as `who` that it still works; returns them."""
    now = await _now(tx, clock)
    beaten = (stamp(clock.now()), now.seconds, ttl)
    await tx.run(
        f"UPDATE lease SET beat_at = ?, beat = ?, ttl = ? WHERE {_OURS}", (*beaten, *_own(who))
    )
    rows = await tx.rows(f"{_SELECT} WHERE {_OURS} ORDER BY name", _own(who))
    return tuple(_lease(row) for row in rows)


async def check(tx: Tx, lease: Lease) -> None:
    """Raise LeaseLost unless the lease still stands in this transaction."""
    row = await tx.row("SELECT holder, epoch FROM lease WHERE name = ?", (lease.name,))
    if row != (lease.holder, lease.epoch):
        raise LeaseLost("lease-lost", f"somebody else does {lease.name} now")


async def release(tx: Tx, lease: Lease) -> None:
    """Give a job back, if it is still held."""
    await tx.run(
        "UPDATE lease SET holder = '' WHERE name = ? AND holder = ? AND epoch = ?",
        (lease.name, lease.holder, lease.epoch),
    )
    tx.tell("lease", lease.name)


async def release_all(tx: Tx, who: str) -> None:
    """Give back every job that this process holds as `who`."""
    await tx.run(f"UPDATE lease SET holder = '' WHERE {_OURS}", _own(who))
    tx.tell("lease")


async def bury(tx: Tx, clock: Clock, prefix: str) -> None:
    """Remove the leases that begin so and that nobody holds: for names that are used once."""
    live = {one.name for one in await held(tx, clock, prefix)}
    for (name,) in await tx.rows("SELECT name FROM lease"):
        if name.startswith(prefix) and name not in live:
            await tx.run("DELETE FROM lease WHERE name = ?", (name,))
