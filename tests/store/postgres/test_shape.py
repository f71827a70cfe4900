"""What somebody with the server's password changed behind the room's back is named by verify."""

from __future__ import annotations

import asyncio

import pytest
from conftest import Raw
from engines import Databases
from room.people import declared

from crisisroom.room import Room, record, verifying
from crisisroom.store import shape


async def _problems(room: Room) -> list[str]:
    return [str(one) for chain in await verifying.verify(room) for one in chain.problems]


async def test_nothing_is_wrong_with_a_room_as_it_is_made(server: Databases, room: Room) -> None:
    await declared(room)
    assert await room.store.under.read(shape.flaws) == ()
    assert await _problems(room) == []


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DROP TRIGGER entry_kept ON entry", "the trigger entry_kept is missing"),
        ("ALTER TABLE sealed DISABLE TRIGGER sealed_erased", "sealed_erased is switched off"),
        (
            "CREATE OR REPLACE FUNCTION log_only_grows() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NULL; END $$",
            "the function log_only_grows is not as this program makes it",
        ),
        (
            "DROP TRIGGER entry_unchanged ON entry;"
            "CREATE TRIGGER entry_unchanged BEFORE UPDATE OF kind ON entry"
            " FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows()",
            "the trigger entry_unchanged is not as this program makes it",
        ),
        (
            "CREATE TRIGGER quiet BEFORE INSERT ON mention"
            " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "mention has a trigger quiet that this program did not make",
        ),
        ("CREATE RULE quiet AS ON INSERT TO entry DO INSTEAD NOTHING", "entry has a rule quiet"),
        ("CREATE TABLE mine (id bigint)", "a table mine that this program did not make"),
        ("CREATE VIEW mine AS SELECT 1 AS one", "a table mine that this program did not make"),
        ("ALTER TABLE entry ADD COLUMN mine text", "entry has a column mine that this program"),
        ("ALTER TABLE entry ALTER COLUMN actor DROP NOT NULL", "the column actor of entry is not"),
        ("ALTER TABLE bucket ALTER COLUMN mentions TYPE integer", "the column mentions of bucket"),
        ("ALTER TABLE place DROP COLUMN extra", "the column extra of place is not"),
        ("DROP TABLE said", "the table said is missing"),
        ("DROP INDEX mention_by_lang", "the index mention_by_lang is missing"),
        ("CREATE INDEX mine ON mention (url)", "an index mine that this program did not make"),
        ("UPDATE migration SET name = '5 mine' WHERE name LIKE '5%'", "the steps that made its"),
    ],
)
async def test_other_tables_are_named(
    server: Databases, room: Room, raw: Raw, sql: str, told: str
) -> None:
    for one in [sql] if "$$" in sql else sql.split(";"):
        await asyncio.to_thread(raw, room.address, one)
    flaws = await room.store.under.read(shape.flaws)
    assert [one for one in flaws if told in one], flaws


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET data = replace(data, 'title', 'Title') WHERE kind = 'incident.declared'",
        "UPDATE entry SET actor = 'bo' WHERE kind = 'note.added'",
        "UPDATE entry SET at = '2026-01-01T00:00:00.000Z' WHERE kind = 'note.added'",
        "UPDATE sealed SET words = 'all is well' WHERE words = 'the press calls'",
        "DELETE FROM entry WHERE kind = 'note.added'",
        "DELETE FROM sealed WHERE words = 'the press calls'",
        "UPDATE chain SET seq = seq - 1 WHERE id <> 'room'",
        "DELETE FROM projection WHERE kind = 'incident'",
        "UPDATE projection SET body = '{}' WHERE kind = 'incident'",
        "DELETE FROM chain WHERE id <> 'room'",
    ],
)
async def test_a_log_that_was_changed_is_named(
    server: Databases, room: Room, raw: Raw, sql: str
) -> None:
    acted = await declared(room)
    await record.note(room, acted.incident.id, "the press calls")
    assert await _problems(room) == []
    await asyncio.to_thread(raw, room.address, sql)
    assert await _problems(room)
