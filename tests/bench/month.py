"""A month of a big brand in one room: what windows, searches, counts, ingest and purge cost there.

Run it from the checkout:
`PYTHONPATH=.:tests python tests/bench/month.py [--size 5000000] [--keep FOLDER]`. The room is made
with raw `sqlite3.executemany` through the room's own tables; then the store's functions are timed.
Times are medians of many runs, the wall's and this process's CPU, beside the slowest; a window is
256 rows.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from bench.ingest import Turns
from bench.month_rows import END, SOURCES, START, Maker, build, connected, insert

from crisisroom.clock import ManualClock
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.query import Query
from crisisroom.room import Actor, Room, purging
from crisisroom.store import Tx, buckets, mentions, narratives
from crisisroom.store.mention_windows import CAP, cap_of

ROUNDS = 41
BATCH = 200


class Watch:
    """Times one read of the store after the other."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def read(
        self, what: str, work: Callable[[Tx], Awaitable[object]], rounds: int = ROUNDS
    ) -> None:
        """Print the median and the slowest time of a read, with what it came to."""
        times, cpus, found = [], [], None
        for _ in range(rounds):
            before, cpu = time.perf_counter(), time.process_time()
            found = await self._room.store.read(work)
            times.append((time.perf_counter() - before) * 1000)
            cpus.append((time.process_time() - cpu) * 1000)
        size = len(found) if isinstance(found, tuple | dict) else found
        print(
            f"{what:<46} {statistics.median(times):8.2f} ms, CPU {statistics.median(cpus):8.2f},"
            f" slowest {max(times):8.2f}  ({size})",
            flush=True,
        )


def windows() -> dict[str, Query]:
    """Return the filters that people use, by name."""
    late = END - timedelta(hours=2)
    return {
        "newest": Query(),
        "everything": Query(others=None, copies=True),
        "others only": Query(others=True),
        "in the middle": Query(before=1_000_000),
        "new": Query(states=("new",)),
        "claimed": Query(states=("claimed",)),
        "new or claimed": Query(states=("new", "claimed")),
        "a rare source": Query(sources=("hackernews",)),
        "two sources": Query(sources=("press", "mail")),
        "one source, new": Query(sources=("x",), states=("new",)),
        "mail": Query(kind="mail"),
        "a rare language": Query(lang="da"),
        "a language nobody writes": Query(lang="fi"),
        "priority >= 0.7": Query(least_priority=0.7),
        "priority >= 0.3": Query(least_priority=0.3),
        "a term": Query(term="kettle"),
        "a rival's term": Query(term="rival", others=None),
        "the largest story": Query(narrative="N-1"),
        "a small story": Query(narrative="N-1500"),
        "mine": Query(assignee="ada"),
        "an author": Query(author="pat77@social.example"),
        "the last two hours": Query(since=late),
        "nothing since the end": Query(since=END),
        "oldest first": Query(newest_first=False),
    }


def searches() -> dict[str, Query]:
    """Return searches, from rare words to those in every second mention."""
    return {
        "a rare word": Query(text="w4e00"),
        "a usual word": Query(text="b3e8"),
        "a common word": Query(text="w0"),
        "two common words": Query(text="w0 e1"),
        "a phrase": Query(text='"w0 e1"'),
        "a beginning of 2": Query(text="w1"),
        "a beginning of 3": Query(text="g10"),
        "a common word, claimed": Query(text="e1", states=("claimed",)),
        "a word in a story": Query(text="e1", narrative="N-1"),
    }


async def looks(room: Room) -> None:
    """Time windows, searches, counts, stories and charts."""
    watch = Watch(room)
    for kind, queries in (("window", windows()), ("search", searches())):
        for name, query in queries.items():
            await watch.read(f"{kind}: {name}", _finding(query))
    for name in COUNTED:
        for cap in (10_000, CAP, 1_000_000):
            await watch.read(f"count: {name}, cap {cap:,}", _counting(windows()[name], cap), 7)
    for name, query in searches().items():
        cap = cap_of(query)
        await watch.read(f"count: {name}, cap {cap:,}", _counting(query, cap), 7)
    day, week = END - timedelta(days=1), END - timedelta(days=7)
    series = [f"source:{one}" for one in SOURCES]
    for what, work in (
        ("stories: the 50 largest of a day", _stories_since(day)),
        ("chart: all, 24 hours", lambda tx: buckets.window(tx, "", day)),
        ("chart: all, the month", lambda tx: buckets.window(tx, "", START)),
        ("chart: eight sources, 7 days", lambda tx: buckets.several(tx, series, week)),
        ("analysis: 500 after the cursor", lambda tx: mentions.after(tx, 1000, 500)),
        ("restore: 20,000 newest", lambda tx: mentions.recent(tx, day, 20_000)),
    ):
        await watch.read(what, work, 11)


