"""The store's statements, written once, as PostgreSQL reads them.

What differs beyond this is made up for by functions of the room's own (see `functions`).
"""

from __future__ import annotations

import re
from functools import lru_cache

_TABLE = r"[A-Za-z_]\w*(?:\s+AS\s+[A-Za-z_]\w*)?"
_QUERY = r"\([^()]*(?:\([^()]*\)[^()]*)*\)\s+AS\s+\w+"
_PARTS = re.compile(
    rf"""
    (?P<kept> '(?:[^']|'')*' | "(?:[^"]|"")*" )         # texts and quoted names stay
  | (?P<gone> --[^\n]* | /\*.*?\*/                       # comments
      | \s+ INDEXED \s+ BY \s+ \w+ | \s+ NOT \s+ INDEXED \b   # hints for the other planner
      | (?<=[\s(,]) \+ (?=[A-Za-z_]) )
  | \? (?P<number> \d* )
  | \b CROSS \s+ (?P<joined> JOIN \s+ (?:{_TABLE} | {_QUERY})
      (?:\s+ INDEXED \s+ BY \s+ \w+)? \s+ ON \b )
  | \b AS \s+ (?P<type> INTEGER | REAL | BLOB ) \s* \)
  | (?P<like> \b LIKE \b )
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_TYPES = {"INTEGER": "bigint", "REAL": "double precision", "BLOB": "bytea"}


@lru_cache(maxsize=4096)
def translated(sql: str) -> str:
    """Return a statement for PostgreSQL: `?` and `?2` as `$n`, types and joins by its names.

    LIKE is without regard to case there too. Texts and quoted names are never touched.
    """
    highest = 0

    def part(found: re.Match[str]) -> str:
        nonlocal highest
        if (kept := found["kept"]) is not None:
            return kept
        if found["gone"] is not None:
            return " " if found["gone"].strip() != "+" else ""
        if (number := found["number"]) is not None:
            current = int(number) if number else highest + 1
            highest = max(highest, current)
            return f"${current}"
        if (joined := found["joined"]) is not None:
            return _PARTS.sub(part, joined)
        if (type_ := found["type"]) is not None:
            return f"AS {_TYPES[type_.upper()]})"
        return "ILIKE"

    return _PARTS.sub(part, sql)


_ROW = re.compile(
    r"(?P<into>INSERT INTO .*?)\bVALUES\s*\((?P<row>.*)\)(?P<clash>\s*ON CONFLICT\b[^$]*)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_PLACE = re.compile(r"'(?:[^']|'')*'|\$([0-9]+)")


@lru_cache(maxsize=512)
def in_bulk(sql: str, types: tuple[str, ...]) -> str | None:
    """Return a translated INSERT of one row as one of many, whose arguments are its columns.

    None where it is no such statement, or might meet a row of its own twice.
    """
    found = _ROW.fullmatch(sql)
    if found is None or "UPDATE" in (found["clash"] or "").upper():
        return None
    places = [one for one in _PLACE.findall(found["row"]) if one]
    if places != [str(number) for number in range(1, len(types) + 1)]:
        return None
    row = _PLACE.sub(lambda one: f"given.v{one[1]}" if one[1] else one[0], found["row"])
    columns = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, 1))
    names = ", ".join(f"v{number}" for number in range(1, len(types) + 1))
    into, clash = found["into"], found["clash"] or ""
    return f"{into}SELECT {row} FROM unnest({columns}) AS given ({names}){clash}"


_CHANGE = re.compile(
    r"(?P<what>UPDATE|DELETE FROM) (?P<table>\w+)(?: SET (?P<set>.*?))? WHERE (?P<where>.*)",
    re.DOTALL,
)


@lru_cache(maxsize=512)
def changed_in_bulk(sql: str, types: tuple[str, ...]) -> tuple[str, int] | None:
    """Return a translated UPDATE or DELETE of one row as one of many, and where its key begins.

    That is which of the arguments, from 0, are compared with: no two rows may have the same there.
    """
    found = _CHANGE.fullmatch(sql)
    if found is None or "SELECT" in sql.upper():
        return None
    places = [one for one in _PLACE.findall(sql) if one]
    if places != [str(number) for number in range(1, len(types) + 1)]:
        return None
    given = _PLACE.sub(lambda one: f"given.v{one[1]}" if one[1] else one[0], found["where"])
    first = len([one for one in _PLACE.findall(found["set"] or "") if one])
    columns = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, 1))
    names = ", ".join(f"v{number}" for number in range(1, len(types) + 1))
    rows = f"unnest({columns}) AS given ({names})"
    table = found["table"]
    if found["what"] == "UPDATE":
        new = _PLACE.sub(lambda one: f"given.v{one[1]}" if one[1] else one[0], found["set"])
        return f"UPDATE {table} SET {new} FROM {rows} WHERE {given}", first
    return f"DELETE FROM {table} USING {rows} WHERE {given}", first


_COPY = re.compile(
    r"INSERT INTO (?P<table>\w+)(?: \((?P<columns>[\w, ]+)\))? VALUES \((?P<places>[$0-9, ]+)\)"
)


@lru_cache(maxsize=512)
def copied(sql: str) -> tuple[str, tuple[str, ...] | None] | None:
    """Return the table and the columns that a translated INSERT of nothing but arguments fills."""
    found = _COPY.fullmatch(sql)
    if found is None:
        return None
    columns = found["columns"]
    return found["table"], tuple(columns.replace(" ", "").split(",")) if columns else None
