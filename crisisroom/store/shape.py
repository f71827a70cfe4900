"""Whether a room's tables are those that this program makes: no more, no less, no other."""

from __future__ import annotations

import sqlite3

from crisisroom.store.schema import MIGRATIONS
from crisisroom.store.tx import Tx

_MOST = 20  # flaws of the file that are told
_LISTED = "SELECT type, name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%'"
_ESCAPED = f"{_LISTED} ESCAPE '\\'"

Things = dict[tuple[str, str], str]


async def flaws(tx: Tx) -> tuple[str, ...]:
    """Return what differs: tables, indexes, triggers and views; and the steps that made them."""
    if tx.engine == "postgres":
        return (*await _on_server(tx), *await _steps(tx))
    here, ours = _things(await tx.rows(_ESCAPED)), _ours()
    found = [f"the {sort} {name} is missing" for sort, name in ours if (sort, name) not in here]
    for (sort, name), sql in here.items():
        if (sort, name) not in ours:
            found.append(f"there is a {sort} {name[:60]} that this program did not make")
        elif sql != ours[sort, name]:
            found.append(f"the {sort} {name} is not as this program makes it")
    return (*found, *await _steps(tx))


async def _on_server(tx: Tx) -> tuple[str, ...]:
    from crisisroom.store.postgres.shape import flaws as flaws_on_server

    return await flaws_on_server(tx)


async def _steps(tx: Tx) -> tuple[str, ...]:
    steps = [str(name) for (name,) in await tx.rows("SELECT name FROM migration ORDER BY name")]
    if steps != sorted(name for name, _ in MIGRATIONS):
        return ("the steps that made its tables are not those of this program",)
    return ()


def _things(rows: list[tuple[object, ...]]) -> Things:
    return {(str(sort), str(name)): " ".join(str(sql).split()) for sort, name, sql in rows}


def _ours() -> Things:
    """Return the tables of a new room."""
    connection = sqlite3.connect(":memory:")
    try:
        for _, script in MIGRATIONS:
            connection.executescript(script)
        return _things(connection.execute(_ESCAPED).fetchall())
    finally:
        connection.close()


async def damage(tx: Tx) -> tuple[str, ...]:
    """Return what SQLite finds wrong with the file itself; it reads all of it.

    On a server nothing: what its disk lost it says by itself, where its administrator asked it to.
    """
    if tx.engine == "postgres":
        return ()
    rows = await tx.rows(f"PRAGMA integrity_check({_MOST})")
    return tuple(str(row[0])[:200] for row in rows if row[0] != "ok")
