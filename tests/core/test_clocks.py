"""Clocks: what is due when, and for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from core.incident_builder import Told, at
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.core.cadence import last_update, next_update_at
from crisisroom.core.clocks import ClockState, clocks, minutes


def _clock(told: Told, id_: str, minute: float) -> ClockState:
    return next(one for one in clocks(told.state, at(minute)) if one.id == id_)


def test_a_task_s_clock_warns_and_runs_out() -> None:
    told = Told()
    states = [_clock(told, "task:pause", minute).state for minute in (0, 3.9, 4, 5, 5.1)]
    assert states == ["ok", "ok", "warn", "overdue", "overdue"]
    assert _clock(told, "task:pause", 0).due_at == at(5)


def test_who_is_asked_becomes_clearer() -> None:
    told = Told()
    assert _clock(told, "task:pause", 0).who == "social"
    told.tell("role.taken", role="social", person="bo", was="")
    assert _clock(told, "task:pause", 0).who == "bo"
    told.tell("task.assigned", task="pause", person="cy")
    assert _clock(told, "task:pause", 0).who == "cy"


@pytest.mark.parametrize("kind", ["task.done", "task.skipped"])
def test_a_closed_task_has_no_clock(kind: str) -> None:
    told = Told()
    told.tell(kind, task="pause", words="x")
    assert "task:pause" not in {one.id for one in clocks(told.state, at(9))}


def test_a_resolved_incident_has_none() -> None:
    told = Told()
    told.tell("incident.resolved", minute=1)
    assert clocks(told.state, at(99)) == ()
    told.tell("incident.reopened", minute=2)
    assert clocks(told.state, at(99)) != ()


def _say(told: Told, id_: str, minute: float, audience: str = "public") -> None:
    told.tell("statement.drafted", **told.words(id_, audience=audience))
    told.tell("statement.queued", **told.way(id_))
    way = told.way(id_, remote_id="", remote_url="")
    told.tell("statement.sent", minute=minute, **way)


def test_updates_are_due_first_early_then_by_severity() -> None:
    told = Told()
    assert _clock(told, "cadence:public", 0).due_at == at(30)
    _say(told, "ST-1", 12)
    assert _clock(told, "cadence:public", 12).due_at == at(12 + 60)
    _say(told, "ST-2", 20, "employees")
    assert last_update(told.state, "public") == at(12)
    told.tell("incident.severity", minute=25, severity="sev1")
    assert _clock(told, "cadence:public", 25).due_at == at(12 + 30)


def test_a_graver_severity_is_never_due_before_it_was_declared() -> None:
    told = Told()
    _say(told, "ST-1", 1)
    told.tell("incident.severity", minute=50, severity="sev1")
    assert next_update_at(told.state, told.state.plan.cadences[0]) == at(50)


def test_waiting_for_approval_has_a_clock_until_it_came() -> None:
    told = Told()
    told.tell("statement.drafted", **told.words("ST-1"))
    told.tell("statement.submitted", minute=3, id="ST-1", version=1, sha256="s")
    clock = _clock(told, "approval:ST-1", 3)
    assert (clock.due_at, clock.who, clock.title) == (at(13), "legal, lead", "approve ST-1")
    assert _clock(told, "approval:ST-1", 14).state == "overdue"
    said = told.said("ST-1")
    told.tell("statement.approved", minute=4, verdict="approved", **said)
    assert "approval:ST-1" not in {one.id for one in clocks(told.state, at(14))}


def test_the_earliest_comes_first() -> None:
    due = [one.due_at for one in clocks(Told().state, at(0))]
    assert due == sorted(due)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "now"), (59, "now"), (60, "1m"), (-300, "5m"), (3599, "59m"), (3600, "1h"),
        (3660, "1h01"), (12_900, "3h35"), (86_400, "24h"), (93_600, "26h"), (172_800, "2d"),
        (400_000, "4d"),
    ],
)  # fmt: skip
def test_spans_in_whole_minutes(seconds: int, words: str) -> None:
    assert minutes(timedelta(seconds=seconds)) == words


@given(st.integers(-(10**9), 10**9))
def test_spans_stay_short(seconds: int) -> None:
    assert 2 <= len(minutes(timedelta(seconds=seconds))) <= 6


@given(st.floats(0, 100), st.floats(0, 100))
def test_clocks_never_go_back_to_calm(one: float, other: float) -> None:
    order = {"ok": 0, "warn": 1, "overdue": 2}
    told = Told()
    early, late = sorted((one, other))
    pairs = zip(clocks(told.state, at(early)), clocks(told.state, at(late)), strict=True)
    assert all(order[before.state] <= order[after.state] for before, after in pairs)