COUNTED = (
    *("newest", "new", "everything", "others only", "one source, new", "a term"),
    *("priority >= 0.3", "the last two hours"),
)


def _finding(query: Query) -> Callable[[Tx], Awaitable[object]]:
    return lambda tx: mentions.find(tx, query)


def _counting(query: Query, cap: int) -> Callable[[Tx], Awaitable[object]]:
    return lambda tx: mentions.count(tx, query, cap)


def _stories_since(since: datetime) -> Callable[[Tx], Awaitable[object]]:
    return lambda tx: narratives.recent(tx, since, 50, ("open",), END)


async def burst(room: Room, path: Path) -> None:
    """Take 10,000 more in, by the store and then as plainly as sqlite3 can, in one run."""
    maker, longest, cpu = Maker(8), 0.0, time.process_time()
    items = [
        Incoming(
            text=maker.text(),
            source="x",
            external_id=f"burst-{number}",
            author=Author(f"pat{number}@social.example", "Pat Example", 7),
        )
        for number in range(10_000)
    ]
    marks = [mentions.Marks(("kettle",))] * BATCH
    cpu = time.process_time()
    for first in range(0, len(items), BATCH):
        began, chunk = time.perf_counter(), items[first : first + BATCH]
        await room.store.write(_ingesting(chunk, marks), durable=False)
        longest = max(longest, time.perf_counter() - began)
    ours = (time.process_time() - cpu) / len(items) * 1e6
    plain = _plain(path, maker, len(items))
    print(
        f"ingest of 10,000 by {BATCH}: {ours:.1f} us CPU each, plain sqlite3 {plain:.1f} us:"
        f" {ours / plain:.2f} x; longest write {longest * 1000:.1f} ms"
    )


def _ingesting(
    chunk: list[Incoming], marks: list[mentions.Marks]
) -> Callable[[Tx], Awaitable[object]]:
    return lambda tx: mentions.ingest(tx, chunk, END, marks)


def _plain(path: Path, maker: Maker, many: int) -> float:
    """Return the CPU microseconds of a mention that is written by executemany."""
    connection = connected(path)
    top = connection.execute("SELECT max(id) FROM mention").fetchone()[0]
    rows = [maker.row(top + number, top) for number in range(1, many + 1)]
    cpu = time.process_time()
    for first in range(0, many, BATCH):
        insert(connection, rows[first : first + BATCH])
    connection.close()
    return (time.process_time() - cpu) / many * 1e6


async def purge(room: Room) -> None:
    """Purge the first day."""
    before, cpu = time.perf_counter(), time.process_time()
    turns = Turns()
    with turns.of(room.store.under):
        done = await purging.purge(room, START + timedelta(days=1))
    took = time.perf_counter() - before
    each = (time.process_time() - cpu) / max(1, done.mentions) * 1e6
    print(f"purge: {done.mentions:,} mentions in {took:.1f} s, {each:.1f} us CPU each, {turns}")


async def measure(path: Path, size: int) -> None:
    """Print what everything costs in a room."""
    before = time.perf_counter()
    room = await Room.open(str(path), actor=Actor("ada"), clock=ManualClock(END))
    print(f"opening: {(time.perf_counter() - before) * 1000:.1f} ms")
    try:
        await looks(room)
        await burst(room, path)
        await purge(room)
    finally:
        await room.close()


async def found(path: Path) -> None:
    """Make an empty room."""
    await (await Room.open(str(path), actor=Actor("ada"), clock=ManualClock(END))).close()


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=5_000_000)
    parser.add_argument("--keep", type=Path, default=None, help="a folder to leave the room in")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = (args.keep or Path(folder)) / f"month-{args.size}.db"
        if not path.exists():
            asyncio.run(found(path))
            build(path, args.size)
        print(f"the file: {path.stat().st_size / 1e6:,.0f} MB for {args.size:,} mentions")
        asyncio.run(measure(path, args.size))


if __name__ == "__main__":
    main()
