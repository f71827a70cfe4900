"""A command line in a folder of its own, on a clock that stands still."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from cli.driver import FACTS, Cli, declared

from crisisroom.clock import ManualClock


@pytest.fixture
def cli(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    clock: ManualClock,
) -> Cli:
    """The command line, in an empty folder."""
    for name in ("CRISISROOM_ROOM", "CRISISROOM_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("crisisroom.clock.SystemClock", lambda: clock)
    monkeypatch.chdir(tmp_path)
    return Cli(capsys, monkeypatch)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rooms set up once and copied, so that a test does not wait for them."""
    return tmp_path_factory.mktemp("rooms") / "declared.db"


def room_file() -> Path:
    """Return where the room lies when nothing says otherwise."""
    return Path(os.environ["XDG_DATA_HOME"]) / "crisisroom" / "room.db"


@pytest.fixture
def crisis(cli: Cli, kept: Path) -> Cli:
    """The command line of a room with three mentions and INC-1."""
    if not kept.exists():
        file = Path("crisisroom.yaml")
        file.write_text('schema: 1\nroom: {name: "Ours"}\nbrand: {name: "Ferrow"}\n')
        declared(cli)
        file.unlink()
        shutil.copyfile(room_file(), kept)
    else:
        room_file().parent.mkdir(mode=0o700)
        shutil.copyfile(kept, room_file())
    return cli


@pytest.fixture
def facts(crisis: Cli) -> None:
    """What is known fills the playbook's sentences."""
    for fact, value in FACTS.items():
        crisis.ok("fact", "set", "INC-1", fact, value)
