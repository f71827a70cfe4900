"""Sweeping a room's tables on its server, so that what was deleted lies in no file of theirs.

Only their owner may do that; else the server does it by itself, in its own time. Its write-ahead
log, its standbys and its backups are never in our reach.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from crisisroom.store.address import ServerAddress
from crisisroom.store.postgres import migrations
from crisisroom.store.postgres.connection import Raw
from crisisroom.store.postgres.saying import said
from crisisroom.store.postgres.schema import SPACE
from crisisroom.store.postgres.servers import FAILURES, Lost, Servers, let_go

TRIES = 100  # times that those are waited for who still see what was deleted
_PAUSE = 0.1  # seconds between them
_LONGEST = 6 * 3600.0  # seconds for one table

_OURS = (
    "SELECT c.oid::regclass::text FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE n.nspname = $1 AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE') ORDER BY 1"
)
_NOW = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
# Whether all ended that was begun before, at the server at all, and what is seen here as of then.
_ENDED = (
    "WITH begun AS (SELECT CAST(CAST($1 AS text) AS xid8) AS at)"
    " SELECT pg_snapshot_xmin(pg_current_snapshot()) >= begun.at AND NOT EXISTS"
    " (SELECT 1 FROM pg_catalog.pg_stat_activity WHERE datname = current_database()"
    "  AND pid <> pg_backend_pid() AND age(backend_xmin) > age(CAST(begun.at AS xid)))"
    " FROM begun"
)


@asynccontextmanager
async def _reached(address: ServerAddress) -> AsyncIterator[Raw]:
    """Yield a connection of our own; what goes wrong comes up as a person's."""
    try:
        raw = await Servers(address).connect()
    except Lost as lost:
        raise migrations.unreachable(address.label, lost) from lost
    try:
        yield raw
    except FAILURES as error:
        raise said(error) from error
    finally:
        await let_go(raw)


async def sweep(address: ServerAddress, *, anew: bool) -> bool:
    """Clear the tables of what was deleted, where they are ours; `anew` writes their files anew.

    While a table is written anew nobody else can read it. False where somebody who reads on still
    sees what was deleted, or keeps a table from being written anew.
    """
    async with _reached(address) as raw:
        try:
            return await _swept(raw, anew=anew)
        except asyncpg.LockNotAvailableError:
            return False


async def _swept(raw: Raw, *, anew: bool) -> bool:
    alone = await _seen_by_nobody(raw)
    how = "FULL, ANALYZE" if anew else "ANALYZE"  # what it knows of a column's values is text, too
    for (table,) in await raw.fetch(_OURS, SPACE):
        await raw.execute(f"VACUUM ({how}) {table}", timeout=_LONGEST)
    return alone


async def _seen_by_nobody(raw: Raw) -> bool:
    """Wait until whoever read before has ended."""
    now: str = await raw.fetchval(_NOW)
    for _ in range(TRIES):
        if await raw.fetchval(_ENDED, now):
            return True
        await asyncio.sleep(_PAUSE)
    return False


async def is_owner(address: ServerAddress) -> bool:
    """Tell whether all tables are ours to sweep."""
    async with _reached(address) as raw:
        found = await raw.fetchval(f"SELECT count(*) FROM ({_OURS}) AS ours", SPACE)
        every = await raw.fetchval(
            "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = $1", SPACE
        )
        return bool(found == every)
