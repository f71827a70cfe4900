"""A room that is away: told when that changes, once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from watch.fakes import until

from crisisroom.clock import ManualClock
from crisisroom.logbook import Logbook
from crisisroom.store import Link
from crisisroom.watch import away
from crisisroom.watch.away import Away


class _Store:
    link = Link()


async def test_each_change_is_one_line(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Logbook(tmp_path / "x.log", clock, component="watch")
    monkeypatch.setattr(away, "LOOK", 0.01)
    it, store = Away(log, clock), _Store()
    minding = asyncio.ensure_future(it.mind(store))

    async def told(*events: str) -> None:
        async def they_are() -> bool:
            text = log.path.read_text() if log.path.exists() else ""
            return [line.split()[3] for line in text.splitlines()] == list(events)

        await until(they_are)

    store.link = Link("reconnecting", 1.0, 1)
    await told("room-away")
    it.lost("unreachable")  # a job that failed meanwhile says nothing new
    store.link = Link("ok", 1.0, 1)
    await told("room-away", "room-back")
    store.link = Link("ok", 2.0, 2)  # lost and back between two looks
    await told(*["room-away", "room-back"] * 2)
    it.lost("disk-full")  # over when a write succeeds, which is told from elsewhere
    it.back()
    await told(*["room-away", "room-back"] * 3)
    minding.cancel()
