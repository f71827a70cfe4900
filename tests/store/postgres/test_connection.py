"""Statements on a server: few trips for each act, and never an answer that is out of date."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from engines import Databases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from room.people import PLAN

from crisisroom.room import Room, lifecycle, record
from crisisroom.store import Tx
from crisisroom.store.postgres.connection import PostgresConnection, Raw, is_plain_query
from crisisroom.store.tx import Connection, Row


class _Counted:
    """Has the trips to a server counted, as the statements that they are for."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        import asyncpg

        self.trips: list[str] = []
        for name in ("fetch", "execute", "executemany", "copy_records_to_table"):
            patch.setattr(
                asyncpg.Connection, name, self._counting(getattr(asyncpg.Connection, name))
            )

    def _counting(self, run: Callable[..., Any]) -> Callable[..., Any]:
        async def counted(raw: Raw, sql: str, *args: object, **options: object) -> object:
            self.trips.append(sql)
            return await run(raw, sql, *args, **options)

        return counted


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> _Counted:
    return _Counted(monkeypatch)


async def test_a_note_takes_eleven_trips_to_the_server(
    server: Databases, room: Room, counted: _Counted
) -> None:
    inc = (await lifecycle.declare(room, "far away", playbook=PLAN)).incident.id
    await record.note(room, inc, "the first")
    counted.trips.clear()
    await record.note(room, inc, "the press calls")
    assert len(counted.trips) <= 11, counted.trips
    for once in ("FROM restriction", "WHERE key", "head FROM chain", "INTO change"):
        assert len([sql for sql in counted.trips if once in sql]) == 1, once


@pytest.fixture
async def bare(server: Databases, room: Room) -> AsyncIterator[Raw]:
    import asyncpg

    raw: Raw = await asyncpg.connect(room.address)
    await raw.execute("SET search_path = crisisroom")
    yield raw
    await raw.close()


_ASKED = (
    "SELECT key, value FROM room ORDER BY key",
    "SELECT count(*) FROM room AS one, presence AS other",
    "SELECT r.key FROM change AS c JOIN room AS r ON r.key = c.topic ORDER BY r.key, c.seq",
    "SELECT (SELECT max(key) FROM room), key FROM (SELECT key FROM room) AS r ORDER BY key",
    "SELECT topic FROM change ORDER BY seq",
)
_DONE = (
    "INSERT INTO room VALUES (?, 'a') ON CONFLICT (key) DO NOTHING",
    "UPDATE room SET value = ?",
    "DELETE FROM room WHERE key = ?",
    "INSERT INTO change SELECT coalesce(max(seq), 0) + 1, ?, '', '' FROM change",
)
_STEPS = st.lists(
    st.sampled_from(_ASKED)
    | st.tuples(st.sampled_from(_DONE), st.sampled_from("xyz"), st.booleans()),
    max_size=14,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(_STEPS)
async def test_what_is_asked_again_is_what_the_server_would_say(
    bare: Raw, steps: list[str | tuple[str, str, bool]]
) -> None:
    await bare.execute("BEGIN")
    try:
        kept = PostgresConnection(bare)
        for step in steps:
            if isinstance(step, str):
                assert await kept.rows(step) == await PostgresConnection(bare).rows(step)
            elif step[2]:
                await kept.many(step[0], [(step[1],)])
            else:
                await kept.run(step[0], (step[1],))
    finally:
        await bare.execute("ROLLBACK")


async def test_only_few_and_small_answers_are_kept(server: Databases, bare: Raw) -> None:
    kept = PostgresConnection(bare)
    await kept.rows("SELECT CAST('x' AS bytea)")
    await kept.rows("SELECT n FROM generate_series(1, 51) AS n")
    assert not kept._answers
    for number in range(200):
        assert await kept.rows("SELECT CAST(? AS integer)", (number,)) == [(number,)]
        assert len(kept._answers) <= 64


async def test_a_long_look_keeps_no_other_reader_waiting(server: Databases, room: Room) -> None:
    engine = room.store.under.engine

    async def short(there: Connection) -> list[Row]:
        return await there.rows("SELECT 1", ())

    async def long(tx: Tx) -> list[Row]:
        await tx.row("SELECT count(*) FROM mention")
        async with asyncio.timeout(5):
            return await engine.read(short)

    assert await room.store.under.read(long) == [(1,)]


async def test_what_was_undone_is_not_remembered(server: Databases, room: Room) -> None:
    async def work(tx: Tx) -> list[Any]:
        await tx.run("SAVEPOINT one")
        await tx.run("INSERT INTO room VALUES ('undone', '')")
        found = [await tx.row("SELECT 1 FROM room WHERE key = 'undone'")]
        await tx.run("ROLLBACK TO one")
        return [*found, await tx.row("SELECT 1 FROM room WHERE key = 'undone'")]

    assert await room.store.under.write(work) == [(1,), None]


def test_what_changes_by_itself_is_asked_each_time() -> None:
    for sql in (
        "SELECT CAST(extract(epoch FROM clock_timestamp()) AS float8)",
        "SELECT setval('a', 1)",
        "SELECT pg_is_in_recovery()",
        "SELECT id FROM lease FOR UPDATE",
        "INSERT INTO change VALUES (1) RETURNING seq",
        "WITH gone AS (DELETE FROM change RETURNING seq) SELECT seq FROM gone",
    ):
        assert not is_plain_query(sql), sql
    assert is_plain_query("SELECT value FROM room WHERE key = ?")
