"""The first second: CPU until something is to be read and until all of it is, and its bytes."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import NamedTuple

from bench import terminal_ground as ground_of
from bench.terminal_ground import LARGE, POSTS, SMALL, Bench, Missing, text_of
from bench.terminal_pty import Pty
from bench.terminal_seen import painted, screens, settled
from e2e.ground import Ground

_QUIET = {"lnav": 0.6, "posting": 0.4}  # seconds; lnav shows the time, posting a blinking cursor
_SEPARATE = 3.0  # seconds that a program is watched at most once it showed what it has

Start = Callable[[], AbstractContextManager[Pty]]


class Began(NamedTuple):
    """One start: CPU ms to the first paint, to 95 % of the cells, to the last line; bytes."""

    first: float
    settled: float
    live: float
    size: float


def measure(bench: Bench) -> None:
    """Measure starts of the room and its peers, in turn, at both sizes."""
    with ground_of.grounds() as ground:
        for size in (LARGE, SMALL):
            _at(bench, ground, size)


def _at(bench: Bench, ground: Ground, size: tuple[int, int]) -> None:
    cells = f"{size[0]}x{size[1]}"
    bench.table.part(f"1. Start, {cells}, an incident and {POSTS} posts (min of {bench.rounds})")
    best = rounds(bench, size, programs(bench, ground, size))
    floor = min(_passed(ground) for _ in range(bench.rounds + 2))
    bench.table.limit("the floor: CPU of python -c pass", floor, "ms")
    room = best["room"]
    _ratio(bench, best, f"first paint CPU, {cells}", "newsboat", "first", 1.5)
    _ratio(bench, best, f"first paint CPU, {cells}", "bare", "first", 0.15)
    _ratio(bench, best, f"settled CPU (95 % of the cells), {cells}", "bare", "settled", 1.5)
    _ratio(bench, best, f"settled CPU (95 % of the cells), {cells}", "posting", "settled", 0.4)
    for peer, goal in (("bare", 1.5), ("posting", 0.4)):
        if peer in best:  # ours is the live room, theirs the settled screen
            figure = f"live CPU (the last line is the room's), {cells}"
            bench.table.ratio(figure, room.live, best[peer].settled, peer, "ms", goal)
    _ratio(bench, best, f"bytes of the first screen, {cells}", "stock driver", "size", 0.2)
    _ratio(bench, best, f"bytes of the first screen, {cells}", "lnav", "size", 2.0)


def _ratio(
    bench: Bench, best: Mapping[str, Began], figure: str, peer: str, of: str, goal: float
) -> None:
    if peer in best:
        unit = "B" if of == "size" else "ms"
        ours, theirs = getattr(best["room"], of), getattr(best[peer], of)
        bench.table.ratio(figure, ours, theirs, peer, unit, goal)


def _passed(ground: Ground) -> float:
    """Return the CPU ms of an interpreter that does nothing."""
    argv = ["setsid", "--wait", sys.executable, "-c", "pass"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, env=ground.env, cwd=ground.folder, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def programs(bench: Bench, ground: Ground, size: tuple[int, int]) -> dict[str, Start]:
    """Return how each program is started."""
    log = ground_of.lines_of(ground.folder / "posts.log", ((n, text_of(n)) for n in range(POSTS)))
    return {
        "room": lambda: ground_of.room(ground, size),
        "stock driver": lambda: ground_of.room(ground, size, driver="stock"),
        "bare": lambda: ground_of.bare(ground, size),
        "newsboat": lambda: ground_of.newsboat(ground, size),
        "lnav": lambda: ground_of.lnav(ground, log, size),
        "posting": lambda: ground_of.posting(bench, ground, size),
    }


def rounds(bench: Bench, size: tuple[int, int], started: Mapping[str, Start]) -> dict[str, Began]:
    """Start each in turn, over and over; return the least of each, after one to warm up."""
    found: dict[str, list[Began]] = {}
    missing: set[str] = set()
    for turn in range(bench.rounds + 1):
        for name, start in started.items():
            if name in missing:
                continue
            try:
                began = _once(name, start, size)
            except Missing as why:
                missing.add(name)
                bench.table.skipped(name, str(why))
                continue
            if turn:  # the first one may compile, fill caches
                found.setdefault(name, []).append(began)
    return {name: Began(*map(min, zip(*each, strict=True))) for name, each in found.items()}


def _once(name: str, start: Start, size: tuple[int, int]) -> Began:
    with start() as program:
        if name in ("room", "stock driver"):
            ground_of.live(program).rest(2.0)
        else:
            program.until(lambda: bool(program.screen.text.strip()), "anything").calm()
            program.rest(_QUIET.get(name, 1.0), _SEPARATE)
        arrivals = list(program.arrivals)
    seen = screens(size, (one.data for one in arrivals))
    final = seen[-1]
    at = [one.cpu for one in arrivals]
    return Began(
        first=next(at[n] for n, now in enumerate(seen) if painted(now)),
        settled=next(at[n] for n, now in enumerate(seen) if settled(now, final)),
        live=next(at[n] for n, now in enumerate(seen) if now[-1] == final[-1]),
        size=float(sum(len(one.data) for one in arrivals)),
    )
