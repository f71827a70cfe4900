"""Corrective actions: what may be said of them, and who is reminded through the room."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from room.people import declared

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, corrective, improving, lifecycle, reading, tasks
from crisisroom.watch.late import next_moment, note_late


async def test_an_action_with_all_there_is_to_say(room: Room) -> None:
    await declared(room)
    acted = await corrective.add(
        room, "", "test the fuse", "fay", "2026-12-24", kind="prevent",
        link="https://tickets.example/81",
    )  # fmt: skip
    item = acted.incident.actions["A-1"]
    assert (item.title, item.owner, item.due) == ("test the fuse", "fay", "2026-12-24")
    assert (item.kind, item.link, item.state) == ("prevent", "https://tickets.example/81", "open")
    changed = await corrective.change(
        room, "", "a-1", owner="gil", due="2027-01-15", kind="detect", link="none"
    )
    item = changed.incident.actions["A-1"]
    assert (item.title, item.owner, item.due) == ("test the fuse", "gil", "2027-01-15")
    assert (item.kind, item.link) == ("detect", "")
    assert (
        changed.entry.text
        == "changed action A-1: owner gil, due 2027-01-15, kind detect, link none"
    )
    done = await corrective.done(room, "", "A-1", "all are tested")
    assert done.incident.actions["A-1"].outcome == "all are tested"
    assert done.incident.actions["A-1"].closed_at is not None
    back = (await corrective.reopen(room, "", "A-1")).incident.actions["A-1"]
    assert (back.state, back.closed_at, back.outcome) == ("open", None, "")
    gone = (await corrective.drop(room, "", "A-1", "no money")).incident.actions["A-1"]
    assert (gone.state, gone.outcome) == ("dropped", "no money")


async def test_a_change_that_changes_nothing_leaves_no_entry(room: Room) -> None:
    await declared(room)
    await corrective.add(room, "", "test the fuse", "fay")
    assert not (await corrective.change(room, "", "A-1", owner="fay")).changed


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"due": "24.12."}, "is not a date"),
        ({"due": "20261224"}, "is not a date"),
        ({"kind": "hope"}, "no kind of action"),
        ({"link": "javascript:alert(1)"}, "no link"),
        ({"link": "file:///etc/passwd"}, "no link"),
        ({"narrative": "N-9"}, "has no story N-9"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    room: Room, fields: dict[str, str], told: str
) -> None:
    await declared(room)
    with pytest.raises(Usage, match=told):
        await corrective.add(
            room, "", "change it", due=fields.get("due", ""), kind=fields.get("kind", ""),
            link=fields.get("link", ""), narrative=fields.get("narrative", ""),
        )  # fmt: skip
    await corrective.add(room, "", "change it")
    with pytest.raises(Usage, match=told):
        await corrective.change(room, "", "A-1", **fields)


async def test_what_is_closed_is_changed_only_when_it_is_open_again(room: Room) -> None:
    await declared(room)
    await corrective.add(room, "", "change it")
    with pytest.raises(Refused, match="A-1 is open"):
        await corrective.reopen(room, "", "A-1")
    await corrective.done(room, "", "A-1")
    for act in (
        corrective.change(room, "", "A-1", title="other"),
        corrective.done(room, "", "A-1"),
        corrective.drop(room, "", "A-1", "no"),
    ):
        with pytest.raises(Refused, match="A-1 is done already"):
            await act
    with pytest.raises(Usage, match="has no action A-7"):
        await corrective.done(room, "", "A-7")
    with pytest.raises(Usage, match="say why"):
        await corrective.drop(room, "", "A-1", "")


async def test_the_watcher_reminds_once_also_after_the_end(room: Room, clock: ManualClock) -> None:
    await declared(room)
    await corrective.add(room, "", "test the fuse", "fay", "2026-11-24")
    await tasks.skip(room, "", "pause", "nothing is scheduled")
    await lifecycle.resolve(room, "INC-1", "over", anyway="it is a test")
    for _ in range(30):
        moment = await next_moment(room)
        if moment is None:
            break
        clock.advance(max(0.0, (moment - clock.now()).total_seconds()))
        await note_late(room)
        await note_late(room)
    entries = await reading.timeline(room, "INC-1")
    told = [one for one in entries if one.kind == "action.reminded" and one.data["who"] == "fay"]
    assert [one.text for one in told[:3]] == [
        "reminds fay: A-1 is due tomorrow: test the fuse",
        "reminds fay: A-1 is due today: test the fuse",
        "reminds fay: A-1 is 7 days late: test the fuse",
    ]
    assert all(one.at == one.recorded_at for one in told)
    assert {one.at.astimezone(ZoneInfo("Europe/Berlin")).hour for one in told} == {9}
    assert {one.at.hour for one in told} == {7, 8}  # in winter and in summer
    assert told[2].at - told[1].at == timedelta(days=7)
    await corrective.done(room, "INC-1", "A-1")
    assert await next_moment(room) is None


async def test_late_ones_of_all_incidents(room: Room, clock: ManualClock) -> None:
    await declared(room)
    await corrective.add(room, "INC-1", "test the fuse", "fay", "2026-11-24")
    await corrective.add(room, "INC-1", "some day", "fay")
    assert await corrective.late(room) == ()
    clock.advance(timedelta(days=9).total_seconds())
    (one,) = await corrective.late(room)
    assert (one.incident.id, one.action.id) == ("INC-1", "A-1")
    assert [one.action.id for one in (await improving.digest(room)).late] == ["A-1"]
    assert [one.action.id for one in await corrective.everywhere(room)] == ["A-1", "A-2"]
