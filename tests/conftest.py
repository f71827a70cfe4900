"""Private folders for every test, and a room in a temporary file on a clock that stands still."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from crisisroom.clock import ManualClock
from crisisroom.room import Actor, Room
from crisisroom.store import Store

# A busy machine is no failure: no test measures time.
settings.register_profile("room", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("room")

START = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)


@pytest.fixture(autouse=True)
def private_folders(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Keep what the program writes beside a room out of this person's folders."""
    if request.node.get_closest_marker("real"):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="cr-", dir="/tmp") as short:
        for name, folder in (
            ("XDG_RUNTIME_DIR", "run"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
            ("HOME", "home"),
        ):
            os.mkdir(f"{short}/{folder}", 0o700)
            monkeypatch.setenv(name, f"{short}/{folder}")
        yield


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """The kind of store; a second one is one more parameter here."""
    kind: str = request.param
    return kind


@pytest.fixture
def address(engine: str, tmp_path: Path) -> str:
    """Where a room may be made."""
    return {"sqlite": str(tmp_path / "room" / "room.db")}[engine]


@pytest.fixture
async def store(address: str, clock: ManualClock) -> AsyncIterator[Store]:
    opened = await Store.open(Path(address), clock)
    yield opened
    await opened.close()


@pytest.fixture
async def room(address: str, clock: ManualClock) -> AsyncIterator[Room]:
    async with await Room.open(address, actor=Actor("ada"), clock=clock) as opened:
        yield opened
