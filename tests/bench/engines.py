"""Both engines side by side, next to raw sqlite3 and raw COPY, in one run.

Run it from the checkout: `python tests/bench/engines.py [--mentions 60000] [--large 200000]
[--server postgresql://…] [PART …]`; the parts are commits, ingest, far, large, move and purge,
all of them without. Without `--server` a PostgreSQL of its own is started (as root, or installed),
which does not wait for its disk, as it is to be compared with COPY and not with that. Times are
medians and 95th percentiles in milliseconds as a caller sees them; rounds alternate, the best one
of each counts; CPU is this process's, and the server's for us. What COPY and sqlite3 are given is
ready made in "a room's tables", see `engines_bare`.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg

from crisisroom.clock import SystemClock
from crisisroom.core.mention import Incoming
from crisisroom.core.timeline import ROOM, Draft
from crisisroom.room import Actor, Room, triage
from crisisroom.store import Tx, log

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import engines_bare as bare
from bench import engines_far, engines_large
from bench.ingest import posts
from real.servers.postgres import Postgres

PARTS = ("commits", "ingest", "far", "large", "move", "purge")
BATCHES = (50, 500)
ROUNDS = 5
TIMES = 300
LOOKS = 9


def _ms(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    late = ordered[int(len(ordered) * 0.95)]
    return f"{statistics.median(ordered) * 1000:7.2f} /{late * 1000:8.2f}"


async def _timed(work: Callable[[], Awaitable[Any]], times: int = TIMES) -> str:
    await work()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        found.append(time.perf_counter() - began)
    return _ms(found)


async def _append(tx: Tx) -> None:
    now = SystemClock().now()
    await log.append(tx, ROOM, [Draft(kind="note", text="noted")], log.Author("ada"), now)


async def _one(tx: Tx) -> object:
    return await tx.row("SELECT value FROM room WHERE key = ?", ("opened",))


async def commits(rooms: dict[str, Room]) -> None:
    """Print how long an acknowledged entry takes, and a look at one row."""
    for name, room in rooms.items():
        took = await _timed(partial(room.store.write, _append))
        print(f"{name:9} {'one entry, committed':28} {took}")
    for name, room in rooms.items():
        print(f"{name:9} {'a read of one row':28} {await _timed(partial(room.store.read, _one))}")


async def taking_in(rooms: dict[str, Room], count: int, server: str) -> None:
    """Print how many mentions a second are taken in by batches, next to the bare engines."""
    number = int(time.monotonic() * 1000)  # no run meets the posts of another
    for batch in BATCHES:
        best: dict[str, bare.Rate] = {}
        spent = 1e9
        for _ in range(ROUNDS):
            number += 4 * count
            items = posts(number, count)
            found = {"SQLite": await _ours(rooms["SQLite"], items, batch)}
            used = await _server_s(server)
            found["Postgres"] = await _ours(rooms["Postgres"], items, batch)
            spent = min(spent, (await _server_s(server) - used) / count * 1e6)
            found["sqlite3"] = bare.lean_sqlite(items, batch)
            found["sqlite3, a room's tables"] = bare.rooms_sqlite(items, batch)
            found["COPY"] = await bare.lean_copy(items, batch, server)
            others = posts(number + 2 * count, count)
            found["COPY, a room's tables"] = await bare.rooms_copy(others, batch, server)
            for name, one in found.items():
                before = best.get(name, (0.0, -1e9))
                best[name] = max(before[0], one[0]), max(before[1], one[1])
        for name, (rate, cpu) in best.items():
            print(f"by {batch:4} {name:26} {rate:9,.0f} a second, {-cpu:5.1f} us CPU here each")
        print(f"by {batch:4} {'Postgres, its server':26} {'':18} {spent:5.1f} us CPU each")
        for ours, theirs in (("SQLite", "sqlite3"), ("Postgres", "COPY")):
            lean, room = best[theirs][0], best[f"{theirs}, a room's tables"][0]
            rate = best[ours][0]
            told = f"{lean / rate:.2f} x, with a room's tables {room / rate:.2f} x"
            print(f"by {batch:4} {theirs} is as fast as {ours} {told}", flush=True)


async def _ours(room: Room, items: Sequence[Incoming], batch: int) -> bare.Rate:
    began, cpu = time.perf_counter(), time.process_time()
    for start in range(0, len(items), batch):
        await triage.ingest(room, items[start : start + batch], durable=False)
    used = (cpu - time.process_time()) / len(items) * 1e6
    return len(items) / (time.perf_counter() - began), used


async def _server_s(server: str) -> float:
    """Return the seconds of CPU that the server's processes for us have used; 0 from afar."""
    raw = await asyncpg.connect(server)
    try:
        rows = await raw.fetch(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'crisisroom'"
        )
    finally:
        await raw.close()
    told = [Path(f"/proc/{pid}/schedstat") for (pid,) in rows]
    return sum(int(one.read_text().split()[0]) for one in told if one.exists()) / 1e9


async def _database(server: str, name: str) -> str:
    """Make an empty database beside the one of an address; returns its address."""
    raw = await asyncpg.connect(server)
    try:
        await raw.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await raw.execute(f"CREATE DATABASE {name}")
    finally:
        await raw.close()
    return f"{server.rpartition('/')[0]}/{name}"


@asynccontextmanager
async def _rooms(folder: Path, server: str) -> AsyncIterator[dict[str, Room]]:
    clock, ada = SystemClock(), Actor("ada")
    async with (
        await Room.open(str(folder / "room.db"), actor=ada, clock=clock) as file,
        await Room.open(server, actor=ada, clock=clock) as far,
    ):
        yield {"SQLite": file, "Postgres": far}


async def measure(folder: Path, server: str, count: int, large: int, parts: set[str]) -> None:
    """Run the parts, each in rooms of its own."""
    if parts & {"commits", "ingest", "far"}:
        (folder / "small").mkdir()
        async with _rooms(folder / "small", await _database(server, "bench_small")) as rooms:
            if "commits" in parts:
                await commits(rooms)
            if "ingest" in parts:
                where = rooms["Postgres"].store.label
                await taking_in(rooms, count // (ROUNDS * len(BATCHES)), where)
            if "far" in parts:
                await engines_far.acts(rooms["Postgres"].store.label)
    if parts & {"large", "move", "purge"}:
        (folder / "large").mkdir()
        async with _rooms(folder / "large", await _database(server, "bench_large")) as rooms:
            await _large(folder, server, rooms, large, parts)


async def _large(
    folder: Path, server: str, rooms: dict[str, Room], count: int, parts: set[str]
) -> None:
    for room in rooms.values():
        await engines_large.grow(room, posts(0, engines_large.STOCK), count)
    raw = await asyncpg.connect(rooms["Postgres"].store.label)
    await raw.execute("VACUUM ANALYZE")
    await raw.close()
    if "large" in parts:
        await engines_large.looking(rooms, LOOKS)
    if "move" in parts:
        await engines_large.move(folder, rooms["SQLite"], await _database(server, "bench_moved"))
    if "purge" in parts:
        await engines_large.purge(rooms)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=60_000)
    parser.add_argument("--large", type=int, default=200_000)
    parser.add_argument("--server", default="")
    parser.add_argument("parts", nargs="*", metavar="PART")
    args = parser.parse_args()
    if unknown := set(args.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    with ExitStack() as ground:
        folder = Path(ground.enter_context(tempfile.TemporaryDirectory()))
        server = args.server or ground.enter_context(Postgres("engines")).url
        parts = set(args.parts or PARTS)
        asyncio.run(measure(folder, server, args.mentions, args.large, parts))


if __name__ == "__main__":
    main()
