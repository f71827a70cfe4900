"""An export taken into an empty room and written out again is the same, to the byte."""

from __future__ import annotations

import pytest
from report.whole_night import whole_night

from crisisroom.clock import ManualClock
from crisisroom.core.apply import documents
from crisisroom.report import export, parse_import, verify_entries
from crisisroom.report.redact import narrowed
from crisisroom.report.verify import verify_projection
from crisisroom.room import Actor, Room, importing, reading
from crisisroom.room.exporting import exportable
from crisisroom.store import Tx, log

RECORD = whole_night().record


@pytest.mark.parametrize("profile", ["internal", "legal"])
@pytest.mark.parametrize("form", ["json", "jsonl"])
async def test_out_in_and_out_again(address: str, form: str, profile: str) -> None:
    [(name, data)] = export(RECORD, form, profile=profile).items()  # type: ignore[arg-type]
    told = narrowed(RECORD, profile)  # type: ignore[arg-type]
    clock = ManualClock(RECORD.as_of)
    async with await Room.open(address, actor=Actor("ada"), clock=clock) as room:
        await importing.take_in(room, *parse_import(data, name))
        one = await exportable(room, "INC-9")
        assert one.record.incident == told.incident
        assert one.record.entries == told.entries
        again = export(one.record, form, profile=profile)  # type: ignore[arg-type]
        assert again == {name: data}
        state = await reading.incident(room, "INC-9")
        assert documents(state) == documents(told.incident)
        rows = await room.store.read(lambda tx: log.projection(tx, state.uid))
        assert verify_projection(one.record.entries, rows) == []
        assert verify_entries(one.record.entries, "INC-9") == []


async def test_a_number_that_is_taken_changes_nothing_in_the_export(address: str) -> None:
    [(name, data)] = export(RECORD, "json", profile="legal").items()
    entries, told = parse_import(data, name)
    clock = ManualClock(RECORD.as_of)
    async with await Room.open(address, actor=Actor("ada"), clock=clock) as room:
        await room.store.write(lambda tx: _taken(tx, 9))
        acted = await importing.take_in(room, entries, told)
        assert acted.incident.id != "INC-9"
        one = await exportable(room, acted.incident.id)
        assert (one.id, one.record.incident.id) == (acted.incident.id, "INC-9")
        assert export(one.record, "json", profile="legal") == {name: data}


async def _taken(tx: Tx, number: int) -> None:
    await tx.run("INSERT INTO chain VALUES ('other', ?, 0, ?)", (number, "0" * 64))
