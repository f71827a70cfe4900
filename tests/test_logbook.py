"""The program's own log: private, one line an event, no values of errors."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from crisisroom import logbook
from crisisroom.clock import ManualClock
from crisisroom.logbook import Logbook


def test_it_is_private_from_its_first_byte(clock: ManualClock) -> None:
    before = os.umask(0)
    try:
        log = Logbook.usual(clock)
        log.say("began")
    finally:
        os.umask(before)
    assert log.path.is_relative_to(os.environ["XDG_STATE_HOME"])
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_a_line_an_event_whatever_is_in_it(tmp_path: Path, clock: ManualClock) -> None:
    log = Logbook(tmp_path / "x.log", clock)
    log.say("one\nforged line\x1b[2J\u202e")
    log.say("two")
    lines = log.path.read_text().splitlines()
    assert lines == [
        f"2026-11-22T02:07:00.000Z {os.getpid()} one?forged line?[2J?",
        f"2026-11-22T02:07:00.000Z {os.getpid()} two",
    ]


def test_errors_say_where_and_never_what(tmp_path: Path, clock: ManualClock) -> None:
    log = Logbook(tmp_path / "x.log", clock)
    try:
        raise ValueError("token=secret")
    except ValueError as error:
        log.error("poll", error)
    text = log.path.read_text()
    assert "poll: ValueError at test_logbook.py:" in text
    assert "secret" not in text


def test_it_begins_anew_when_it_is_large(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "LARGEST", 100)
    log = Logbook(tmp_path / "x.log", clock)
    for number in range(6):
        log.say(f"event {number} {'x' * 40}")
    assert {path.name for path in tmp_path.iterdir()} == {"x.log", "x.log.1"}
    assert "event 5" in log.path.read_text()
