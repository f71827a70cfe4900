"""The room as it was last known, on the terminal before the room is open; then the live one."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from operator import eq

import pytest
from e2e.ground import Ground
from e2e.scene import SMALL, people
from e2e.terminal import Terminal

from crisisroom.room import Actor, Room, restricting

KEPT = "keys you type are kept"
LIVE = "? keys"


@pytest.fixture
def known(ground: Ground) -> Ground:
    """A room that was opened on such a terminal before."""
    ground.declare()
    people(ground)
    screen = ground.screen().wait_for(LIVE)
    screen.press("q")
    assert screen.wait_end() == 0
    return ground


@contextmanager
def held(ground: Ground) -> Iterator[None]:
    """Keep the room from being opened, as somebody does who writes for long."""
    turn = os.open(f"{ground.room}-turn", os.O_RDWR)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
    finally:
        os.close(turn)


def quiet(screen: Terminal) -> bool:
    """Whether keys are neither echoed nor held back until a line's end."""
    return not termios.tcgetattr(screen.slave)[3] & (termios.ECHO | termios.ICANON)


def restored(screen: Terminal) -> None:
    """Check that the terminal is as it was before the program came."""
    screen.drained()
    assert not screen.on_alternate
    assert screen.modes.get("25", True)
    assert screen.keyboard == 0
    assert screen.attributes == termios.tcgetattr(screen.slave)


@pytest.mark.parametrize("size", [SMALL, (120, 40)], ids=str)
def test_the_last_known_state_comes_first_and_no_key_is_lost(
    known: Ground, size: tuple[int, int]
) -> None:
    with held(known):
        screen = known.screen(size=size).wait_for(KEPT)
        assert screen.on_alternate
        assert quiet(screen)
        assert screen.shows("SEV1", "INC-1 Something ha")
        first = screen.lines
        assert screen.shows("handle11", "post 11", "newest first")
        assert "▌" in screen.line_with("handle11")
        screen.press("3")
        assert screen.lines == first
    screen.wait_for("space done").wait_for("See it with your own eyes")
    assert "▌" in screen.line_with("See it with your own eyes")
    assert not screen.shows(KEPT)
    screen.press("Q")
    assert screen.wait_end() == 0
    restored(screen)


def test_what_the_live_room_changes_is_little(known: Ground) -> None:
    with held(known):
        screen = known.screen(size=SMALL).wait_for(KEPT)
        first = screen.lines
        painted = sum(size for _, size in screen.arrivals)
    screen.wait_for(lambda one: one.shows(LIVE) and _alike(first, one.lines) > 0.95)
    assert sum(size for _, size in screen.arrivals) - painted < painted / 2


def _alike(first: list[str], now: list[str]) -> float:
    """Return which share of the screen stays; a minute may be over meanwhile."""
    width, height = SMALL
    both = ("".join(line.ljust(width) for line in lines) for lines in (first, now))
    return list(map(eq, *both)).count(True) / (width * height)


def test_ctrl_c_leaves_a_room_that_does_not_open(known: Ground) -> None:
    with held(known):
        screen = known.screen().wait_for(KEPT)
        screen.press("ctrl+c")
        assert screen.wait_end() == 130
    restored(screen)
    assert not screen.wire.violations
    assert "Something" not in screen.after


def test_ctrl_c_leaves_while_it_waits_for_its_turn(known: Ground) -> None:
    with held(known):
        screen = known.screen().wait_for(KEPT)
        screen.wait_for(lambda one: _waits(one.program.pid), why="to wait for the lock")
        screen.press("ctrl+c")
        assert screen.wait_end() == 130
    restored(screen)


def _waits(pid: int) -> bool:
    with open("/proc/locks") as locks:
        return any("->" in line and f" {pid} " in line for line in locks)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["term", "hup"]
)
def test_a_signal_while_it_opens_leaves_the_terminal_as_before(
    known: Ground, number: signal.Signals, code: int
) -> None:
    with held(known):
        screen = known.screen().wait_for(KEPT)
        screen.wait_for(lambda one: _handles(one.program.pid, number), why="a handler")
        screen.signal(number)
        assert screen.wait_end() == code
    restored(screen)


def _handles(pid: int, number: signal.Signals) -> bool:
    with open(f"/proc/{pid}/status") as status:
        caught = next(line for line in status if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) & 1 << (number - 1))


def test_what_is_wrong_is_told_on_the_normal_screen(known: Ground) -> None:
    os.unlink(f"{known.room}-turn")
    os.mkdir(f"{known.room}-turn")
    screen = known.screen(size=SMALL)
    assert screen.wait_end() == 70
    restored(screen)
    assert not screen.wire.violations
    assert "crisisroom met an error" in screen.after
    assert "Something" not in screen.after
    known.room.unlink()


def test_a_remark_is_told_before_the_room_opens(known: Ground) -> None:
    (known.folder / "crisisroom.yaml").write_text("schema: 1\nnonsense: [\n")
    screen = known.screen(size=SMALL).wait_for(LIVE)
    assert "left aside" in screen.after
    screen.press("q")
    assert screen.wait_end() == 0
    restored(screen)


@pytest.mark.parametrize("how", ["newer", "broken"])
def test_a_room_that_cannot_be_read_is_not_painted(known: Ground, how: str) -> None:
    if how == "newer":
        with sqlite3.connect(known.room) as raw:
            raw.execute("PRAGMA user_version = 99")
        raw.close()
    else:
        known.room.write_bytes(b"no room " * 4096)
    screen = known.screen(size=SMALL)
    assert screen.wait_end() in (1, 3)
    screen.drained()
    assert "1049" not in screen.modes
    assert screen.after.count("crisisroom: ") == 1
    known.room.unlink()


def test_a_restricted_incident_is_not_painted(known: Ground) -> None:
    async def restrict(room: Room) -> None:
        await restricting.restrict(room.as_actor(Actor("proof")), "INC-1", ["ada"])

    known.look(restrict)
    with held(known):
        screen = known.screen(size=SMALL).wait_for(KEPT)
        assert screen.shows("handle11")
        assert not screen.shows("Something")
        assert not screen.shows("INC-1")
    screen.wait_for(lambda one: not one.shows(KEPT))


@pytest.mark.parametrize("env", [{"TERM": "xterm"}, {"NO_COLOR": "1"}, {"LANG": "C"}], ids=str)
def test_another_terminal_is_painted_once_it_is_known(known: Ground, env: dict[str, str]) -> None:
    with held(known):
        screen = known.screen(size=SMALL, env=env)
    screen.wait_for(LIVE).press("q")
    assert screen.wait_end() == 0
    with held(known):
        screen = known.screen(size=SMALL, env=env).wait_for(KEPT)
        assert screen.shows("handle11")
        assert screen.text.isascii() == (env == {"LANG": "C"})
    screen.wait_for(LIVE)
