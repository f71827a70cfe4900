"""Figures of what is owed: duties, calls, enquiries, approvals of several steps, repeated tasks."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from report.builders import PLAN, Log
from report.whole_night import WholeNight

from crisisroom.core.timeline import stamp
from crisisroom.report.metrics import Metric, metrics
from crisisroom.report.plain import figure


def figures(log: Log | WholeNight) -> dict[str, Metric]:
    return {one.id: one for one in metrics(log.record)}


def test_time_left_at_the_duty_that_came_closest() -> None:
    night = WholeNight()
    assert figures(night)["deadline_margin"].state == "pending"
    night._fact("what", "smoke")
    night._fact("aware", "2026-11-20T10:00:00.000Z")
    night.act("deadline.met", 0, 3600, deadline="gdpr", words="file 12")
    met = figures(night)["deadline_margin"]
    gdpr = night.state.deadlines["gdpr"]
    assert gdpr.due_at is not None
    assert met.seconds == int((gdpr.due_at - night.now).total_seconds())
    started, closed = night.entries[(met.since or 0) - 1], night.entries[(met.to or 0) - 1]
    assert (started.kind, started.data["deadline"]) == ("deadline.started", "gdpr")
    assert (closed.kind, closed.data["deadline"]) == ("deadline.met", "gdpr")
    assert (figures(night)["deadlines_met"].met, figures(night)["deadlines_met"].of) == (1, 1)
    night.act("deadline.met", 0, 25 * 3600, deadline="nis", words="late")
    late = figures(night)["deadline_margin"]
    assert late.seconds is not None
    assert late.seconds < 0
    assert figure(late).endswith(" late")
    kept = figures(night)["deadlines_met"]
    assert (kept.met, kept.of, kept.state) == (1, 2, "pending")  # a third waits for its fact


def test_a_duty_past_its_time_counts_while_it_is_open() -> None:
    night = WholeNight()
    night._fact("what", "smoke")
    night.act("note.added", 0, 25 * 3600, words="x")
    kept = figures(night)["deadlines_met"]
    assert (kept.met, kept.of) == (0, 1)
    assert figures(night)["deadline_margin"].state == "pending"


def test_a_waived_duty_is_no_figure() -> None:
    night = WholeNight()
    night._fact("what", "smoke")
    for duty in ("nis", "gdpr", "stock"):
        night.act("deadline.waived", deadline=duty, words="counsel says so")
    found = figures(night)
    assert found["deadlines_met"].state == found["deadline_margin"].state == "not applicable"


def test_calls_count_from_the_first_to_whoever_had_it() -> None:
    night = WholeNight()
    night.act("task.done", task="pause", words="")  # nothing is called for by rule
    assert figures(night)["escalations"].state == "pending"
    assert figures(night)["time_to_acknowledge"].state == "pending"
    night.act("escalation.started", escalation="law", why="x")
    night.act("escalation.acknowledged", 2, 240, escalation="law", words="")
    found = figures(night)
    assert (found["escalations"].met, found["escalations"].of) == (1, 1)
    waited = found["time_to_acknowledge"]
    assert (waited.seconds, waited.state) == (240, "recorded")
    kinds = [night.entries[(seq or 0) - 1].kind for seq in (waited.since, waited.to)]
    assert kinds == ["escalation.started", "escalation.acknowledged"]
    night.act("escalation.started", escalation="wake", why="x")
    night.act("note.added", 0, 1200, words="nobody")
    taken_up = figures(night)["escalations"]
    assert (taken_up.met, taken_up.of, taken_up.state) == (1, 2, "recorded")


def test_enquiries_are_answered_by_their_deadline_or_late() -> None:
    night = WholeNight()
    assert figures(night)["enquiry_wait"].state == "not applicable"
    asked = {"sort": "media", "outlet": "o", "name": "", "to": "", "quote": "q"}
    for number, minutes in enumerate((10, 20, 90), 1):
        due = stamp(night.now + timedelta(minutes=minutes))
        night.act("enquiry.added", 0, 0, enquiry=f"EQ-{number}", due_at=due, **asked)
    night.act("enquiry.added", 0, 0, enquiry="EQ-4", **asked)
    assert figures(night)["enquiry_wait"].state == "pending"
    night.act("enquiry.answered", 0, 300, enquiry="EQ-1", words="a")
    night.act("enquiry.answered", 0, 1500, enquiry="EQ-2", words="a")
    found = figures(night)
    assert (found["enquiries_on_time"].met, found["enquiries_on_time"].of) == (1, 2)
    assert found["enquiries_on_time"].state == "pending"
    assert (found["enquiry_wait"].seconds, found["enquiry_wait"].state) == (1800, "recorded")


def test_an_approval_of_several_steps_waits_for_the_last() -> None:
    night = WholeNight()
    name = night._drafted("statement", "We are on it.")
    words = night.state.statements[name]
    said = {"id": name, "version": 1, "sha256": words.sha256}
    night.act("statement.submitted", 0, 60, **said, approval="words", promises=None)
    verdict = said | {"step": "words", "verdict": "approved", "words": "", "rung": 1}
    night.act("statement.approved", 1, 120, **verdict, complete=False, step_done=True)
    night.act("statement.approved", 2, 30, **verdict, complete=False, step_done=False)
    found = figures(night)
    assert found["approval_wait"].state == "pending"
    assert found["approval_step"].seconds == 120
    night.act("statement.approved", 3, 400, **verdict, complete=True, step_done=True)
    found = figures(night)
    assert found["approval_wait"].seconds == 550
    assert found["approval_step"].seconds == 430


def test_a_taken_back_approval_is_waited_for_anew() -> None:
    night = WholeNight()
    name = night._drafted("statement", "We are on it.")
    night._asked(name, "approved", complete=True)
    night.act("note.added", 0, 3600, words="x")
    night._said(name, "revoked")
    night._said(name, "approved", complete=True)
    assert figures(night)["approval_wait"].seconds == 97
    night._asked(name, "approved", complete=True)
    night.act("statement.lapsed", id=name, words="over")
    night.act("note.added", 0, 3600, words="x")
    night._asked(name, "rejected")
    assert figures(night)["approval_wait"].seconds == 97


def test_every_tick_of_a_repeating_task_counts() -> None:
    plan = msgspec.json.decode(msgspec.json.encode(PLAN))
    task = plan["phases"][0]["tasks"][0] | {"within": 1800, "repeat": 2700}
    plan["phases"][0]["tasks"] = [task]
    log = Log(plan=plan)
    for minute in (30, 75, 121):  # due after 30 minutes, then 45 after each tick
        log.done("pause", minute)
    kept = figures(log)["tasks_on_time"]
    assert (kept.met, kept.of, kept.state, kept.to) == (2, 3, "pending", 4)
    log.add("note.added", 166, "next", {"words": "next"})
    assert figures(log)["tasks_on_time"].of == 3
    log.add("note.added", 167, "late", {"words": "late"})
    assert figures(log)["tasks_on_time"].of == 4
    log.add("task.reopened", 168, "reopened", {"task": "pause"})
    kept = figures(log)["tasks_on_time"]
    assert (kept.met, kept.of) == (2, 3)
    log.add("incident.resolved", 169, "resolved", {"words": ""})
    assert figures(log)["tasks_on_time"].state == "recorded"


def test_what_is_not_needed_is_nobodys_fault() -> None:
    night = WholeNight()
    night.facts()
    counted = figures(night)["tasks_on_time"].of
    night.act("note.added", 0, 7200, words="x")
    late = figures(night)["tasks_on_time"].of
    night.change_of_mind()
    rest = figures(night)["tasks_on_time"].of
    assert counted is not None
    assert late is not None
    assert rest == late - 1  # the officer need not be called


def test_a_playbook_that_comes_later_asks_for_its_own_roles() -> None:
    log = Log()
    plan = msgspec.json.decode(msgspec.json.encode(PLAN))
    plan["roles"][1]["required"] = True
    added = {"playbook": {"id": "x", "version": 1, "sha256": "y"}, "plan": plan, "words": ""}
    log.add("playbook.added", 2, "added", added | {"moments": {}, "switched": False})
    log.add("role.taken", 5, "took", {"role": "lead", "person": "bo", "was": ""})
    assert figures(log)["time_to_staff"].state == "pending"
    handed = {"role": "legal", "person": "cy", "was": "", "words": "", "tasks": []}
    log.add("role.handed", 7, "handed", handed)
    assert figures(log)["time_to_staff"].seconds == 420


def test_what_goes_out_while_nothing_is_owed_is_not_counted() -> None:
    plan = msgspec.json.decode(msgspec.json.encode(PLAN))
    plan["cadences"][0] |= {"every": {}, "after_news": 900}
    log = Log(plan=plan)
    for number, minute in ((1, 20), (2, 300)):
        log.draft(f"ST-{number}", minute - 1, f"update {number}")
        log.send(f"ST-{number}", minute)
    kept = figures(log)["updates_kept"]
    assert (kept.met, kept.of) == (1, 1)
    log.fact("affected", 310, "about 40")
    log.draft("ST-3", 330, "news")
    log.send("ST-3", 331)
    kept = figures(log)["updates_kept"]
    assert (kept.met, kept.of) == (1, 2)
