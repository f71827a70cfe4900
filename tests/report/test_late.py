"""What came late, at the times that entries are now said to have."""

from __future__ import annotations

from datetime import timedelta

from report.builders import HOLDING, START, Log

from crisisroom.core.timeline import stamp
from crisisroom.report.late import late


def at(minute: float) -> str:
    return stamp(START + timedelta(minutes=minute))


def passed(log: Log, clock: str, due: float, minute: float | None = None) -> None:
    data = {"clock": f"{clock}@{at(due)}", "due_at": at(due), "who": "ada"}
    log.add("clock.late", due if minute is None else minute, "late", data, actor="room")


def test_a_task_a_duty_and_an_update_each_end_their_own_wait() -> None:
    log = Log()
    passed(log, "task:pause", 5)
    log.add("note.added", 6, "x", {"words": "x"})
    log.done("pause", 9)
    passed(log, "cadence:public", 30)
    log.draft("ST-1", 31, HOLDING)
    log.send("ST-1", 33)
    passed(log, "cadence:public", 63)
    found = [
        (one.kind, one.id, one.ended_seq, one.seconds(log.record.as_of)) for one in late(log.record)
    ]
    assert found == [
        ("task", "pause", 4, 240),
        ("cadence", "public", 9, 180),
        ("cadence", "public", None, 0),
    ]


def test_a_correction_takes_back_what_was_not_late() -> None:
    log = Log()
    passed(log, "task:pause", 5)
    log.done("pause", 9)
    log.add("entry.corrected", 20, "x", {"words": "", "at": at(7)}, corrects=3)
    [one] = late(log.record)
    assert (one.ended_at, one.seconds(log.record.as_of)) == (START + timedelta(minutes=7), 120)
    log.add("entry.corrected", 21, "x", {"words": "", "at": at(4)}, corrects=3)
    assert late(log.record) == ()


def test_what_was_never_done_ends_with_the_incident() -> None:
    log = Log()
    passed(log, "task:pause", 5)
    log.add("incident.resolved", 50, "resolved", {"words": ""})
    [one] = late(log.record)
    assert (one.never, one.ended_seq, one.title) == (True, 3, "Pause scheduled posts")


def test_an_answer_that_waited_too_long_is_told_among_many_that_did_not() -> None:
    log = Log()
    for number in (1, 2):
        log.draft(f"R-{number}", 1, "x", approval="ok")
        log.add("reply.submitted", 2, "asks", {"id": f"R-{number}"})
    passed(log, "approval:R-2", 12)
    log.judge("R-1", 14, "x", 1, "approved")
    log.judge("R-2", 20, "x", 1, "approved")
    [one] = late(log.record)
    assert (one.kind, one.id) == ("approval", "R-2")
    assert one.ended_at is not None
