"""Erasing persons in the copies of a room too: they stay beginnings of its chains."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import START
from room.planted import person, plant, traces

from crisisroom.clock import ManualClock
from crisisroom.room import Actor, Room, erasing, erasing_kept, keeping, verifying
from crisisroom.room.erasing_kept import Request

pytestmark = pytest.mark.sqlite("copies of a room are files")

WHY = "requests of May"


async def test_copies_are_listed_and_erased_too(room: Room, tmp_path: Path) -> None:
    await plant(room, 3)
    folder = tmp_path / "copies"
    folder.mkdir()
    made = await keeping.backup(room, folder / "one.db")
    everybody = [person(n) for n in range(3)]
    told = await erasing.erase(room, everybody, "", dry_run=True)
    assert told.copies == (str(folder / "one.db"),)
    await erasing.erase(room, everybody, WHY, in_copies=True)
    assert traces(folder) == []
    clock = ManualClock(START)
    back = await keeping.restore(
        folder / "one.db", tmp_path / "back" / "room.db", actor=Actor("ada"), clock=clock
    )
    assert back.copy.chains == made.copy.chains
    async with await Room.open(
        str(tmp_path / "back" / "room.db"), actor=Actor("ada"), clock=clock
    ) as again:
        assert all(not one.problems for one in await verifying.verify(again))


async def test_a_copy_made_meanwhile_keeps_nothing_of_what_was_asked_for(
    room: Room, tmp_path: Path
) -> None:
    await plant(room, 1)
    folder = tmp_path / "copies"
    folder.mkdir()
    asked = Request(persons=(person(0),), why=WHY, actor=room.actor)
    await erasing_kept.begin(room, asked)
    await keeping.backup(room, folder / "one.db")
    await erasing.erase(room, [person(0)], WHY, in_copies=True)
    assert traces(folder) == []
