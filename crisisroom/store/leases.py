"""Leases: who does a job for the room, proven by a heartbeat and an epoch.

Every transaction under a lease checks its epoch, so that a holder who slept too long can change
nothing any more. A holder that is proven dead loses the lease at once.

Leases are timed by the machine's monotonic clock, which all its processes share: they neither run
faster in a drill nor end when somebody sets the time. What was held before a restart is free.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime

import msgspec

from crisisroom.clock import Clock
from crisisroom.core.errors import Refused
from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.processes import boot_id, proven_dead, started_at
from crisisroom.store.tx import Tx


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
    boot: str  # which run of the machine `beat` counts from
    beat: float  # the last heartbeat, in monotonic seconds
    ttl: float  # seconds without a heartbeat after which it is free


async def _get(tx: Tx, name: str) -> Lease | None:
    row = await tx.row(
        "SELECT name, holder, host, pid, started, epoch, beat_at, boot, beat, ttl"
        " FROM lease WHERE name = ?",
        (name,),
    )
    if row is None:
        return None
    return Lease(
        name=row[0],
        holder=row[1],
        host=row[2],
        pid=row[3],
        started=row[4],
        epoch=row[5],
        since=unstamp(row[6]),
        boot=row[7],
        beat=row[8],
        ttl=row[9],
    )


def _over(lease: Lease, clock: Clock) -> bool:
    """Tell whether a job is free; a beat that lies ahead is of a machine that was restarted."""
    silent = clock.monotonic() - lease.beat
    expired = lease.boot != boot_id() or not 0 <= silent <= lease.ttl
    return expired or not lease.holder or proven_dead(lease.host, lease.pid, lease.started)


def _ours(lease: Lease, who: str) -> bool:
    own = (who, socket.gethostname(), os.getpid(), started_at(os.getpid()))
    return (lease.holder, lease.host, lease.pid, lease.started) == own


async def holder(tx: Tx, name: str, clock: Clock) -> Lease | None:
    """Return who holds a job at the moment, None when it is free."""
    lease = await _get(tx, name)
    return lease if lease and not _over(lease, clock) else None


async def acquire(tx: Tx, name: str, who: str, clock: Clock, ttl: float) -> Lease | None:
    """Take a free job and return the lease; None while somebody else holds it."""
    before = await _get(tx, name)
    if before is not None and not _over(before, clock) and not _ours(before, who):
        return None
    lease = Lease(
        name=name,
        holder=who,
        host=socket.gethostname(),
        pid=os.getpid(),
        started=started_at(os.getpid()),
        epoch=(before.epoch if before else 0) + 1,
        since=clock.now(),
        boot=boot_id(),
        beat=clock.monotonic(),
        ttl=ttl,
    )
    await tx.run(
        "INSERT OR REPLACE INTO lease VALUES (?,?,?,?,?,?,?,?,?,?)",
        (
            *(name, who, lease.host, lease.pid, lease.started, lease.epoch),
            *(stamp(lease.since), lease.boot, lease.beat, ttl),
        ),
    )
    tx.tell("lease", name)
    return lease


async def beat(tx: Tx, lease: Lease, clock: Clock) -> None:
    """Say that the holder still works; LeaseLost if the job has gone to somebody else."""
    await check(tx, lease)
    await tx.run(
        "UPDATE lease SET beat_at = ?, beat = ? WHERE name = ?",
        (stamp(clock.now()), clock.monotonic(), lease.name),
    )


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
