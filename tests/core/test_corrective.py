"""Reminders of corrective actions: each once, at nine in the case's zone, until it is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from core.night import START, Night
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core.corrective import days_left, is_late, late_words, owned_by
from crisisroom.core.engine import next_due

DUE = "2026-11-30"  # a Monday; START is Friday, the 20th, 23:00 in Berlin


def berlin(day: int, hour: int = 9, month: int = 11) -> datetime:
    """Return an hour of the winter in Berlin."""
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=1)


def minute(at: datetime) -> float:
    """Return a moment as minutes of the night."""
    return (at - START).total_seconds() / 60


def added(**more: Any) -> Night:
    """Return a resolved night with an action."""
    night = Night()
    night.tell("role.taken", role="lead", person="ada", was="")
    data = {"action": "A-1", "title": "Test the fuse", "owner": "fay", "due": DUE, "kind": ""}
    night.tell("action.added", 5, **data | more)
    night.tell("incident.resolved", 600, words="")
    return night


def reminded(night: Night, action: str = "A-1") -> list[tuple[str, datetime]]:
    """Return the reminders there were of an action."""
    return [
        (one.text, one.at)
        for one in night.entries
        if one.kind == "action.reminded" and one.data["action"] == action
    ]


def test_the_day_before_on_the_day_and_every_week_also_when_it_is_over() -> None:
    night = added()
    for day in range(21, 31):
        night.look(minute(berlin(day, 8)))
        night.look(minute(berlin(day, 10)))
    for day in range(1, 16):
        night.look(minute(berlin(day, 12, 12)))
    assert reminded(night) == [
        ("reminds fay: A-1 is due tomorrow: Test the fuse", berlin(29)),
        ("reminds fay: A-1 is due today: Test the fuse", berlin(30)),
        ("reminds fay: A-1 is 7 days late: Test the fuse", berlin(7, month=12)),
        ("reminds fay: A-1 is 14 days late: Test the fuse", berlin(14, month=12)),
    ]


def test_a_watcher_that_was_off_says_the_newest_alone() -> None:
    night = added()
    night.look(minute(berlin(16, month=12)))
    assert reminded(night) == [
        ("reminds fay: A-1 is 14 days late: Test the fuse", berlin(14, month=12))
    ]
    night.look(minute(berlin(16, 20, 12)))
    assert len(reminded(night)) == 1


@pytest.mark.parametrize("kind", ["action.done", "action.dropped"])
def test_what_is_closed_is_left_alone_until_it_is_opened_again(kind: str) -> None:
    night = added()
    night.tell(kind, minute(berlin(30, 12)), action="A-1", words="no more")
    night.look(minute(berlin(20, month=12)))
    assert len(reminded(night)) == 1
    night.tell("action.reopened", minute(berlin(20, 12, 12)), action="A-1", words="")
    assert len(reminded(night)) == 1
    night.look(minute(berlin(22, month=12)))
    assert reminded(night)[-1] == (
        "reminds fay: A-1 is 21 days late: Test the fuse",
        berlin(21, month=12),
    )


def test_a_new_day_begins_anew_and_is_not_reminded_of_at_once() -> None:
    night = added()
    night.look(minute(berlin(30, 12)))
    night.tell("action.changed", minute(berlin(30, 13)), action="A-1", due="2026-12-01")
    assert len(reminded(night)) == 1
    night.look(minute(berlin(2, month=12)))
    assert reminded(night)[-1] == (
        "reminds fay: A-1 is due today: Test the fuse",
        berlin(1, month=12),
    )


@pytest.mark.parametrize(
    ("owner", "who"), [("", "whoever takes it"), ("lead", "ada"), ("purchasing", "purchasing")]
)
def test_it_names_who_is_meant(owner: str, who: str) -> None:
    night = added(owner=owner)
    night.look(minute(berlin(30)))
    text, at = reminded(night)[-1]
    assert text == f"reminds {who}: A-1 is due today: Test the fuse"
    assert at == berlin(30)


@pytest.mark.parametrize("due", ["", "soon", "2026-02-30"])
def test_without_a_day_nobody_is_reminded(due: str) -> None:
    night = added(due=due)
    night.look(minute(berlin(30, month=12)))
    assert not reminded(night)


def test_the_next_moment_is_the_next_reminder() -> None:
    night = added()
    moments = []
    for _ in range(4):
        due = next_due(night.state, night.now)
        assert due is not None
        moments.append(due)
        night.look(minute(due))
    assert berlin(29) in moments


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60 * 24 * 60), min_size=1, max_size=12, unique=True))
def test_none_is_said_twice_and_none_before_its_time(minutes: list[int]) -> None:
    night = added()
    for at in sorted(one + 601 for one in minutes):
        night.look(at)
    told = [at for _, at in reminded(night)]
    assert len(set(told)) == len(told)
    assert told == sorted(told)
    assert all(at <= night.now for at in told)
    marks = [one.data["mark"] for one in night.entries if one.kind == "action.reminded"]
    assert len(set(marks)) == len(marks)


def test_how_late_something_is_in_words() -> None:
    assert [late_words(days) for days in (3, 1, 0, -1, -8)] == [
        "due in 3 days",
        "due tomorrow",
        "due today",
        "a day late",
        "8 days late",
    ]


def test_its_own_day_is_not_late() -> None:
    action = added().state.actions["A-1"]
    day = berlin(30).date()
    assert days_left(action, day) == 0
    assert not is_late(action, day)
    assert is_late(action, day + timedelta(days=1))


def test_whose_it_is() -> None:
    night = added(owner="lead")
    action = night.state.actions["A-1"]
    assert owned_by(night.state, action, "ada")
    assert owned_by(night.state, action, "lead")
    assert not owned_by(night.state, action, "bo")
