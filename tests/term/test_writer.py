"""One piece at a time, in a thread of its own: who writes waits for no terminal."""

from __future__ import annotations

import os
import pty
import threading
import tty
from collections.abc import Iterator

import pytest

from crisisroom.term.writer import Writer

PATIENT = 20.0
LARGE = b"x" * (1 << 20)


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield master, slave
    for end in (master, slave):
        os.close(end)


def read(master: int, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += os.read(master, 65536)
    return data


def test_a_piece_is_written_and_then_the_writer_says_so(ends: tuple[int, int]) -> None:
    done = threading.Event()
    writer = Writer(ends[1], done.set)
    assert not writer.busy
    writer.write(b"one")
    assert read(ends[0], 3) == b"one"
    assert done.wait(PATIENT)
    assert writer.rest(PATIENT)
    assert not writer.busy
    writer.stop(PATIENT)


def test_while_the_terminal_does_not_read_it_is_busy_and_nobody_waits(
    ends: tuple[int, int],
) -> None:
    writer = Writer(ends[1], lambda: None)
    writer.write(LARGE)
    assert writer.busy
    assert not writer.rest(0.05)
    assert read(ends[0], len(LARGE)) == LARGE
    assert writer.rest(PATIENT)
    writer.stop(PATIENT)


def test_a_piece_can_be_dropped_and_the_next_one_goes_out(ends: tuple[int, int]) -> None:
    writer = Writer(ends[1], lambda: None)
    writer.write(LARGE)
    assert not writer.rest(0.05)
    writer.drop()
    assert writer.rest(PATIENT)
    writer.write(b"last")
    assert writer.rest(PATIENT)
    data = b""
    while not data.endswith(b"last"):
        data += os.read(ends[0], 65536)
    assert len(data) < len(LARGE) // 2
    writer.stop(PATIENT)


def test_a_terminal_that_is_gone_ends_nothing_else() -> None:
    master, slave = pty.openpty()
    done = threading.Event()
    writer = Writer(slave, done.set)
    os.close(master)
    writer.write(b"nobody reads this")
    assert done.wait(PATIENT)
    assert writer.gone
    done.clear()
    writer.write(b"nor this")
    assert done.wait(PATIENT)
    writer.stop(PATIENT)
    os.close(slave)


def test_stopping_ends_the_thread(ends: tuple[int, int]) -> None:
    writer = Writer(ends[1], lambda: None)
    writer.write(b"x")
    assert writer.rest(PATIENT)
    writer.stop(PATIENT)
    assert not [one for one in threading.enumerate() if one is writer._thread]
