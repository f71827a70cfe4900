"""Making a room on a server for roles that work in it: append-only by privilege, too.

The room's tables belong to whoever prepares it. A role that works there reads and writes; of the
log it may only read and add, of a sealed text only erase, and it may change no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from crisisroom.core.errors import Refused
from crisisroom.store.address import ServerAddress
from crisisroom.store.postgres import migrations
from crisisroom.store.postgres.connection import Raw
from crisisroom.store.postgres.rights import give, may_rewrite
from crisisroom.store.postgres.saying import said
from crisisroom.store.postgres.servers import FAILURES, Lost, Servers, let_go
from crisisroom.store.schema import SCHEMA


class Prepared(msgspec.Struct, frozen=True):
    """A room that is ready: where, whose its tables are, and who may work in it."""

    room: str
    owner: str
    roles: tuple[str, ...]
    made: bool  # whether there was none before
    schema: int = SCHEMA


async def prepare(address: ServerAddress, roles: Sequence[str], now: datetime) -> Prepared:
    """Make or migrate the room's tables and give roles their rights; again is harmless.

    Refused where a role is missing, or could rewrite the log whatever it is granted.
    """
    try:
        raw = await Servers(address).connect()
    except Lost as lost:
        raise migrations.unreachable(address.label, lost) from lost
    try:
        return await _prepared(raw, address.label, roles, now)
    except FAILURES as error:
        raise said(error) from error
    finally:
        await let_go(raw)


async def _prepared(raw: Raw, label: str, roles: Sequence[str], now: datetime) -> Prepared:
    owner = str(await raw.fetchval("SELECT session_user"))
    for role in roles:
        await _check(raw, role, owner)
    made = await migrations.found(raw, label) is None
    await migrations.settle(raw, label, now, create=True)
    async with raw.transaction():
        for role in roles:
            try:
                await give(raw, role)
            except asyncpg.InsufficientPrivilegeError as error:
                message = f"the tables at {label} are not {owner}'s to give rights on"
                raise Refused("not-allowed", message, "prepare it as their owner") from error
    return Prepared(label, owner, tuple(roles), made)


async def _check(raw: Raw, role: str, owner: str) -> None:
    known = "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1"
    if await raw.fetchval(known, role) is None:
        hint = f'CREATE ROLE "{role}" LOGIN; its password stands in ~/.pgpass of who uses it'
        raise Refused("no-role", f"the server has no role {role}", hint)
    if role == owner or await may_rewrite(raw, role):
        raise Refused(
            "too-mighty",
            f"{role} could rewrite the log: it owns the tables, or is a superuser",
            "let another role prepare the room, and this one only work in it",
        )
