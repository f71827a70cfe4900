"""Lines that are no mentions: how many, the first and why are in a source's state for a day."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from sources.good_feeds import NOW, rss

from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher
from crisisroom.sources import Batch, Source, make
from crisisroom.sources.jsonl import Problem, parse_lines
from crisisroom.sources.unread import KEPT, Unread, lines_unread

MARK = "pat@home.example"
BAD = [
    *("[1, 2]", f'{{"text": "{MARK}"', f'{{"text": 7, "author": {{"handle": "{MARK}"}}}}'),
    *(f'{{"text": "a", "{MARK}": 1, "{MARK}": 2}}', f'{{"text": "a", "kind": "{MARK}"}}', "{"),
    *(f'{{"text": "a", "posted_at": "{MARK}"}}', f'{{"text": "a", "url": ["{MARK}"]}}', MARK),
    *(f'{{"text": "a", "author": "{MARK}"}}', f'{{"text": "a", "media": "{MARK}"}}', '{"url": ""}'),
]


def _source(path: Path, clock: ManualClock) -> Source:
    return make("jsonl", "in", {"path": str(path)}, clock=clock)


async def _again(source: Source, batch: Batch, fetch: Fetcher) -> Batch:
    return await source.poll(json.loads(json.dumps(batch.cursor)), fetch)


async def test_twelve_bad_lines_are_still_told_of_by_the_next_polls(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("\n\n" + "\n".join(BAD) + "\n")
    source = _source(path, clock)
    batch = await source.poll({}, fetch)
    said = "12 unreadable lines; the first is line 3: not a JSON object: write"
    for _ in range(3):
        assert (batch.mentions, lines_unread(batch.cursor)) == ((), 12)
        assert batch.note.startswith(said)
        batch = await _again(source, batch, fetch)
    with path.open("a") as file:
        file.write('{"text": "good"}\nbad\n')
    batch = await _again(source, batch, fetch)
    assert [one.text for one in batch.mentions] == ["good"]
    assert batch.note.startswith(said.replace("12", "13"))


async def test_they_are_forgotten_with_their_file_and_after_a_day(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("bad\n")
    source = _source(path, clock)
    batch = await source.poll({}, fetch)
    path.write_text('{"text": "mended"}\n')
    batch = await _again(source, batch, fetch)
    assert ([one.text for one in batch.mentions], batch.note) == (["mended"], "")
    with path.open("a") as file:
        file.write("bad\n")
    batch = await _again(source, batch, fetch)
    assert batch.note.startswith("line 2: not JSON")
    clock.advance(KEPT.total_seconds() + 1)
    batch = await _again(source, batch, fetch)
    assert (batch.note, lines_unread(batch.cursor)) == ("", 0)


async def test_those_of_a_folder_and_of_a_pipe(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    folder, pipe = tmp_path / "in", tmp_path / "pipe"
    folder.mkdir()
    (folder / "a.jsonl").write_text("bad\nbad\n")
    (folder / "b.jsonl").write_text('{"text": "good"}\nbad\n')
    os.mkfifo(pipe)
    source = _source(folder, clock)
    batch = await _again(source, await source.poll({}, fetch), fetch)
    assert lines_unread(batch.cursor) == 3
    assert "a.jsonl: 2 unreadable lines; the first is line 1" in batch.note
    assert "b.jsonl: line 2: not JSON" in batch.note
    source = _source(pipe, clock)
    batch = await source.poll({}, fetch)
    held = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    os.write(held, b'{"text": "one"}\nbad\nbad\n')
    batch = await source.poll(batch.cursor, fetch)
    os.close(held)
    batch = await _again(source, batch, fetch)
    assert (batch.mentions, lines_unread(batch.cursor)) == ((), 2)
    assert batch.note.startswith("2 unreadable lines; the first is line 2")


@pytest.mark.parametrize("line", BAD)
def test_nothing_of_a_line_is_kept_as_the_reason(line: str) -> None:
    (problem,) = parse_lines(BytesIO(line.encode()), "in", NOW)
    assert isinstance(problem, Problem)
    assert MARK not in problem.message
    assert "home" not in Unread().and_([problem], NOW).note


@given(st.lists(st.lists(st.binary(max_size=20), max_size=6), max_size=5))
def test_every_line_is_a_mention_or_counted(parts: list[list[bytes]]) -> None:
    unread, mentions, number, now = Unread(), 0, 0, NOW
    lines = 0
    for part in parts:
        raw = b"".join(one.replace(b"\n", b"") + b"\n" for one in part)
        found = list(parse_lines(BytesIO(raw), "in", now, first=number + 1))
        problems = [one for one in found if isinstance(one, Problem)]
        unread, now = unread.and_(problems, now), now + timedelta(hours=1)
        number += len(part)
        mentions += len(found) - len(problems)
        lines += sum(bool(one.replace(b"\n", b"").strip()) for one in part)
    assert unread.lines + mentions == lines
    assert bool(unread.note) == bool(unread.lines)
    assert not unread.lines or 1 <= unread.first <= number


async def test_what_is_odd_in_a_feed_stands_while_it_stays_the_same(
    httpserver: HTTPServer, clock: ManualClock, fetch: Fetcher
) -> None:
    httpserver.expect_request("/f").respond_with_data(rss("<item><title>A & B</title></item>"))
    source = make("feed", "f", {"url": httpserver.url_for("/f"), "private": True}, clock=clock)
    first = await source.poll({}, fetch)
    second = await _again(source, first, fetch)
    assert second.mentions == ()
    assert first.note == second.note
    assert "not well-formed" in first.note
