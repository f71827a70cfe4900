"""A million mentions: memory, start, pages, and how long the store takes for the newest 50."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec
from bench import terminal_ground as ground_of
from bench.million import MILLION, copied
from bench.month import searches, windows
from bench.terminal_ground import LARGE, Bench, Missing
from bench.terminal_pty import Pty
from e2e.ground import Ground

from crisisroom.clock import SystemClock
from crisisroom.core.query import Query
from crisisroom.room import Actor, Room
from crisisroom.store import Tx, mentions

_ALONE = (119, 40)  # the feed alone: a page is as tall as lnav's
_PAGES = 120
_AGAIN = 21  # times that a query is asked
_NEWEST = 50
_QUIET = 0.2  # seconds after which nothing more comes of a key
_PAUSE = 0.04  # seconds between a page and what follows from it


class Held(NamedTuple):
    """What a program needs to hold a room or a log: CPU ms until it is ready, MB at rest."""

    ready: float
    rss: float


class Paged(NamedTuple):
    """Pages: median CPU ms of a key, median and 99th percentile of the wall, in ms."""

    cpu: float
    median: float
    late: float


def measure(bench: Bench) -> None:
    """Measure a room of a million beside one of a thousand, and lnav."""
    rounds, pages = (1, 40) if bench.quick else (3, _PAGES)
    bench.table.part(f"4. A million mentions (min of {rounds}; {pages} pages)")
    with _room(MILLION) as (ground, log), _room(1000) as (small, _):
        large_room = [_ready(ground_of.room(ground), hints=True) for _ in range(rounds)]
        small_room = [_ready(ground_of.room(small), hints=True) for _ in range(rounds)]
        ours, at_1k = _least(large_room), _least(small_room)
        bench.table.ratio("RSS at 1M, the whole room", ours.rss, at_1k.rss, "at 1k", "MB", 1.1)
        bench.table.ratio("ready CPU at 1M", ours.ready, at_1k.ready, "at 1k", "ms")
        try:
            theirs = _least([_ready(ground_of.lnav(ground, log)) for _ in range(rounds)])
        except Missing as why:
            bench.table.skipped("1M beside lnav", str(why))
        else:
            bench.table.ratio("RSS at 1M", ours.rss, theirs.rss, "lnav", "MB", 0.6)
            bench.table.ratio("ready CPU at 1M", ours.ready, theirs.ready, "lnav", "ms", 0.5)
        _pages(bench, ground, log, pages)
        asyncio.run(_newest(bench, ground.room))


@contextmanager
def _room(count: int) -> Iterator[tuple[Ground, Path]]:
    """Yield a room of so many, with an incident, and the same texts as a log."""
    with tempfile.TemporaryDirectory() as folder, Ground(Path(folder) / "ground") as ground:
        log = copied(count, ground.room)
        ground.declare()
        yield ground, log


def _least(found: list[Held]) -> Held:
    return Held(*map(min, zip(*found, strict=True)))


def _ready(starting: AbstractContextManager[Pty], *, hints: bool = False) -> Held:
    """Return the CPU until hardly any more is spent, and the memory then."""
    with starting as program:
        if hints:
            ground_of.hinted(program)
        program.rest(0.6, 5.0)
        return Held(program.calm(), program.rss())


# Pages.


def _pages(bench: Bench, ground: Ground, log: Path, pages: int) -> None:
    with ground_of.room(ground, _ALONE) as screen:
        ground_of.hinted(screen).rest(2.0)
        screen.press("g")
        ours = _paged(screen, pages)
    with ground_of.room(ground, LARGE) as screen:
        ground_of.hinted(screen).rest(2.0)
        screen.press("g")
        panes = _paged(screen, pages)
    figure = "CPU of a page down, the feed alone, 119x40"
    try:
        with ground_of.lnav(ground, log, _ALONE) as screen:
            screen.rest(0.6, 5.0)
            screen.calm()
            screen.press("g")
            theirs = _paged(screen, pages)
    except Missing as why:
        bench.table.skipped(figure, str(why))
    else:
        bench.table.ratio(figure, ours.cpu, theirs.cpu, "lnav", "ms", 4.0)
        wall = f"{theirs.median:.1f} / {theirs.late:.1f} ms lnav"
        bench.table.limit("  wall of a page down, median", ours.median, "ms", None, wall)
    bench.table.limit("  wall of a page down, 99 of 100", ours.late, "ms", 25.0)
    bench.table.limit("CPU of a page down, four panes, 120x40", panes.cpu, "ms")
    bench.table.limit("  wall of a page down, four panes, 99 of 100", panes.late, "ms", 25.0)


def _paged(program: Pty, pages: int) -> Paged:
    program.rest(1.0, 3.0)
    costs, walls = [], []
    for _ in range(pages):
        spent, began = program.cpu(), time.monotonic()
        seen = len(program.arrivals)
        program.press("pagedown")
        program.next_arrival(seen).rest(_QUIET, 2.0)
        costs.append(program.cpu() - spent)
        walls.append((_drawn([one.at for one in program.arrivals[seen:]]) - began) * 1000)
    walls.sort()
    late = walls[min(len(walls) - 1, int(len(walls) * 0.99))]
    return Paged(statistics.median(costs), statistics.median(walls), late)


def _drawn(arrivals: list[float]) -> float:
    """Return when the page stood: what comes after a pause belongs to something else."""
    for earlier, later in pairwise(arrivals):
        if later - earlier > _PAUSE:
            return earlier
    return arrivals[-1]


# The store.


async def _newest(bench: Bench, path: Path) -> None:
    """Tell what the slowest of the filters and of the searches takes, and how many are slower."""
    async with await Room.open(str(path), actor=Actor("ada"), clock=SystemClock()) as room:
        for kind, queries in (("filter", windows()), ("full-text search", searches())):
            took = {name: await _asked(room, query) for name, query in queries.items()}
            middle = statistics.median(took.values())
            slowest = max(took, key=lambda name: took[name])
            over = sum(one > 1.0 for one in took.values())
            figure = f"store time of the newest {_NEWEST}, {kind}, median of {len(took)}"
            bench.table.limit(figure, middle, "ms", 1.0)
            said = f"{slowest}; {over} of {len(took)} over 1 ms"
            bench.table.limit(f"  the slowest {kind}", took[slowest], "ms", 1.0, said)


async def _asked(room: Room, query: Query) -> float:
    """Return the median ms inside the store for the newest that fit."""
    narrowed = msgspec.structs.replace(query, limit=_NEWEST)

    async def find(tx: Tx) -> float:
        began = time.perf_counter()
        await mentions.find(tx, narrowed)
        return (time.perf_counter() - began) * 1000

    return statistics.median([await room.store.read(find) for _ in range(_AGAIN)])
