"""A colleague's act on every screen: how soon, and whether all screens come to show the same.

Run by hand on a quiet machine: `python tests/bench/team.py [--engine postgres --address URL]`.
Eight real screens, each a process on a pty of 160x48, and 200 acts of every kind by eight people:
most through the room, some typed into a screen, some as verbs of the command line. Printed: from
the act to its words on each other screen (p50, p95, max in ms), CPU of a screen for each act, and
beside them, in the same run and at the same acts, eight bare followers of the same change feed
that only print each new entry: what the store alone takes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pyte
from bench.team_acts import PEOPLE, Script, first_posts
from bench.team_ptys import Ptys
from tui.night import PLAYBOOK

from crisisroom.clock import SystemClock
from crisisroom.core.mention import Mention
from crisisroom.room import Actor, Room, lifecycle, reading, triage

SIZE = (160, 48)
SHOWN = 34  # cells of an entry's words that the timeline shows at this width
LATE = 5.0  # seconds after which an act counts as missed
GOALS = {"sqlite": 500.0, "postgres": 300.0}  # ms, p95
TYPED, CALLED = 10, 25  # each so manieth act is typed into a screen, is a verb

SCREEN = """
import asyncio, os, sys
from crisisroom.clock import SystemClock
from crisisroom.room import Actor, Room
from crisisroom.tui.app import RoomApp

async def main():
    async with await Room.open(sys.argv[1], actor=Actor(sys.argv[2]), clock=SystemClock()) as room:
        await RoomApp(room, remote=False).run_async(mouse=False)

asyncio.run(main())
"""
FOLLOWER = """
import asyncio, sys
from crisisroom.clock import SystemClock
from crisisroom.room import Actor, Room, reading

async def main():
    async with await Room.open(sys.argv[1], actor=Actor(sys.argv[2]), clock=SystemClock()) as room:
        seen = (await reading.incident(room, "INC-1")).seq
        print("Feed", flush=True)
        async for batch in room.changes():
            if any(one.topic == "entry" for one in batch):
                for entry in await reading.timeline(room, "INC-1", seen):
                    seen = entry.seq
                    print(entry.text, flush=True)

asyncio.run(main())
"""


async def main(given: argparse.Namespace) -> int:
    """Let the team act before eight screens, then before eight followers; 0 where goals are met."""
    with tempfile.TemporaryDirectory(prefix="team-", dir="/tmp") as folder:
        address = given.address or str(Path(folder) / "room.db")
        environ = _environ(folder)
        async with await Room.open(address, actor=Actor("ada"), clock=SystemClock()) as room:
            await triage.ingest(room, first_posts())
            await lifecycle.declare(room, "Double charge", playbook=PLAYBOOK, severity="sev2")
            screens = await _run(room, address, SCREEN, environ, given, typed=True)
            bare = await _run(room, address, FOLLOWER, environ, given, typed=False)
    _print(given, screens, bare)
    return int(not screens.good(GOALS[given.engine]))


class Run:
    """What one run came to: times by act, CPU, and how the screens differ at its end."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.kinds: dict[str, list[float]] = {}
        self.missed: list[str] = []
        self.cpu = 0.0  # ms for one screen and act
        self.bytes = 0.0  # for one screen and act
        self.differ: list[str] = []
        self.here = 0

    def note(self, kind: str, seconds: float) -> None:
        """Take note of how long an act took to one screen."""
        self.times.append(seconds * 1000)
        self.kinds.setdefault(kind, []).append(seconds * 1000)

    def good(self, goal: float) -> bool:
        """Whether all came, all screens agree, and p95 is below the goal."""
        return not self.missed and not self.differ and quantile(self.times, 95) < goal


def quantile(times: Sequence[float], percent: int) -> float:
    """Return a percentile of times."""
    return statistics.quantiles(times, n=100)[percent - 1]


