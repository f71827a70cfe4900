"""How much was said, as bars: as fine as they were counted, and never more than a chart bears."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from msgspec.structs import replace
from report.html.ferrow import ferrow

from crisisroom.core.recorded import Volume
from crisisroom.core.timeline import stamp
from crisisroom.report.html import heard
from crisisroom.report.html.blocks import Bar
from crisisroom.report.page import Page

RECORD = ferrow()
HOURS = tuple(RECORD.incident.volume.values())
MINUTES = timedelta(minutes=1)


def bars(hours: tuple[Volume, ...]) -> tuple[Bar, ...]:
    """Return the bars of an incident with these hours."""
    told = replace(RECORD.incident, volume={stamp(one.start): one for one in hours})
    return heard.bars(Page.of(replace(RECORD, incident=told)))


def long(hours: int) -> tuple[Volume, ...]:
    """Return so many hours, each like the loudest."""
    loudest = max(HOURS, key=lambda one: one.mentions)
    first = HOURS[0].start
    return tuple(replace(loudest, start=first + n * timedelta(hours=1)) for n in range(hours))


def test_a_night_is_told_by_five_minutes_and_nothing_is_lost() -> None:
    drawn = bars(HOURS)
    assert {one.end - one.start for one in drawn} == {5 * MINUTES}
    assert all(one.end == after.start for one, after in pairwise(drawn))
    assert sum(one.mentions for one in drawn) == sum(one.mentions for one in HOURS)


def test_days_are_told_by_quarters_and_weeks_by_hours() -> None:
    for hours, size in ((14, 5), (15, 15), (42, 15), (43, 60), (168, 60), (169, 120)):
        drawn = bars(long(hours))
        assert drawn[0].end - drawn[0].start == size * MINUTES
        assert len(drawn) <= 168
        assert sum(one.mentions for one in drawn) == hours * max(one.mentions for one in HOURS)


def test_what_an_earlier_program_counted_is_told_by_hours() -> None:
    rough = tuple(replace(one, slots=()) for one in HOURS)
    assert {one.end - one.start for one in bars(rough)} == {timedelta(hours=1)}
