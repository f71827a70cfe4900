"""Whether the tables on a server are those that this program makes, and still guard the log."""

from __future__ import annotations

import re
import sqlite3
from functools import lru_cache

from crisisroom.store.postgres.schema import FUNCTIONS, KEEPING, SPACE
from crisisroom.store.schema import MIGRATIONS
from crisisroom.store.tx import Tx

_TYPES = {"INTEGER": "bigint", "TEXT": "text", "REAL": "double precision", "BLOB": "bytea"}
_FTS = "mention_words"  # an index of another kind in each engine

_COLUMNS = (
    "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull"
    " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
    " WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2"
)
_INDEXES = (
    "SELECT c.relname, x.indisvalid FROM pg_catalog.pg_index AS x"
    " JOIN pg_catalog.pg_class AS c ON c.oid = x.indexrelid"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_catalog.pg_constraint AS k ON k.conindid = c.oid"
    " WHERE n.nspname = ? AND k.oid IS NULL ORDER BY 1"
)
_TRIGGERS = (
    "SELECT c.relname, t.tgname, t.tgenabled::text, p.proname, pg_get_triggerdef(t.oid)"
    " FROM pg_catalog.pg_trigger AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid"
    " WHERE n.nspname = ? AND NOT t.tgisinternal ORDER BY 1, 2"
)
_CODE = (
    "SELECT p.proname, p.prosrc FROM pg_catalog.pg_proc AS p"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace"
    " WHERE n.nspname = ? AND p.prokind = 'f' ORDER BY 1"
)
_RULES = (
    "SELECT c.relname, r.rulename FROM pg_catalog.pg_rewrite AS r"
    " JOIN pg_catalog.pg_class AS c ON c.oid = r.ev_class"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = ?"
)
_MADE = re.compile(
    r"CREATE TRIGGER (\w+) ((?:BEFORE|AFTER) [A-Z ]+) ON (\w+)(?: REFERENCING OLD TABLE AS \w+)?"
    r"\s+FOR EACH (\w+) EXECUTE FUNCTION (\w+)"
)
_BODY = re.compile(r"CREATE FUNCTION (\w+)\(.*?AS \$\$(.*?)\$\$", re.DOTALL)
_TABLE = re.compile(r"CREATE TABLE (\w+) \((.*?)\n\);", re.DOTALL)

Columns = dict[tuple[str, str], tuple[str, bool]]  # by table and name: type, whether never null


async def flaws(tx: Tx) -> tuple[str, ...]:
    """Return what differs: tables, columns, indexes, triggers and the code that they run."""
    return (
        *await _columns(tx),
        *await _indexes(tx),
        *await _triggers(tx),
        *await _code(tx),
        *[f"{table} has a rule {name}" for table, name in await tx.rows(_RULES, (SPACE,))],
    )


async def _columns(tx: Tx) -> list[str]:
    rows = await tx.rows(_COLUMNS, (SPACE,))
    own = {table for table, _ in _ours()[0]} | _server_s()
    here: Columns = {
        (row[0], row[1]): (row[2], row[3]) for row in rows if row[0] not in _server_s()
    }
    tables = {row[0] for row in rows}
    found = [f"the table {one} is missing" for one in sorted(own - tables)]
    for one in sorted(tables - own):
        found.append(f"there is a table {one[:60]} that this program did not make")
    for (table, name), made in _ours()[0].items():
        if table in tables and here.get((table, name)) != made:
            found.append(f"the column {name} of {table} is not as this program makes it")
    for table, name in here:
        if table in own and (table, name) not in _ours()[0]:
            found.append(f"{table} has a column {name[:60]} that this program did not make")
    return found


def _server_s() -> set[str]:
    """Return the tables that only a room on a server has."""
    return {found[1] for found in _TABLE.finditer(KEEPING)}


async def _indexes(tx: Tx) -> list[str]:
    rows: dict[str, bool] = dict(await tx.rows(_INDEXES, (SPACE,)))
    ours = {*_ours()[1], f"{_FTS}_said"}
    return [
        *(f"the index {one} is missing" for one in sorted(ours - rows.keys())),
        *(
            f"there is an index {one[:60]} that this program did not make"
            for one in sorted(rows.keys() - ours)
        ),
        *(f"the index {one} is not valid" for one, valid in rows.items() if not valid),
    ]


async def _triggers(tx: Tx) -> list[str]:
    """Return what is wrong with the triggers by which the log only grows."""
    rows = {(row[0], row[1]): row[2:] for row in await tx.rows(_TRIGGERS, (SPACE,))}
    ours = {(made[3], made[1]): made for made in _MADE.finditer(KEEPING)}
    found = []
    for (table, name), made in ours.items():
        enabled, code, text = rows.get((table, name), ("", "", ""))
        if not text:
            found.append(f"the trigger {name} is missing")
        elif enabled not in ("O", "A"):
            found.append(f"the trigger {name} is switched off")
        elif code != made[5] or not all(
            part in text for part in (f"{made[2]} ON {SPACE}.{table} ", f" FOR EACH {made[4]} ")
        ):
            found.append(f"the trigger {name} is not as this program makes it")
    for table, name in rows.keys() - ours.keys():
        found.append(f"{table} has a trigger {name[:60]} that this program did not make")
    return found


async def _code(tx: Tx) -> list[str]:
    rows: dict[str, str] = dict(await tx.rows(_CODE, (SPACE,)))
    ours = {made[1]: made[2] for made in _BODY.finditer(FUNCTIONS + KEEPING)}
    return [
        f"the function {name} is not as this program makes it"
        for name, body in ours.items()
        if rows.get(name) != body
    ]


@lru_cache
def _ours() -> tuple[Columns, frozenset[str]]:
    """Return the columns and the indexes of a new room, as a file would have them."""
    connection = sqlite3.connect(":memory:")
    try:
        for _, script in MIGRATIONS:
            connection.executescript(script)
        named = connection.execute(
            "SELECT type, name FROM sqlite_master WHERE sql != ''"
        ).fetchall()
        tables = [
            name
            for sort, name in named
            if sort == "table" and not name.startswith((_FTS, "sqlite_"))
        ]
        columns = {
            (table, row[1]): (_TYPES[row[2]], bool(row[3] or row[5]))
            for table in tables
            for row in connection.execute(f"PRAGMA table_info({table})")
        }
        return columns, frozenset(name for sort, name in named if sort == "index")
    finally:
        connection.close()