def _environ(folder: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SSH_")}
    own = {name: f"{folder}/{name.lower()}" for name in ("XDG_STATE_HOME", "XDG_RUNTIME_DIR")}
    for path in own.values():
        os.makedirs(path, mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = own["XDG_RUNTIME_DIR"]
    more = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
    return kept | own | more


async def _run(
    room: Room, address: str, program: str, environ: dict[str, str], given: argparse.Namespace,
    *, typed: bool,
) -> Run:  # fmt: skip
    found = Run()
    with ExitStack() as stack:
        ptys = stack.enter_context(Ptys(SIZE))
        for name in PEOPLE[: given.screens]:
            ptys.start([sys.executable, "-c", program, address, name], environ)
        ptys.wait_for(b"Feed", 120)
        await asyncio.sleep(2.0)
        await _team(room, address, environ, ptys, given, found, typed=typed)
        if typed:
            await _compare(room, ptys, found, given.screens)
    return found


async def _team(
    room: Room, address: str, environ: dict[str, str], ptys: Ptys, given: argparse.Namespace,
    found: Run, *, typed: bool,
) -> None:  # fmt: skip
    script = Script(room, prefix="zq" if typed else "zr", made=given.made)
    told = set[str]()
    before, size = ptys.cpu(), ptys.size()
    for number, (kind, word, act) in enumerate(script.acts(given.acts), 1):
        doer = -1
        began = time.monotonic()
        if typed and number % TYPED == 0:
            kind, doer = "typed note", number // TYPED % given.screens
            await _type(ptys, doer, word)
            began, needle = time.monotonic(), word
            ptys.press(doer, "\r")
        elif number % CALLED == 0:
            kind, needle = "verb", word
            began = await _call(room, address, environ, word)
        else:
            needle = _needle(word, await act(), told)
        if needle:
            _watch(ptys, kind, needle, began, doer, found)
        await asyncio.sleep(max(0.0, given.pace - (time.monotonic() - began)))
    count = given.acts * given.screens
    found.cpu, found.bytes = (ptys.cpu() - before) / count, (ptys.size() - size) / count


def _watch(ptys: Ptys, kind: str, needle: str, began: float, doer: int, found: Run) -> None:
    seen = ptys.seen(needle.encode(), began, LATE)
    for number, at in enumerate(seen):
        if number == doer:
            continue
        if at is None:
            found.missed.append(f"{kind} {needle!r} on screen {number + 1}")
        else:
            found.note(kind, at - began)


def _needle(word: str, came_to: object, told: set[str]) -> str:
    """Return words that show only once the act is on the screen; empty where none are sure to."""
    if isinstance(came_to, Mention) and came_to.author.handle != word:
        return ""  # it stands in the feed already
    text = getattr(getattr(came_to, "entry", None), "text", word)
    at = text.find(word)
    shown = word if 0 <= at <= SHOWN - len(word) else text[: SHOWN - 10].strip()
    if shown in told:
        return ""
    told.add(shown)
    return shown


async def _type(ptys: Ptys, doer: int, word: str) -> None:
    """Open the line for a note on a screen, and type all but the last key."""
    ptys.press(doer, "m")
    ptys.see(doer, b"-12m", 10)
    ptys.press(doer, word)
    await asyncio.sleep(0.3)


async def _call(room: Room, address: str, environ: dict[str, str], word: str) -> float:
    """Note something on the command line; returns when it was written, in monotonic seconds."""
    argv = [sys.executable, "-m", "crisisroom", "--room", address, "note", "INC-1", word]
    run = await asyncio.create_subprocess_exec(*argv, env=environ, stdout=subprocess.DEVNULL)
    if await run.wait():
        raise AssertionError("the verb was refused")
    ended = time.monotonic()
    last = (await reading.timeline(room, "INC-1"))[-1]
    return ended - max(0.0, (room.clock.now() - last.recorded_at).total_seconds())


async def _compare(room: Room, ptys: Ptys, found: Run, screens: int) -> None:
    """Wait until nothing is painted any more; all screens, and a fresh one, show the same."""
    found.here = len({one.actor for one in (await reading.status(room)).people})
    for _ in range(4):  # a minute may just be over on some of them
        ptys.rest(1.5, 20)
        found.differ = list(_differences([panes(ptys.written(n)) for n in range(screens)]))
        if not found.differ:
            return


def _differences(shown: Sequence[Sequence[str]]) -> Iterator[str]:
    for number, other in enumerate(shown[1:], 2):
        for mine, theirs in zip(shown[0], other, strict=True):
            if mine != theirs:
                yield f"screen {number}: {theirs!r} is not {mine!r}"


def panes(written: bytes) -> list[str]:
    """Return what a screen shows, without what is each person's own: people, cursor, keys."""
    screen = pyte.Screen(*SIZE)
    pyte.ByteStream(screen).feed(_PRIVATE.sub(b"", written))
    lines = [line.replace("▌", " ").rstrip() for line in screen.display]
    return [_OWN.sub("", line) for line in lines[2:-2]]


_PRIVATE = re.compile(rb"\x1b\[[<>=?][0-9;]*[^hl0-9;]|\x1b\[\?(?:2026|2048|1004)[hl$]?p?")
# each person's own: what is theirs, and which of the others look at the same
_OWN = re.compile(rf"\d+ mine, |▸ \w+ looks at this|\b(?:{'|'.join(PEOPLE)})\b *")


def _print(given: argparse.Namespace, screens: Run, bare: Run) -> None:
    goal = GOALS[given.engine]
    print(f"{given.screens} screens, {given.acts} acts, {given.engine}, one in {given.pace} s")
    for name, run in (("crisisroom, painted", screens), ("bare follower, printed", bare)):
        _row(name, run.times, f"CPU {run.cpu:.1f} ms, {run.bytes:,.0f} bytes a screen and act")
    print(f"goal: p95 below {goal:.0f} ms: {'met' if screens.good(goal) else 'NOT met'}")
    if given.kinds:
        for kind, times in sorted(
            screens.kinds.items(), key=lambda one: -statistics.median(one[1])
        ):
            _row(f"  {kind}", times, "")
    print(
        f"here: {screens.here} people; missed: {len(screens.missed)}; lines that differ:"
        f" {len(screens.differ)}"
    )
    for line in (*screens.missed[:10], *screens.differ[:10]):
        print(f"  {line}")


def _row(name: str, times: Sequence[float], rest: str) -> None:
    if len(times) > 1:
        p50, p95, most = quantile(times, 50), quantile(times, 95), max(times)
        print(f"{name:<26} p50 {p50:6.0f}  p95 {p95:6.0f}  max {most:6.0f} ms  {rest}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=tuple(GOALS), default="sqlite")
    parser.add_argument("--address", default="", help="postgresql://… of an empty database")
    parser.add_argument("--screens", type=int, default=8)
    parser.add_argument("--acts", type=int, default=200)
    parser.add_argument("--pace", type=float, default=0.4, help="seconds from one act to the next")
    parser.add_argument("--kinds", action="store_true", help="times of each kind of act too")
    given = parser.parse_args(namespace=argparse.Namespace(made={}))
    if given.engine == "postgres" and not given.address:
        parser.error("--engine postgres needs --address postgresql://…")
    return given


if __name__ == "__main__":
    sys.exit(asyncio.run(main(_arguments())))
