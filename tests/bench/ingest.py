"""Bursts: 10,000 mentions in one go, and 1,000 a second, beside a colleague at the same room.

Run it from the checkout: `python tests/bench/ingest.py [--seconds 60] [--rate 1000]`. Each is
compared with raw `sqlite3.executemany` into the same tables (word index, originals) in the same
run. CPU is the whole process's for a mention; a turn is how long one transaction kept others from
writing; the colleague claims a mention and reads the newest window over and over.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from crisisroom.clock import SystemClock
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.query import Query
from crisisroom.core.timeline import stamp
from crisisroom.room import Actor, Room, reading, triage
from crisisroom.store import Store
from crisisroom.store.ids import uuid7
from crisisroom.tasks import spawn

BURST = 10_000
ROUNDS = 3
BATCHES = (100, 200, 500, 10_000)
WORDS = "charged twice for one night and nobody answers the telephone at the desk since noon today"


def posts(first: int, count: int) -> list[Incoming]:
    """Return ordinary posts of 100 to 150 characters."""
    return [
        Incoming(
            text=f"{WORDS}, room {number % 977} of house {number % 37}: refund {number:x} please",
            source="masto",
            external_id=str(number),
            author=Author(f"@guest{number % 7919}@example.test", f"Guest {number % 7919}", 7),
            url=f"https://example.test/{number}",
            lang="en",
        )
        for number in range(first, first + count)
    ]


class Turns:
    """How long each transaction of a store lasted."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    @contextmanager
    def of(self, store: Store) -> Iterator[Turns]:
        """Time every transaction of a store from its begin to its commit."""
        whole = store._write

        async def timed(work: object, durable: bool, though_moved: bool) -> object:
            began = time.perf_counter()
            try:
                return await whole(work, durable, though_moved)  # type: ignore[arg-type]
            finally:
                self.seconds.append(time.perf_counter() - began)

        store._write = timed  # type: ignore[method-assign,assignment]
        try:
            yield self
        finally:
            store._write = whole  # type: ignore[method-assign]

    def __str__(self) -> str:
        median, most = statistics.median(self.seconds), max(self.seconds)
        return f"turns {median * 1000:6.1f} ms, longest {most * 1000:7.1f} ms"


class Colleague:
    """Somebody else at the room: claims and looks until told to stop."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.claims: list[float] = []
        self.looks: list[float] = []
        self.looked = asyncio.Event()

    async def work(self) -> None:
        """Claim a mention, give it back, look at the newest, ten times a second."""
        while True:
            began = time.perf_counter()
            act = triage.release if len(self.claims) % 2 else triage.claim
            await act(self._room, "M-1")
            self.claims.append(time.perf_counter() - began)
            began = time.perf_counter()
            await reading.mentions(self._room, Query())
            self.looks.append(time.perf_counter() - began)
            self.looked.set()
            await asyncio.sleep(0.1)

    def failed(self, name: str, error: BaseException) -> None:
        """Say why the colleague stopped."""
        print(f"  the {name} stopped: {error!r}")
        self.looked.set()

    def __str__(self) -> str:
        def times(found: Sequence[float]) -> str:
            return f"{statistics.median(found) * 1000:.1f}/{max(found) * 1000:.0f}"

        return (
            f"beside it, median/slowest ms: claim {times(self.claims)}, window {times(self.looks)}"
        )


@contextmanager
def beside(room: Room) -> Iterator[Colleague]:
    """Let a colleague work meanwhile."""
    one = Colleague(room)
    task = spawn(one.work(), name="colleague", on_error=one.failed)
    try:
        yield one
    finally:
        task.cancel()


def plain(path: Path, items: Sequence[Incoming], batch: int) -> tuple[float, float]:
    """Write items as plainly as sqlite3 can; return CPU us a mention and the longest turn in ms."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in ("synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}").fetchall()
    top = connection.execute("SELECT max(id) FROM mention").fetchone()[0] or 0
    clock, longest, cpu = SystemClock(), 0.0, time.process_time()
    for first in range(0, len(items), batch):
        began = time.perf_counter()
        now = clock.now()
        rows = [
            (
                *(top + first + index, uuid7(now), "plain", f"p{top}-{first + index}", "post"),
                *("", "", item.author.handle, item.author.name, item.author.reach, item.text),
                *(item.url, item.lang, "[]", "", stamp(now), stamp(now)),
            )
            for index, item in enumerate(items[first : first + batch], 1)
        ]
        _insert(connection, rows)
        longest = max(longest, time.perf_counter() - began)
    cpu = time.process_time() - cpu
    connection.close()
    return cpu / len(items) * 1e6, longest * 1000


