"""Bringing a room's tables up to date, once, in one transaction, after a backup."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import aiosqlite
import msgspec

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.timeline import stamp
from crisisroom.store import leftover
from crisisroom.store.copies import beside, publish
from crisisroom.store.rebuilding import rebuild_all
from crisisroom.store.schema import APPLICATION_ID, MIGRATIONS, MOVED, SCHEMA
from crisisroom.store.sqlite.connection import SqliteConnection
from crisisroom.store.tx import Tx


async def settle(connection: aiosqlite.Connection, now: datetime, path: Path) -> None:
    """Make the tables of an empty file, or migrate an older room; Refused for a newer one."""
    version = await _number(connection, "user_version")
    application = await _number(connection, "application_id")
    if version == 0 and application == 0 and not await _number(connection, "schema_version"):
        await _migrate(connection, 0, now)
        return
    if application != APPLICATION_ID:
        raise Refused("not-a-room", f"{path} belongs to another program", "--room names a room")
    if version > SCHEMA:
        raise newer(version)
    if version < SCHEMA:
        await _backup(connection, path, version)
        await _migrate(connection, version, now)


async def _number(connection: aiosqlite.Connection, pragma: str) -> int:
    found = list(await connection.execute_fetchall(f"PRAGMA {pragma}"))
    return int(found[0][0])


async def _migrate(connection: aiosqlite.Connection, version: int, now: datetime) -> None:
    steps = "".join(
        f"{script}\nINSERT INTO migration VALUES ('{name}', '{stamp(now)}');\n"
        for name, script in MIGRATIONS[version:]
    )
    await connection.executescript(
        f"BEGIN IMMEDIATE;\nPRAGMA application_id={APPLICATION_ID};\n{steps}"
        f"PRAGMA user_version={SCHEMA};"
    )
    try:
        if version:  # an earlier program kept less of what its logs tell
            await rebuild_all(Tx(SqliteConnection(connection)))
        await connection.execute("COMMIT")
    except BaseException:
        await connection.execute("ROLLBACK")
        raise


async def _backup(connection: aiosqlite.Connection, path: Path, version: int) -> None:
    leftover.clear(path.parent)  # what a start that was killed could not take away
    copy = path.with_name(f"{path.name}.before-schema-{version + 1}")
    if not copy.exists():
        with beside(copy) as made:  # half a copy never has the name of a whole one
            await connection.execute("VACUUM INTO ?", (str(made),))
            publish(made, copy)


async def require(tx: Tx, *, though_moved: bool = False) -> None:
    """Check that the room is still of the tables this program knows, and here; else Unavailable."""
    found = await tx.row(
        "SELECT user_version, (SELECT value FROM room WHERE key = ?) FROM pragma_user_version",
        (MOVED,),
    )
    version, gone = found or (0, None)
    if version != SCHEMA:
        raise newer(int(version))
    if gone and not though_moved:
        raise moved(str(gone))


def moved(value: str) -> Unavailable:
    """Return what a person is told who works in a room that lives elsewhere now."""
    known = msgspec.json.decode(value)
    return Unavailable(
        "moved",
        f"this room moved to {known['to']} at {known['at']}: nothing was changed here",
        f"--room {known['to']} opens it; crisisroom room stay takes the move back",
    )


def newer(version: int) -> Unavailable:
    """Return what a person is told whose program is older than the room."""
    return Unavailable(
        "newer-room",
        f"this room was upgraded (schema {version}); this program knows schema {SCHEMA}",
        "start the newer crisisroom; nothing was changed",
    )
