"""Which program wrote a room last, as its tables tell: found without opening the room."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.store.address import FileAddress, parse
from crisisroom.store.peeking import schema_of


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The schema of a room's tables, since when they are so, and whether anybody began the room."""

    schema: int
    at: str = ""
    begun: bool = True


async def written(address: str) -> Written | None:
    """Return what wrote the room at an address last; None where no room can be read."""
    found = parse(address)
    if isinstance(found, FileAddress):
        return _in_file(found.path)
    from crisisroom.store.postgres import needs_asyncpg

    needs_asyncpg()
    from crisisroom.store.postgres import peeking

    return await peeking.written(found)


def _in_file(path: Path) -> Written | None:
    try:
        schema = schema_of(path)
    except OSError as error:
        raise Refused("no-access", f"cannot look at {path}: {error.strerror}") from error
    if schema is None:
        return None
    at = ""
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)
        ) as seen,
    ):
        (at,) = seen.execute("SELECT at FROM migration ORDER BY name DESC LIMIT 1").fetchone()
    return Written(schema=schema, at=at)
