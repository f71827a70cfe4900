"""Figures come from entries, and what did not happen is never zero."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from report.builders import HOLDING, PLAN, Log, night
from report.whole_night import WholeNight

from crisisroom.core.timeline import stamp
from crisisroom.report.metrics import Metric, metrics
from crisisroom.report.plain import figure

OWED = (
    "enquiry_wait",
    "enquiries_on_time",
    "deadlines_met",
    "deadline_margin",
    "escalations",
    "time_to_acknowledge",
)  # there is none of it in a plan without duties, where nobody asked


def figures(log: Log | WholeNight) -> dict[str, Metric]:
    return {one.id: one for one in metrics(log.record)}


def test_a_whole_night() -> None:
    found = figures(night())
    assert {one.id: (one.seconds, one.since, one.to) for one in found.values()} == {
        "time_to_declare": (540, 3, 1),
        "time_to_staff": (60, 1, 2),
        "first_statement": (1020, 1, 16),
        "public_wait": (1560, 3, 16),
        "first_reply_median": (1740, 3, 20),
        "first_reply_p90": (1740, 3, 20),
        "approval_wait": (120, 12, 13),
        "approval_step": (120, 12, 13),
        "tasks_on_time": (None, 1, 21),
        "updates_kept": (None, 1, 30),
        "time_to_resolve": (8400, 1, 30),
        **dict.fromkeys(OWED, (None, None, None)),
    }
    assert {one.state for name, one in found.items() if name not in OWED} == {"recorded"}
    assert (found["tasks_on_time"].met, found["tasks_on_time"].of) == (1, 2)
    assert (found["updates_kept"].met, found["updates_kept"].of) == (1, 2)


def test_a_fresh_incident_waits_for_everything() -> None:
    found = figures(Log())
    owed = [found.pop(name) for name in OWED]
    assert {one.state for one in owed} == {"not applicable"}
    assert {one.state for one in found.values()} == {"pending"}
    assert {(one.seconds, one.met, one.since) for one in found.values()} == {(None, None, None)}


def test_what_never_came_does_not_apply_once_it_is_over() -> None:
    log = Log()
    log.add("incident.resolved", 4, "resolved", {"words": ""})
    found = figures(log)
    resolved = found.pop("time_to_resolve")
    assert (resolved.state, resolved.seconds) == ("recorded", 240)
    assert {one.state for one in found.values()} == {"not applicable"}


def test_a_mention_from_after_the_declaration_gives_no_time_to_declare() -> None:
    log = Log()
    log.link(1, 10)
    found = figures(log)["time_to_declare"]
    assert (found.state, found.seconds, found.since, found.to) == ("invalid", None, 2, 1)
    assert figure(found) == "the end is before the start"


def test_an_unlinked_mention_no_longer_counts() -> None:
    log = Log()
    first = log.link(1, -60)
    log.link(2, -10)
    log.add("mention.unlinked", 20, "unlinked", {"mention": first})
    assert figures(log)["time_to_declare"].seconds == 600


def test_reply_waits_are_ones_that_happened() -> None:
    log = Log()
    for number, wait in enumerate([1, 2, 3, 4, 5, 6, 7, 8, 9, 50], 1):
        mention = log.link(number, 0)
        log.draft(f"R-{number}", 10, "x", mention=mention, mention_id=f"M-{number}")
        log.send(f"R-{number}", wait)
    found = figures(log)
    assert found["first_reply_median"].seconds == 5 * 60
    assert found["first_reply_p90"].seconds == 9 * 60
    sent = log.entries[(found["first_reply_p90"].to or 0) - 1]
    assert (sent.kind, sent.data["id"]) == ("reply.sent", "R-9")


def test_only_the_first_answer_to_a_mention_counts() -> None:
    log = Log()
    mention = log.link(1, 0)
    for number, minute in ((1, 6), (2, 60)):
        log.draft(f"R-{number}", 5, "x", mention=mention, mention_id="M-1")
        log.send(f"R-{number}", minute)
    assert figures(log)["first_reply_p90"].seconds == 360


def test_the_first_statement_is_not_an_internal_one() -> None:
    log = Log()
    log.draft("ST-1", 1, "inside", kind="internal", audience="staff")
    log.send("ST-1", 2)
    assert figures(log)["first_statement"].state == "pending"
    log.draft("ST-2", 3, HOLDING)
    log.send("ST-2", 4)
    assert figures(log)["first_statement"].seconds == 240


def test_a_role_left_is_missing_again() -> None:
    log = Log()
    log.add("role.taken", 1, "took", {"role": "legal", "person": "bo", "was": ""})
    assert figures(log)["time_to_staff"].state == "pending"
    log.add("role.assigned", 9, "gave", {"role": "lead", "person": "bo", "was": ""})
    log.add("role.left", 10, "left", {"role": "lead", "person": "bo"})
    assert figures(log)["time_to_staff"].seconds == 540


def test_updates_are_due_after_the_last_one() -> None:
    log = Log()
    for number, minute in ((1, 29), (2, 59), (3, 95), (4, 120)):
        log.draft(f"ST-{number}", minute - 1, f"update {number}")
        log.send(f"ST-{number}", minute)
    kept = figures(log)["updates_kept"]
    assert (kept.met, kept.of, kept.state) == (3, 4, "pending")
    log.add("incident.resolved", 200, "resolved", {"words": ""})
    kept = figures(log)["updates_kept"]
    assert (kept.met, kept.of, kept.state) == (3, 5, "recorded")


@pytest.mark.parametrize(("closed", "met"), [(4, 1), (5, 1), (5.1, 0)])
def test_a_task_is_on_time_up_to_its_due_time(closed: float, met: int) -> None:
    log = Log()
    log.done("pause", closed)
    tally = figures(log)["tasks_on_time"]
    assert (tally.met, tally.of) == (met, 1)
    assert tally.state == "pending"


def test_a_task_past_due_counts_while_it_is_open() -> None:
    log = Log()
    log.add("note.added", 11, "later", {"words": "later"})
    tally = figures(log)["tasks_on_time"]
    assert (tally.met, tally.of) == (0, 2)


def test_a_corrected_time_recomputes_the_figure() -> None:
    late, early = Log(), Log()
    late.add("role.taken", 20, "took", {"role": "lead", "person": "bo", "was": ""})
    early.add("role.taken", 3, "took", {"role": "lead", "person": "bo", "was": ""}, recorded=20)
    assert figures(late)["time_to_staff"].seconds == 1200
    assert figures(early)["time_to_staff"].seconds == 180


def test_figures_in_words() -> None:
    shown = {one.id: figure(one) for one in metrics(night().record)}
    assert shown["time_to_resolve"] == "2h20"
    assert shown["tasks_on_time"] == "1 of 2"
    assert figure(Metric(id="x", label="x", state="recorded", seconds=59)) == "under 1m"
    assert figure(Metric(id="x", label="x", state="not applicable")) == "not applicable"


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
    night = WholeNight()
    for seconds in (1800, 45 * 60, 45 * 60 + 1):
        night.act("task.done", 0, seconds, task="threads", words="")
    night.act("task.skipped", 0, 0, task="sworn", words="x")
    before = figures(night)["tasks_on_time"]
    night.act("task.reopened", 0, 0, task="threads")
    after = figures(night)["tasks_on_time"]
    assert before.met is not None
    assert before.of is not None
    # the last tick was late, and now the time it was due has passed
    assert (after.met, after.of) == (before.met, before.of)
    met = sum(one.kind == "task.done" for one in night.entries) - 1
    assert before.met <= met


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
