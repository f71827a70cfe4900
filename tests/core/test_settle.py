"""Which tasks are open, wait or are not needed, and when they are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from core.night import START, YAML, Night, plan

from crisisroom.core.clocks import clocks


def _task(night: Night, name: str) -> tuple[str, str, float | None]:
    task = night.state.tasks[name]
    due = (task.due_at - START).total_seconds() / 60 if task.due_at else None
    return task.state, task.waiting_for, due


def _duty(night: Night) -> str:
    return night.state.deadlines["gdpr"].state


def test_a_task_behind_an_unknown_fact_waits_for_it_and_then_has_its_own_time() -> None:
    night = Night()
    assert _task(night, "dpo") == ("waiting", "fact: personal data", None)
    night.fact("data", "yes", 50)
    assert _task(night, "dpo") == ("open", "", 80)
    assert night.kinds("task.opened") == [("now to do: Call the DPO", 50)]
    night.look(80)
    assert ("late: Call the DPO", 80) in night.kinds("clock.late")


def test_a_task_whose_condition_is_false_is_not_needed_until_that_changes() -> None:
    night = Night()
    night.fact("data", "no", 5)
    assert _task(night, "dpo") == ("not_needed", "", None)
    assert night.kinds("task.not_needed") == [("not needed: Call the DPO", 5)]
    night.fact("data", "unclear", 9, state="changed")
    assert _task(night, "dpo") == ("open", "", 39)
    night.fact("data", "", 12, state="checking")
    assert _task(night, "dpo") == ("waiting", "fact: personal data", None)


@pytest.mark.parametrize(("affected", "state"), [("99", "not_needed"), ("1,200", "open")])
def test_numbers_are_compared_as_people_write_them(affected: str, state: str) -> None:
    night = Night()
    night.fact("affected", affected, 3)
    assert night.state.tasks["mass"].state == state


def test_times_count_from_their_own_anchor() -> None:
    night = Night()
    assert _task(night, "count") == ("open", "", None)
    night.fact("affected", "7", 11)
    assert _task(night, "count")[2] == 31
    night.fact("affected", "9", 25, state="changed")
    assert _task(night, "count")[2] == 31, "it counts from when it was first known"


def test_a_phase_begins_when_nothing_required_is_left_before_it() -> None:
    night = Night()
    assert _task(night, "holding") == ("waiting", "task: Fill the sheet", None)
    night.done("pause", 4)
    assert night.kinds("phase.begun") == [("began: Respond", 4)]
    assert _task(night, "holding")[2] == 24
    night.tell("task.reopened", 6, task="pause")
    assert _task(night, "holding")[2] is None


def test_a_task_ticks_itself_once_its_condition_holds() -> None:
    night = Night()
    night.fact("what", "it smokes", 3)
    assert night.state.tasks["sheet"].state == "open"
    night.fact("affected", "12", 6)
    sheet = night.state.tasks["sheet"]
    assert (sheet.state, sheet.closed_by) == ("done", "room")
    assert night.kinds("task.done") == [("done by itself: Fill the sheet", 6)]
    assert night.state.tasks["holding"].state == "open"


def test_a_repeating_task_comes_back() -> None:
    night = Night()
    night.done("threads", 20)
    assert _task(night, "threads") == ("open", "", 65)
    night.look(66)
    assert ("late: Look at the threads", 65) in night.kinds("clock.late")
    night.done("threads", 70)
    assert _task(night, "threads")[2] == 115
    assert night.state.tasks["threads"].times == 2


def test_a_time_of_day_is_due_at_that_time_in_the_case_s_zone() -> None:
    night = Night()
    assert night.state.tasks["press"].due_at == datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
    night.look(8.5 * 60)
    assert ("late: Morning call", 510) in night.kinds("clock.late")


def test_the_law_counts_from_when_we_were_aware() -> None:
    night = Night()
    assert night.state.deadlines["gdpr"].waiting_for == "fact: personal data"
    night.fact("data", "yes", 5)
    assert night.state.deadlines["gdpr"].waiting_for == "fact: aware since"
    night.fact("aware", "2026-11-20T20:30:00.000Z", 9)
    gdpr = night.state.deadlines["gdpr"]
    assert gdpr.state == "running"
    assert gdpr.due_at == datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    night.fact("data", "no", 20, state="changed")
    assert _duty(night) == "running", "only a person ends it"
    night.tell("deadline.waived", 21, deadline="gdpr", words="no personal data after all")
    assert _duty(night) == "waived"


def test_business_days_leave_the_weekend_out() -> None:
    night = Night()
    night.fact("what", "it smokes", 1)
    due = night.state.deadlines["stock"].due_at
    assert due == START + timedelta(days=6, minutes=1)  # Friday to Thursday, same local time


def test_a_duty_that_does_not_apply_is_said_not_to() -> None:
    night = Night()
    night.fact("data", "no", 5)
    assert _duty(night) == "not_needed"
    night.fact("data", "yes", 6, state="changed")
    assert _duty(night) == "waiting"


def test_a_task_added_in_the_room_counts_from_then() -> None:
    night = Night()
    task = {"id": "t-1", "title": "Call the mayor", "within": 600}
    night.tell("task.added", 30, task=task, phase="", words="")
    assert _task(night, "t-1") == ("open", "", 40)
    assert night.state.plan.phases[-1].id == "added"
    assert night.state.tasks["t-1"].added_by == "ada"


def test_the_review_is_put_on_the_lead_s_list_at_the_end() -> None:
    night = Night()
    night.tell("role.taken", 1, role="lead", person="ada", was="")
    night.tell("incident.resolved", 60, words="")
    item = night.state.actions["A-1"]
    assert (item.owner, item.due) == ("ada", "2026-11-27")
    night.tell("incident.reopened", 70, words="")
    night.tell("incident.resolved", 80, words="")
    assert len(night.state.actions) == 1


def test_a_task_reopened_by_hand_stays_open_until_it_is_so_anew() -> None:
    night = Night()
    night.fact("what", "it smokes", 1)
    night.fact("affected", "12", 2)
    night.tell("task.reopened", 3, task="sheet")
    night.fact("data", "yes", 4)
    assert _task(night, "sheet")[0] == "open"
    night.fact("affected", "12", 5, state="checking")
    night.fact("affected", "14", 6)
    assert _task(night, "sheet")[0] == "done"


def test_a_reopened_incident_ticks_what_was_settled_meanwhile() -> None:
    night = Night()
    night.tell("incident.resolved", 1, words="")
    night.fact("what", "it smokes", 2)
    night.fact("affected", "12", 3)
    assert _task(night, "sheet")[0] == "open"
    night.tell("incident.reopened", 4, words="")
    assert _task(night, "sheet")[0] == "done"


def test_a_moment_of_the_day_outlives_that_the_task_was_not_needed() -> None:
    text = YAML.replace('at: "07:30"}', 'at: "07:30", when: {is: {fact.data: yes}}}')
    night = Night(plan(text))
    night.fact("data", "no", 1)
    assert night.state.tasks["press"].state == "not_needed"
    night.fact("data", "yes", 2, state="changed")
    assert night.state.tasks["press"].due_at == datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


COMES_AGAIN = YAML.replace("repeat: 45m}", "repeat: 45m, required: yes}")


def test_of_a_task_that_comes_again_once_is_enough_for_what_waits_for_it() -> None:
    text = COMES_AGAIN.replace("needs: [sheet]}", "needs: [threads]}")
    night = Night(plan(text))
    night.done("pause", 1)
    assert _task(night, "holding")[:2] == ("waiting", "task: Look at the threads")
    night.done("threads", 20)
    assert _task(night, "holding") == ("open", "", 40)
    night.done("threads", 60)
    assert _task(night, "holding") == ("open", "", 40), "the phase began with the first tick"
    night.tell("task.reopened", 61, task="threads")
    assert _task(night, "threads") == ("open", "", 65), "as it was before the last tick"
    night.tell("task.reopened", 62, task="threads")
    assert _task(night, "holding")[0] == "waiting"


def test_a_task_that_comes_again_ends_once_its_condition_holds() -> None:
    text = YAML.replace("repeat: 45m}", "repeat: 45m, done_when: {set: fact.what}}")
    night = Night(plan(text))
    night.done("threads", 20)
    night.fact("what", "it smokes", 30)
    assert night.state.tasks["threads"].state == "done"
    night.look(66)
    assert ("late: Look at the threads", 65) not in night.kinds("clock.late")


def test_what_is_not_needed_because_of_another_is_so_at_once_however_long_the_chain() -> None:
    first = '      - {id: t0, title: "T0", when: {is: {fact.data: yes}}}\n'
    links = (
        f'      - {{id: t{n + 1}, title: "T", when: {{is: {{task.t{n}: done}}}}}}\n'
        for n in range(20)
    )
    text = YAML.replace("      - {id: mass", first + "".join(links) + "      - {id: mass")
    night = Night(plan(text))
    night.fact("data", "no", 5)
    assert {night.state.tasks[f"t{n}"].state for n in range(21)} == {"not_needed"}


def test_the_law_counts_from_when_a_fact_was_first_known() -> None:
    night = Night(plan(YAML.replace("    starts: aware\n", "    starts: what\n")))
    night.fact("what", "it smokes", 3)
    night.fact("what", "it burns", 40, state="changed")
    night.fact("data", "yes", 50)
    assert night.state.deadlines["gdpr"].started_at == START + timedelta(minutes=3)


def test_the_law_s_time_begins_earlier_if_it_did_and_never_later() -> None:
    night = Night()
    night.fact("data", "yes", 1)
    night.fact("aware", "2026-11-20T21:10:00.000Z", 2)
    night.fact("aware", "2026-11-20T20:30:00.000Z", 3, state="changed")
    assert night.state.deadlines["gdpr"].due_at == datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    night.fact("aware", "2026-11-20T21:50:00.000Z", 4, state="changed")
    assert night.state.deadlines["gdpr"].due_at == datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    assert len(night.kinds("deadline.started")) == 2


def test_the_law_s_time_begins_after_the_end_too() -> None:
    night = Night()
    night.fact("data", "no", 1)
    night.tell("incident.resolved", 2, words="")
    night.fact("data", "yes", 3, state="changed")
    night.fact("aware", "2026-11-20T21:10:00.000Z", 4)
    assert _duty(night) == "running"


def test_a_task_that_appears_late_is_warned_of_by_its_own_time() -> None:
    night = Night(plan(YAML.replace("within: 30m\n        when", "within: 10m\n        when")))
    night.fact("data", "yes", 300)
    states = {
        minute: next(
            one.state
            for one in clocks(night.state, START + timedelta(minutes=300 + minute))
            if one.id == "task:dpo"
        )
        for minute in (0, 7, 8, 10)
    }
    assert list(states.values()) == ["ok", "ok", "warn", "overdue"]
