"""A terminal that does not read, and one that is dragged to a thousand sizes."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import terminal_ground as ground_of
from bench.terminal_ground import LARGE, POSTS, Bench, Missing, pause
from bench.terminal_pty import Pty
from bench.terminal_seen import Emulated, unlike
from e2e.ground import Ground

RATE = 20  # rows a second
RESIZES, LARGEST = 1_000, 500
_APART = 0.01  # seconds between two sizes, as a window that is dragged
_TICKING = Path(__file__).with_name("terminal_ticking.py")
_LOOKS = 5  # at a screen on which a minute may just have passed


def measure(bench: Bench) -> None:
    """Measure stalls of 6 s and of 60 s, and the storm, with both drivers."""
    stalls = bench.stall[:1] if bench.quick else bench.stall
    bench.table.part(f"3. Not reading while {RATE} rows a second come in; {RESIZES} sizes")
    for seconds in stalls:
        _compared(bench, seconds)
    for driver in ("", "stock"):
        try:
            _storm(bench, driver)
        except Missing as why:
            bench.table.skipped(f"{RESIZES} sizes, stock driver", str(why))


# Not reading.


def _compared(bench: Bench, seconds: float) -> None:
    gap, waited, wrong, usual = _stalled("", seconds)
    figure = f"largest gap of the loop's 100 ms tick, {seconds:g} s stall"
    try:
        stock, _, stock_wrong, _ = _stalled("stock", seconds)
    except Missing as why:
        bench.table.skipped("stock driver", str(why))
        peer, peers_wrong = "", ""
    else:
        peer, peers_wrong = f"{stock:,.0f} ms stock driver", f"{stock_wrong} stock driver"
    bench.table.limit(figure, gap, "ms", 200, peer)
    own = max(0.0, gap - waited)
    bench.table.limit("  the same without standing in line for a core", own, "ms", 200)
    bench.table.limit("  largest gap of as long a time before, reading", usual, "ms")
    bench.table.limit("  cells that are wrong afterwards", wrong, "cells", 0, peers_wrong)


def _stalled(driver: str, seconds: float) -> tuple[float, float, int, float]:
    """Return the largest gap, the wait for a core in it, wrong cells; the gap before, in ms."""
    with ground_of.grounds() as ground, _ticking(ground, driver) as (screen, folder):
        ground_of.follow(ground_of.live(screen)).rest(1.5)
        with ground_of.flowing(ground, RATE, POSTS):
            pause(min(seconds, 10.0))
            before = time.monotonic()
            screen.stop_reading()
            _keys(screen, seconds)
            until = time.monotonic()
        screen.go_on_reading()
        screen.rest(2.5)
        gap, waited = _largest(folder, before, until)
        usual, _ = _largest(folder, before - min(seconds, 10.0), before)
        return gap, waited, _wrong(screen, folder), usual


def _keys(screen: Pty, seconds: float) -> None:
    for number in range(int(seconds * 2)):
        screen.press("j" if number % 4 < 2 else "k")
        pause(0.5)


@contextmanager
def _ticking(ground: Ground, driver: str) -> Iterator[tuple[Pty, Path]]:
    folder = ground.folder / f"ticking-{driver or 'lean'}"
    folder.mkdir()
    argv = (sys.executable, str(_TICKING), str(folder))
    with ground_of.room(ground, LARGE, driver=driver, argv=argv) as screen:
        yield screen, folder


def _ticks(folder: Path) -> list[tuple[float, float, float]]:
    """Return when each tick was, how long after the one before, and the wait for a core in it."""
    lines = (folder / "ticks").read_text().splitlines()
    found = [tuple(map(float, line.split())) for line in lines]
    return [(one[0], one[1], one[2]) for one in found if len(one) == 3]


def _largest(folder: Path, since: float, until: float) -> tuple[float, float]:
    """Return the largest gap that ended or reached into a time, and the wait in it, in ms."""
    inside = [(gap, wait) for at, gap, wait in _ticks(folder) if since < at and at - gap < until]
    gap, wait = max(inside)
    return gap * 1000, wait * 1000


# What is seen afterwards.


def _wrong(screen: Pty, folder: Path) -> int:
    """Return how many cells differ from the whole screen drawn anew."""
    found = []
    for _ in range(_LOOKS):
        full = _full(screen, folder)
        found.append(unlike(screen.screen.cells, full.cells))
        if not found[-1]:
            break
        screen.rest(1.0)
    return min(found)


def _full(screen: Pty, folder: Path) -> Emulated:
    drawn = folder / "full"
    drawn.unlink(missing_ok=True)
    os.kill(screen.pid, signal.SIGUSR1)
    screen.until(drawn.exists, "a full drawing")
    said, _, written = drawn.read_bytes().partition(b"\n")
    columns, rows = map(int, said.split())
    full = Emulated((columns, rows))
    full.feed(written)
    return full


# Sizes.


def _storm(bench: Bench, driver: str) -> None:
    name = f"{driver} driver" if driver else "lean driver"
    with ground_of.grounds() as ground, _ticking(ground, driver) as (screen, folder):
        ground_of.live(screen).rest(2.0)
        before = screen.cpu()
        dice = random.Random(7)
        for _ in range(RESIZES - 1):
            screen.resize((dice.randint(1, LARGEST), dice.randint(1, LARGEST)))
            pause(_APART)
        screen.resize(LARGE)
        screen.fresh_screen()
        screen.rest(3.0)
        cost = (screen.cpu() - before) / 1000
        alive = screen.program.poll() is None
        wrong = _wrong(screen, folder) if alive else LARGE[0] * LARGE[1]
    most = None if driver else 10.0
    bench.table.limit(f"CPU for {RESIZES} sizes, 1x1 to 500x500, {name}", cost, "s", most)
    if not driver:
        said = f"{'alive' if alive else 'DEAD'}, {wrong} cells wrong"
        bench.table.told("  afterwards, at 120x40", said, alive and not wrong, "alive, 0 wrong")
