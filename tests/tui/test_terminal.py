"""On a real terminal: bytes on the wire, and leaving when the line drops."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tui.night import TRUECOLOUR, many
from tui.on_pty import OnPty, on_pty

from crisisroom.clock import SystemClock
from crisisroom.room import Actor, Room, triage

FOLLOWING, READING = 8000, 500  # bytes a second at most; a flood is told once a second


def take_in(room: Path, count: int, first: int) -> None:
    """Let posts come in from another process's view of the room."""

    async def work() -> None:
        actor, clock = Actor("bo"), SystemClock()
        async with await Room.open(str(room), actor=actor, clock=clock) as other:
            await triage.ingest(other, many(count, first=first))

    asyncio.run(work())


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[OnPty]:
    room = tmp_path / "room.db"
    take_in(room, 60, 0)
    with on_pty(room, tmp_path / "state", TRUECOLOUR) as running:
        running.until("rider59")
        running.rest()
        yield running


def test_bytes_on_the_wire(shown: OnPty, tmp_path: Path) -> None:
    room = tmp_path / "room.db"
    assert shown.idle(2.0), "who looks on costs nothing"
    take_in(room, 20, 60)
    assert len(shown.wake()) <= READING
    shown.press("F")
    shown.until("rider79")
    assert shown.idle(2.0)
    take_in(room, 20, 80)
    assert len(shown.wake()) <= FOLLOWING
    shown.until("rider99")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_leave_cleanly(shown: OnPty, number: signal.Signals) -> None:
    os.kill(shown.pid, number)
    last = shown.rest(4.0)
    assert shown.end() == 128 + number
    assert b"\x1b[?1049l" in last, "the terminal's own screen comes back"
    assert b"\x1b[?25h" in last, "so does its cursor"


def test_a_lost_line_ends_the_program(shown: OnPty) -> None:
    shown.hang_up()
    assert shown.end() == 128 + signal.SIGHUP


def test_q_leaves(shown: OnPty) -> None:
    shown.press("q")
    assert shown.end() == 0


@pytest.mark.parametrize(
    "environ",
    [
        {"TERM": "linux"},
        {"TERM": "xterm-256color", "LC_ALL": "C"},
        {"TERM": "vt100", "NO_COLOR": "1", "LC_ALL": "POSIX"},
    ],
)
def test_poor_terminals_get_what_they_can_show(tmp_path: Path, environ: dict[str, str]) -> None:
    room = tmp_path / "room.db"
    take_in(room, 3, 0)
    plain = {"COLORTERM": "", **environ}
    with on_pty(room, tmp_path / "state", plain) as running:
        running.until("rider2")
        running.press("?")
        running.rest()
        running.press("qq")
        running.rest()
        assert running.end() == 0
    assert running.written.isascii()
    assert b"\\u" not in running.written
    if "NO_COLOR" in environ:
        codes = b";".join(re.findall(rb"\x1b\[([0-9;]*)m", running.written)).split(b";")
        assert {code for code in codes if len(code) > 1} <= {b"39", b"49"}, "the terminal's own"
