"""The log is append-only by privilege: a role that works in a room cannot rewrite it."""

from __future__ import annotations

import asyncpg
import pytest
from engines import OWNER, WORKER, Databases, owned

from crisisroom.clock import SystemClock
from crisisroom.core.errors import Refused
from crisisroom.room import Room
from crisisroom.store import SCHEMA, Store
from crisisroom.store.address import ServerAddress, parse
from crisisroom.store.postgres.engine import PostgresEngine
from crisisroom.store.postgres.preparing import prepare

NOW = SystemClock().now()

FORBIDDEN = [
    "UPDATE entry SET actor = 'x'",
    "UPDATE entry SET data = '{}'",
    "DELETE FROM entry",
    "TRUNCATE entry CASCADE",
    "UPDATE sealed SET digest = ''",
    "DELETE FROM sealed",
    "TRUNCATE sealed",
    "UPDATE chain SET id = 'x'",
    "DELETE FROM chain",
    "DELETE FROM migration",
    "INSERT INTO migration VALUES ('9', '')",
    "ALTER TABLE entry DISABLE TRIGGER ALL",
    "ALTER TABLE entry DISABLE TRIGGER entry_kept",
    "DROP TRIGGER entry_kept ON entry",
    "DROP TABLE sealed",
    "DROP SCHEMA crisisroom CASCADE",
    "CREATE TABLE crisisroom.mine (a int)",
    "CREATE RULE r AS ON INSERT TO entry DO INSTEAD NOTHING",
    "CREATE OR REPLACE FUNCTION log_only_grows() RETURNS trigger LANGUAGE sql AS ''",
    "ALTER TABLE entry OWNER TO worker",
    "SET session_replication_role = replica",
    "SET ROLE postgres",
    "ALTER TABLE entry RENAME TO kept",
    "CREATE UNIQUE INDEX x ON entry (seq)",
    "BEGIN; LOCK TABLE entry IN ACCESS EXCLUSIVE MODE",
]


def _server(address: str) -> ServerAddress:
    parsed = parse(address)
    assert isinstance(parsed, ServerAddress)
    return parsed


async def test_a_role_that_works_here_can_rewrite_nothing(server: Databases, room: Room) -> None:
    before = server.raw(room.address, "SELECT * FROM entry ORDER BY chain, seq")
    raw = await asyncpg.connect(room.address)
    try:
        await raw.execute("SET search_path = crisisroom")
        for sql in FORBIDDEN:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await raw.execute(sql)
    finally:
        await raw.close()
    assert server.raw(room.address, "SELECT * FROM entry ORDER BY chain, seq") == before
    assert before


async def test_without_any_trigger_the_rights_alone_keep_the_log(
    server: Databases, room: Room
) -> None:
    before = server.raw(room.address, "SELECT * FROM entry ORDER BY chain, seq")
    server.raw(room.address, "ALTER TABLE entry DISABLE TRIGGER ALL")
    server.raw(room.address, "ALTER TABLE sealed DISABLE TRIGGER ALL")
    raw = await asyncpg.connect(room.address)
    try:
        await raw.execute("SET search_path = crisisroom")
        for sql in FORBIDDEN:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await raw.execute(sql)
            await raw.execute("ROLLBACK")
    finally:
        await raw.close()
    assert server.raw(room.address, "SELECT * FROM entry ORDER BY chain, seq") == before


async def test_the_owner_is_kept_from_slips_by_triggers(server: Databases, room: Room) -> None:
    raw = await asyncpg.connect(owned(room.address))
    try:
        await raw.execute("SET search_path = crisisroom")
        for sql in ("DELETE FROM entry", "UPDATE entry SET role = ''", "TRUNCATE entry CASCADE"):
            with pytest.raises(asyncpg.RaiseError, match="the log only grows"):
                await raw.execute(sql)
        for sql in ("UPDATE sealed SET words = 'other'", "UPDATE sealed SET salt = ''"):
            with pytest.raises(asyncpg.RaiseError, match="can only be erased"):
                await raw.execute(sql)
        await raw.execute("UPDATE sealed SET words = '[erased]', salt = ''")
    finally:
        await raw.close()


async def test_a_sealed_text_is_erased_by_who_works_here(server: Databases, room: Room) -> None:
    erase = "UPDATE sealed SET words = '[erased]', salt = '' WHERE chain = ?"
    assert await room.store.write(lambda tx: tx.run(erase, ("room",))) >= 1


async def test_preparing_again_changes_nothing_and_takes_back_what_is_too_much(
    server: Databases, address: str
) -> None:
    server.raw(address, f"GRANT ALL ON entry TO {WORKER}")
    server.raw(address, f"GRANT CREATE ON SCHEMA crisisroom TO {WORKER}")
    done = await prepare(_server(owned(address)), [WORKER], NOW)
    assert (done.owner, done.roles, done.made, done.schema) == (OWNER, (WORKER,), False, SCHEMA)
    rights = server.raw(
        address,
        "SELECT privilege_type::text FROM information_schema.role_table_grants"
        f" WHERE grantee = '{WORKER}' AND table_name = 'entry' ORDER BY 1",
    )
    assert [row[0] for row in rights] == ["INSERT", "SELECT"]
    made = f"SELECT has_schema_privilege('{WORKER}', 'crisisroom', 'CREATE')"
    assert server.raw(address, made) == [(False,)]


async def test_who_could_rewrite_the_log_is_refused(server: Databases, address: str) -> None:
    with pytest.raises(Refused, match=f"{OWNER} could rewrite the log"):
        await prepare(_server(owned(address)), [OWNER], NOW)
    with pytest.raises(Refused, match="has no role nobody-here") as refused:
        await prepare(_server(owned(address)), ["nobody-here"], NOW)
    assert "CREATE ROLE" in refused.value.hint
    with pytest.raises(Refused, match="could rewrite the log"):
        await prepare(_server(address), [WORKER], NOW)


async def test_after_a_migration_roles_have_their_rights_again(
    server: Databases, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crisisroom.store.postgres import migrations, schema

    later = (*schema.steps(), ("6 later", "CREATE TABLE later (a BIGINT PRIMARY KEY);"))
    monkeypatch.setattr(migrations, "steps", lambda: later)
    monkeypatch.setattr(migrations, "SCHEMA", SCHEMA + 1)
    monkeypatch.setattr(migrations, "_NAMES", tuple(name for name, _ in later))
    with pytest.raises(Refused, match=f"is of schema {SCHEMA}"):
        await Store.open(address, SystemClock())
    await (await Store.open(owned(address), SystemClock())).close()
    here = await Store.open(address, SystemClock())
    try:
        assert await here.read(lambda tx: tx.rows("SELECT * FROM later")) == []
    finally:
        await here.close()


async def test_the_server_says_who_one_is_and_how_it_stands(server: Databases, room: Room) -> None:
    store = room.store.under
    assert store.session_user == WORKER
    engine = store.engine
    assert isinstance(engine, PostgresEngine)
    found = await store.submit(engine.standing())
    assert (found.user, found.appends_only, found.waits_for) == (WORKER, True, "")
    assert found.bytes > 0
    assert found.free_connections > 0
