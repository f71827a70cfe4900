"""A folder of JSON lines and a named pipe: nothing lost, nothing twice, nothing followed out."""

from __future__ import annotations

import json
import os
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Unavailable
from crisisroom.fetch import Fetcher
from crisisroom.sources import Source, make


def _source(path: Path, clock: ManualClock) -> Source:
    return make("jsonl", "in", {"path": str(path)}, clock=clock)


def _lines(*texts: str) -> str:
    return "".join(json.dumps({"text": text}) + "\n" for text in texts)


def _delete(folder: Path, names: str) -> None:
    for file in folder.glob(names):
        file.unlink()


async def _all(source: Source, cursor: dict[str, Any], fetch: Fetcher) -> tuple[list[str], Any]:
    texts: list[str] = []
    more = True
    while more:
        batch = await source.poll(cursor, fetch)
        texts += [one.text for one in batch.mentions]
        cursor, more = json.loads(json.dumps(batch.cursor)), batch.more
    return texts, cursor


async def test_files_of_a_folder(tmp_path: Path, clock: ManualClock, fetch: Fetcher) -> None:
    source = _source(tmp_path, clock)
    (tmp_path / "a.jsonl").write_text(_lines("a1") + '{"te')
    (tmp_path / "b.ndjson").write_text(_lines("b1", "b2"))
    (tmp_path / "notes.txt").write_text(_lines("no"))
    (tmp_path / ".hidden.jsonl").write_text(_lines("no"))
    (tmp_path / "deeper.jsonl").mkdir()
    texts, cursor = await _all(source, {}, fetch)
    assert sorted(texts) == ["a1", "b1", "b2"]
    assert (await _all(source, cursor, fetch))[0] == []
    (tmp_path / "a.jsonl").rename(tmp_path / "a.1.jsonl")  # rotated, and written to further
    with (tmp_path / "a.1.jsonl").open("a") as file:
        file.write('xt": "a2"}\n')
    (tmp_path / "a.jsonl").write_text(_lines("a3"))
    (tmp_path / "b.ndjson").unlink()
    texts, cursor = await _all(source, cursor, fetch)
    assert sorted(texts) == ["a2", "a3"]
    assert len(cursor["files"]) == 2


