"""A room of an earlier schema becomes one of ours: nothing lost, never half."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from room.people import PLAN
from store.processes import start

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Unavailable
from crisisroom.core.mention import Incoming
from crisisroom.core.query import Query
from crisisroom.room import Actor, Room, corrective, lifecycle, record, verifying
from crisisroom.store import SCHEMA, Store, Tx, eyes, mentions, migrations, restricting, settings
from crisisroom.store.schema import MIGRATIONS

MANY = 300


@contextmanager
def older_schema(monkeypatch: pytest.MonkeyPatch, schema: int = 1) -> Iterator[None]:
    """Be the program that knows the first schema only, or some more."""
    with monkeypatch.context() as older:
        older.setattr(migrations, "MIGRATIONS", MIGRATIONS[:schema])
        older.setattr(migrations, "SCHEMA", schema)
        older.setattr(restricting, "_known", _nothing_shut)  # it knew of no such tables
        older.setattr(eyes, "kept_from", _nothing_kept)
        yield


async def _nothing_shut(tx: Tx, chain: str) -> dict[int, frozenset[str]]:
    return {}


async def _nothing_kept(tx: Tx, person: str) -> restricting.Kept:
    return restricting.NOTHING


@pytest.fixture
async def old(tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A room as the first schema left it: an incident, and mentions, one of them linked."""
    path = tmp_path / "old" / "room.db"
    with older_schema(monkeypatch):
        async with await Room.open(str(path), actor=Actor("ada"), clock=clock) as room:
            acted = await lifecycle.declare(room, "Kettles smoke", playbook=PLAN)
            await record.note(room, acted.incident.id, "the plant called back")
    connection = sqlite3.connect(path)
    _fill(connection, acted.incident.uid)
    connection.execute(
        "UPDATE projection SET body = json_remove(body, '$.warnings', '$.stories')"
        " WHERE kind = 'incident'"
    )
    connection.commit()
    connection.close()
    return path


def _fill(connection: sqlite3.Connection, chain: str) -> None:
    for number in range(1, MANY + 1):
        at = "2026-11-21T02:07:00.000Z"
        connection.execute(
            "INSERT INTO mention (id, uid, source, external_id, kind, brand, account, handle, name,"
            " reach, text, url, lang, media, reply_to, posted_at, seen_at, state, incident, tags)"
            " VALUES (?, ?, 'masto', ?, 'post', '', '', 'pat', 'Pat', 7, ?, '', 'en', '[]', '',"
            " ?, ?, ?, ?, 'troll')",
            (
                *(number, f"uid-{number}", f"post-{number}", f"kettle number {number} burnt"),
                *(at, at, "claimed" if number == 3 else "new", chain if number == 3 else ""),
            ),
        )
        connection.execute(
            "INSERT INTO mention_words (rowid, text, handle, name)"
            " SELECT id, text, handle, name FROM mention WHERE id = ?",
            (number,),
        )
        connection.execute(
            "INSERT INTO original VALUES (?, 1, ?, CAST(? AS BLOB), CAST('[]' AS BLOB), 'hash')",
            (number, at, f"kettle number {number} burnt"),
        )


def _asked(path: Path, sql: str) -> list[Any]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def _whole(path: Path) -> bool:
    return _asked(path, "PRAGMA integrity_check") == [("ok",)]


async def test_nothing_is_lost_and_every_hash_holds(old: Path, clock: ManualClock) -> None:
    before = _asked(old, "SELECT * FROM mention ORDER BY id")
    log = _asked(old, "SELECT * FROM entry ORDER BY chain, seq")
    async with await Room.open(str(old), actor=Actor("ada"), clock=clock) as room:
        read = room.store.read
        assert all(not chain.problems for chain in await verifying.verify(room))
        found = await read(lambda tx: mentions.find(tx, Query(text='"number 3 burnt"')))
        assert [(one.id, one.incident, one.state) for one in found] == [("M-3", "INC-1", "claimed")]
        assert (found[0].tags, found[0].terms, found[0].priority) == (("troll",), (), 0.0)
        assert await read(lambda tx: mentions.count(tx, Query())) == MANY
        assert await read(lambda tx: mentions.count(tx, Query(text="kettle"))) == MANY
        assert await read(lambda tx: mentions.original(tx, 9)) == b"kettle number 9 burnt"
        item = Incoming(text="one more", source="masto", external_id="new")
        more = await room.store.write(lambda tx: mentions.ingest(tx, [item], clock.now()))
        assert more.added == (MANY + 1,)
    width = len(before[0])
    after = _asked(old, f"SELECT * FROM mention WHERE id <= {MANY} ORDER BY id")
    assert [row[:width] for row in after] == before
    assert _asked(old, "SELECT * FROM entry ORDER BY chain, seq")[: len(log)] == log
    copy = old.with_name("room.db.before-schema-2")
    assert _asked(copy, "PRAGMA user_version") == [(1,)]
    assert _asked(copy, "SELECT * FROM mention ORDER BY id") == before


