"""A room looked at before it is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from core.night import START, Night, plan
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.core.errors import Usage
from crisisroom.core.foresee import LONGEST, Foreseen, Supposed, foresee


def seen(minutes: float, *supposed: Supposed, severity: str = "sev2") -> Foreseen:
    """Return the night's plan so many minutes after the declaration."""
    after = timedelta(minutes=minutes)
    return foresee(plan(), START, after, severity=severity, zone="Europe/Berlin", supposed=supposed)


def test_it_is_what_a_room_would_hold() -> None:
    night = Night()
    night.tell("role.assigned", 3, role="lead", person="ada", was="")
    night.done("pause", 4)
    night.fact("data", "yes", 10)
    night.look(95)
    found = seen(
        95,
        Supposed(sort="fact", id="data", value="yes", after=600),
        Supposed(sort="role", id="lead", value="ada", after=180),
        Supposed(sort="task", id="pause", after=240),
    )
    assert [(one.kind, one.at, one.data) for one in found.entries[1:]] == [
        (one.kind, one.at, one.data) for one in night.entries[1:]
    ]
    mine, theirs = found.incident, night.state
    assert mine.facts["data"].value == theirs.facts["data"].value
    assert {id_: (task.state, task.due_at) for id_, task in mine.tasks.items()} == {
        id_: (task.state, task.due_at) for id_, task in theirs.tasks.items()
    }
    assert (mine.escalations, mine.deadlines) == (theirs.escalations, theirs.deadlines)


def test_a_task_waits_visibly_until_its_fact_is_known() -> None:
    assert seen(9).incident.tasks["dpo"].state == "waiting"
    known = Supposed(sort="fact", id="data", value="yes", after=600)
    task = seen(10, known).incident.tasks["dpo"]
    assert task.state == "open"
    assert task.due_at == START + timedelta(minutes=40)
    assert seen(9, known).incident.tasks["dpo"].state == "waiting"


def test_without_a_severity_it_is_the_gravest() -> None:
    assert foresee(plan(), START, timedelta()).incident.severity == "sev1"


@pytest.mark.parametrize(
    ("supposed", "code"),
    [
        (Supposed(sort="fact", id="dat", value="yes"), "unknown-fact"),
        (Supposed(sort="task", id="paus"), "unknown-task"),
        (Supposed(sort="role", id="leed", value="ada"), "unknown-role"),
        (Supposed(sort="fact", id="affected", value="many"), "value"),
        (Supposed(sort="fact", id="data", value="perhaps"), "value"),
    ],
)
def test_what_the_plan_does_not_have_is_said(supposed: Supposed, code: str) -> None:
    with pytest.raises(Usage) as refusal:
        seen(30, supposed)
    assert refusal.value.code == code


@pytest.mark.parametrize("after", [timedelta(seconds=-1), LONGEST + timedelta(seconds=1)])
def test_a_preview_has_an_end(after: timedelta) -> None:
    with pytest.raises(Usage, match="30 days"):
        foresee(plan(), START, after)
    with pytest.raises(Usage, match="no severity sev9"):
        foresee(plan(), START, timedelta(), severity="sev9")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 26 * 60), st.integers(0, 26 * 60))
def test_looking_on_the_way_changes_nothing(one: int, two: int) -> None:
    first, last = sorted((one, two))
    whole = seen(last).entries
    assert [entry.text for entry in seen(first).entries] == [
        entry.text for entry in whole if entry.at <= START + timedelta(minutes=first)
    ]


def test_nothing_in_it_comes_from_today() -> None:
    far = datetime(2031, 3, 30, 0, 30, tzinfo=UTC)  # the clocks go forward in Berlin that night
    found = foresee(plan(), far, timedelta(hours=3), zone="Europe/Berlin")
    assert found.incident.declared_at == far
    assert found.now == far + timedelta(hours=3)
    assert all(far <= entry.at <= found.now for entry in found.entries)
