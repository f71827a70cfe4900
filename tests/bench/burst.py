"""A burst through a running watcher, and somebody who looks at the newest all the while.

Run it from the checkout: `python tests/bench/burst.py [--seconds 60] [--rate 1000]`. `crisisroom
watch` is a process of its own; 10,000 mentions come at once by `crisisroom ingest`, then so many a
second by a file of JSON lines that the watcher follows. The reader, another process again, does
what a key press on the screen does: the newest window and the count. Compared in the same run with
raw `sqlite3.executemany`, and one feed of 2,000 entries with `newsboat -x reload`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TextIO

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.ingest import plain, posts

from crisisroom.clock import SystemClock
from crisisroom.core.query import Query
from crisisroom.room import Actor, Room, reading

BURST = 10_000
ENTRIES = 2_000  # of the feed: as many as a feed may give at once
GOAL = 100.0  # ms for a key
EVERY = 0.05  # seconds between two looks


class Ground:
    """A room in a folder, with its settings and the processes at work on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.room = folder / "room.db"
        self.lines = folder / "lines.jsonl"
        self.lines.touch()
        self.config = folder / "crisisroom.yaml"
        self.env = {**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}

    def settle(self, feed: str = "") -> None:
        """Write the settings: a file that is followed, or a feed."""
        source = f"{{id: lines, type: jsonl, path: {self.lines}, every: 1s}}"
        if feed:
            source = f"{{id: blog, type: feed, url: '{feed}', private: yes, every: 60s}}"
        self.config.write_text(
            f"schema: 1\nroom: {{address: {self.room}, name: Bench, zone: UTC}}\n"
            f"brand: {{name: Bench}}\nsources:\n  - {source}\n"
        )

    def command(self, *argv: str) -> list[str]:
        return [sys.executable, "-m", "crisisroom", "--config", str(self.config), *argv]

    def run(self, *argv: str) -> float:
        """Run a verb; return its seconds."""
        began = time.perf_counter()
        subprocess.run(
            self.command(*argv), env=self.env, check=True, capture_output=True, cwd=self.folder
        )
        return time.perf_counter() - began

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Let a watcher run."""
        with (self.folder / "watch.log").open("wb") as log:
            watcher = subprocess.Popen(
                self.command("watch"), env=self.env, stdout=log, stderr=log, cwd=self.folder
            )
            try:
                while json.loads(self._status())["watcher"] is None:
                    time.sleep(0.1)
                yield
            finally:
                watcher.terminate()
                watcher.wait()

    def _status(self) -> bytes:
        done = subprocess.run(
            self.command("--json", "status"), env=self.env, capture_output=True, cwd=self.folder,
            check=False,
        )  # fmt: skip
        return done.stdout or b'{"watcher": null}'

    @contextmanager
    def looking(self, what: str) -> Iterator[None]:
        """Let a reader press keys all the while; print how long they took."""
        out = self.folder / "looks"
        out.unlink(missing_ok=True)
        reader = subprocess.Popen([sys.executable, __file__, "--look", str(self.room), str(out)])
        while not out.exists():
            time.sleep(0.02)
        try:
            yield
        finally:
            reader.terminate()
            reader.wait()
        looks = sorted(float(line) for line in out.read_text().split())
        slow = sum(one > GOAL for one in looks)
        print(
            f"  {what}: {len(looks)} looks, median {statistics.median(looks):.1f} ms, "
            f"99 % {looks[int(len(looks) * 0.99)]:.1f} ms, slowest {looks[-1]:.1f} ms, "
            f"{slow} over {GOAL:.0f} ms"
        )

    def stored(self) -> tuple[int, int]:
        """How many mentions there are, and how many are analysed."""
        with sqlite3.connect(f"file:{self.room}?mode=ro", uri=True) as connection:
            [count] = connection.execute("SELECT count(*) FROM mention").fetchone()
            row = connection.execute("SELECT body FROM model WHERE name = 'analysis'").fetchone()
        return count, int(json.loads(row[0])["done"]) if row else 0

    def wait_for(self, count: int, seconds: float) -> tuple[int, int]:
        """Wait until so many are stored and analysed, or time is up."""
        until = time.perf_counter() + seconds
        while min(self.stored()) < count and time.perf_counter() < until:
            time.sleep(0.1)
        return self.stored()


async def look(file: str, told: TextIO) -> None:
    """Press keys until told to stop: the newest window, and how many there are."""
    async with await Room.open(file, actor=Actor("ada"), clock=SystemClock()) as room:
        while True:
            began = time.perf_counter()
            await reading.mentions(room, Query())
            await reading.count(room)
            told.write(f"{(time.perf_counter() - began) * 1000:.3f}\n")
            await asyncio.sleep(EVERY)


def _written(path: Path, first: int, count: int) -> None:
    """Append mentions as JSON lines."""
    with path.open("a", encoding="utf-8") as file:
        for one in posts(first, count):
            said: dict[str, object] = {
                "text": one.text,
                "external_id": one.external_id,
                "lang": "en",
            }
            said["author"] = {"handle": one.author.handle, "reach": 7}
            file.write(json.dumps(said) + "\n")


def burst(ground: Ground) -> None:
    """Take 10,000 in at once, beside the watcher and the reader."""
    file = ground.folder / "burst.jsonl"
    _written(file, 0, BURST)
    with ground.watching(), ground.looking("10,000 at once"):
        took = ground.run("ingest", str(file))
        stored, analysed = ground.wait_for(BURST, 120)
    print(f"  ingest {took:.1f} s; {BURST - stored} lost, {BURST - analysed} not analysed")


def stream(ground: Ground, rate: int, seconds: int) -> None:
    """Let the watcher follow a file that grows by so many a second."""
    before, total = ground.stored()[0], rate * seconds
    with ground.watching(), ground.looking(f"{rate:,} a second for {seconds} s"):
        began = time.perf_counter()
        for tenth in range(seconds * 10):
            _written(ground.lines, 1_000_000 + tenth * rate // 10, rate // 10)
            due = began + (tenth + 1) / 10
            time.sleep(max(0.0, due - time.perf_counter()))
        stored, analysed = ground.wait_for(before + total, 300)
        took = time.perf_counter() - began
    print(
        f"  {before + total - stored} lost, {before + total - analysed} not analysed; "
        f"all done {took - seconds:.1f} s after the last was written"
    )


def bare(ground: Ground) -> None:
    """Write as many as plainly as sqlite3 can, into the same tables."""
    cost, longest = plain(ground.room, posts(50_000_000, BURST), BURST)
    print(f"  raw executemany: {cost * BURST / 1e6:.2f} s CPU for 10,000, longest {longest:.0f} ms")


def feeds(folder: Path) -> None:
    """Read one large feed, as we do and as newsboat does."""
    items = "".join(
        f"<item><guid>g{one.external_id}</guid><title>{one.text}</title></item>"
        for one in posts(0, ENTRIES)
    )
    www = folder / "www"
    www.mkdir()
    document = f'<rss version="2.0"><channel><title>b</title>{items}</channel></rss>'
    (www / "feed.xml").write_text(document)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(www)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/feed.xml"
    ground = Ground(folder)
    ground.settle(url)
    ours = ground.run("watch", "--once")
    print(f"  a feed of {ENTRIES:,}: ours {ours:.2f} s, {ground.stored()[0]:,} stored and analysed")
    _newsboat(folder, url)
    server.shutdown()


def _newsboat(folder: Path, url: str) -> None:
    program = shutil.which("newsboat")
    if program is None:
        print("  newsboat is not installed: not compared")
        return
    urls, cache, config = folder / "urls", folder / "cache.db", folder / "newsboat.conf"
    urls.write_text(f"{url}\n")
    config.touch()
    began = time.perf_counter()
    argv = [program, "-u", str(urls), "-c", str(cache), "-C", str(config), "-x", "reload"]
    subprocess.run(argv, check=True, capture_output=True)
    took = time.perf_counter() - began
    with sqlite3.connect(cache) as connection:
        [count] = connection.execute("SELECT count(*) FROM rss_item").fetchone()
    print(f"  newsboat -x reload: {took:.2f} s, {count:,} stored")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--look", nargs=2, metavar=("ROOM", "OUT"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.look:
        with Path(args.look[1]).open("a", buffering=1) as told:
            asyncio.run(look(args.look[0], told))
        return
    with tempfile.TemporaryDirectory(prefix="cr-", dir="/tmp") as folder:
        ground = Ground(Path(folder))
        ground.settle()
        burst(ground)
        stream(ground, args.rate, args.seconds)
        bare(ground)
    with tempfile.TemporaryDirectory(prefix="cr-", dir="/tmp") as folder:
        feeds(Path(folder))


if __name__ == "__main__":
    main()
