"""Misbehaving servers, read by the real sources: how much memory, how long a gap, how long each.

Run it from the checkout: `python tests/bench/hostile.py [--deadline 20]`. The servers are processes
of their own. First every kind alone, directly and through redirects; then all of them at once,
beside feeds that behave. A gap is how long the event loop let nobody else run.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from evil import serving
from evil_catalogue import HOSTILE, NO_FEED

from crisisroom.clock import SystemClock
from crisisroom.config import RoomConfig, Source
from crisisroom.fetch import Fetcher, Response
from crisisroom.room import Actor, Room, reading
from crisisroom.room.settings import apply_config
from crisisroom.store import sources as rows
from crisisroom.tasks import spawn
from crisisroom.watch.poll import Poller

GOAL_GAP, GOAL_GROWTH, GOAL_SECONDS = 100.0, 40.0, 20.0  # ms, MB, s
NAMES = {"2130706433": "127.0.0.1", "0x7f.1": "127.0.0.1"}
HANGING = "timeout"
PERIOD = 0.25  # seconds between two polls of a feed that behaves


class Timed(Fetcher):
    """The real client with another deadline, in seconds."""

    deadline = 20.0

    async def get(self, url: str, **options: Any) -> Response:
        return await super().get(url, **{**options, "deadline": self.deadline})


@dataclass
class Gaps:
    """How long the event loop let nobody run, in ms: the longest since it was last asked."""

    _most: float = 0.0
    worst: dict[str, float] = field(default_factory=dict)

    async def watch(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            self._most = max(self._most, (time.perf_counter() - began) * 1000 - 1)

    def take(self, name: str) -> None:
        """Note the longest gap for a case; of several tries the shortest: the rest is noise."""
        self.worst[name] = min(self.worst.get(name, self._most), self._most)
        self._most = 0.0

    def fail(self, name: str, error: BaseException) -> None:
        print(f"{name} stopped: {error!r}")


async def _resolve(host: str, _port: int) -> list[str]:
    return [NAMES.get(host, "127.0.0.1" if host.endswith(".test") else host)]


def _resident() -> float:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


@asynccontextmanager
async def _server() -> AsyncIterator[str]:
    """Run the servers in a process of their own; give their address."""
    process: Process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--serve", stdout=PIPE
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        yield f"http://evil.test:{port}"
    finally:
        process.kill()
        await process.wait()


async def _serve() -> None:
    async with serving() as server:
        print(server.port, flush=True)
        await asyncio.Event().wait()


def _source(number: int, url: str) -> Source:
    return Source(id=f"s{number}", type="feed", url=url, private=True)


async def _alone(room: Room, fetch: Fetcher, base: str, gaps: Gaps) -> dict[str, float]:
    """Ask every kind alone; return how long each took (seconds)."""
    took: dict[str, float] = {}
    bad: list[str] = []
    for prefix in ("", "/chain/2", "", "/chain/2"):
        for number, path in enumerate([*HOSTILE, *NO_FEED]):
            gaps.take("between")
            poller = Poller(_source(number, f"{base}{prefix}{path}"), room, fetch)
            began = time.perf_counter()
            await poller.poll()
            took[f"{prefix}{path}"] = time.perf_counter() - began
            gaps.take(f"{prefix}{path}")
            row = await room.store.read(lambda tx, key=f"s{number}": rows.get(tx, key))  # type: ignore[misc]
            if not row.reason or not row.reason.isprintable():
                bad.append(f"{prefix}{path}: {row.reason!r}")
    print(
        f"{len(took)} cases of {len(HOSTILE) + len(NO_FEED)} kinds; not contained: {bad or 'none'}"
    )
    return took


async def _at_once(room: Room, fetch: Fetcher, base: str, good: str, gaps: Gaps) -> None:
    """Ask all of them together, and good feeds beside them, each in its period."""
    gaps.take("between")
    jobs = [
        spawn(
            Poller(_source(1000 + number, f"{base}{path}"), room, fetch).poll(),
            name=path,
            on_error=gaps.fail,
        )
        for number, path in enumerate([*HOSTILE, *NO_FEED])
    ]
    pollers = [Poller(_source(2000 + n, f"{good}/feed/{n}"), room, fetch) for n in range(10)]
    late: list[float] = []
    while not all(job.done() for job in jobs):
        began = time.perf_counter()
        await asyncio.gather(*(poller.poll() for poller in pollers))
        late.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, PERIOD - late[-1]))
    gaps.take("all at once")
    print(
        f"all at once: {len(late) * len(pollers)} polls of {len(pollers)} good feeds meanwhile, "
        f"slowest round {max(late) * 1000:.0f} ms of {PERIOD * 1000:.0f}"
    )


def _told(took: dict[str, float], gaps: Gaps, growth: float) -> int:
    quick = {p: s for p, s in took.items() if HOSTILE.get(_kind(p)) != HANGING}
    slow, waited = max(quick, key=quick.__getitem__), max(took, key=took.__getitem__)
    gap = max((one for one in gaps.worst if one != "between"), key=gaps.worst.__getitem__)
    print(f"slowest that is cut off: {slow} {quick[slow]:.2f} s")
    print(f"slowest of all: {waited} {took[waited]:.2f} s (goal {GOAL_SECONDS:g} s)")
    print(f"longest gap: {gap} {gaps.worst[gap]:.0f} ms (goal {GOAL_GAP:g} ms)")
    print(f"memory grew by {growth:.1f} MB (goal {GOAL_GROWTH:g} MB)")
    kept = gaps.worst[gap] <= GOAL_GAP and growth <= GOAL_GROWTH
    return 0 if kept and took[waited] <= GOAL_SECONDS + 0.5 else 1


def _kind(path: str) -> str:
    return path.removeprefix("/chain/2")


async def main(deadline: float) -> int:
    """Measure everything; returns 0 where the goals are kept."""
    Timed.deadline = deadline
    gaps = Gaps()
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="cr-", dir="/tmp") as folder:
        file = f"{folder}/room.db"
        async with (
            await Room.open(file, actor=Actor("bench"), clock=clock) as room,
            Timed(resolve=_resolve) as fetch,
            _server() as base,
            _server() as good,
        ):
            await apply_config(room, RoomConfig(name="bench"), "bench")
            good = good.replace("evil.test", "good.test")
            await Poller(_source(0, f"{good}/feed/0"), room, fetch).poll()
            before = _resident()
            ticker = spawn(gaps.watch(), name="ticker", on_error=gaps.fail)
            took = await _alone(room, fetch, base, gaps)
            await _at_once(room, fetch, base, good, gaps)
            ticker.cancel()
            growth = _resident() - before
            assert await reading.count(room) > 0
    return _told(took, gaps, growth)


def _arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deadline", type=float, default=2.0, help="seconds for one answer")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


if __name__ == "__main__":
    given = _arguments()
    sys.exit(asyncio.run(_serve() if given.serve else main(given.deadline)))
