"""Looking after the watcher as long as a screen is open."""

from __future__ import annotations

import asyncio

import pytest

from crisisroom.room import Room
from crisisroom.tui import start


class Stopped(Exception):
    """The test has seen enough."""


async def test_a_watcher_that_dies_is_started_again_and_again_but_ever_less_often(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = [True, True, True, False, True]
    pauses: list[float] = []

    async def ensure(room: Room, config_file: str) -> bool:
        return died[len(pauses)]

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == len(died):
            raise Stopped

    monkeypatch.setattr(start, "ensure_watcher", ensure)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    with pytest.raises(Stopped):
        await start._keep_watched(room, "")
    assert pauses == [10.0, 20.0, 40.0, 10.0, 20.0]
