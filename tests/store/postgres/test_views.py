"""Views are begun ahead, yet each sees what was written before it was asked for."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from engines import Databases

from crisisroom.room import Room
from crisisroom.store import Tx
from crisisroom.store.postgres import views

_WAITING = (
    "SELECT count(*), count(backend_xmin) FROM pg_stat_activity"
    " WHERE datname = current_database() AND state = 'idle in transaction'"
)


async def _names(tx: Tx) -> list[str]:
    return [row[0] for row in await tx.rows("SELECT key FROM room WHERE key LIKE 'v%' ORDER BY 1")]


async def _name(tx: Tx, name: str) -> None:
    await tx.run("INSERT INTO room VALUES (?, '')", (name,))


async def test_a_view_that_waited_sees_what_was_written_meanwhile(
    server: Databases, room: Room
) -> None:
    for number in range(5):
        await room.store.read(_names)
        await asyncio.sleep(0.02)  # the next view has been begun by now
        await room.store.write(partial(_name, name=f"v{number}"))
        assert len(await room.store.read(_names)) == number + 1


async def test_a_view_sees_one_moment(server: Databases, room: Room) -> None:
    async def twice(tx: Tx) -> tuple[list[str], list[str]]:
        first = await _names(tx)
        await asyncio.to_thread(server.raw, room.address, "INSERT INTO room VALUES ('v', '')")
        return first, await _names(tx)

    await room.store.read(_names)
    assert await room.store.read(twice) == ([], [])
    assert await room.store.read(_names) == ["v"]


async def test_a_view_that_failed_spoils_no_other(server: Databases, room: Room) -> None:
    with pytest.raises(Exception, match="nowhere"):
        await room.store.read(lambda tx: tx.rows("SELECT * FROM nowhere"))
    assert await room.store.read(_names) == []


async def test_what_waits_holds_nothing_back_and_does_not_wait_long(
    server: Databases, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "IDLE", 0.3)
    await room.store.read(_names)
    async with asyncio.timeout(10):
        seen: list[tuple[Any, ...]] = []
        while not seen or seen[-1] != (0, 0):
            seen += await asyncio.to_thread(server.raw, room.address, _WAITING)
            await asyncio.sleep(0.02)
    assert not any(held for _, held in seen)
    assert await room.store.read(_names) == []
