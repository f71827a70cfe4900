"""Persons in the copies of a room that are known: which hold them, and erasing them there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from crisisroom.core.persons import Person
from crisisroom.core.timeline import ROOM
from crisisroom.room import Room
from crisisroom.room.seeking import seek, survey
from crisisroom.store import (
    SCHEMA,
    Tx,
    copies,
    erase_begun,
    erase_copy,
    erase_posts,
    erase_tables,
    evidence,
)
from crisisroom.store import erase as rows
from crisisroom.store.erase import Sought
from crisisroom.store.rebuilding import rebuild

Say = Callable[[str], None]


async def holding(room: Room, sought: Sought, say: Say) -> tuple[Path, ...]:
    """Return the copies of the room that are known, still there, and hold any of them."""
    made = await room.store.read(_backups)
    places = dict.fromkeys((*copies.kept_beside(room.store.here), *map(Path, made)))
    found = []
    for path in places:
        if await asyncio.to_thread(path.is_file) and await copies.schema_of(path) is not None:
            say(f"looking into {path}")
            if await erase_copy.names(path, sought.finder):
                found.append(path)
    return tuple(found)


async def _backups(tx: Tx) -> tuple[str, ...]:
    found = await tx.rows(
        "SELECT DISTINCT json_extract(data, '$.file') FROM entry"
        " WHERE chain = ? AND kind = 'backup.made'",
        (ROOM,),
    )
    return tuple(row[0] for row in found if isinstance(row[0], str))


async def erase_in(room: Room, persons: Sequence[Person], places: Iterable[Path], say: Say) -> None:
    """Erase them in copies too; one of an older schema cannot be worked on, and is deleted."""
    for path in places:
        schema = await copies.schema_of(path)
        if schema == SCHEMA:
            say(f"erasing in {path}")
            await erase_copy.erase(path, lambda tx: _in_copy(tx, room, persons))
        elif schema is not None:  # else it was taken away since, and something else may be there
            say(f"deleting {path}, a copy from before an upgrade")
            await asyncio.to_thread(copies.delete, path)


async def _in_copy(tx: Tx, room: Room, persons: Sequence[Person]) -> None:
    """Erase in a copy without a word on its chains: it stays a beginning of the room's own."""

    async def read(work: Callable[[Tx], object]) -> object:
        return await work(tx)  # type: ignore[misc]

    await erase_begun.ask(tx, "")  # made while they were being erased
    sought = await seek(read, persons)
    found = await survey(read, sought, {})
    for one in found.chains.values():
        await rows.erase_in(tx, one.chain, one.texts)
        if one.chain != ROOM:
            await rebuild(tx, one.chain)
    await erase_tables.small_tables(tx, sought, write=True)
    await evidence.drop(tx, tuple(sought.files), "erased")
    await erase_posts.reword(tx, sought, found.others)
    await erase_posts.delete_posts(tx, sought, sorted(sought.numbers), room.clock.now())
