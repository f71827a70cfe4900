"""Memory of the whole room beside bare Textual, and a soak: a million mentions, a screen open."""

from __future__ import annotations

import json
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta

from bench import terminal_ground as ground_of
from bench.terminal_ground import POSTS, Bench, Missing, pause, posts
from bench.terminal_pty import Pty
from e2e.ground import Ground

MENTIONS, HOURS = 1_000_000, 8  # that a soak of an hour stands for
_FULL = 60.0  # minutes of real time for all of them
_BATCH = 0.1  # seconds of mentions that are written at once
_SAMPLES = 200
_READING = ("pagedown", "pagedown", "j", "k", "pageup", "F")  # what a person does meanwhile


def measure(bench: Bench) -> None:
    """Measure the memory of a start, and where asked for, of a long night."""
    rounds = 2 if bench.quick else 4
    bench.table.part(f"6. Memory at rest (min of {rounds})")
    with ground_of.grounds() as ground:
        room = _least(lambda: ground_of.room(ground), rounds, hints=True)
        bare = _least(lambda: ground_of.bare(ground), rounds)
        bench.table.ratio("RSS of the whole room", room, bare, "bare", "MB", 1.6)
        try:
            posting = _least(lambda: ground_of.posting(bench, ground), rounds)
        except Missing as why:
            bench.table.skipped("RSS of posting", str(why))
        else:
            bench.table.ratio("RSS of the whole room", room, posting, "posting", "MB")
    if bench.soak:
        _soak(bench, bench.soak)
    else:
        bench.table.skipped("soak", "no --soak MINUTES was given")


def _least(
    start: Callable[[], AbstractContextManager[Pty]], rounds: int, *, hints: bool = False
) -> float:
    found = []
    for _ in range(rounds):
        with start() as program:
            if hints:
                ground_of.hinted(program)
            program.rest(1.0, 6.0)
            program.calm()
            found.append(program.rss())
    return min(found)


# The soak.


def _soak(bench: Bench, minutes: float) -> None:
    """Let mentions come in at the pace of a million an hour; look at the memory all the while."""
    count = int(MENTIONS * minutes / _FULL)
    bench.table.part(f"6. Soak: {count:,} mentions in {minutes:g} min, {HOURS} h of their time")
    with ground_of.grounds() as ground, ground_of.room(ground) as screen:
        ground_of.follow(ground_of.live(screen)).rest(1.5)
        with _pouring(ground, count, minutes * 60) as done:
            found = list(_sampled(screen, minutes * 60))
        screen.rest(3.0)
        alive = screen.program.poll() is None
        newest = ground_of.next_post(ground)
    after = [(at, size) for at, size in found if at >= minutes * 6]
    slope = statistics.linear_regression(*zip(*after, strict=True)).slope * 3600
    sizes = [size for _, size in after]
    tenth = found[: max(1, len(found) // 10)]
    bench.table.limit("RSS after the first tenth", max(size for _, size in tenth), "MB")
    bench.table.limit("RSS at the end", sizes[-1], "MB")
    bench.table.limit("largest less smallest after the first tenth", max(sizes) - min(sizes), "MB")
    bench.table.limit("growth after the first tenth, line through all", slope, "MB/h", 1.0)
    said = f"{'alive' if alive else 'DEAD'}, {newest:,} stored of {POSTS + done[0]:,} written"
    bench.table.told("  at the end", said, alive and newest >= POSTS + done[0], "all stored")
    _drawn(bench, found)


def _sampled(screen: Pty, seconds: float) -> Iterator[tuple[float, float]]:
    """Yield seconds and MB, a person reading now and then."""
    began, step = time.monotonic(), seconds / _SAMPLES
    for number in range(_SAMPLES):
        screen.press(_READING[number % len(_READING)])
        pause(max(0.0, began + (number + 1) * step - time.monotonic()))
        screen.forget()
        yield time.monotonic() - began, screen.rss()


@contextmanager
def _pouring(ground: Ground, count: int, seconds: float) -> Iterator[list[int]]:
    """Let so many mentions in through a pipe in so long; yields how many were written."""
    ingest = ground.start("ingest", "-", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert ingest.stdin is not None
    pipe, done, over = ingest.stdin, [0], threading.Event()
    start = datetime.now(UTC) - timedelta(hours=HOURS)

    def feed() -> None:
        began = time.monotonic()
        while done[0] < count and not over.is_set():
            due = min(count, int((time.monotonic() - began) / seconds * count))
            for number, one in enumerate(posts(POSTS + done[0], due - done[0]), done[0]):
                at = start + timedelta(hours=HOURS * number / count)
                pipe.write(f"{json.dumps(one | {'posted_at': at.isoformat()})}\n")
            pipe.flush()
            done[0] = max(done[0], due)
            pause(_BATCH)

    feeder = threading.Thread(target=feed, name="pouring")
    feeder.start()
    try:
        yield done
    finally:
        over.wait(1.0)
        over.set()
        feeder.join()
        ingest.communicate(timeout=900)


def _drawn(bench: Bench, found: list[tuple[float, float]]) -> None:
    """Tell the memory at each tenth."""
    tenths = [found[min(len(found) - 1, len(found) * part // 10)][1] for part in range(11)]
    bench.table.say("  MB at each tenth: " + " ".join(f"{size:.1f}" for size in tenths))
