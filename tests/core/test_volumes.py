"""How much was said, hour by hour: which hours, what is usual, what is written again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from core.night import START, Night
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core import volumes
from crisisroom.core.apply import apply
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Draft, stamp
from crisisroom.core.volumes import HOUR, Counts

DAY = timedelta(days=1)
BEGIN = START - timedelta(hours=6)  # START is a full hour


def counts(
    hours: Mapping[datetime, int], heard: datetime = BEGIN - 8 * DAY, **sources: int
) -> Counts:
    """Return counts with so many mentions in the hours, the last five minutes of each."""
    slots = [(at + timedelta(minutes=55), many, many // 2) for at, many in hours.items()]
    told = {name: [(START, many, 0)] for name, many in sources.items()}
    return Counts(heard_since=heard, everything=slots, sources=told)


def taken(night: Night, rows: list[dict[str, Any]]) -> Incident:
    """Return the incident after it took in rows."""
    entry = night._entry(Draft(kind="volume.counted", text="counted", data={"rows": rows}))
    night.state = apply(night.state, entry)
    return night.state


def test_hours_begin_before_the_declaration_and_end_now() -> None:
    state = Night().state
    now = START + timedelta(minutes=30)
    rows = volumes.rows_of(state, counts({START: 7}), BEGIN, now)
    assert [row["start"] for row in rows] == [stamp(BEGIN + hour * HOUR) for hour in range(7)]
    assert [row["seconds"] for row in rows] == [3600] * 6 + [1800]
    assert [row["mentions"] for row in rows] == [0] * 6 + [7]
    assert rows[-1]["complaints"] == 3


def test_what_is_written_is_what_the_incident_then_has() -> None:
    night = Night()
    now = START + 3 * HOUR
    heard = counts({START: 7, START + HOUR: 40}, masto=7)
    state = taken(night, volumes.rows_of(night.state, heard, BEGIN, now))
    assert volumes.rows_of(state, heard, BEGIN, now) == []
    late = counts({START: 9, START + HOUR: 40}, masto=9)
    (row,) = volumes.rows_of(state, late, BEGIN, now)
    assert (row["start"], row["mentions"], row["sources"]) == (stamp(START), 9, {"masto": 9})


def test_the_usual_is_that_of_the_days_before_the_crisis() -> None:
    state = Night().state
    before = {START - day * DAY: 10 * day for day in range(1, 8)}  # 10 … 70: 40 on the mean
    crisis = {START + hour * HOUR: 500 for hour in range(72)}
    rows = volumes.rows_of(state, counts(before | crisis), BEGIN, START + 72 * HOUR)
    usual = {row["start"]: row["usual_hundredths"] for row in rows}
    assert usual[stamp(START)] == 4000
    assert usual[stamp(START + DAY)] == usual[stamp(START + 2 * DAY)] == 4000
    assert usual[stamp(START + HOUR)] == 0


def test_days_nobody_listened_are_no_silence() -> None:
    state = Night().state
    before = {START - DAY: 10, START - 2 * DAY: 30}
    heard = START - 2 * DAY - HOUR
    (row,) = volumes.rows_of(state, counts(before, heard), START, START + HOUR)
    assert row["usual_hundredths"] == 2000
    rows = volumes.rows_of(state, counts({}, START - 2 * HOUR), BEGIN, START)
    assert [row["start"] for row in rows] == [stamp(START - 2 * HOUR), stamp(START - HOUR)]


def test_an_hour_is_due_once_it_is_over_and_heard_of() -> None:
    night = Night()
    state = night.state
    assert volumes.is_due(state, START + timedelta(minutes=5))  # the hours before it
    rows = volumes.rows_of(state, counts({}), BEGIN, volumes.settled(START + HOUR))
    state = taken(night, rows)
    assert not volumes.is_due(state, START + timedelta(minutes=64, seconds=59))
    assert volumes.is_due(state, START + timedelta(minutes=65))
    over = msgspec.structs.replace(state, status="resolved", resolved_at=START)
    assert not volumes.is_due(over, START + 9 * HOUR)


def test_a_long_crisis_counts_only_its_last_days_again() -> None:
    night = Night()
    assert volumes.recounted_from(night.state) == BEGIN
    rows = volumes.rows_of(night.state, counts({}), BEGIN, START + 10 * DAY)
    state = taken(night, rows)
    assert volumes.recounted_from(state) == START + 10 * DAY - HOUR - volumes.AGAIN


def test_counts_end_some_hours_after_the_end() -> None:
    state = Night().state
    assert volumes.ends(state, START + DAY) == START + DAY
    over = msgspec.structs.replace(state, resolved_at=START + HOUR)
    assert volumes.ends(over, START + DAY) == START + HOUR + volumes.AFTER
    assert volumes.ends(over, START + 2 * HOUR) == START + 2 * HOUR


@given(
    st.dictionaries(st.integers(-200, 40), st.integers(0, 999), max_size=30),
    st.integers(-300, 40),
    st.integers(1, 40 * 3600),
)
def test_no_mention_is_lost_or_counted_twice(
    said: dict[int, int], heard: int, seconds: int
) -> None:
    state = Night().state
    hours = {START + hour * HOUR: many for hour, many in said.items()}
    since = START + heard * HOUR
    until = START + timedelta(seconds=seconds)
    rows = volumes.rows_of(state, counts(hours, since), BEGIN, until)
    begin = max(BEGIN, since)
    told = sum(many for at, many in hours.items() if begin <= at < until)
    assert sum(row["mentions"] for row in rows) == told
    assert sum(row["seconds"] for row in rows) == max(0, int((until - begin).total_seconds()))


def test_what_was_said_within_an_hour_is_kept_by_five_minutes_and_silence_is_not() -> None:
    night = Night()
    slots = [(START, 3, 1), (START + timedelta(minutes=5), 0, 0), (START + HOUR / 2, 4, 4)]
    heard = Counts(heard_since=BEGIN, everything=slots, sources={})
    state = taken(night, volumes.rows_of(night.state, heard, START, START + HOUR))
    (kept,) = state.volume.values()
    assert kept.slots == ((0, 3, 1), (6, 4, 4))
    assert sum(many for _, many, _ in kept.slots) == kept.mentions


def test_a_count_of_an_earlier_program_has_none() -> None:
    night = Night()
    row = {"start": stamp(START), "seconds": 3600, "mentions": 3, "complaints": 1}
    state = taken(night, [row | {"usual_hundredths": 0, "sources": {}}])
    assert state.volume[stamp(START)].slots == ()
