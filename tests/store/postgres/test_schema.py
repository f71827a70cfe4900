"""Both engines have the same tables, columns, keys and indexes, whatever is added to either."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from engines import Databases, owned

from crisisroom.clock import ManualClock, SystemClock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.store import SCHEMA, Store, Tx
from crisisroom.store.postgres.dialect import translated

_TYPES = {"TEXT": "text", "INTEGER": "bigint", "REAL": "double precision", "BLOB": "bytea"}
_HERE_ONLY = {"landed", "mention_words"}  # how this engine finds words, and its own writes

Columns = dict[str, dict[str, tuple[str, bool, str]]]


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    path = tmp_path / "room.db"
    await (await Store.open(path, SystemClock())).close()
    return path


def _columns_of_file(path: Path) -> Columns:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
            " AND name NOT LIKE 'mention_words%' AND name NOT LIKE 'sqlite_%'"
        )
        return {
            name: {
                column: (_TYPES[kind], bool(needed or key), _plain(usual))
                for _, column, kind, needed, usual, key in connection.execute(
                    f"PRAGMA table_info({name})"
                )
            }
            for (name,) in names.fetchall()
        }


def _plain(usual: object) -> str:
    return str(usual or "").removesuffix("::text")


def _columns_of_server(server: Databases, address: str) -> Columns:
    found: Columns = {}
    for table, column, kind, free, usual in server.raw(
        address,
        "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES',"
        " column_default::text FROM information_schema.columns"
        " WHERE table_schema = 'crisisroom'",
    ):
        found.setdefault(table, {})[column] = (kind, not free, _plain(usual))
    return {table: columns for table, columns in found.items() if table not in _HERE_ONLY}


async def test_tables_and_columns_are_the_same(server: Databases, address: str, file: Path) -> None:
    assert _columns_of_server(server, address) == _columns_of_file(file)


async def test_keys_are_the_same(server: Databases, address: str, file: Path) -> None:
    theirs = {
        (table, kind, tuple(columns))
        for table, kind, columns in server.raw(
            address,
            "SELECT c.relname::text, k.contype::text, array_agg(a.attname::text"
            "  ORDER BY array_position(k.conkey, a.attnum))"
            " FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid"
            " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)"
            " WHERE n.nspname = 'crisisroom' AND k.contype IN ('p', 'u', 'f')"
            " GROUP BY k.oid, c.relname, k.contype",
        )
        if table not in _HERE_ONLY
    }
    assert theirs == _keys_of_file(file)


def _keys_of_file(path: Path) -> set[tuple[str, str, tuple[str, ...]]]:
    found = set()
    with closing(sqlite3.connect(path)) as connection:
        for table in _columns_of_file(path):
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            ordered = sorted((key, name) for _, name, _, _, _, key in columns if key)
            found.add((table, "p", tuple(name for _, name in ordered)))
            for row in connection.execute(f"PRAGMA index_list({table})").fetchall():
                if row[3] == "u":
                    named = connection.execute(f"PRAGMA index_info({row[1]})").fetchall()
                    found.add((table, "u", tuple(name for _, _, name in named)))
            groups: dict[int, list[str]] = {}
            for number, _, to, column, *_ in connection.execute(
                f"PRAGMA foreign_key_list({table})"
            ):
                if to != "mention":  # see `test_what_is_a_mention_s_goes_with_it`
                    groups.setdefault(number, []).append(column)
            found |= {(table, "f", tuple(columns)) for columns in groups.values()}
    return found


async def test_what_is_a_mention_s_goes_with_it(
    server: Databases, address: str, file: Path
) -> None:
    with closing(sqlite3.connect(file)) as connection:
        tables = {
            table
            for table in _columns_of_file(file)
            for row in connection.execute(f"PRAGMA foreign_key_list({table})")
            if row[2] == "mention" and (row[3], row[6]) == ("mention", "CASCADE")
        }
    ((code,),) = server.raw(address, "SELECT prosrc FROM pg_proc WHERE proname = 'mention_gone'")
    assert set(re.findall(r"DELETE FROM (\w+)", code)) == tables | {"mention_words"}


async def test_indexes_are_the_same(server: Databases, address: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        ours = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
    theirs = server.raw(
        address,
        "SELECT c.relname::text FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid"
        " JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = 'crisisroom'"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = c.oid)",
    )
    assert {row[0] for row in theirs} - {"mention_words_said"} == {row[0] for row in ours}


async def test_texts_are_ordered_by_their_bytes(server: Databases, address: str) -> None:
    rows = server.raw(
        address,
        "SELECT DISTINCT collation_name::text FROM information_schema.columns"
        " WHERE table_schema = 'crisisroom' AND data_type = 'text'",
    )
    assert rows == [("C",)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT CAST(value AS INTEGER) FROM json_each('[3,1,2]')",
        'SELECT value FROM json_each(\'["a","b ? c"]\')',
        "SELECT json_extract(value, '$[1]') FROM json_each('[[1,\"x\"],[2,\"y\"]]')",
        'SELECT json_extract(\'{"a":{"b":[5,"six"]}}\', \'$.a.b[1]\')',
        "SELECT json_extract('{\"a\":null}', '$.a'), json_extract('{}', '$.a')",
        'SELECT json_type(\'{"a":"x","b":1,"c":1.5,"d":true,"e":null}\', \'$.a\')',
        "SELECT json_type('{\"a\":[1]}', '$.a'), json_type('{\"a\":{}}', '$.a')",
        "SELECT json_type('{\"b\":1}', '$.b'), json_type('{\"c\":1.5}', '$.c')",
        "SELECT json_type('{\"d\":true}', '$.d'), json_type('{\"e\":null}', '$.e')",
        "SELECT CASE WHEN json_valid('{') THEN 1 ELSE 0 END",
        "SELECT CASE WHEN json_valid('[1]') THEN 1 ELSE 0 END",
        'SELECT json_group_array(value) FROM json_each(\'["a","b\\"c","é"]\')',
        "SELECT json_group_array(value) FROM json_each('[]')",
        "SELECT instr('abc', 'c'), instr('abc', 'x'), instr('abc', '')",
        "SELECT CASE WHEN 'AbC' LIKE 'aB_' THEN 1 END",
        "SELECT CASE WHEN 'a%' LIKE 'a\\%' ESCAPE '\\' THEN 1 END",
        "SELECT sum(CAST(value AS INTEGER)) FROM json_each('[1,2]')",
        "SELECT sum(CAST(value AS REAL)) FROM json_each('[1.5,2.25]')",
    ],
)
async def test_functions_give_what_a_file_gives(
    address: str, server: Databases, clock: ManualClock, sql: str
) -> None:
    store = await Store.open(address, clock)
    try:
        theirs = await store.read(lambda tx: tx.rows(sql))
    finally:
        await store.close()
    with closing(sqlite3.connect(":memory:")) as connection:
        assert theirs == connection.execute(sql).fetchall(), translated(sql)


async def test_case_is_of_no_matter_in_ascii_alone(store: Store) -> None:
    async def work(tx: Tx) -> list[tuple[str, ...]]:
        await tx.many("INSERT INTO room VALUES (?, '')", [("É",), ("E",)])
        return await tx.rows("SELECT key FROM room WHERE key LIKE 'é' OR key LIKE 'e'")

    assert await store.write(work) == [("E",)]


async def test_a_newer_room_is_refused(server: Databases, address: str, clock: ManualClock) -> None:
    store = await Store.open(address, clock)
    try:
        server.raw(address, f"INSERT INTO migration VALUES ('{SCHEMA + 1} later', '')")
        with pytest.raises(Unavailable, match=f"schema {SCHEMA + 1}"):
            await Store.open(address, clock)
        with pytest.raises(Unavailable, match=f"schema {SCHEMA + 1}"):
            await store.write(lambda tx: tx.run("INSERT INTO room VALUES ('a', 'b')"))
        assert await store.read(lambda tx: tx.rows("SELECT * FROM room")) == []
    finally:
        await store.close()


async def test_another_programs_tables_are_refused(
    server: Databases, address: str, clock: ManualClock
) -> None:
    server.raw(address, "UPDATE migration SET name = 'other ' || name")
    with pytest.raises(Refused, match="another program"):
        await Store.open(address, clock)
    server.raw(address, "DROP TABLE migration")
    with pytest.raises(Refused, match="another program"):
        await Store.open(address, clock)


async def test_nothing_is_made_where_nothing_shall_be(
    server: Databases, address: str, clock: ManualClock
) -> None:
    server.raw(address, "DROP SCHEMA crisisroom CASCADE")
    with pytest.raises(Refused, match="there is no room"):
        await Store.open(address, clock, create=False)
    with pytest.raises(Refused, match="there is no database nowhere"):
        await Store.open(address.rpartition("/")[0] + "/nowhere", clock)
    with pytest.raises(Refused, match="is not prepared"):
        await Store.open(address, clock)
    await (await Store.open(owned(address), clock)).close()
    assert len(server.raw(address, "SELECT name FROM migration")) == SCHEMA
