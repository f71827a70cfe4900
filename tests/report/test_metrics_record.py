"""Figures of the alarm, the silences and the checklist: each from its two entries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from report.builders import HOLDING, START, Log
from report.rich import RICH, ends, figures, plan

from crisisroom.core.playbook import Deadline, Review
from crisisroom.core.timeline import stamp
from crisisroom.report.metrics import metrics
from crisisroom.report.redact import narrowed


def warned(log: Log, minute: float) -> int:
    data: dict[str, Any] = {
        "candidate": "c",
        "id": "C-3",
        "level": "early",
        "reason": "9 in 20 min",
    }
    data |= {"observed": 9, "expected_hundredths": 40, "window_minutes": 20, "authors": 9}
    data |= {"sources": 3, "narratives": [], "suggested_playbook": "billing-error"}
    data |= {"raised_at": stamp(START + timedelta(minutes=minute))}
    return log.add("candidate.raised", minute, "early warning", data, actor="room").seq


def called(log: Log, minute: float, *, step: int = -1) -> int:
    if step < 0:
        started = {"escalation": "wake", "why": "it burns"}
        return log.add("escalation.started", minute, "calls", started).seq
    data = {"escalation": "wake", "round": 1, "step": step, "called": ["ceo"]}
    return log.add("escalation.step", minute, "call", data | {"people": [{"name": "G"}]}).seq


def test_an_early_warning_is_noticed_sorted_and_declared() -> None:
    log = Log(plan=plan())
    mention = log.link(1, -30)
    warning = warned(log, -12)
    triaged = {"mention": mention, "state": "claimed", "assignee": "ada"}
    looked = log.add("mention.triaged", 3, "took M-1", triaged).seq
    lead = log.add("role.taken", 5, "took", {"role": "lead", "person": "ada", "was": ""}).seq
    found = figures(log)
    assert ends(found["time_to_detect"]) == ("recorded", 18 * 60, 2, warning)
    assert ends(found["time_to_triage"]) == ("recorded", 15 * 60, warning, looked)
    assert ends(found["alert_acknowledged"]) == ("recorded", 12 * 60, warning, 1)
    assert ends(found["alert_to_lead"]) == ("recorded", 17 * 60, warning, lead)
    assert ends(found["alert_to_declare"]) == ("recorded", 12 * 60, warning, 1)


def test_a_rule_that_sorts_is_no_person_who_looks() -> None:
    log = Log(plan=plan())
    mention = log.link(1, -30)
    warned(log, -12)
    data = {"mention": mention, "state": "dismissed", "assignee": ""}
    log.entries.append(
        msgspec.structs.replace(log.add("mention.triaged", 1, "x", data), source="rule")
    )
    del log.entries[-2]
    assert figures(log)["time_to_triage"].state == "pending"


def test_the_impact_began_before_anybody_said_so() -> None:
    log = Log(plan=plan())
    log.link(1, -10)
    since = stamp(START - timedelta(minutes=95))
    log.fact("impact_started", 20, since)
    assert ends(figures(log)["time_to_detect"]) == ("recorded", 95 * 60, 3, 1)
    log.fact("impact_started", 21, since, "unknown")
    assert figures(log)["time_to_detect"].seconds == 600
    log.fact("impact_started", 22, stamp(START + timedelta(minutes=1)))
    assert figures(log)["time_to_detect"].seconds == 600, "a mention came first"


def test_a_warning_after_the_declaration_ends_before_it_starts() -> None:
    log = Log(plan=plan())
    warned(log, 4)
    found = figures(log)["alert_to_declare"]
    assert ends(found) == ("invalid", None, 2, 1)


def test_calls_climb_until_a_person_is_reached() -> None:
    log = Log(plan=plan())
    start = called(log, 2)
    for minute, step in ((2, 0), (7, 1), (12, 0)):
        called(log, minute, step=step)
    found = figures(log)
    assert (found["escalation_steps"].met, found["escalation_steps"].of) == (3, 4)
    assert found["escalation_steps"].state == found["human_contact"].state == "pending"
    assert found["human_contact"].since == start
    rang = {"contact": "ceo", "name": "G", "way": "phone", "words": ""}
    log.add("contact.called", 13, "no answer", rang | {"reached": False})
    log.add("contact.called", 14, "reached", rang | {"reached": True})
    has_it = {"escalation": "wake", "words": ""}
    log.add("escalation.acknowledged", 16, "has it", has_it, actor="bo")
    found = figures(log)
    assert ends(found["human_contact"]) == ("recorded", 12 * 60, 2, 7)
    assert ends(found["alert_acknowledged"]) == ("recorded", 14 * 60, 2, 8)
    assert found["escalation_steps"].state == "recorded"
    assert (found["escalation_steps"].since, found["escalation_steps"].to) == (2, 5)


def test_replies_within_a_target_that_somebody_names() -> None:
    log = Log()
    for number, wait in enumerate((10, 20, 40), 1):
        mention = log.link(number, 0)
        log.draft(f"R-{number}", 6, "x", mention=mention, mention_id=f"M-{number}")
        log.send(f"R-{number}", wait)
    assert figures(log)["first_reply_in_time"].state == "not applicable"
    share = figures(log, 20 * 60)["first_reply_in_time"]
    assert (share.met, share.of, share.state) == (2, 3, "pending")


def test_what_the_playbook_asks_of_a_figure() -> None:
    asked = plan(review=Review(first_reply=15 * 60))
    asked["roles"][0]["within"] = 120
    log = Log(plan=asked)
    mention = log.link(1, 0)
    log.draft("R-1", 6, "x", mention=mention, mention_id="M-1")
    log.send("R-1", 20)
    log.add("role.taken", 1, "x", {"role": "lead", "person": "ada", "was": ""})
    found = figures(log)
    targets = {name: one.target for name, one in found.items() if one.target is not None}
    assert targets == {
        "first_statement": 1800,
        "time_to_staff": 120,
        "first_reply_median": 900,
        "first_reply_p90": 900,
    }
    assert (found["first_reply_in_time"].met, found["first_reply_in_time"].of) == (0, 1)
    assert found["first_reply_median"].missed
    assert not found["time_to_staff"].missed
    assert not found["first_statement"].missed
    assert not figures(log, 30 * 60)["first_reply_median"].missed, "who asks may ask otherwise"
    log.add("note.added", 31, "x", {"words": "x"})
    assert figures(log)["first_statement"].missed, "late while it is still waited for"
    assert {one.target for one in metrics(narrowed(log.record, "public"))} == {None}


def test_the_longest_silence_is_between_words_to_others_while_it_is_open() -> None:
    log = Log()
    for number, minute, kind in ((1, 20, "holding"), (2, 30, "internal"), (3, 65, "update")):
        log.draft(f"ST-{number}", minute - 1, HOLDING, kind=kind)
        log.send(f"ST-{number}", minute)
    found = figures(log)["longest_silence"]
    assert (found.state, found.so_far, found.seconds) == ("pending", 45 * 60, None)
    assert (found.since, found.to) == (5, 13)
    log.draft("ST-4", 89, HOLDING, kind="resolution")
    log.send("ST-4", 90)
    log.add("incident.resolved", 400, "resolved", {"words": ""})
    assert ends(figures(log)["longest_silence"]) == ("recorded", 45 * 60, 5, 13)
    log.add("incident.reopened", 600, "again", {"words": ""})
    log.add("incident.resolved", 660, "resolved", {"words": ""})
    assert ends(figures(log)["longest_silence"]) == ("recorded", 3600, 19, 20)


def test_late_updates_are_late_by_so_much_on_average() -> None:
    log = Log()
    for number, minute in ((1, 34), (2, 60), (3, 98)):  # due at 30, 64, 90
        log.draft(f"ST-{number}", minute - 1, HOLDING)
        log.send(f"ST-{number}", minute)
    late = figures(log)["update_lateness"]
    assert ends(late) == ("recorded", (4 + 8) * 60 // 2, 5, 13)
    assert (figures(log)["updates_kept"].met, figures(log)["updates_kept"].of) == (1, 3)


def test_what_was_missing_was_missing_when_it_was_over_whatever_came_after() -> None:
    log = Log()
    over = log.add("incident.resolved", 90, "resolved", {"words": ""})
    log.add("note.added", 120, "the bank rang", {"words": "the bank rang"})
    late = figures(log)["update_lateness"]
    assert ends(late) == ("recorded", 60 * 60, over.seq, over.seq)
    assert late.to_at == over.at


def test_no_late_update_is_no_zero() -> None:
    log = Log()
    log.draft("ST-1", 1, HOLDING, kind="resolution")
    log.send("ST-1", 2)
    assert figures(log)["update_lateness"].state == "pending"
    log.add("incident.resolved", 60, "resolved", {"words": ""})
    assert figures(log)["update_lateness"].state == "not applicable"


@pytest.mark.parametrize(("closed", "met"), [(5, 1), (6, 0)])
def test_required_tasks_are_done_in_time_or_not(closed: float, met: int) -> None:
    log = Log()
    log.done("pause", closed)
    log.add("task.skipped", 7, "skipped", {"task": "brief", "words": "x"})
    found = figures(log)
    assert (found["required_on_time"].met, found["required_on_time"].of) == (met, 1)
    assert found["required_on_time"].state == "recorded", "no other one is required"
    assert (found["tasks_skipped"].met, found["tasks_skipped"].of) == (1, 4)
    assert found["tasks_skipped"].state == "pending"


def test_a_required_task_that_comes_again_is_in_time_while_every_tick_is() -> None:
    again = plan()
    again["phases"][0]["tasks"][0] |= {"within": 1800, "repeat": 1800}
    log = Log(plan=again)
    for minute in (30, 60):
        log.done("pause", minute)
    assert figures(log)["required_on_time"].met == 1
    log.done("pause", 91)
    assert figures(log)["required_on_time"].met == 0


def test_each_duty_has_its_own_margin() -> None:
    log = Log(plan=plan(deadlines=(*RICH.deadlines, Deadline("bank", "Bank", "refund", "24h"))))
    for minute, duty, due in ((2, "gdpr", 120), (3, "bank", 60)):
        data = {"deadline": duty, "started_at": stamp(START)}
        data["due_at"] = stamp(START + timedelta(minutes=due))
        log.add("deadline.started", minute, "legal duty", data, actor="room")
    log.add("deadline.met", 80, "met", {"deadline": "gdpr", "words": "x"})
    found = figures(log)
    assert ends(found["deadline_margin"]) == ("recorded", 40 * 60, 2, 4)
    assert ends(found["deadline_margin:gdpr"]) == ("recorded", 40 * 60, 2, 4)
    assert found["deadline_margin:bank"].state == "pending"
    log.add("deadline.met", 90, "met", {"deadline": "bank", "words": "x"})
    found = figures(log)
    assert found["deadline_margin"].seconds == found["deadline_margin:bank"].seconds == -30 * 60
    assert [name for name in found if name.startswith("deadline_margin")] == [
        "deadline_margin",
        "deadline_margin:gdpr",
        "deadline_margin:bank",
    ]


def test_strangers_learn_nothing_of_alerts_calls_and_counts() -> None:
    log = Log(plan=plan())
    log.link(1, -30)
    warned(log, -12)
    called(log, 2)
    shown = {one.id for one in metrics(narrowed(log.record, "public"))}
    assert shown == {
        *("time_to_declare", "time_to_staff", "first_statement", "public_wait"),
        *("first_reply_median", "first_reply_p90"),
        *("approval_wait", "approval_step", "tasks_on_time", "updates_kept", "update_lateness"),
        *("longest_silence", "time_to_resolve"),
    }


def test_parts_are_held_in_the_order_of_time_and_not_of_writing() -> None:
    both = plan()
    both["roles"][1]["required"] = True
    log = Log(plan=both)
    log.add("role.taken", 9, "took", {"role": "lead", "person": "ada", "was": ""})
    log.add("role.taken", 4, "took", {"role": "legal", "person": "bo", "was": ""}, recorded=20)
    assert ends(figures(log)["time_to_staff"]) == ("recorded", 540, 1, 2)


def test_a_correction_changes_the_figure_by_itself() -> None:
    log = Log()
    taken = log.add("role.taken", 20, "took", {"role": "lead", "person": "bo", "was": ""})
    assert figures(log)["time_to_staff"].seconds == 1200
    moved = {"words": "", "at": stamp(START + timedelta(minutes=3))}
    log.add("entry.corrected", 30, "it was 03:10", moved, corrects=taken.seq)
    found = figures(log)["time_to_staff"]
    assert ends(found) == ("recorded", 180, 1, taken.seq)
    assert found.to_at == START + timedelta(minutes=3)
    wrong = {"words": "", "at": stamp(START - timedelta(minutes=3))}
    log.add("entry.corrected", 31, "it was 03:04", wrong, corrects=taken.seq)
    assert ends(figures(log)["time_to_staff"]) == ("invalid", None, 1, taken.seq)
