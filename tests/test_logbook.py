"""The program's own log: private, one line an event, never free words, never in the way."""

from __future__ import annotations

import io
import os
import re
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom import logbook
from crisisroom.clock import ManualClock
from crisisroom.logbook import Logbook, under_journal

START = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)
LINE = re.compile(r"\S+Z (debug|info|warn|error) [a-z0-9._-]+ [a-z0-9._-]+ pid=\d+( \S+=\S+)*")


def test_it_is_private_from_its_first_byte(clock: ManualClock) -> None:
    before = os.umask(0)
    try:
        log = Logbook.usual(clock)
        log.event("began")
    finally:
        os.umask(before)
    assert log.path.is_relative_to(os.environ["XDG_STATE_HOME"])
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_a_line_an_event_with_its_values(tmp_path: Path, clock: ManualClock) -> None:
    log = Logbook(tmp_path / "x.log", clock, component="watch")
    log.event("source.stale", "warn", id="news", seconds=90, share=0.25, known=True, code=None)
    log.of("outbox").event("sent", id="R-3")
    head = "2026-11-22T02:07:00.000Z"
    assert log.path.read_text().splitlines() == [
        f"{head} warn watch source.stale pid={os.getpid()} id=news seconds=90 share=0.25"
        " known=yes code=-",
        f"{head} info outbox sent pid={os.getpid()} id=R-3",
    ]


@given(st.text(), st.text())
def test_free_words_never_get_in(event: str, words: str) -> None:
    out = io.StringIO()
    log = Logbook(Path(os.devnull), ManualClock(START), stream=out)
    log.event(event, id=words)
    log.error(words, ValueError(words))
    for line in out.getvalue().splitlines():
        assert LINE.fullmatch(line), line
    assert len(out.getvalue().splitlines()) == 2
    if " " in words.strip():
        assert words.strip() not in out.getvalue()


def test_errors_say_where_and_never_what(tmp_path: Path, clock: ManualClock) -> None:
    log = Logbook(tmp_path / "x.log", clock)
    try:
        raise ValueError("token=secret")
    except ValueError as error:
        log.error("source news", error)
    text = log.path.read_text()
    assert " error crisisroom source " in text
    assert " id=news error=ValueError code=- at=test_logbook.py:" in text
    assert "secret" not in text


def test_levels_below_the_one_asked_for_are_left_out(tmp_path: Path, clock: ManualClock) -> None:
    log = Logbook(tmp_path / "x.log", clock, level="warn")
    log.event("quiet")
    log.event("loud", "warn")
    assert [line.split()[3] for line in log.path.read_text().splitlines()] == ["loud"]


def test_it_begins_anew_when_it_is_large_and_keeps_some(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "LARGEST", 100)
    monkeypatch.setattr(logbook, "KEPT", 3)
    log = Logbook(tmp_path / "x.log", clock)
    for number in range(12):
        log.event("event", number=number, more="x" * 60)
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {"x.log.1", "x.log.2", "x.log.3"}
    assert "number=11" in (tmp_path / "x.log.1").read_text()
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())


def test_many_writers_lose_no_line_while_it_begins_anew(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "LARGEST", 4000)
    monkeypatch.setattr(logbook, "KEPT", 1000)

    def write(name: str) -> None:
        log = Logbook(tmp_path / "x.log", clock)
        for number in range(200):
            log.event("event", of=name, number=number)

    writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    lines = [line for path in tmp_path.iterdir() for line in path.read_text().splitlines()]
    assert len(lines) == len({line.split("of=")[1] for line in lines}) == 800


def test_what_cannot_be_written_stops_nobody_and_is_counted(
    tmp_path: Path, clock: ManualClock
) -> None:
    target = tmp_path / "elsewhere"
    target.write_text("")
    log = Logbook(tmp_path / "x.log", clock)
    log.path.symlink_to(target)  # a link is not followed
    log.event("one")
    log.event("two")
    assert target.read_text() == ""
    log.path.unlink()
    log.event("three")
    first, second = log.path.read_text().splitlines()
    assert first.endswith("lines=2")
    assert " log.gap " in first
    assert " three " in second


def test_under_systemd_it_goes_to_the_journal(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "journal").open("w+") as stream:
        found = os.fstat(stream.fileno())
        monkeypatch.setattr("sys.stderr", stream)
        assert not under_journal(stream)
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino}")
        assert under_journal(stream)
        Logbook.at("", clock, "watch").event("source.stale", "warn", id="news")
        Logbook.at(str(tmp_path / "own.log"), clock, "watch").event("began")
        stream.seek(0)
        (line,) = stream.read().splitlines()
    assert line.startswith("<4>2026-")
    assert " began " in (tmp_path / "own.log").read_text()
