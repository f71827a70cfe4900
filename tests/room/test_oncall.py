"""Who is on duty in a room, by turns or by a calendar, and when nobody can say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from room.people import PLAN, WITH_TEAM

from crisisroom.clock import ManualClock
from crisisroom.config import OnCall, Swap
from crisisroom.core.errors import Refused, Usage
from crisisroom.room import Room, lifecycle, oncall
from crisisroom.room.settings import apply_config

TURNS = OnCall(
    people=("bo", "dee"),
    start="2026-10-05",
    swaps=(Swap("cy", "2026-11-22", "2026-11-23 12:00"),),
)


async def with_rota(room: Room, rota: OnCall) -> None:
    await apply_config(room, msgspec.structs.replace(WITH_TEAM, oncall=rota), "crisisroom.yaml")


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)


async def test_it_goes_by_the_rotation_in_the_rooms_zone(room: Room, clock: ManualClock) -> None:
    await with_rota(room, TURNS)
    shift = await oncall.current(room, clock.now())  # 03:07 on Sunday, before the swap at 09:00
    assert shift is not None
    assert (shift.person, shift.start) == ("bo", berlin("2026-11-16 09:00"))
    assert shift.end == berlin("2026-11-22 09:00")
    assert await oncall.on_duty(room, clock.now()) == "bo"
    for moment, person in (
        ("2026-11-22 09:00", "cy"),
        ("2026-11-23 11:59", "cy"),
        ("2026-11-23 12:00", "dee"),
        ("2026-10-05 08:59", ""),
    ):
        assert await oncall.on_duty(room, berlin(moment)) == person, moment
    listed = await oncall.duty(room, clock.now(), clock.now() + timedelta(days=3))
    assert [shift.person for shift in listed] == ["bo", "cy", "dee"]


async def test_whoever_is_on_duty_has_the_lead(room: Room) -> None:
    await with_rota(room, TURNS)
    acted = await lifecycle.declare(room, "Kettles", playbook=PLAN, severity="sev2")
    assert acted.incident.roles["lead"].holder == "bo"
    without = msgspec.structs.replace(PLAN, roles=PLAN.roles[1:], approvals=(), cadences=())
    other = await lifecycle.declare(room, "Lamps", playbook=without, severity="sev2")
    assert not any(role.holder for role in other.incident.roles.values())


async def test_it_may_have_a_zone_of_its_own(room: Room) -> None:
    await with_rota(room, msgspec.structs.replace(TURNS, zone="America/New_York", swaps=()))
    handed = datetime(2026, 11, 23, 14, tzinfo=UTC)
    assert await oncall.on_duty(room, handed - timedelta(seconds=1)) == "bo"
    assert await oncall.on_duty(room, handed) == "dee"
    assert str(oncall.duty_zone(room)) == "America/New_York"


async def test_without_a_rota_nobody_is_known(room: Room, clock: ManualClock) -> None:
    assert await oncall.on_duty(room, clock.now()) == ""
    with pytest.raises(Refused, match="has no rota"):
        await oncall.current(room, clock.now())
    await with_rota(room, TURNS)
    with pytest.raises(Usage, match="reaches that far"):
        await oncall.duty(room, clock.now(), clock.now() + timedelta(days=4000))


async def test_a_calendar_that_is_gone_stops_no_incident(
    room: Room, clock: ManualClock, tmp_path: Path
) -> None:
    pytest.importorskip("icalendar")
    file = tmp_path / "rota.ics"
    await with_rota(room, OnCall(ical=str(file)))
    assert await oncall.on_duty(room, clock.now()) == ""
    with pytest.raises(Refused, match="cannot be read"):
        await oncall.current(room, clock.now())
    file.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTART:20261121T090000\r\nDTEND:20261123T090000\r\nSUMMARY:Dee\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n",
        newline="",
    )
    assert await oncall.on_duty(room, clock.now()) == "dee"
    assert await oncall.on_duty(room, berlin("2026-11-23 09:00")) == ""
