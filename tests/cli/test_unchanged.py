"""Looking at a room changes nothing in it: an older one, one nobody began, one on a full disk."""

from __future__ import annotations

import asyncio
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli, declared
from conftest import Raw

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Unavailable
from crisisroom.room import Actor, Room
from crisisroom.store import Store
from crisisroom.store.full import FullDisk
from crisisroom.store.schema import MIGRATIONS, SCHEMA

LIMIT = 1000  # bytes that no file may grow beyond: SQLite's index needs 32 KiB


def older(raw: Raw, address: str) -> None:
    """Let a room be one of the schema before ours."""
    if "://" in address:
        raw(address, f"DELETE FROM migration WHERE name = '{MIGRATIONS[-1][0]}'")
    else:
        raw(address, f"PRAGMA user_version = {SCHEMA - 1}")


def schema_now(raw: Raw, address: str) -> int:
    if "://" in address:
        return int(raw(address, "SELECT count(*) FROM migration")[0][0])
    return int(raw(address, "PRAGMA user_version")[0][0])


def test_a_room_of_an_older_program_is_named_and_stays_as_it_is(
    cli: Cli, address: str, raw: Raw, clock: ManualClock
) -> None:
    async def begin() -> None:
        async with await Room.open(address, actor=Actor("ada"), clock=clock):
            pass

    asyncio.run(begin())
    older(raw, address)
    said = cli.refused(3, "--room", address, "health").err
    assert f"an older program (schema {SCHEMA - 1}, of 20" in said
    assert f"this one's is {SCHEMA}" in said
    looked = cli("--room", address, "doctor", "room", "--offline").out
    assert f"warn  room: the room is of an older program (schema {SCHEMA - 1}, of 20" in looked
    assert schema_now(raw, address) == SCHEMA - 1


def test_a_room_that_nobody_began_is_not_begun_by_a_look(
    cli: Cli, address: str, raw: Raw, clock: ManualClock
) -> None:
    async def prepare() -> None:
        await (await Store.open(address, clock)).close()

    asyncio.run(prepare())
    said = cli("--room", address, "health")
    never = "prepared, and nobody opened it" if "://" in address else "no room was begun at"
    assert (said.code, never in said.err) == (3, True), said
    assert raw(address, "SELECT count(*) FROM entry") == [(0,)]
    if "://" in address:
        assert "nobody opened it" in cli("--room", address, "doctor", "room", "--offline").out


def on_a_full_disk(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the program where no file can grow, as on a full disk."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))

    command = [sys.executable, "-m", "crisisroom", *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, preexec_fn=limited
    )


def test_on_a_full_disk_the_state_is_shown_and_nothing_is_written(cli: Cli) -> None:
    declared(cli)
    before = room_file().read_bytes()
    for beside in ("-shm", "-wal"):
        Path(f"{room_file()}{beside}").unlink(missing_ok=True)
    said = on_a_full_disk("status")
    assert (said.returncode, said.stderr) == (0, "")
    first, *rest = said.stdout.splitlines()
    assert first == "disk: FULL, so nothing is written: free some space"
    assert any(line.startswith("incident: INC-1 SEV2 open: Kettles") for line in rest)
    health = on_a_full_disk("health", "disk")
    assert (health.returncode, health.stdout) == (1, "disk: full: nothing is written\n")
    assert "ok    room: " in on_a_full_disk("doctor", "room").stdout
    act = on_a_full_disk("note", "we look into it")
    assert (act.returncode, act.stderr.count("the disk is full")) == (3, 1)
    assert room_file().read_bytes() == before
    assert not cli.json("status")["disk_full"]
    cli.ok("note", "we look into it")


def test_on_a_full_disk_what_is_only_in_the_log_ahead_is_shown_too(
    tmp_path: Path, clock: ManualClock
) -> None:
    path, copy = tmp_path / "room.db", tmp_path / "full.db"

    async def work() -> None:
        async with await Room.open(str(path), actor=Actor("ada"), clock=clock):
            for ending in ("", "-wal"):
                shutil.copyfile(f"{path}{ending}", f"{copy}{ending}")

    asyncio.run(work())
    assert Path(f"{copy}-wal").stat().st_size

    async def look() -> int:
        store = await FullDisk.open(copy, clock, create=False)
        try:
            rows = await store.read(lambda tx: tx.rows("SELECT kind FROM entry"))
            with pytest.raises(Unavailable, match="the disk is full"):
                await store.write(lambda tx: tx.run("DELETE FROM room"))
        finally:
            await store.close()
        return len(rows)

    assert asyncio.run(look()) == 1


def test_a_full_disk_lets_nobody_else_begin_to_write(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "room.db"

    async def work() -> bool:
        await (await Store.open(path, clock)).close()
        store = await FullDisk.open(path, clock, create=False)
        other = asyncio.ensure_future(Store.open(path, clock))
        await asyncio.sleep(0.3)
        waits = not other.done()
        await store.close()
        await (await other).close()
        return waits

    assert asyncio.run(work())
