"""When the next word to an audience is due."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from core.night import START, YAML, Night, plan

from crisisroom.core.cadence import next_update_at, pace


def _due(night: Night) -> float | None:
    due = next_update_at(night.state, night.state.plan.cadences[0])
    return (due - START).total_seconds() / 60 if due else None


def test_the_first_is_early_and_the_next_follow_the_severity() -> None:
    night = Night()
    assert _due(night) == 30
    night.publish(1, 12)
    assert _due(night) == 72
    night.tell("incident.severity", 20, severity="sev1")
    assert _due(night) == 32
    night.tell("incident.severity", 50, severity="sev2")
    assert _due(night) == 72


@pytest.mark.parametrize(("hours", "minutes"), [(0, 20), (1.99, 20), (2, 60), (40, 60)])
def test_it_slows_down_in_a_long_night(hours: float, minutes: int) -> None:
    cadence = plan().cadences[0]
    assert pace(cadence, "sev1", timedelta(hours=hours)) == timedelta(minutes=minutes)
    assert pace(cadence, "sev2", timedelta(hours=hours)) == timedelta(hours=1)
    assert pace(cadence, "sev9", timedelta(hours=hours)) is None


def test_a_promise_counts() -> None:
    night = Night()
    night.publish(1, 10, promises="2026-11-20T22:25:00.000Z")
    assert _due(night) == 25
    night.publish(2, 20)
    assert _due(night) == 80, "what was promised before is kept by the next word"


NEWS = YAML.replace("    every: {sev1: 20m, sev2: 1h}\n", "    after_news: 15m\n").replace(
    "    then: [{after: 2h, every: {sev1: 1h}}]\n", ""
)


def test_without_a_pace_only_news_and_promises_count() -> None:
    night = Night(plan(NEWS))
    night.publish(1, 10)
    assert _due(night) is None
    night.fact("affected", "12", 20)
    assert _due(night) is None, "this fact stays in the room"
    night.fact("what", "it smokes", 30)
    assert _due(night) == 45
    night.fact("what", "it smokes", 35)
    assert _due(night) == 45, "nothing new in that"
    night.publish(2, 40)
    assert _due(night) is None


def test_putting_it_off_holds_for_one_update() -> None:
    night = Night()
    until = "2026-11-20T22:50:00.000Z"
    night.tell("update.snoozed", 25, cadence="public", until=until, words="waiting for legal")
    assert _due(night) == 50
    night.publish(1, 45)
    assert _due(night) == 105


def test_a_resolution_is_the_last_word_unless_something_changes() -> None:
    night = Night()
    night.publish(1, 10, kind="resolution")
    assert _due(night) is None
    night.fact("what", "it smokes again", 60)
    assert _due(night) == 70
    again = Night()
    again.publish(1, 10, kind="resolution")
    again.tell("incident.resolved", 20, words="")
    again.tell("incident.reopened", 30, words="")
    assert _due(again) == 90


def test_one_with_a_condition_rests_until_it_holds() -> None:
    text = YAML.replace(
        "    first_within: 30m\n", "    first_within: 30m\n    when: {set: fact.what}\n"
    )
    night = Night(plan(text))
    assert _due(night) is None
    night.fact("what", "it smokes", 12)
    assert _due(night) == 30


def test_reopening_begins_anew() -> None:
    night = Night()
    night.publish(1, 10)
    night.tell("incident.resolved", 20, words="")
    night.tell("incident.reopened", 300, words="")
    assert _due(night) == 360


def test_an_update_that_is_late_is_not_late_anew_by_a_change_of_severity() -> None:
    night = Night()
    night.publish(1, 12)
    night.look(72)
    for minute, severity in ((80, "sev1"), (85, "sev2"), (90, "sev1")):
        night.tell("incident.severity", minute, severity=severity)
        assert _due(night) == 72
    late = [minute for text, minute in night.kinds("clock.late") if text == "late: public update"]
    assert late == [72]
    night.tell("incident.severity", 91, severity="sev2")
    night.publish(2, 95)
    assert _due(night) == 155


def test_what_an_added_playbook_owes_counts_from_when_it_came() -> None:
    more = YAML.replace(
        "deadlines:\n",
        "  - {id: staff, audience: staff, statement: update, first_within: 30m, after_news: 1h}\n"
        "deadlines:\n",
    )
    night = Night()
    ref = {"id": "more", "version": 1, "sha256": "1" * 64}
    told = msgspec.to_builtins(plan(more))
    night.tell("playbook.added", 300, playbook=ref, plan=told, switched=False, words="")
    staff = next_update_at(night.state, night.state.plan.cadences[1])
    assert staff == START + timedelta(minutes=330)
    assert _due(night) == 30, "what ran before runs on"
