"""The release before this one beside this one: refused or working, and nothing lost or damaged.

The older program is taken out of the project's own history and run as it was.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from e2e.terminal import Terminal

from crisisroom.clock import SystemClock
from crisisroom.room import Actor, Room
from crisisroom.store.schema import SCHEMA
from real.program import Program
from real.servers.base import Daemon

BEFORE = "3f20ba3"  # the release of schema 4
ITS_SCHEMA = 4
KILLS, ALL_KILLS = 15, 50
NEWER = "this room was upgraded (schema 5); this program knows schema 4"
HERE = Path(__file__).parents[2]

pytestmark = pytest.mark.together

_OPENS = """
import asyncio, sys
from crisisroom.clock import SystemClock
from crisisroom.room import Actor, Room

print("ready", flush=True)

async def opened() -> None:
    async with await Room.open(sys.argv[1], actor=Actor("ada"), clock=SystemClock()):
        pass

asyncio.run(opened())
"""


class Older(Program):
    """The program as it was."""

    tree: Path

    @property
    def env(self) -> dict[str, str]:
        """The environment, in which nothing but the older program is found."""
        return super().env | {"PYTHONPATH": str(self.tree), "PYTHONSAFEPATH": "1"}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The older program's files."""
    asked = ["git", "-C", str(HERE), "archive", BEFORE, "crisisroom", "playbooks"]
    done = subprocess.run(asked, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"the release before is not in this copy's history: {done.stderr[:100]!r}")
    folder = tmp_path_factory.mktemp("older")
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def older(program: Program, tree: Path) -> Iterator[Older]:
    """A room of the older program, with an incident, posts, and a pipe that brings more."""
    before = Older(program.folder)
    before.tree = tree
    program.sources = before.sources
    before.listens_to("pipe", "type: jsonl, path: in.jsonl")
    (before.folder / "in.jsonl").write_text("")
    before.configure()
    before.run("declare", "App down", "--playbook", "service-outage", "--severity", "sev2")
    before.run("note", "INC-1", "written by the older program")
    assert schema(before.room) == ITS_SCHEMA
    yield before
    before.room.unlink(missing_ok=True)  # by which a watcher knows that it is over


def schema(room: Path) -> int:
    """Return a room's schema without opening it as a program does."""
    with contextlib.closing(sqlite3.connect(f"file:{room}?mode=ro", uri=True)) as seen:
        (version,) = seen.execute("PRAGMA user_version").fetchone()
    return int(version)


def notes(program: Program) -> list[str]:
    return [one["text"] for one in program.timeline() if one["kind"] == "note.added"]


def test_an_older_watcher_and_screen_beside_a_newer_program(program: Program, older: Older) -> None:
    watcher = Daemon(older.command("watch"), older.folder / "watch.log", env=older.env)
    watcher.start()
    env = older.env | {"TERM": "xterm-256color"}
    with Terminal(older.command("open", "--no-watch"), env=env, cwd=older.folder) as screen:
        screen.wait_for("App down")
        feed = older.folder / "in.jsonl"
        feed.write_text(json.dumps({"text": "our app is down", "external_id": "1"}) + "\n")
        older.wait_for("our app is down")

        program.run("note", "INC-1", "written by the newer program")  # which upgrades the room

        assert schema(older.room) == SCHEMA
        with feed.open("a") as pipe:
            pipe.write(json.dumps({"text": "still down", "external_id": "2"}) + "\n")
        assert watcher.process is not None
        assert watcher.process.wait(20) == 3
        said = (older.folder / "watch.log").read_text().splitlines()
        assert sum(NEWER in line for line in said) == 1
        refused = older.run("note", "INC-1", "too late", codes=(3,))
        assert refused.stdout == ""
        assert [NEWER in line for line in refused.stderr.splitlines()] == [True]
        screen.press("m").send("typed into the older screen")
        screen.press("enter")
        screen.wait_for("upgraded")
        screen.press("escape").press("escape")
    watcher.stop()
    assert notes(program) == ["written by the older program", "written by the newer program"]
    program.run("watch", "--once")
    assert {one["text"] for one in program.mentions()} >= {"our app is down", "still down"}
    program.run("verify")
    kept = older.room.with_name("room.db.before-schema-5")
    assert kept.stat().st_mode & 0o777 == 0o600
    again = older.folder / "again.db"
    shutil.copy(kept, again)
    assert older.run("--room", str(again), "verify").returncode == 0


