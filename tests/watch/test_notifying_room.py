"""What the room itself has people told of: silent sources, tokens that end, the law's deadlines."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from room.people import PLAN, as_
from watch.paging import TOLD, Ground, ground

from crisisroom.clock import ManualClock
from crisisroom.config import RoomConfig, Source
from crisisroom.core.playbook import Deadline
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, facts, lifecycle
from crisisroom.room.settings import apply_config
from crisisroom.store import sources
from crisisroom.store.sources import SourceRow

replace = msgspec.structs.replace


@pytest.fixture
async def there(room: Room, clock: ManualClock, fetch: Fetcher) -> Ground:
    return await ground(room, clock, fetch)


async def settings(there: Ground, config: RoomConfig) -> None:
    """Put other settings into force."""
    await apply_config(there.room, config, "x.yaml")
    there.notifier = there.fresh()


async def asked(there: Ground, *, well: bool) -> None:
    """Let the source be asked now, in vain or not."""
    now = there.clock.now()
    before = await there.room.store.read(sources.all_rows)
    last = now if well else next((one.last_ok_at for one in before), None)
    row = SourceRow(id="reviews", last_try_at=now, last_ok_at=last, fails=0 if well else 9)
    await there.room.for_machine().store.write(lambda tx: sources.put(tx, row))


async def test_a_silent_source_wakes_whoever_is_on_duty_while_an_incident_is_open(
    there: Ground,
) -> None:
    listening = replace(TOLD, sources=(Source(id="reviews", type="feed", every=120),))
    await settings(there, listening)
    await asked(there, well=True)
    there.clock.advance(361)
    await asked(there, well=False)
    await there.work()
    assert not there.pings.taken
    plan = as_(there.room, "bo")
    await lifecycle.declare(plan, "Kettles", playbook=PLAN, severity="sev3")
    await there.work()
    assert there.pings.people == ["bo"]
    assert there.pings.texts[0].splitlines() == [
        "A source is silent, reviews.",
        "Acknowledge: the button, or crisisroom notify ack PAGE-1",
        "Look: crisisroom doctor sources",
    ]
    await asked(there, well=True)
    await there.work(10)
    assert await there.state("bo") == [("stale", "over")]


async def test_a_token_warns_two_weeks_ahead_and_wakes_on_its_last_day(there: Ground) -> None:
    ends = there.clock.now() + timedelta(days=20)
    messengers = (replace(TOLD.messengers[0], expires=f"{ends:%Y-%m-%d}"), TOLD.messengers[1])
    await settings(there, replace(TOLD, messengers=messengers))
    await there.work()
    assert not there.pings.taken
    await there.work(7 * 86400)
    await there.work(61)
    (first,) = there.pings.texts
    assert first == "A token ends soon, pings.\nRenew it, then: crisisroom doctor tokens"
    assert not there.pings.taken[0][1].urgent
    await there.work(86400)
    assert len(there.pings.taken) == 1
    await there.work(12 * 86400 + 7200)
    assert there.pings.texts[1].startswith("A token ends within a day, or has ended, pings.")
    assert there.pings.taken[1][1].urgent


async def test_a_legal_deadline_says_until_when_on_the_clock_of_whoever_is_told(
    there: Ground,
) -> None:
    law = Deadline("gdpr", "Tell the authority", starts="cause", within="72h", role="legal")
    team = tuple(replace(one, zone="Asia/Tokyo") if one.id == "dee" else one for one in TOLD.team)
    await settings(there, replace(TOLD, team=team))
    plan = replace(PLAN, deadlines=(law,))
    await lifecycle.declare(as_(there.room, "bo"), "Kettles", playbook=plan, severity="sev3")
    await facts.set_fact(as_(there.room, "ada"), "INC-1", "cause", "the fuse")
    due = there.clock.now() + timedelta(hours=72)
    await there.work(71.5 * 3600)
    tokyo = f"{due + timedelta(hours=9):%Y-%m-%d %H:%M} JST"
    what = "A legal deadline needs you, INC-1 SEV3, gdpr,"
    assert there.pings.texts[0].startswith(f"{what} due {tokyo}.")
    assert there.pings.texts[0].endswith("Look: crisisroom deadline list INC-1")
    await there.work(1900)
    await there.work(30)
    assert any(f"{what} it was due {tokyo}." in text for text in there.pings.texts[1:])
