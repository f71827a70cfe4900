"""Which version of the program runs where: versions side by side are told of by `doctor`."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import msgspec

from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.processes import here, proven_dead, started_at
from crisisroom.store.tx import Tx

_FORGOTTEN = timedelta(days=30)  # for what ran on a machine that never came back


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """A process of ours: `part` is watch or screen, `host` the place that `here` gives there."""

    host: str
    pid: int
    started: str
    part: str
    version: str
    since: datetime


async def begun(tx: Tx, part: str, version: str, now: datetime) -> None:
    """Note that this process works on the room; those that ended here are forgotten."""
    for one in await running(tx):
        if _over(one, now):
            await tx.run(
                "DELETE FROM program WHERE host = ? AND pid = ? AND started = ?",
                (one.host, one.pid, one.started),
            )
    await tx.run(
        "INSERT INTO program (host, pid, started, part, version, since) VALUES (?,?,?,?,?,?)"
        " ON CONFLICT (host, pid, started) DO UPDATE SET part = excluded.part,"
        " version = excluded.version, since = excluded.since",
        (*_this(), part, version, stamp(now)),
    )


async def ended(tx: Tx) -> None:
    """Note that this process ends."""
    await tx.run("DELETE FROM program WHERE host = ? AND pid = ? AND started = ?", _this())


async def running(tx: Tx) -> tuple[Running, ...]:
    """Return what was noted, the longest running first; the dead may be among them."""
    rows = await tx.rows(
        "SELECT host, pid, started, part, version, since FROM program ORDER BY since, host, pid"
    )
    return tuple(
        Running(
            host=row[0],
            pid=row[1],
            started=row[2],
            part=row[3],
            version=row[4],
            since=unstamp(row[5]),
        )
        for row in rows
    )


def _this() -> tuple[str, int, str]:
    return here(), os.getpid(), started_at(os.getpid())


def _over(one: Running, now: datetime) -> bool:
    return proven_dead(one.host, one.pid, one.started) or now - one.since > _FORGOTTEN
