"""A rota from a calendar's file: who, when, and what is no such file."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.config import Member
from crisisroom.config.ical import calendar_shifts
from crisisroom.core.errors import Refused
from crisisroom.core.rota import Shift, holding

pytest.importorskip("icalendar")
pytest.importorskip("recurring_ical_events")

BERLIN = ZoneInfo("Europe/Berlin")
TEAM = (Member("ada", "Ada Example", ("lead",)), Member("bo", "Bo Example", ("lead",)))
SINCE, UNTIL = datetime(2026, 10, 5, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)

ADA = """\
BEGIN:VEVENT
UID:1
DTSTART;TZID=Europe/Berlin:20261005T090000
DTEND;TZID=Europe/Berlin:20261012T090000
RRULE:FREQ=WEEKLY;INTERVAL=2
SUMMARY:On call - Ada Example - Communications
END:VEVENT
"""
BO = """\
BEGIN:VEVENT
UID:2
DTSTART:20261012T090000
DTEND:20261019T090000
RRULE:FREQ=WEEKLY;INTERVAL=2
EXDATE:20261109T090000
SUMMARY:Duty
ATTENDEE;CN=Somebody:mailto:bo@example.org
END:VEVENT
"""
ALL_DAY = """\
BEGIN:VEVENT
UID:3
DTSTART;VALUE=DATE:20261010
DTEND;VALUE=DATE:20261012
SUMMARY:bo
END:VEVENT
"""
HOLIDAY = ALL_DAY.replace("SUMMARY:bo", "SUMMARY:Bonfire night").replace("UID:3", "UID:4")


def calendar(*events: str) -> str:
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//", *events, "END:VCALENDAR", "")
    return "\n".join(line.rstrip("\n") for line in lines).replace("\n", "\r\n")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rota.ics"


def read(file: Path, *events: str, team: tuple[Member, ...] = TEAM) -> tuple[Shift, ...]:
    file.write_text(calendar(*events), newline="")
    return calendar_shifts(file, SINCE, UNTIL, BERLIN, team)


def test_repeated_shifts_keep_their_local_hour(file: Path) -> None:
    found = read(file, ADA, BO)
    assert [(one.person, one.start) for one in found[:4]] == [
        ("ada", local("2026-10-05 09:00")),
        ("bo", local("2026-10-12 09:00")),
        ("ada", local("2026-10-19 09:00")),
        ("bo", local("2026-10-26 09:00")),
    ]
    assert found[2].end - found[2].start == timedelta(days=7, hours=1)
    assert found[-1].end <= UNTIL


def test_the_event_that_began_last_counts(file: Path) -> None:
    found = read(file, ADA, BO, ALL_DAY)
    for moment, person in (
        ("2026-10-09 23:59", "ada"),
        ("2026-10-10 00:00", "bo"),
        ("2026-10-11 23:59", "bo"),
        ("2026-10-12 00:00", "ada"),
        ("2026-10-12 09:00", "bo"),
    ):
        shift = holding(found, local(moment))
        assert shift is not None
        assert shift.person == person, moment


def test_who_is_not_of_the_team_has_no_shift(file: Path) -> None:
    assert read(file, HOLIDAY) == ()
    (shift,) = read(file, HOLIDAY, team=())
    assert shift.person == "Bonfire night"


def test_gaps_stay_gaps(file: Path) -> None:
    assert holding(read(file, ADA), local("2026-10-13 09:00")) is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is no calendar"),
        ("hello", "is no calendar"),
        (calendar(ADA.replace("WEEKLY;INTERVAL=2", "SECONDLY")), "more than once a day"),
        (calendar(ADA.replace("20261005", "10001005")), "before 1970"),
        (calendar(ADA.replace("INTERVAL=2", "INTERVAL=0")), "without end"),
        (calendar(ADA.replace("INTERVAL=2", "BYHOUR=1,2")), "more than once a day"),
        (calendar(ADA.replace("20261012", "00261012")), "ends before it begins"),
        (calendar(ADA.replace("20261012", "20361012")), "lasts for years"),
        (calendar(*[ALL_DAY] * 5001), "more than 5000 events"),
        ("x" * (5 << 20), "larger than 4 MiB"),
    ],
)
def test_what_cannot_be_read_is_one_line(file: Path, content: str, says: str) -> None:
    file.write_text(content)
    with pytest.raises(Refused, match=says) as refused:
        calendar_shifts(file, SINCE, UNTIL, BERLIN, TEAM)
    assert "\n" not in refused.value.message


def test_a_missing_file_and_a_folder_are_refused(file: Path) -> None:
    with pytest.raises(Refused, match="No such file"):
        calendar_shifts(file, SINCE, UNTIL, BERLIN, TEAM)
    with pytest.raises(Refused, match=r"cannot be read|no ordinary file"):
        calendar_shifts(file.parent, SINCE, UNTIL, BERLIN, TEAM)


def test_missing_packages_are_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(Refused, match="not installed") as refused:
        calendar_shifts(file, SINCE, UNTIL, BERLIN, TEAM)
    assert "crisisroom[oncall]" in refused.value.hint


@given(st.binary(max_size=300), st.text(max_size=80))
def test_any_file_is_read_or_refused(raw: bytes, title: str) -> None:
    line = " ".join(title.split())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rota.ics"
        for content in (raw, calendar(ADA.replace("On call - Ada Example", line)).encode()):
            file.write_bytes(content)
            with contextlib.suppress(Refused):
                found = calendar_shifts(file, SINCE, UNTIL, BERLIN, ())
                assert all(one.start < one.end for one in found)
