"""The chart by the command line: lines to read and grep, and the same as JSON."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from cli.conftest import room_file
from cli.driver import Cli
from conftest import START
from room.heard import signal, stories_told, warned

from crisisroom.clock import ManualClock
from crisisroom.room import Actor, Room
from crisisroom.store import buckets


@pytest.fixture
def counted(cli: Cli, clock: ManualClock) -> Cli:
    """The command line of a room that heard nine people just now, and little before."""
    room_file().parent.mkdir(mode=0o700)
    now = buckets.start_of(START)
    counts = {("", now - timedelta(days=day)): (1, 0) for day in range(1, 9)}
    counts |= {("", now): (9, 6), ("source:web", now): (9, 6), ("narrative:N-1", now): (9, 6)}

    async def talk() -> None:
        async with await Room.open(str(room_file()), actor=Actor("ada"), clock=clock) as room:
            await stories_told(room, {"N-1": 9}, complaint=0.9)
            await warned(room, signal())
            await room.store.write(lambda tx: buckets.add(tx, counts))

    asyncio.run(talk())
    return cli


def test_it_is_read_line_by_line(counted: Cli) -> None:
    said = counted.ok("volume", "--last", "4h")
    assert said.lines[0].startswith("9 mentions, 6 likely complaints, every 5m; the usual is that")
    [bar] = [line for line in said.lines if "#" in line]
    assert "9, 6 complain" in bar
    assert "usual" in bar
    assert " ! ###" in bar
    assert "      early warning C-1 02:07" in said.lines
    assert "  N-1 9, 9 free: story N-1" in said.lines
    assert len(counted.ok("volume").lines) > 48


def test_it_is_json_too(counted: Cli) -> None:
    made = counted.json("volume", "--last", "4h")
    assert (made["mentions"], made["complaints"], made["bin_minutes"]) == (9, 6, 5)
    assert made["usual_days"] == 7
    assert made["bins"][-1]["mentions"] == 9
    assert [one["letter"] for one in made["acts"]] == ["W"]
    assert made["sources"] == [{"id": "web", "mentions": 9, "complaints": 6}]
    story = counted.json("volume", "--story", "n-1", "--last", "24h")
    assert (story["series"], story["about"]) == ("narrative:N-1", "story N-1")


def test_what_cannot_be_drawn_is_said(counted: Cli) -> None:
    for words, hint in (
        (("--last", "soon"), "no span of time"),
        (("--last", "90d"), "60 days"),
        (("--term", "pot"), "no watched term"),
        (("--term", "pot", "--story", "N-1"), "not of both"),
        (("--story", "M-1"), "no story"),
    ):
        assert hint in counted.refused(2, "volume", *words).err