async def test_a_new_room_and_a_migrated_one_have_the_same_tables(
    old: Path, clock: ManualClock, tmp_path: Path
) -> None:
    await (await Store.open(old, clock)).close()
    new = tmp_path / "new.db"
    await (await Store.open(new, clock)).close()
    sql = "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    assert _asked(old, sql) == _asked(new, sql)


async def test_two_programs_that_open_at_once_migrate_once(old: Path, clock: ManualClock) -> None:
    started = [await start("count", str(old), str(number), "1") for number in range(3)]
    here = await Store.open(old, clock)
    for process in started:
        _, said = await process.communicate()
        assert process.returncode == 0, said
    assert await here.read(lambda tx: settings.get(tx, "count")) == "3"
    names = await here.read(lambda tx: tx.rows("SELECT name FROM migration ORDER BY name"))
    assert names == [(name,) for name, _ in MIGRATIONS]
    await here.close()
    assert _whole(old)


async def test_the_older_program_reads_on_and_says_why_it_writes_no_more(
    old: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with older_schema(monkeypatch):
        older = await Store.open(old, clock)
    await (await Store.open(old, clock)).close()
    with older_schema(monkeypatch):
        with pytest.raises(Unavailable) as refused:
            await older.write(lambda tx: settings.put(tx, "key", "value"))
        found = await older.read(lambda tx: tx.rows("SELECT count(*) FROM mention"))
        await older.close()
        with pytest.raises(Unavailable, match="knows schema 1"):
            await Store.open(old, clock)
    assert (refused.value.code, found) == ("newer-room", [(MANY,)])
    assert f"was upgraded (schema {SCHEMA})" in refused.value.message
    assert "newer crisisroom" in refused.value.hint


@pytest.mark.parametrize("steps", [1, 20, 100, 500, 1_000, 2_000, 4_000])
async def test_killed_within_the_migration_it_is_the_old_room_or_the_new(
    old: Path, clock: ManualClock, tmp_path: Path, steps: int
) -> None:
    path = tmp_path / "killed" / "room.db"
    shutil.copytree(old.parent, path.parent)
    process = await start("migrate", str(path), str(steps))
    await process.communicate()
    assert process.returncode == -signal.SIGKILL
    version = _asked(path, "PRAGMA user_version")[0][0]
    assert version in (1, SCHEMA)
    assert _whole(path)
    assert _asked(path, "SELECT count(*) FROM mention") == [(MANY,)]
    added = [row[1] for row in _asked(path, "PRAGMA table_info(mention)")]
    assert ("priority" in added) == (version == SCHEMA)
    store = await Store.open(path, clock)
    assert await store.read(lambda tx: mentions.count(tx, Query(text="burnt"))) == MANY
    await store.close()
    assert _asked(path, "PRAGMA user_version") == [(SCHEMA,)]


async def test_a_backup_is_of_the_room_as_it_was(old: Path, clock: ManualClock) -> None:
    """A second try does not write over what the first one kept."""
    copy = old.with_name("room.db.before-schema-2")
    shutil.copyfile(old, copy)
    kept = await asyncio.to_thread(copy.read_bytes)
    await (await Store.open(old, clock)).close()
    assert await asyncio.to_thread(copy.read_bytes) == kept


async def _verified(path: Path, clock: ManualClock) -> list[str]:
    async with await Room.open(str(path), actor=Actor("ada"), clock=clock) as room:
        return [str(one) for chain in await verifying.verify(room) for one in chain.problems]


async def test_tables_say_what_the_logs_say_that_an_earlier_program_kept_less_of(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "room.db"
    with older_schema(monkeypatch, 3):
        async with await Room.open(str(path), actor=Actor("ada"), clock=clock) as room:
            inc = (await lifecycle.declare(room, "Kettles smoke", playbook=PLAN)).incident.id
            await record.decide(room, inc, "stop the sale", why="children use it")
            await corrective.add(room, inc, "another valve")
            await corrective.done(room, inc, "A-1")
    connection = sqlite3.connect(path)
    for kind, less in (("action", ("closed_at", "outcome")), ("incident", ("decisions[0].entry",))):
        for field in less:
            sql = "UPDATE projection SET body = json_remove(body, ?) WHERE kind = ?"
            assert connection.execute(sql, (f"$.{field}", kind)).rowcount == 1
    connection.commit()
    connection.close()
    assert await _verified(path, clock) == []


async def test_a_log_that_was_changed_keeps_nobody_from_the_others(
    tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "room.db"
    with older_schema(monkeypatch, 3):
        async with await Room.open(str(path), actor=Actor("ada"), clock=clock) as room:
            await lifecycle.declare(room, "Kettles smoke", playbook=PLAN)
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER entry_unchanged")
    connection.execute("UPDATE entry SET data = '{}' WHERE seq = 1 AND chain != 'room'")
    connection.commit()
    connection.close()
    rows = _asked(path, "SELECT * FROM projection ORDER BY kind, id")
    found = await _verified(path, clock)
    assert any("INC-1 entry 1" in one for one in found)
    assert _asked(path, "SELECT * FROM projection ORDER BY kind, id") == rows
