"""`room`: where the room lies, and making one on PostgreSQL for a team on many machines."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, takes
from crisisroom.core.errors import Usage

if TYPE_CHECKING:
    from crisisroom.store import Store
    from crisisroom.store.postgres.preparing import Prepared
    from crisisroom.store.postgres.standing import Standing

_HOW = "crisisroom room prepare postgresql://OWNER@HOST/NAME --for ROLE"


async def _prepare(context: Context, args: Namespace) -> int:
    from crisisroom.store.address import ServerAddress, parse
    from crisisroom.store.postgres import needs_asyncpg

    address = parse(args.url or context.address())
    if not isinstance(address, ServerAddress):
        raise Usage("address", f"{address.label} is a file, which needs no preparing", _HOW)
    needs_asyncpg()
    from crisisroom.store.postgres.preparing import prepare

    done = await prepare(address, args.roles, context.clock.now())
    context.show(
        lambda: {
            "room": done.room,
            "owner": done.owner,
            "roles": list(done.roles),
            "made": done.made,
            "schema": done.schema,
        },
        lambda: _prepared(done),
    )
    return 0


def _prepared(done: Prepared) -> Iterator[str]:
    what = "is made" if done.made else "was there"
    yield f"{done.room} {what}: schema {done.schema}, its tables belong to {done.owner}"
    for role in done.roles:
        yield f"{role} may work in it: of the log it may read and add, and change nothing"
    if not done.roles:
        yield f"nobody but {done.owner} may work in it yet, who could rewrite the log: --for ROLE"


async def _show(context: Context, args: Namespace) -> int:
    from crisisroom.store import Store
    from crisisroom.store.address import ServerAddress, parse

    if not isinstance(parse(context.address()), ServerAddress):
        room = await context.here()
        return await _tell(context, room.store.under)
    # To open it as a room would begin one, and then none could be moved there any more.
    store = await Store.open(context.address(), context.clock, create=False)
    try:
        return await _tell(context, store)
    finally:
        await store.close()


async def _tell(context: Context, store: Store) -> int:
    found = await _standing(store)
    context.show(lambda: _shown(store, found), lambda: _told(store, found))
    return 0


async def _standing(store: Store) -> Standing | None:
    if store.kind == "sqlite":
        return None
    from crisisroom.store.postgres.engine import PostgresEngine

    engine = store.engine
    assert isinstance(engine, PostgresEngine)
    return await store.submit(engine.standing())


def _shown(store: Store, found: Standing | None) -> dict[str, Any]:
    from crisisroom.store import SCHEMA

    known: dict[str, Any] = {"room": store.label, "engine": store.kind, "schema": SCHEMA}
    if found is None:
        return known | {"bytes": store.path.stat().st_size}
    return known | {
        "server": found.server,
        "host": found.host,
        "user": found.user,
        "appends_only": found.appends_only,
        "durable": found.durable,
        "waits_for": found.waits_for,
        "standbys": list(found.standbys),
        "encrypted": found.encrypted,
        "bytes": found.bytes,
        "free_connections": found.free_connections,
    }


def _told(store: Store, found: Standing | None) -> Iterator[str]:
    from crisisroom.store import SCHEMA

    if found is None:
        size = store.path.stat().st_size
        yield f"{store.label}: a file of {size >> 20:,} MiB, schema {SCHEMA}, for one machine"
        return
    where = f" at {found.host}" if found.host else ""
    held = f"{found.bytes >> 20:,} MiB"
    yield f"{store.label}: PostgreSQL {found.server}{where}, {held}, schema {SCHEMA}"
    yield f"you are {found.user} there, {'encrypted' if found.encrypted else 'in the clear'}"
    yield (
        "the log is append-only by privilege"
        if found.appends_only
        else f"{found.user} could rewrite the log: work as a role that {_HOW} gives rights to"
    )
    if not found.durable:
        yield "the server says yes before it is on its disk (fsync, synchronous_commit)"
    yield (
        f"a commit waits for {found.waits_for}"
        if found.waits_for
        else "a commit waits for no standby: what is acknowledged may be lost with this server"
    )
    for one in found.standbys:
        yield f"standby {one}"
    yield f"{found.free_connections} connections are free; a screen takes up to 4"


VERBS = {
    "room prepare": Verb(
        _prepare,
        takes(
            arg(
                "url",
                "postgresql://OWNER@HOST/NAME: OWNER makes the tables, owns them, and works"
                " elsewhere; without it --room",
                nargs="?",
                default="",
            ),
            arg(
                "--for",
                "a second role, which works in it: of the log it may read and add, never change;"
                " may be given more than once",
                dest="roles",
                metavar="ROLE",
                action="append",
                default=[],
            ),
        ),
    ),
    "room show": Verb(_show, serves=True),
}
