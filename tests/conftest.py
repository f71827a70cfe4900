"""Private folders for every test, and a room of either engine on a clock that stands still.

A room is a file of SQLite unless `--engine postgres` is given: then each is a database of its own
at a server that is started for the run, or that CRISISROOM_TEST_POSTGRES names.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engines import MISSING, SERVER, Databases, Rows, in_memory, prepare, raw_file
from hypothesis import HealthCheck, settings
from real.servers.base import Unavailable
from real.servers.install import in_ci
from real.servers.postgres import Postgres

from crisisroom.clock import ManualClock
from crisisroom.room import Actor, Room
from crisisroom.store import Store

# A busy machine is no failure: no test measures time.
settings.register_profile("room", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("room")

START = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)

Raw = Callable[[str, str], Rows]  # an address and SQL to the rows
AddressOf = Callable[[Path], str]

_GROUND = pytest.StashKey[ExitStack]()


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


@pytest.fixture(autouse=True)
def no_strips_left() -> Iterator[None]:
    """Let what Textual painted for a test go: its cache keeps the lines of a thousand widgets."""
    yield
    if styles := sys.modules.get("textual._styles_cache"):
        styles.StylesCache.get_inner_outer.cache_clear()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        choices=["sqlite", "postgres"],
        default="postgres" if os.environ.get(SERVER) else "sqlite",
        help="what keeps the rooms of tests: files, or a PostgreSQL server",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite(why): is about what only a room in a file has")
    config.stash[_GROUND] = ExitStack()


def pytest_collection_finish() -> None:
    """Collect garbage less often: thousands of tests and their modules are there to stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server once a run, in the process that the workers are started by."""
    config = session.config
    if config.getoption("--engine") == "postgres" and not hasattr(config, "workerinput"):
        _start(config.stash[_GROUND])


def _start(ground: ExitStack) -> None:
    try:
        if not os.environ.get(SERVER):
            Postgres.install()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(tempfile, "tempdir", in_memory())
                server = Postgres("rooms")
            os.environ[SERVER] = ground.enter_context(server).url
            ground.callback(os.environ.pop, SERVER, None)
    except Unavailable as why:
        if in_ci():
            pytest.exit(f"no PostgreSQL: {why}", returncode=1)
        os.environ[MISSING] = str(why)
        ground.callback(os.environ.pop, MISSING, None)
    else:
        prepare(os.environ[SERVER])


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_GROUND].close()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what only a file can show."""
    only = item.get_closest_marker("sqlite")
    if only and item.config.getoption("--engine") != "sqlite":
        pytest.skip(f"only in SQLite: {only.args[0]}")


@pytest.fixture(scope="session")
def engine(pytestconfig: pytest.Config) -> str:
    """What keeps the rooms: `sqlite` or `postgres`."""
    kind: str = pytestconfig.getoption("--engine")
    return kind


@pytest.fixture(scope="session")
def databases(engine: str) -> Iterator[Databases | None]:
    """The rooms at the server, None where rooms are files."""
    if engine == "sqlite":
        yield None
        return
    if why := os.environ.get(MISSING):
        pytest.skip(f"no PostgreSQL: {why}")
    made = Databases(os.environ[SERVER])
    yield made
    made.close()


@pytest.fixture(scope="session")
def address_of(databases: Databases | None) -> AddressOf:
    """Give the address of a room that would be this file: of another one at each call."""
    return str if databases is None else lambda _: databases.fresh()


@pytest.fixture
def address(databases: Databases | None, tmp_path: Path) -> Iterator[str]:
    """Where a room may be made."""
    if databases is None:
        yield str(tmp_path / "room" / "room.db")
        return
    made = databases.fresh()
    yield made
    databases.drop(made)


@pytest.fixture(scope="session")
def raw(databases: Databases | None) -> Raw:
    """Run SQL on the room at an address past the store, its triggers and its rights."""
    return raw_file if databases is None else databases.raw


@pytest.fixture
async def store(address: str, clock: ManualClock) -> AsyncIterator[Store]:
    opened = await Store.open(address, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def room(address: str, clock: ManualClock) -> AsyncIterator[Room]:
    async with await Room.open(address, actor=Actor("ada"), clock=clock) as opened:
        yield opened