def _insert(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO mention (id, uid, source, external_id, kind, brand, account, handle, name,"
        " reach, text, url, lang, media, reply_to, posted_at, seen_at)"
        f" VALUES ({','.join('?' * 17)})",
        rows,
    )
    connection.executemany(
        "INSERT INTO mention_words (rowid, text, handle, name) VALUES (?, ?, ?, ?)",
        [(row[0], row[10], row[7], row[8]) for row in rows],
    )
    texts = [(row[0], row[16], str(row[10]).encode()) for row in rows]
    connection.executemany(
        "INSERT INTO original VALUES (?, 1, ?, ?, CAST('[]' AS BLOB), ?)",
        [(*one, hashlib.sha256(one[2]).hexdigest()) for one in texts],
    )
    connection.execute("COMMIT")


async def burst(room: Room, other: Room, batch: int, first: int) -> None:
    """Take 10,000 in by batches and compare, turn about; the best of three counts."""
    ours, bare, longest, turns = [], [], 0.0, Turns()
    for round_ in range(ROUNDS):
        items = posts(first + round_ * BURST, BURST)
        cpu = time.process_time()
        with turns.of(room.store.under):
            for start in range(0, BURST, batch):
                await triage.ingest(room, items[start : start + batch], durable=False)
        ours.append((time.process_time() - cpu) / BURST * 1e6)
        cost, most = await asyncio.to_thread(plain, room.store.path, items, batch)
        bare.append(cost)
        longest = max(longest, most)
    print(
        f"10,000 by {batch:>6,}: {min(ours):5.1f} us each, {turns}; plain sqlite3"
        f" {min(bare):5.1f} us, longest {longest:5.1f} ms: {min(ours) / min(bare):.2f} x"
    )
    with beside(other) as colleague:
        items = posts(first + ROUNDS * BURST, BURST)
        for start in range(0, BURST, batch):
            await triage.ingest(room, items[start : start + batch], durable=False)
        await colleague.looked.wait()
    print(f"  {colleague}", flush=True)


async def stream(room: Room, other: Room, rate: int, seconds: int, first: int) -> None:
    """Take so many a second in for so long, and count that all are there."""
    before = await room.store.read(lambda tx: tx.row("SELECT count(*) FROM mention"))
    turns, behind, part = Turns(), 0.0, max(1, rate // 10)
    began, cpu = time.perf_counter(), time.process_time()
    with turns.of(room.store.under), beside(other) as colleague:
        for tenth in range(seconds * 10):
            due = began + tenth / 10
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await triage.ingest(room, posts(first + tenth * part, part), durable=False)
            behind = max(behind, time.perf_counter() - due)
    used = (time.process_time() - cpu) / (time.perf_counter() - began)
    after = await room.store.read(lambda tx: tx.row("SELECT count(*) FROM mention"))
    assert before is not None
    assert after is not None
    lost = seconds * 10 * part - (after[0] - before[0])
    print(
        f"{part * 10:,}/s for {seconds} s: {lost} lost, {used:.0%} of one core with the colleague,"
        f" at most {behind * 1000:.0f} ms behind, {turns}"
    )
    print(f"  {colleague}")


async def measure(path: Path, rate: int, seconds: int) -> None:
    """Run every part in one room."""
    clock = SystemClock()
    async with (
        await Room.open(str(path), actor=Actor("watch"), clock=clock) as room,
        await Room.open(str(path), actor=Actor("ada"), clock=clock) as other,
    ):
        await triage.ingest(room, posts(0, 1000))
        for index, batch in enumerate(BATCHES, 1):
            await burst(room, other, batch, index * 1_000_000)
        await stream(room, other, rate, seconds, 10_000_000)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=1000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder) / "room.db", args.rate, args.seconds))


if __name__ == "__main__":
    main()
