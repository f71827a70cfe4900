"""Bringing a room's tables up to date on a server: one at a time, under the room's lock."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.timeline import stamp
from crisisroom.store.migrations import newer
from crisisroom.store.postgres.connection import PostgresConnection, Raw
from crisisroom.store.postgres.rights import give, working
from crisisroom.store.postgres.schema import LOCK, SPACE, steps
from crisisroom.store.rebuilding import rebuild_all
from crisisroom.store.schema import MIGRATIONS, SCHEMA
from crisisroom.store.tx import Tx

_NAMES = tuple(name for name, _ in MIGRATIONS)
_STEPS = f"SELECT name FROM {SPACE}.migration ORDER BY name"  # who has no right is told so


async def settle(raw: Raw, label: str, now: datetime, *, create: bool) -> None:
    """Make the tables of an empty database, or migrate an older room; Refused for a newer one."""
    here = await found(raw, label)
    if here == SCHEMA:
        return
    if here is None and not create:
        hint = "crisisroom room prepare makes one; --room names another"
        raise Refused("no-room", f"there is no room at {label}", hint)
    await _change(raw, now, label)


async def _change(raw: Raw, now: datetime, label: str) -> None:
    async with raw.transaction():
        await raw.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        here = await found(raw, label)  # somebody may have been faster
        if here == SCHEMA:
            return
        roles = await working(raw) if here else ()
        try:
            if here is None:
                await raw.execute(f"CREATE SCHEMA IF NOT EXISTS {SPACE}")
            for name, script in steps()[here or 0 :]:
                await raw.execute(script)
                await raw.execute("INSERT INTO migration VALUES ($1, $2)", name, stamp(now))
        except asyncpg.InsufficientPrivilegeError as error:
            hint = f"crisisroom room prepare {label} --for ROLE, by the room's owner"
            what = "is not prepared" if here is None else f"is of schema {here}"
            raise Refused("not-prepared", f"the room at {label} {what}", hint) from error
        if here:
            await rebuild_all(Tx(PostgresConnection(raw)))
        for role in roles:
            await give(raw, role)


async def found(raw: Raw, label: str) -> int | None:
    """Return the schema of the room that is there, None where there is none."""
    tables = {
        row[0]
        for row in await raw.fetch(
            "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = $1", SPACE
        )
    }
    if not tables:
        return None
    if "migration" not in tables:
        message = f"{label} has a schema {SPACE} that is another program's"
        raise Refused("not-a-room", message, "--room names a room")
    names = [row[0] for row in await raw.fetch(_STEPS)]
    if len(names) > SCHEMA:
        raise newer(len(names))
    if tuple(names) != _NAMES[: len(names)]:
        raise Refused("not-a-room", f"the tables at {label} are another program's")
    return len(names)


def unreachable(label: str, why: BaseException) -> Unavailable:
    """Return what a person is told when no primary answers."""
    message = f"{label} does not answer: {why}"
    hint = "nothing was changed; see that the server runs and can be reached, then try again"
    return Unavailable("unreachable", message, hint)
