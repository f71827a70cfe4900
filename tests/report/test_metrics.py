"""Figures come from entries, and what did not happen is never zero."""

from __future__ import annotations

import pytest
from report.builders import HOLDING, Log, night

from crisisroom.report.figures.catalogue import FIGURES
from crisisroom.report.metrics import Metric, metrics
from crisisroom.report.plain import figure

OWED = (
    "time_to_triage",
    "alert_acknowledged",
    "alert_to_declare",
    "first_reply_in_time",
    "enquiry_wait",
    "enquiries_on_time",
    "deadlines_met",
    "deadline_margin",
    "escalations",
    "escalation_steps",
    "time_to_acknowledge",
)  # there is none of it in a plan without duties, where nobody asked or warned

QUIET = ("decay", "time_to_calm")  # nobody counted what is usual, and nobody was loud


def figures(log: Log) -> dict[str, Metric]:
    return {one.id: one for one in metrics(log.record)}


def test_a_whole_night() -> None:
    found = figures(night())
    assert {one.id: (one.seconds, one.since, one.to) for one in found.values()} == {
        "time_to_detect": (540, 3, 1),
        "alert_to_lead": (60, 1, 2),
        "time_to_declare": (540, 3, 1),
        "time_to_staff": (60, 1, 2),
        "first_statement": (1020, 1, 16),
        "public_wait": (1560, 3, 16),
        "first_reply_median": (1740, 3, 20),
        "first_reply_p90": (1740, 3, 20),
        "approval_wait": (120, 12, 13),
        "approval_step": (120, 12, 13),
        "tasks_on_time": (None, 1, 21),
        "required_on_time": (None, 1, 22),
        "tasks_skipped": (None, 1, 22),
        "updates_kept": (None, 1, 30),
        "update_lateness": (63 * 60, 30, 30),
        "longest_silence": (123 * 60, 16, 30),
        "human_contact": (0, 23, 23),
        "mentions_triaged": (None, 3, 30),
        "mentions_answered": (None, 3, 30),
        "peak_hour": (None, 3, 3),
        "time_to_resolve": (8400, 1, 30),
        **dict.fromkeys((*OWED, *QUIET), (None, None, None)),
    }
    assert [*found] == [*FIGURES]
    assert {one.state for name, one in found.items() if name not in OWED + QUIET} == {"recorded"}
    shares = ("required_on_time", "tasks_skipped", "mentions_triaged", "mentions_answered")
    assert [(found[name].met, found[name].of) for name in shares] == [
        (1, 1),
        (1, 4),
        (1, 2),
        (1, 2),
    ]
    assert (found["tasks_on_time"].met, found["tasks_on_time"].of) == (1, 2)
    assert (found["updates_kept"].met, found["updates_kept"].of) == (1, 2)


def test_a_fresh_incident_waits_for_everything() -> None:
    found = figures(Log())
    owed = [found.pop(name) for name in (*OWED, "human_contact")]
    assert {one.state for one in owed} == {"not applicable"}
    assert {one.state for one in found.values()} == {"pending"}
    assert {one.seconds for one in found.values()} == {None}
    assert {name: (one.met, one.of) for name, one in found.items() if one.of is not None} == {
        "required_on_time": (0, 1),
        "tasks_skipped": (0, 4),
    }


def test_what_is_pending_says_how_long_so_far() -> None:
    log = Log()
    log.add("note.added", 12, "x", {"words": "x"})
    found = figures(log)
    begun = {name: one.so_far for name, one in found.items() if one.since == 1 and one.of is None}
    waits = {"alert_to_lead", "time_to_staff", "first_statement", "longest_silence"}
    assert begun == dict.fromkeys(waits | {"time_to_calm", "time_to_resolve"}, 720)
    assert figure(found["time_to_resolve"]) == "pending, 12m so far"
    assert figure(found["first_reply_median"]) == "pending"
    assert found["time_to_resolve"].seconds is None


def test_what_never_came_does_not_apply_once_it_is_over() -> None:
    log = Log()
    log.add("incident.resolved", 4, "resolved", {"words": ""})
    found = figures(log)
    there = {name: one for name, one in found.items() if one.state != "not applicable"}
    assert {name: (one.state, one.seconds, one.met, one.of) for name, one in there.items()} == {
        "required_on_time": ("recorded", None, 0, 1),
        "tasks_skipped": ("recorded", None, 0, 4),
        "longest_silence": ("recorded", 240, None, None),
        "time_to_resolve": ("recorded", 240, None, None),
    }


def test_who_declares_before_anybody_posts_let_nobody_wait() -> None:
    log = Log()
    log.link(1, 10)
    for name in ("time_to_detect", "time_to_declare"):
        found = figures(log)[name]
        assert (found.state, found.seconds, found.since, found.to) == (
            "not applicable",
            None,
            None,
            None,
        )


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