async def test_a_bad_line_names_its_file(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    (tmp_path / "\x1b[2Jevil\u202e.jsonl").write_text("broken\n")
    (tmp_path / "good.jsonl").write_text(_lines("good"))
    batch = await _source(tmp_path, clock).poll({}, fetch)
    assert [one.text for one in batch.mentions] == ["good"]
    assert "evil" in batch.note
    assert "line 1: not JSON" in batch.note
    assert batch.note.isprintable()


async def test_links_are_not_followed(tmp_path: Path, clock: ManualClock, fetch: Fetcher) -> None:
    folder, outside = tmp_path / "in", tmp_path / "secret.jsonl"
    folder.mkdir()
    outside.write_text(_lines("secret"))
    (folder / "link.jsonl").symlink_to(outside)
    os.mkfifo(folder / "pipe.jsonl")
    batch = await _source(folder, clock).poll({}, fetch)
    assert batch.mentions == ()
    assert batch.note == "1 symbolic links are not followed"


async def test_one_large_file_does_not_starve_the_others(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    for name in "abcdef":
        lines = [f"{name}{number} " + "x" * 90_000 for number in range(30)]
        (tmp_path / f"{name}.jsonl").write_text(_lines(*lines))
    source = _source(tmp_path, clock)
    first = await source.poll({}, fetch)
    second = await source.poll(first.cursor, fetch)
    assert first.more
    begun = {one.text[0] for one in (*first.mentions, *second.mentions)}
    assert len(begun) >= 4
    texts, _ = await _all(source, second.cursor, fetch)
    whole = [one.text for one in (*first.mentions, *second.mentions)] + texts
    assert len(whole) == len(set(whole)) == 180


async def test_a_folder_in_any_order_of_events(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    dice = random.Random(7)
    source = _source(tmp_path, clock)
    cursor: dict[str, Any] = {}
    written: list[str] = []
    seen: list[str] = []
    for number in range(300):
        name = tmp_path / f"{dice.randrange(6)}.jsonl"
        act = dice.random()
        if act < 0.6:
            written.append(f"m{number}")
            with name.open("a") as file:
                file.write(_lines(f"m{number}"))
        elif act < 0.7 and name.exists():
            name.rename(tmp_path / f"old-{number}.jsonl")
        else:
            texts, cursor = await _all(source, cursor, fetch)
            seen += texts
            _delete(tmp_path, "old-*")
    seen += (await _all(source, cursor, fetch))[0]
    assert sorted(seen) == sorted(written)


# --- a log that is rotated ------------------------------------------------------------------------


async def test_what_was_written_before_a_rotation_is_read(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    path, moved = tmp_path / "in.jsonl", tmp_path / "in.jsonl.1"
    source = _source(path, clock)
    path.write_text(_lines("one"))
    texts, cursor = await _all(source, {}, fetch)
    with path.open("a") as file:
        file.write(_lines("two"))
    path.rename(moved)
    path.write_text(_lines("three"))
    more, cursor = await _all(source, cursor, fetch)
    assert [*texts, *more] == ["one", "two", "three"]
    with moved.open("a") as file:  # its writer has not noticed yet
        file.write(_lines("four"))
    with path.open("a") as file:
        file.write(_lines("five"))
    more, cursor = await _all(source, cursor, fetch)
    assert more == ["four", "five"]
    moved.unlink()
    more, cursor = await _all(source, cursor, fetch)
    assert (more, "old" in cursor) == ([], False)


async def test_a_long_end_of_a_rotated_file_comes_first(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(_lines("0"))
    source = _source(path, clock)
    texts, cursor = await _all(source, {}, fetch)
    names = [str(number) for number in range(1, 60)]
    with path.open("a") as file:
        file.write(_lines(*(name + " " * 90_000 + "x" for name in names)))
    path.rename(tmp_path / "archive")
    path.write_text(_lines("new"))
    more, _ = await _all(source, cursor, fetch)
    assert [text.split()[0] for text in (*texts, *more)] == ["0", *names, "new"]


async def test_no_link_and_no_other_file_is_taken_for_the_rotated_one(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    path, outside = tmp_path / "log" / "in.jsonl", tmp_path / "outside"
    path.parent.mkdir()
    source = _source(path, clock)
    path.write_text(_lines("one"))
    _, cursor = await _all(source, {}, fetch)
    with path.open("a") as file:
        file.write(_lines("two"))
    path.rename(outside)
    (path.parent / "in.jsonl.1").symlink_to(outside)
    path.write_text(_lines("three"))
    texts, cursor = await _all(source, cursor, fetch)
    assert texts == ["three"]
    other = path.parent / "in.jsonl.2"
    path.rename(other)
    other.write_text(_lines("overwritten"))  # the same number on the disk, another file
    path.write_text(_lines("four"))
    assert (await _all(source, cursor, fetch))[0] == ["four"]


# --- a named pipe ---------------------------------------------------------------------------------


async def test_a_pipe_is_read_without_waiting_and_its_half_lines_are_kept(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    source = _source(path, clock)
    batch = await source.poll({}, fetch)
    assert batch.mentions == ()
    path.write_text(_lines("one") + '{"text": "café ')  # a writer that comes and goes
    batch = await source.poll(batch.cursor, fetch)
    assert [one.text for one in batch.mentions] == ["one"]
    held = os.open(path, os.O_WRONLY | os.O_NONBLOCK)  # a pipe keeps its words while one is open
    source = _source(path, clock)  # as after a restart
    batch = await source.poll(json.loads(json.dumps(batch.cursor)), fetch)
    os.write(held, b'two"}\nbroken\n')
    batch = await source.poll(batch.cursor, fetch)
    os.close(held)
    assert [one.text for one in batch.mentions] == ["café two"]
    assert batch.note.startswith("line 3: not JSON")


async def test_a_line_without_an_end_does_not_fill_the_cursor(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    source = _source(path, clock)
    batch = await source.poll({}, fetch)
    held = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    notes = ""
    for _ in range(4):
        with suppress(BlockingIOError):
            while os.write(held, b"x" * 65_536):
                continue
        batch = await source.poll(batch.cursor, fetch)
        notes += batch.note
        assert len(json.dumps(batch.cursor)) < (1 << 20) + 1000
    os.close(held)
    assert "longer than" in notes


async def test_what_cannot_be_read_is_said(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    with pytest.raises(Unavailable, match="No such file"):
        await _source(tmp_path / "none", clock).poll({}, fetch)
    with pytest.raises(Unavailable, match="not a regular file"):
        await _source(Path("/dev/null"), clock).poll({}, fetch)