def test_a_newer_room_is_left_alone_by_this_program(program: Program, older: Older) -> None:
    program.run("status")
    with contextlib.closing(sqlite3.connect(older.room)) as ahead:
        ahead.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    before = older.room.read_bytes()
    for verb in (("status",), ("note", "INC-1", "x"), ("watch",), ("health",), ("doctor", "room")):
        done = program.run(*verb, codes=(1, 3))
        told = done.stderr + done.stdout
        assert f"schema {SCHEMA + 1}" in told, verb
    assert older.room.read_bytes() == before


def test_looking_at_an_older_room_does_not_upgrade_it(program: Program, older: Older) -> None:
    assert "older program" in program.run("health", codes=(3,)).stderr
    assert "older program" in program.run("doctor", "room", "--offline").stdout
    assert schema(older.room) == ITS_SCHEMA


@pytest.mark.parametrize("kills", [KILLS, pytest.param(ALL_KILLS, marks=pytest.mark.full)])
def test_an_upgrade_killed_anywhere_is_made_whole_by_the_next_start(
    program: Program, older: Older, tmp_path: Path, kills: int
) -> None:
    lines = (
        json.dumps({"text": f"post {number} about the app", "external_id": str(number)})
        for number in range(600)
    )
    (older.folder / "many.jsonl").write_text("\n".join(lines) + "\n")
    older.run("ingest", "many.jsonl")
    whole, chosen = _seconds_of_one(older, tmp_path), random.Random(20261122)
    halves = 0
    for number in range(kills):
        room = tmp_path / str(number) / "room.db"
        _copied(older.room, room)
        _killed(room, older, chosen.uniform(0, whole * 1.1))
        found = schema(room)
        assert found in (ITS_SCHEMA, SCHEMA)
        halves += found == ITS_SCHEMA
        asyncio.run(_goes_on(room))
    assert 0 < halves < kills, "the kills came all too early or all too late"
    last = str(tmp_path / str(kills - 1) / "room.db")
    program.run("--room", last, "verify")


def _copied(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700)
    with (
        contextlib.closing(sqlite3.connect(source)) as before,
        contextlib.closing(sqlite3.connect(target)) as after,
    ):
        before.backup(after)
    target.chmod(0o600)


def _begun(room: Path, older: Older) -> subprocess.Popen[bytes]:
    """Start this program on a room; returns it as it begins to open it."""
    env = Program(older.folder).env | {"PYTHONPATH": str(HERE)}
    begun = subprocess.Popen(
        [sys.executable, "-c", _OPENS, str(room)], env=env, stdout=subprocess.PIPE
    )
    assert begun.stdout is not None
    assert begun.stdout.readline() == b"ready\n"
    return begun


def _seconds_of_one(older: Older, folder: Path) -> float:
    room = folder / "whole" / "room.db"
    _copied(older.room, room)
    begun, at = _begun(room, older), time.monotonic()
    while schema(room) != SCHEMA:
        assert time.monotonic() - at < 30
        time.sleep(0.005)
    took = time.monotonic() - at
    _over(begun)
    return took


def _over(begun: subprocess.Popen[bytes]) -> None:
    begun.wait()
    assert begun.stdout is not None
    begun.stdout.close()


def _killed(room: Path, older: Older, seconds: float) -> None:
    begun = _begun(room, older)
    time.sleep(seconds)
    begun.send_signal(signal.SIGKILL)
    _over(begun)


async def _goes_on(room: Path) -> None:
    """Open the room as the next start does: it is whole, and what was in it still is."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(room.parent))
    async with await Room.open(str(room), actor=Actor("ada"), clock=SystemClock()) as opened:
        rows = await opened.store.read(lambda tx: tx.rows("SELECT count(*) FROM mention"))
        checked = await opened.store.read(lambda tx: tx.rows("PRAGMA integrity_check"))
    assert rows == [(600,)]
    assert checked == [("ok",)]
    assert schema(room) == SCHEMA
    assert not [one for one in room.parent.iterdir() if one.name.startswith(".room")]
