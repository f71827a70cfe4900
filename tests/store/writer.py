"""Another process at the same room: `python writer.py ACT ADDRESS …` prints what it did."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from datetime import datetime

import aiosqlite

from crisisroom.clock import SystemClock
from crisisroom.core.errors import Unavailable
from crisisroom.store import Store, Tx, leases, migrations, settings


async def add_one(tx: Tx, who: str) -> None:
    """Count up by reading and writing back: a lost turn would be a lost count."""
    count = int(await settings.get(tx, "count") or 0)
    await settings.put(tx, "count", str(count + 1))
    tx.tell("entry", f"{who}:{count + 1}")


async def count_up(store: Store, who: str, times: int) -> None:
    """Commit so many times."""
    for _ in range(times):
        await store.write(lambda tx: add_one(tx, who), durable=False)


async def hang(store: Store, name: str) -> None:
    """Take a lease, begin a transaction, say so, and never end it."""
    await store.write(lambda tx: leases.acquire(tx, name, "other", store.clock, 3600.0))

    async def work(tx: Tx) -> None:
        await settings.put(tx, "half", "done")
        print("holding", flush=True)
        await asyncio.Event().wait()

    await store.write(work)


async def fill(store: Store) -> None:
    """Write until the disk is full; then say how far it went and whether reading still works."""
    done = 0
    try:
        for number in range(10_000):
            await store.write(lambda tx, n=number: settings.put(tx, f"k{n}", "x" * 4000))  # type: ignore[misc]
            done += 1
    except Unavailable as refusal:
        rows = await store.read(lambda tx: tx.rows("SELECT count(*) FROM room WHERE key LIKE 'k%'"))
        check = await store.read(lambda tx: tx.rows("PRAGMA integrity_check"))
        print(refusal.code, done, rows[0][0], check[0][0], flush=True)


def die_migrating(steps: int) -> None:
    """Kill this process once a migration has come so many of the database's steps far."""
    whole = migrations._migrate

    async def dying(connection: aiosqlite.Connection, version: int, now: datetime) -> None:
        await connection.set_progress_handler(lambda: os.kill(os.getpid(), signal.SIGKILL), steps)
        await whole(connection, version, now)

    migrations._migrate = dying


async def main(act: str, address: str, *more: str) -> None:
    if act == "migrate":
        die_migrating(int(more[0]))
    store = await Store.open(address, SystemClock())
    if act == "count":
        await count_up(store, more[0], int(more[1]))
    elif act == "hang":
        await hang(store, more[0])
    elif act == "fill":
        if more:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(more[0]), int(more[0])))
        await fill(store)
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
