"""Drills that may open no connection, on a clock that moves from beat to beat."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest
from drill.holding import BEGIN, OURS, Hold

from crisisroom.config import Member
from crisisroom.core.playbook import Playbook
from crisisroom.core.timeline import Entry
from crisisroom.drill.casting import Cast, alone, cast
from crisisroom.drill.pace import SteppedClock
from crisisroom.drill.performance import Drill, performance
from crisisroom.drill.result import Result
from crisisroom.room import reading


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but sockets of this machine's own files may be opened."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            pytest.fail(f"a drill called {address}")
        connect(self, address)  # type: ignore[arg-type]

    async def refuse_names(*unused: object, **more: object) -> None:
        pytest.fail("a drill looked a name up")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", refuse_names)


def _cast(playbook: Playbook, team: Sequence[Member], solo: bool) -> Cast:
    return alone(playbook, "pat") if solo else cast(playbook, team)


@pytest.fixture
def hold(tmp_path: Path, no_network: None) -> Hold:
    """Hold a headless drill, and return its report and its timeline."""

    async def held(
        playbook: Playbook,
        *,
        team: Sequence[Member] = (),
        solo: bool = False,
        headless: bool = True,
        seed: int | None = None,
        name: str = "drill",
    ) -> tuple[Result, tuple[Entry, ...]]:
        drill = Drill(
            playbook=playbook,
            cast=_cast(playbook, team, solo),
            real=OURS,
            person="pat",
            headless=headless,
            seed=seed,
        )
        folder = tmp_path / name
        folder.mkdir()
        async with performance(folder / "room.db", drill, SteppedClock(BEGIN)) as played:
            await played.run()
            result = await played.result(folder)
            known = await reading.incidents(played.room)
            entries = await reading.timeline(played.room, known[0].id) if known else ()
        return result, entries

    return held
