"""What the program costs on this machine: start, idling, a busy feed, keys, ingest, commits.

Run by hand on a quiet machine: `python tests/bench/screen.py [PART ...]`; prints one table.
Every comparison is measured in the same run. CPU is of the process itself, in milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from e2e.ground import CRISISROOM, Ground
from e2e.terminal import Terminal

from crisisroom.clock import SystemClock
from crisisroom.room import Actor, Room, record

ROUNDS = 7
SECONDS = 10.0
RATE = 20  # mentions a second
SMALL, LARGE = (80, 24), (120, 36)
FAR = {"SSH_CONNECTION": "192.0.2.1 5000 192.0.2.2 22", "SSH_TTY": "/dev/pts/9"}
BARE = (
    "from textual.app import App\nfrom textual.widgets import Static\n"
    "class Bare(App):\n    def compose(self): yield Static('Something happened')\nBare().run()"
)
LOADED = "import asyncio, sqlite3"


def row(what: str, *numbers: str, goal: str = "") -> None:
    """Print one line of the table."""
    cells = " ".join(f"{number:>14}" for number in numbers)
    print(f"{what:<52} {cells}   {goal}", flush=True)


@contextmanager
def grounds() -> Iterator[Ground]:
    """Yield a room with an incident and 400 posts."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Ground(Path(folder) / "ground") as ground,
    ):
        ground.declare()
        ground.ingest(posts(0, 400))
        yield ground


def posts(first: int, count: int) -> list[dict[str, object]]:
    """Return ordinary posts."""
    return [
        {
            "text": f"charged twice for one night and nobody answers the telephone, post {number}",
            "source": "masto",
            "external_id": str(number),
            "author": {"handle": f"@guest{number}@example.test", "reach": number % 5000},
        }
        for number in range(first, first + count)
    ]


# Start.


def starts() -> None:
    """Compare the room's first paint with that of a bare Textual app."""
    with grounds() as ground:
        rooms, bares = [], []
        for _ in range(ROUNDS):
            bares.append(_start(ground, [sys.executable, "-c", BARE]))
            rooms.append(
                _start(ground, [*CRISISROOM, "--room", str(ground.room), "open", "--no-watch"])
            )
    row("start, 120x36", "first ms", "first CPU", "settled ms", "settled CPU", "bytes")
    for name, found in (("  bare Textual app", bares), ("  crisisroom open, 400 posts", rooms)):
        best = [min(column) for column in zip(*found, strict=True)]
        row(name, *(f"{number:.0f}" for number in best))
    ratio = min(one[3] for one in rooms) / min(one[3] for one in bares)
    row("  settled CPU, room over bare", f"{ratio:.2f}x", goal="goal <= 1.5x")


def _start(ground: Ground, argv: Sequence[str]) -> tuple[float, ...]:
    began = time.monotonic()
    with Terminal(argv, env=ground.env, cwd=ground.folder, size=LARGE) as screen:
        screen.wait_for(lambda now: now.text.strip())
        first, first_cpu = time.monotonic() - began, cpu(screen.program.pid)
        screen.wait_for("Something happened")
        if len(argv) > 3:
            screen.wait_for("guest399")
        settled, settled_cpu = time.monotonic() - began, cpu(screen.program.pid)
        return first * 1000, first_cpu, settled * 1000, settled_cpu, float(screen.wire.size)


