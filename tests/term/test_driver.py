"""The driver on a real pty: the terminal reads slowly or never, answers never, or goes away."""

from __future__ import annotations

import os
import random
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from e2e.terminal import Terminal
from e2e.wire import Rules, Token
from term import driven_app, small_app

from crisisroom.term.pace import DEAF

LOOP = 1.0  # seconds that the loop may stand still on a busy machine; a stuck write is for ever
ENDED = 6.0  # seconds that leaving may take on a busy machine; promised are about two
ALLOWED = Rules(clipboard=True, controls=frozenset("\x07\x18"))
SIZE = (90, 28)


class Asked(Terminal):
    """Keeps what is no painting."""

    said: list[str]

    def _show(self, token: Token) -> None:
        if token.kind in ("osc", "control") or token.text == "\x1b[6n":
            self.said.append(token.text)
        super()._show(token)


Open = Callable[..., Asked]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as stack:

        def opened(
            app: object = driven_app, *more: str, size: tuple[int, int] = SIZE, answers: bool = True
        ) -> Asked:
            path = str(getattr(app, "__file__", ""))
            argv = [sys.executable, path, str(tmp_path) if app is driven_app else "lean", *more]
            env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            for name in ("COLUMNS", "LINES", "NO_COLOR"):
                env.pop(name, None)
            Asked.said = []
            return stack.enter_context(
                Asked(argv, env=env, cwd=tmp_path, size=size, answers=answers, rules=ALLOWED)
            )

        yield opened


@pytest.fixture
def told(tmp_path: Path) -> Callable[[], tuple[int, float]]:
    """What the app says: how often it painted, how long its loop stood still."""

    def read() -> tuple[int, float]:
        if not (tmp_path / "told").exists():
            return 0, 0.0
        painted, worst = (tmp_path / "told").read_text().split()
        return int(painted), float(worst)

    return read


def frozen(screen: Terminal) -> bool:
    rows = [row.rstrip() for row in screen.lines]
    return rows == ["frozen"] * 5 + [""] * (len(rows) - 5)


def test_a_terminal_that_reads_nothing_holds_nothing_up(
    run: Open, told: Callable[[], tuple[int, float]], tmp_path: Path
) -> None:
    screen = run().wait_for("begun")
    screen.press("p").wait_for(lambda _: told()[0] > 5)
    screen.stop_reading()
    before, size = told()[0], screen.wire.size
    screen.wait_for(lambda _: told()[0] > before + 60, why="sixty more frames")
    screen.press("f").wait_for(lambda _: (tmp_path / "frozen").exists())
    screen.go_on_reading()
    screen.wait_for(frozen)
    assert told()[1] < LOOP
    assert screen.wire.size - size < 150_000, "not the sixty frames that nobody saw"
    assert not screen.wire.violations


def test_a_terminal_that_never_answers_is_asked_no_more(
    run: Open, told: Callable[[], tuple[int, float]]
) -> None:
    screen = run(answers=False).wait_for("begun")
    screen.press("p").wait_for(lambda _: told()[0] > 400, why="painting")
    shown = screen.wire.size
    screen.wait_for(lambda _: screen.wire.size > shown + 50_000, why="it goes on")
    assert screen.said.count("\x1b[6n") <= DEAF
    screen.press("f").wait_for(frozen)
    screen.press("q")
    assert screen.wait_end() == 0


def test_one_that_answers_is_asked_now_and_then(
    run: Open, told: Callable[[], tuple[int, float]]
) -> None:
    screen = run().wait_for("begun")
    screen.press("p").wait_for(lambda _: told()[0] > 60)
    assert screen.said.count("\x1b[6n") > DEAF
    screen.press("f").wait_for(frozen)


def test_leaving_a_terminal_that_does_not_read(
    run: Open, told: Callable[[], tuple[int, float]]
) -> None:
    screen = run().wait_for("begun")
    screen.press("p").wait_for(lambda _: told()[0] > 5)
    screen.stop_reading()
    before = told()[0]
    screen.wait_for(lambda _: told()[0] > before + 30)
    screen.press("q")
    assert screen.wait_end(ENDED) == 0
    assert termios.tcgetattr(screen.slave) == screen.attributes
    screen.go_on_reading()  # what stood in the kernel, and how it ends
    until = time.monotonic() + ENDED
    while screen.on_alternate and time.monotonic() < until:
        time.sleep(0.02)
    assert not screen.on_alternate
    assert screen.modes["25"]
    assert screen.keyboard == 0


