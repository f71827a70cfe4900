"""One log in a file and on a server: every export of it is the same, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import Databases
from report.whole_night import whole_night

from crisisroom.clock import ManualClock
from crisisroom.core.timeline import Entry
from crisisroom.report import FORMATS, PROFILES, export, parse_import
from crisisroom.report.model import Record
from crisisroom.room import Actor, Room, importing, verifying
from crisisroom.room.exporting import exportable

RECORD = whole_night().record


async def _taken_in(address: str) -> tuple[Record, tuple[Entry, ...]]:
    """Return an incident's record once a room took it in, and checked all of it."""
    [(name, data)] = export(RECORD, "jsonl", profile="legal").items()
    clock = ManualClock(RECORD.as_of)
    async with await Room.open(address, actor=Actor("ada"), clock=clock) as room:
        await importing.take_in(room, *parse_import(data, name))
        assert all(not one.problems for one in await verifying.verify(room))
        record = (await exportable(room, "INC-9")).record
        return record, tuple(record.entries)


async def test_exports_are_the_same_to_the_byte(
    databases: Databases | None, tmp_path: Path
) -> None:
    if databases is None:
        pytest.skip("needs a server: --engine postgres")
    address = databases.fresh()
    filed, entries = await _taken_in(str(tmp_path / "room.db"))
    served, same = await _taken_in(address)
    databases.drop(address)
    assert same == entries == tuple(RECORD.entries)
    for form in FORMATS:
        for profile in PROFILES:
            assert export(served, form, profile=profile) == export(filed, form, profile=profile)