def cpu(pid: int) -> float:
    """Return the CPU time of a process's living threads, in milliseconds."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


def verbs() -> None:
    """Compare verbs without a screen with the interpreter itself."""
    with grounds() as ground:
        room = [*CRISISROOM, "--room", str(ground.room)]
        shown = {
            "python -c pass": [sys.executable, "-c", "pass"],
            f"python -c '{LOADED}'": [sys.executable, "-c", LOADED],
            "crisisroom --version": [*CRISISROOM, "--version"],
            "crisisroom status": [*room, "status"],
            "crisisroom note": [*room, "note", "a note"],
            "crisisroom mentions --limit 20": [*room, "mentions", "--limit", "20"],
        }
        row("verbs", "wall ms", "CPU ms")
        for name, argv in shown.items():
            found = [_once(argv, ground) for _ in range(ROUNDS)]
            row(f"  {name}", *(f"{min(column):.0f}" for column in zip(*found, strict=True)))


def _once(argv: Sequence[str], ground: Ground) -> tuple[float, float]:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(argv, cwd=ground.folder, env=ground.env, check=True, capture_output=True)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - began
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, spent * 1000


# A screen at work.


def idle() -> None:
    """Count what an untouched screen sends and spends."""
    with grounds() as ground, ground.screen(size=LARGE) as screen:
        screen.wait_for("guest399")
        calm(screen)
        sent, spent = during(screen, SECONDS)
        row("idle for 10 s, 120x36", f"{sent} B", f"{spent:.0f} ms CPU", goal="goal 0 B")


def busy() -> None:
    """Measure a feed of 20 mentions a second, followed and read, and keys meanwhile."""
    row(f"{RATE} mentions a second, 80x24", "bytes/s", "CPU %", "key p50 ms", "key max ms")
    for place, env in (("near", {}), ("over ssh", FAR)):
        for way, goal in (("following", 8000), ("reading", 500)):
            _busy(f"  {way}, {place}", way, env, goal)


def _busy(name: str, way: str, env: dict[str, str], goal: int) -> None:
    with grounds() as ground, ground.screen(size=SMALL, env=env) as screen:
        screen.wait_for("guest399")
        if way == "following":
            screen.press("F").wait_for("follow")
        else:
            screen.press("j", "j").wait_for(lambda now: "▌" in now.lines[8])
        calm(screen)
        with flowing(ground):
            screen.wait_for("guest4" if way == "following" else "newer")
            sent, spent = during(screen, SECONDS)
            keys = echoes(screen)
    row(
        name,
        f"{sent / SECONDS:.0f}",
        f"{spent / SECONDS / 10:.0f}",
        f"{statistics.median(keys) * 1000:.0f}",
        f"{max(keys) * 1000:.0f}",
        goal=f"goal <= {goal} B/s, < 100 ms",
    )


@contextmanager
def flowing(ground: Ground) -> Iterator[None]:
    """Let posts come in at RATE through a pipe, one by one."""
    ingest = ground.start("ingest", "-", stdin=subprocess.PIPE)
    over = threading.Event()

    def feed() -> None:
        assert ingest.stdin is not None
        number, began = 400, time.monotonic()
        while not over.wait(max(0.0, began + (number - 400) / RATE - time.monotonic())):
            ingest.stdin.write(f"{json.dumps(posts(number, 1)[0])}\n")
            ingest.stdin.flush()
            number += 1

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        yield
    finally:
        over.set()
        feeder.join()
        ingest.communicate()


def during(screen: Terminal, seconds: float) -> tuple[int, float]:
    """Return the bytes sent and the CPU spent in so many seconds."""
    sent, spent = screen.wire.size, cpu(screen.program.pid)
    wait(seconds)
    return screen.wire.size - sent, cpu(screen.program.pid) - spent


def echoes(screen: Terminal) -> list[float]:
    """Type into the line of a note; return the seconds from each key to its echo."""
    screen.press("m").wait_for("puts it back")
    found, typed = [], ""
    for letter in "meanwhile somebody types a note that is long":
        typed += letter
        began = time.monotonic()
        screen.send(letter)
        screen.wait_for(typed.strip())
        found.append(time.monotonic() - began)
        wait(0.05)
    return found


def calm(screen: Terminal) -> None:
    """Wait until a screen sends nothing for two seconds."""
    size = -1
    while size != screen.wire.size:
        size = screen.wire.size
        wait(2.0)


def wait(seconds: float) -> None:
    """Let time pass: what a benchmark measures."""
    threading.Event().wait(seconds)


# The store.


def ingest() -> None:
    """Measure how many ordinary posts a second a file brings in."""
    with grounds() as ground:
        file = ground.folder / "many.jsonl"
        file.write_text("".join(f"{json.dumps(one)}\n" for one in posts(1000, 20_000)))
        began = time.monotonic()
        ground.do("ingest", str(file))
        row("ingest of 20,000 posts", f"{20_000 / (time.monotonic() - began):.0f} /s")


def commits() -> None:
    """Measure how long a note takes to be on disk, alone and beside a bulk ingest."""
    with grounds() as ground:
        row("a note on disk", "p50 ms", "p99 ms", "max ms")
        row("  alone", *_spread(asyncio.run(_notes(ground, 1000))))
        file = ground.folder / "many.jsonl"
        file.write_text("".join(f"{json.dumps(one)}\n" for one in posts(1000, 40_000)))
        bulk = ground.start("ingest", str(file))
        row("  beside a bulk ingest", *_spread(asyncio.run(_notes(ground, 300))))
        bulk.kill()


async def _notes(ground: Ground, count: int) -> list[float]:
    actor, found = Actor("bench"), []
    async with await Room.open(str(ground.room), actor=actor, clock=SystemClock()) as room:
        for number in range(count):
            began = time.monotonic()
            await record.note(room, "INC-1", f"note {number}")
            found.append((time.monotonic() - began) * 1000)
    return found


def _spread(found: Sequence[float]) -> tuple[str, str, str]:
    ordered = sorted(found)
    return tuple(  # type: ignore[return-value]
        f"{one:.1f}"
        for one in (ordered[len(ordered) // 2], ordered[-len(ordered) // 100], ordered[-1])
    )


PARTS: dict[str, Callable[[], None]] = {
    "starts": starts,
    "verbs": verbs,
    "idle": idle,
    "busy": busy,
    "ingest": ingest,
    "commits": commits,
}


def main(wanted: Sequence[str]) -> None:
    """Run the named parts, or all of them."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    for name, part in PARTS.items():
        if not wanted or name in wanted:
            part()


if __name__ == "__main__":
    main(sys.argv[1:])