def test_leaving_leaves_the_terminal_as_it_was(run: Open) -> None:
    screen = run().wait_for("begun")
    screen.press("q")
    assert screen.wait_end(ENDED) == 0
    screen.drained()
    assert not screen.on_alternate
    assert screen.modes["25"]
    assert screen.modes["7"]
    assert screen.keyboard == 0
    assert termios.tcgetattr(screen.slave) == screen.attributes
    assert not screen.wire.violations


def stopped(screen: Terminal) -> bool:
    stat = Path(f"/proc/{screen.program.pid}/stat").read_text()
    return stat.rsplit(")", 1)[1].split()[0] == "T"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc says who is stopped")
@pytest.mark.parametrize("how", ["signal", "key"])
def test_stopped_and_gone_on_it_paints_all_anew(run: Open, how: str) -> None:
    screen = run().wait_for("begun")
    screen.press("f").wait_for(frozen)
    if how == "key":
        screen.press("c")
    else:
        screen.signal(signal.SIGTSTP)
    screen.wait_for(stopped, why="it stops")
    screen.wait_for(lambda _: not screen.on_alternate)
    assert termios.tcgetattr(screen.slave) == screen.attributes
    screen.signal(signal.SIGCONT)
    screen.wait_for(lambda _: screen.on_alternate).wait_for(frozen)
    screen.press("q")
    assert screen.wait_end() == 0
    assert not screen.wire.violations


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="/proc says who is stopped")
def test_stopped_without_being_asked_it_paints_all_anew(run: Open) -> None:
    screen = run().wait_for("begun")
    screen.press("f").wait_for(frozen)
    screen.signal(signal.SIGSTOP)
    screen.wait_for(stopped, why="it stops")
    screen.resize(*SIZE)  # the emulator is blank now
    screen.signal(signal.SIGCONT)
    screen.wait_for(frozen)
    screen.press("q")
    assert screen.wait_end() == 0


def test_somebody_else_may_have_the_terminal_for_a_moment(run: Open) -> None:
    screen = run().wait_for("begun")
    screen.press("f").wait_for(frozen)
    screen.press("z").wait_for(lambda _: "somebody else" in screen.after)
    screen.wait_for(lambda _: screen.on_alternate).wait_for(frozen)


def test_after_a_storm_of_sizes_the_last_one_is_right(run: Open) -> None:
    luck = random.Random(8)
    screen = run(small_app).wait_for("000 plain")
    for _ in range(200):
        screen.resize(luck.randint(1, 150), luck.randint(1, 60))
    screen.resize(1, 1)
    screen.resize(*SIZE)
    wanted = run(small_app).wait_for("000 plain")
    wanted.wait_for(lambda seen: seen.lines[-1].startswith("a coloured row"))
    screen.wait_for(lambda seen: seen.lines == wanted.lines, why="the last size")
    assert not screen.wire.violations


def test_a_size_that_is_the_old_one_again_is_painted_anew(run: Open) -> None:
    screen = run().wait_for("begun")
    screen.press("f").wait_for(frozen)
    screen.resize(SIZE[0] - 20, SIZE[1])
    screen.resize(*SIZE)
    screen.wait_for(frozen)


def test_bell_and_clipboard_come_in_order(run: Open) -> None:
    screen = run().wait_for("begun")
    screen.said.clear()
    screen.press("b")
    wanted = ["\x07", "\x1b]52;c;b25l\x07", "\x07"]
    screen.wait_for(lambda seen: [one for one in screen.said if "\x07" in one] == wanted)


def test_a_thread_may_write(run: Open) -> None:
    screen = run().wait_for("begun")
    screen.said.clear()
    screen.press("t").wait_for(lambda seen: "\x07" in screen.said)


def test_what_is_held_is_shown_when_told(
    run: Open, told: Callable[[], tuple[int, float]], tmp_path: Path
) -> None:
    screen = run(driven_app, "hold")
    screen.wait_for(lambda _: screen.on_alternate)
    screen.wait_for(lambda _: (tmp_path / "told").exists())
    screen.press("f").wait_for(lambda _: (tmp_path / "frozen").exists())
    assert screen.text.strip() == ""
    screen.press("s").wait_for(frozen)
    screen.press("z").wait_for(lambda _: "somebody else" in screen.after)
    screen.wait_for(lambda _: screen.on_alternate).wait_for(frozen, why="held once only")
