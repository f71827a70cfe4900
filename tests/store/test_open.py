"""Opening a room's file: private, local, ours, and of a schema we know."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from conftest import Raw
from engines import set_schema
from room.people import names_beside
from watch.fakes import until

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.store import SCHEMA, Store, Tx, files, migrations, settings, signal
from crisisroom.store.schema import MIGRATIONS

BESIDE = pytest.mark.sqlite("files and sockets beside a room")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@BESIDE
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
async def test_everything_is_private_whatever_the_umask(
    address: str, clock: ManualClock, umask: int
) -> None:
    before = os.umask(umask)
    try:
        store = await Store.open(address, clock)
        await store.write(lambda tx: settings.put(tx, "key", "value"))
        folder = Path(address).parent
        found = {path.name: _mode(path) for path in folder.iterdir()}
        await store.close()
    finally:
        os.umask(before)
    assert _mode(folder) == 0o700
    assert set(found) == {f"room.db{end}" for end in ("", "-wal", "-shm", "-gate", "-turn")}
    assert set(found.values()) == {0o600}


@BESIDE
async def test_the_ear_lies_in_a_private_folder(store: Store) -> None:
    folder = signal.runtime_folders(store.path)[0]
    assert folder.is_relative_to(os.environ["XDG_RUNTIME_DIR"])
    assert _mode(folder) == 0o700
    assert len(list(folder.iterdir())) == 1


@BESIDE
async def test_a_runtime_folder_that_cannot_be_used_is_passed_over(
    address: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "file"))
    first = await Store.open(address, clock)
    monkeypatch.setenv("XDG_RUNTIME_DIR", f"/tmp/{'long' * 30}")
    second = await Store.open(address, clock)
    await first.write(lambda tx: settings.put(tx, "key", "value"))
    assert await second.read(lambda tx: settings.get(tx, "key")) == "value"
    await first.close()
    await second.close()


@BESIDE
async def test_an_act_stands_when_nobody_can_be_woken(store: Store) -> None:
    """A logout removes the runtime folder under whoever still works."""
    folder = signal.runtime_folders(store.path)[0]
    for ear in folder.iterdir():
        ear.unlink()
    folder.rmdir()
    await store.write(_tell)
    assert await store.read(lambda tx: settings.get(tx, "told")) == "yes"


async def _tell(tx: Tx) -> None:
    await settings.put(tx, "told", "yes")
    tx.tell("entry", "1")


@BESIDE
async def test_the_ears_of_the_dead_are_removed(store: Store) -> None:
    folder = signal.runtime_folders(store.path)[0]
    dead = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    dead.bind(str(folder / "0-dead"))
    dead.close()
    await store.write(_tell)
    assert not (folder / "0-dead").exists()


@BESIDE
async def test_there_is_no_room(address: str, clock: ManualClock) -> None:
    with pytest.raises(Refused, match="there is no room at") as refused:
        await Store.open(address, clock, create=False)
    assert refused.value.code == "no-room"
    assert names_beside(address) == set()


async def test_an_empty_file_is_no_room_until_one_is_opened_there(
    tmp_path: Path, clock: ManualClock
) -> None:
    path = tmp_path / "empty.db"
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    with pytest.raises(Refused, match="there is no room at"):
        await Store.open(path, clock, create=False)
    opened = await Store.open(path, clock)
    await opened.close()
    assert await asyncio.to_thread(os.path.getsize, path)


async def test_a_folder_is_not_a_room(tmp_path: Path, clock: ManualClock) -> None:
    with pytest.raises(Refused, match="is not a file"):
        await Store.open(tmp_path, clock)


async def test_another_program_s_database_is_refused_and_left_as_it_is(
    tmp_path: Path, clock: ManualClock
) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE thing (id INTEGER)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(Refused, match="belongs to another program"):
        await Store.open(path, clock)
    assert path.read_bytes() == before


async def test_what_is_no_database_is_refused_and_left_as_it_is(
    tmp_path: Path, clock: ManualClock
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("buy milk\n" * 400)
    with pytest.raises(Unavailable) as refused:
        await Store.open(path, clock)
    assert refused.value.code == "damaged"
    assert path.read_text() == "buy milk\n" * 400


async def test_a_newer_room_is_refused(address: str, raw: Raw, clock: ManualClock) -> None:
    await (await Store.open(address, clock)).close()
    await asyncio.to_thread(set_schema, raw, address, SCHEMA + 1)
    with pytest.raises(Unavailable) as refused:
        await Store.open(address, clock)
    assert refused.value.code == "newer-room"
    await asyncio.to_thread(set_schema, raw, address, SCHEMA)
    await (await Store.open(address, clock)).close()


def _version(address: str) -> int:
    connection = sqlite3.connect(address)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


async def test_an_upgrade_under_our_feet_stops_writing_and_not_reading(
    store: Store, address: str, raw: Raw
) -> None:
    await store.write(lambda tx: settings.put(tx, "key", "before"))
    await asyncio.to_thread(set_schema, raw, address, SCHEMA + 1)
    with pytest.raises(Unavailable, match="was upgraded") as refused:
        await store.write(lambda tx: settings.put(tx, "key", "after"))
    assert refused.value.code == "newer-room"
    assert await store.read(lambda tx: settings.get(tx, "key")) == "before"
    await asyncio.to_thread(set_schema, raw, address, SCHEMA)
    await store.write(lambda tx: settings.put(tx, "key", "after"))


@BESIDE
async def test_an_older_room_is_backed_up_and_migrated_in_one_step(
    address: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await Store.open(address, clock)
    await first.write(lambda tx: settings.put(tx, "key", "kept"))
    await first.close()
    step = ("9 a cup", "CREATE TABLE cup (id INTEGER PRIMARY KEY) STRICT;")
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, step))
    monkeypatch.setattr(migrations, "SCHEMA", SCHEMA + 1)
    second = await Store.open(address, clock)
    assert await second.read(lambda tx: settings.get(tx, "key")) == "kept"
    rows = await second.read(lambda tx: tx.rows("SELECT name FROM migration ORDER BY name"))
    assert rows[-1] == ("9 a cup",)
    await second.close()
    copy = Path(f"{address}.before-schema-{SCHEMA + 1}")
    assert _mode(copy) == 0o600
    assert (_version(address), _version(str(copy))) == (SCHEMA + 1, SCHEMA)


@BESIDE
async def test_a_failed_migration_changes_nothing(
    address: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await Store.open(address, clock)).close()
    step = ("9 broken", "CREATE TABLE cup (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1);")
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, step))
    monkeypatch.setattr(migrations, "SCHEMA", SCHEMA + 1)
    with pytest.raises(Unavailable, match="no such table"):
        await Store.open(address, clock)
    assert _version(address) == SCHEMA
    monkeypatch.undo()
    await (await Store.open(address, clock)).close()


@BESIDE
async def test_a_link_and_its_room_share_their_locks(
    store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(store.path)
    other = await Store.open(link, clock)
    assert other.path == store.path
    await other.close()
    assert not (tmp_path / "link.db-gate").exists()


async def test_no_thread_outlives_a_refused_opening(tmp_path: Path, clock: ManualClock) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no database " * 100)
    before = threading.active_count()
    with pytest.raises(Unavailable):
        await Store.open(path, clock)

    async def gone() -> bool:
        return threading.active_count() <= before + 1  # the loop's own executor may have begun

    await until(gone)


async def test_a_closed_room_says_so(address: str, clock: ManualClock) -> None:
    store = await Store.open(address, clock)
    await store.close()
    await store.close()
    with pytest.raises(Unavailable, match="was closed"):
        await store.read(lambda tx: settings.get(tx, "key"))
    with pytest.raises(Unavailable, match="was closed"):
        await store.write(lambda tx: settings.put(tx, "key", "value"))


MOUNTS = """\
21 26 0:19 / /sys rw,nosuid shared:7 - sysfs sysfs rw
26 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
90 26 0:51 / /home rw,relatime shared:50 - nfs4 server:/home rw,vers=4.2
91 90 8:3 / /home/ada/local rw,relatime shared:51 - xfs /dev/sda3 rw
92 26 0:52 / /mnt/team\\040share rw,relatime shared:52 - cifs //server/share rw
93 26 0:53 / /mnt/größe rw,relatime shared:53 - fuse.sshfs host:/ rw
94 26 0:54 / /over rw,relatime - nfs server:/x rw
95 26 8:4 / /over rw,relatime - ext4 /dev/sda4 rw
garbage
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/room.db", ""),
        ("/home/bo/room.db", "nfs4"),
        ("/home/ada/local/room.db", ""),
        ("/homework/room.db", ""),
        ("/mnt/team share/room.db", "cifs"),
        ("/mnt/größe/room.db", "fuse.sshfs"),
        ("/over/room.db", ""),
    ],
)
def test_network_filesystems_are_known_by_their_mount(path: str, kind: str) -> None:
    assert files.remote_filesystem(Path(path), MOUNTS) == kind


async def test_a_room_on_a_network_filesystem_is_refused(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = f"40 1 0:40 / {tmp_path} rw - nfs4 server:/x rw\n"
    monkeypatch.setattr(files, "_mounts", lambda: mounts)
    with pytest.raises(Refused, match="network filesystem"):
        await Store.open(tmp_path / "new" / "room.db", clock)
    assert not (tmp_path / "new").exists()


async def test_a_failure_that_nobody_waits_for_any_more_writes_nothing(
    address: str, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    store = await Store.open(address, clock)
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    async def fails() -> None:
        loop.call_soon_threadsafe(begun.set)
        await asyncio.to_thread(go_on.wait)
        raise Unavailable("unreachable", "the server went away")

    asked = asyncio.ensure_future(store.submit(fails()))
    await begun.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    del asked
    go_on.set()
    await store.close()
    gc.collect()
    assert "never retrieved" not in caplog.text
