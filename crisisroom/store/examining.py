"""Facts about the engine below a room, for `doctor`: asked of it, judged elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Sequence

import msgspec

from crisisroom.store.tx import Tx

_QUICK = 20  # problems that a quick check names
_RESET = ((3, 7, 0), (3, 51, 2))  # versions in which a reset of the WAL could damage a file
_MENDED = ((3, 44, 6), (3, 50, 7))  # and the older series' own repairs of it
_PATIENCE = 2.0  # seconds for one server
_TABLES = ("entry", "sealed", "chain", "projection", "mention", "room")


class FileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What SQLite says of a room's file."""

    version: str
    racy: bool  # whether this version could lose what a reset of the WAL overlaps
    problems: tuple[str, ...]
    journal: str
    free_share: float  # of the file's pages: what `purge --compact` gives back


class ServerFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What PostgreSQL says of a room's database beside `Standing`, and of our way to it."""

    database: str
    standby: bool  # whether it only follows another server
    commit: str  # synchronous_commit
    behind: tuple[tuple[str, float], ...]  # standbys, and the seconds that they lack
    local: bool  # over a UNIX socket or this machine's own address
    seconds: float  # the server's clock, since 1970
    lacks: tuple[str, ...]  # tables that we cannot read or add to


async def file_facts(tx: Tx) -> FileFacts:
    """Ask SQLite; the quick check reads the whole file."""
    checked = await tx.rows(f"PRAGMA quick_check({_QUICK})")
    journal = await tx.row("PRAGMA journal_mode")
    pages, free = await tx.row("PRAGMA page_count"), await tx.row("PRAGMA freelist_count")
    problems = tuple(str(row[0]) for row in checked if row[0] != "ok")
    return FileFacts(
        version=sqlite3.sqlite_version,
        racy=racy(sqlite3.sqlite_version_info),
        problems=problems,
        journal=str(journal[0]) if journal else "",
        free_share=(free[0] / pages[0]) if pages and free and pages[0] else 0.0,
    )


def racy(version: tuple[int, ...]) -> bool:
    """Tell whether a version of SQLite has the race of the WAL's reset."""
    first, last = _RESET
    mended = any(version[:2] == one[:2] and version >= one for one in _MENDED)
    return first <= version <= last and not mended


async def server_facts(tx: Tx) -> ServerFacts:
    """Ask PostgreSQL, in one transaction."""
    told = await tx.row(
        "SELECT current_database()::text, pg_is_in_recovery(),"
        " current_setting('synchronous_commit'),"
        " CAST(extract(epoch FROM clock_timestamp()) AS float8),"
        " coalesce(inet_server_addr() = inet_client_addr(), true)"
    )
    assert told is not None
    behind = await tx.rows(
        "SELECT coalesce(application_name, ''),"
        " CAST(coalesce(extract(epoch FROM replay_lag), 0) AS float8)"
        " FROM pg_stat_replication ORDER BY application_name"
    )
    return ServerFacts(
        database=told[0],
        standby=told[1],
        commit=told[2],
        seconds=told[3],
        local=told[4],
        behind=tuple((row[0], row[1]) for row in behind),
        lacks=tuple([one for one in _TABLES if await _lacks(tx, one)]),
    )


async def _lacks(tx: Tx, table: str) -> bool:
    row = await tx.row(
        "SELECT has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')"
        " FROM pg_class c WHERE c.oid = to_regclass(CAST(? AS text))",
        (table,),
    )
    return row is None or not row[0]


async def answering(hosts: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Try every server at once; returns why one did not answer, empty for those that did."""
    answers = await asyncio.gather(*(_answers(*one) for one in hosts))
    return dict(zip(hosts, answers, strict=True))


async def _answers(host: str, port: int) -> str:
    try:
        async with asyncio.timeout(_PATIENCE):
            if host.startswith("/"):
                _, writer = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
            else:
                _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return f"no answer within {_PATIENCE:g} s"
    except OSError as error:
        return os.strerror(error.errno) if error.errno else type(error).__name__
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return ""
