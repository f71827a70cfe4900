"""A named pipe: told at once, no writer waits, and what is not stored is told again."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher
from crisisroom.sources import Batch, Streaming, Told, make
from crisisroom.sources.jsonl_pipe import Pipe


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "pipe"
    os.mkfifo(made)
    return made


def _source(path: Path, clock: ManualClock) -> Any:
    made = make("jsonl", "in", {"path": str(path)}, clock=clock)
    assert isinstance(made, Streaming)
    return made


def _line(text: str) -> str:
    return json.dumps({"text": text}) + "\n"


def _write(path: Path, text: str) -> None:
    """Write as a program does that must not wait: OSError where nobody reads."""
    held = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    os.write(held, text.encode())
    os.close(held)


async def _next(heard: AsyncGenerator[Told, None]) -> Batch:
    told = await asyncio.wait_for(anext(heard), 10)
    assert isinstance(told, Batch)
    return told


def _texts(batch: Batch) -> list[str]:
    return [one.text for one in batch.mentions]


async def _begun(heard: AsyncGenerator[Told, None], path: Path) -> asyncio.Task[Batch]:
    """Wait for the next of a stream, which holds the pipe open by then."""
    waiting = asyncio.create_task(_next(heard))
    async with asyncio.timeout(10):
        while not _is_read(path):  # noqa: ASYNC110 - the system tells nobody that it is
            await asyncio.sleep(0)
    return waiting


def _is_read(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


async def test_a_pipe_tells_at_once(path: Path, clock: ManualClock, fetch: Fetcher) -> None:
    async with aclosing(_source(path, clock).stream({}, fetch)) as heard:
        waiting = await _begun(heard, path)
        _write(path, _line("one") + '{"text": ')
        batch = await waiting
        assert (_texts(batch), batch.cursor) == (["one"], {"tail": '{"text": ', "line": 1})
        _write(path, '"two"}\nbroken\n')
        batch = await _next(heard)
        assert (_texts(batch), batch.note[:16]) == (["two"], "line 3: not JSON")


async def test_what_was_not_stored_is_told_to_the_next(
    path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    heard = _source(path, clock).stream({}, fetch)
    waiting = await _begun(heard, path)
    _write(path, _line("one"))
    await waiting
    await heard.aclose()  # as where the store failed, or the settings were read anew
    _write(path, _line("two"))  # nobody streams now, and nobody waits
    again = _source(path, clock).stream({}, fetch)
    assert _texts(await _next(again)) == ["one", "two"]
    _write(path, _line("three"))
    assert _texts(await _next(again)) == ["three"]  # that it went on says that they are stored
    await again.aclose()
    source = _source(path, clock)
    batch = await source.poll({}, fetch)
    assert _texts(batch) == ["three"]
    assert _texts(await source.poll(batch.cursor, fetch)) == []


async def test_what_is_in_the_pipe_is_told_before_the_end(
    path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    told: list[str] = []

    async def follow() -> None:
        async with aclosing(_source(path, clock).stream({}, fetch)) as heard:
            async for batch in heard:
                assert isinstance(batch, Batch)
                await asyncio.sleep(0)  # the store
                told.extend(_texts(batch))

    following = asyncio.create_task(follow())
    async with asyncio.timeout(10):
        while not _is_read(path):  # noqa: ASYNC110 - the system tells nobody that it is
            await asyncio.sleep(0)
    _write(path, _line("one"))
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
    assert told == ["one"]


async def test_a_poll_beside_a_stream_takes_nothing_from_it(
    path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    source = _source(path, clock)
    async with aclosing(source.stream({}, fetch)) as heard:
        waiting = await _begun(heard, path)
        _write(path, _line("one"))
        first = await waiting
        _write(path, _line("two"))
        assert _texts(await source.poll({}, fetch)) == []
        assert _texts(await _next(heard)) == ["two"]
        assert (await source.poll({}, fetch)).cursor == first.cursor  # the last that is stored


async def test_the_beginning_of_a_line_survives_a_restart(path: Path, clock: ManualClock) -> None:
    first, second = Pipe(path), Pipe(path)  # as two programs have it
    _write(path, '{"text": "on')
    begun = first.poll({}, "in", clock.now())
    _write(path, 'e"}\n')
    assert _texts(second.poll(begun.cursor, "in", clock.now())) == ["one"]


async def test_a_writer_that_never_came_to_the_end_costs_no_other_line(
    path: Path, clock: ManualClock
) -> None:
    first, second = Pipe(path), Pipe(path)
    _write(path, '{"text": "on')
    begun = first.poll({}, "in", clock.now())
    _write(path, _line("two") + _line("three"))
    assert _texts(second.poll(begun.cursor, "in", clock.now())) == ["two", "three"]


async def test_a_pipe_made_anew_is_another(path: Path, clock: ManualClock, fetch: Fetcher) -> None:
    source = _source(path, clock)
    heard = source.stream({}, fetch)
    waiting = await _begun(heard, path)
    _write(path, _line("one"))
    os.unlink(path)
    assert _texts(await waiting) == ["one"]
    with pytest.raises(StopAsyncIteration):
        await _next(heard)
    os.mkfifo(path)
    async with aclosing(source.stream({}, fetch)) as again:
        waiting = await _begun(again, path)
        _write(path, _line("two"))
        assert _texts(await waiting) == ["two"]


async def test_files_and_folders_have_no_stream(
    tmp_path: Path, clock: ManualClock, fetch: Fetcher
) -> None:
    (tmp_path / "in.jsonl").write_text(_line("one"))
    for path in (tmp_path, tmp_path / "in.jsonl", tmp_path / "none"):
        assert [told async for told in _source(path, clock).stream({}, fetch)] == []
