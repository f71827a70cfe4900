"""Rows that take the place of what had their key."""

from __future__ import annotations

from collections.abc import Sequence


def upsert(table: str, columns: Sequence[str], key: Sequence[str]) -> str:
    """Return the statement that writes a row over the one with its key; its `?` are the columns."""
    rest = [one for one in columns if one not in key]
    changes = ", ".join(f"{one} = excluded.{one}" for one in rest)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
    )
