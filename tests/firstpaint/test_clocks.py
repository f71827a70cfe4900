"""A clock of a first paint is a clock of the room; where one cannot be known, none is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from shipped import NAMES
from tui.night import BEGIN, advance, night_room

from crisisroom.clock import ManualClock
from crisisroom.core import clocks as live
from crisisroom.core.incident import Incident
from crisisroom.firstpaint.clocks import clocks
from crisisroom.library import load
from crisisroom.room import Actor, Room, facts, lifecycle, reading, roles, tasks
from crisisroom.store import firstlook
from crisisroom.store.firstlook import Comer


def told(room: Room) -> list[tuple[str, str, int, str, str]] | None:
    now = int(room.clock.now().timestamp())
    seen = firstlook.look(str(room.store.path), Comer("ada", 17, wide=True), now)
    assert seen is not None
    found = clocks(seen)
    if found is None:
        return None
    return [(one.id, one.title, one.due_at, one.state, one.who) for one in found]


def of_the_room(room: Room, incident: Incident) -> list[tuple[str, str, int, str, str]]:
    return [
        (one.id, one.title, int(one.due_at.timestamp()), one.state, one.who)
        for one in live.clocks(incident, room.clock.now())
    ]


@pytest.mark.parametrize("name", NAMES)
async def test_clocks_of_the_shipped_playbooks_are_right_or_not_told(
    name: str, tmp_path: Path
) -> None:
    playbook, problems = load(name, ())
    assert playbook is not None
    assert not problems
    clock = ManualClock(BEGIN)
    path = str(tmp_path / "room.db")
    async with await Room.open(path, actor=Actor("ada"), clock=clock) as room:
        await lifecycle.declare(room, "It begins", playbook=playbook)
        known = 0
        for minute in (0, 4, 9, 20, 45, 300):
            advance(room, minute)
            incident = await reading.incident(room, "INC-1")
            found = told(room)
            assert found in (None, of_the_room(room, incident))
            known += found is not None
            if minute == 9:
                await roles.take(room, "INC-1", next(iter(incident.roles)))
                await facts.set_fact(room, "INC-1", next(iter(incident.facts)), "", "checking")
                running = [one.id for one in incident.tasks.values() if one.state == "open"]
                await tasks.assign(room, "INC-1", running[0], "bo")
        assert known or any(one.when for one in playbook.cadences)


async def test_clocks_of_the_night_are_right_to_its_end(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        for minute in (0, 3, 6, 10, 60):
            advance(room, minute)
            assert told(room) == of_the_room(room, await reading.incident(room, "INC-1"))
        await lifecycle.resolve(room, "INC-1", "all was paid back")
        assert told(room) == of_the_room(room, await reading.incident(room, "INC-1"))
