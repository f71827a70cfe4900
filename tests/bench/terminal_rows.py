"""A screen at work: bytes for a row that comes in, for a step of the cursor, and for nothing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench import terminal_ground as ground_of
from bench.terminal_ground import LARGE, POSTS, Bench, Missing, line_of, pause, text_of
from e2e.ground import Ground

RATE = 10  # rows a second
_WIDE = (119, 40)  # one column short of four panes: the feed alone, as wide as it gets
_AFTER = 2.0  # seconds in which what came last is still drawn
_IDLE = 10.0  # seconds


def measure(bench: Bench) -> None:
    """Measure rows, steps and idling."""
    seconds = 5.0 if bench.quick else 10.0
    bench.table.part(f"2. {RATE} rows a second for {seconds:g} s, the feed follows; a step; idling")
    with ground_of.grounds(incident=False) as ground:
        for size in (_WIDE, (80, 24)):
            _feed(bench, ground, size, seconds)
    with ground_of.grounds() as ground:
        _panes(bench, ground, seconds)
        _steps(bench, ground)
        _idle(bench, ground)


# Rows.


def _feed(bench: Bench, ground: Ground, size: tuple[int, int], seconds: float) -> None:
    figure = f"bytes a row, the feed alone, {size[0]}x{size[1]}"
    ours, cost = _rows(ground, size, seconds, "")
    try:
        theirs = _lnav_rows(ground, size, seconds)
    except Missing as why:
        bench.table.skipped(figure, str(why))
    else:
        bench.table.ratio(figure, ours, theirs[0], "lnav", "B", 1.25)
        bench.table.ratio(f"CPU a row, {size[0]}x{size[1]}", cost, theirs[1], "lnav", "ms")


def _panes(bench: Bench, ground: Ground, seconds: float) -> None:
    figure = "bytes a row, the whole room, 120x40"
    ours, cost = _rows(ground, LARGE, seconds, "")
    try:
        theirs = _rows(ground, LARGE, seconds, "stock", near=True)
        slow = _rows(ground, LARGE, seconds, "stock")
    except Missing as why:
        bench.table.limit(figure, ours, "B")
        bench.table.skipped(figure, str(why))
    else:  # over SSH the room draws once a second on the stock driver: less often than on ours
        bench.table.ratio(figure, ours, theirs[0], "stock driver, near", "B", 1 / 8)
        bench.table.ratio("  the stock driver once a second", ours, slow[0], "over SSH", "B")
        bench.table.ratio("CPU a row, the whole room", cost, theirs[1], "stock driver, near", "ms")


def _rows(
    ground: Ground, size: tuple[int, int], seconds: float, driver: str, *, near: bool = False
) -> tuple[float, float]:
    """Return bytes and CPU ms a row."""
    first = ground_of.next_post(ground)
    with ground_of.room(ground, size, driver=driver, near=near) as screen:
        ground_of.follow(ground_of.live(screen, first - 1)).rest(1.5)
        before, spent = screen.sent, screen.cpu()
        with ground_of.flowing(ground, RATE, first) as written:
            pause(seconds)
        last = f"guest{(first + len(written) - 1) % 7919}"
        screen.wait_for(last).rest(_AFTER)
        return (screen.sent - before) / len(written), (screen.cpu() - spent) / len(written)


def _lnav_rows(ground: Ground, size: tuple[int, int], seconds: float) -> tuple[float, float]:
    file = ground.folder / f"rows-{size[0]}.log"
    ground_of.lines_of(file, ((n, text_of(n)) for n in range(POSTS)))
    with ground_of.lnav(ground, file, size) as screen:
        screen.wait_for(f"guest{POSTS - 1}")
        screen.calm()
        before, spent = screen.sent, screen.cpu()
        count = _appended(file, seconds)
        screen.wait_for(f"guest{POSTS + count - 1}").rest(0.6, _AFTER)
        return (screen.sent - before) / count, (screen.cpu() - spent) / count


def _appended(file: Path, seconds: float) -> int:
    """Let a file grow; return by how many lines."""
    count, began = int(seconds * RATE), time.monotonic()
    with file.open("a", encoding="utf-8") as out:
        for number in range(count):
            out.write(line_of(POSTS + number, text_of(POSTS + number)))
            out.flush()
            pause(max(0.0, began + (number + 1) / RATE - time.monotonic()))
    return count


# Steps.


def _steps(bench: Bench, ground: Ground) -> None:
    figure = "bytes for a step of the cursor, 120x40"
    ours = _step(ground, "")
    try:
        theirs = _step(ground, "stock")
    except Missing as why:
        bench.table.limit(figure, ours, "B")
        bench.table.skipped(figure, str(why))
    else:
        bench.table.ratio(figure, ours, theirs, "stock driver", "B", 1 / 20)


def _step(ground: Ground, driver: str) -> float:
    """Return the median bytes of a step down the feed, the thread beside it drawn anew."""
    with ground_of.room(ground, driver=driver) as screen:
        ground_of.hinted(screen).rest(2.0)
        found = []
        for _ in range(12):
            before = screen.sent
            screen.press("j")
            screen.rest(0.7)
            found.append(float(screen.sent - before))
        return statistics.median(found)


# Idling.


def _idle(bench: Bench, ground: Ground) -> None:
    windows = 2 if bench.quick else 4
    with ground_of.room(ground) as screen, ground_of.bare(ground) as bare:
        ground_of.hinted(screen).rest(3.0)
        bare.rest(2.0)
        found = [_during(screen.cpu, bare.cpu, lambda: screen.sent) for _ in range(windows)]
    sent, ours, theirs = (min(column) for column in zip(*found, strict=True))
    seen = ", ".join(f"{one[0]:.0f}" for one in found)
    bench.table.limit("bytes while idle for 10 s", sent, "B", 0, f"each 10 s: {seen}")
    bench.table.ratio("CPU while idle for 10 s", ours, theirs, "bare", "ms", 2.0)


def _during(*read: Callable[[], float]) -> list[float]:
    before = [one() for one in read]
    pause(_IDLE)
    after = [one() for one in read]
    found = [now - was for now, was in zip(after, before, strict=True)]
    return [found[2], found[0], found[1]]
