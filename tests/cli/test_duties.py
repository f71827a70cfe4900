"""Enquiries, legal duties, owed updates and escalations by the command line."""

from __future__ import annotations

from cli.driver import Cli
from cli.test_people import planned

from crisisroom.clock import ManualClock

__all__ = ["planned"]

ENQUIRY = {
    *["id", "sort", "outlet", "name", "reach", "question", "due_at", "owner", "state", "answer"],
    *["asked_at", "answered_at", "answered_by"],
}


def test_an_enquiry_from_the_first_call_to_the_answer(planned: Cli) -> None:
    added = planned.json(
        "enquiry", "add", "INC-1", "Was", "somebody", "hurt?", "--outlet", "The Daily",
        "--name", "Kim", "--reach", "+49 30 7", "--due", "+2h",
    )  # fmt: skip
    assert ENQUIRY | {"entry"} == added.keys()
    assert (added["id"], added["sort"], added["state"]) == ("EQ-1", "media", "open")
    assert (added["question"], added["due_at"]) == (
        "Was somebody hurt?",
        "2026-11-22T04:07:00.000Z",
    )
    planned.ok("enquiry", "add", "Which batches?", "--outlet", "BNetzA", "--from", "authority")
    planned.ok("enquiry", "assign", "eq-1", "bo")
    assert planned.ok("enquiry", "list").lines == [
        "open     EQ-1  Kim, The Daily (media, bo, due 05:07): Was somebody hurt?",
        "  reach: +49 30 7",
        "open     EQ-2  BNetzA (authority, nobody): Which batches?",
    ]
    planned.ok("enquiry", "answer", "INC-1", "EQ-1", "Nobody,", "as far as we know.", "--at", "-1m")
    assert [one["id"] for one in planned.json("enquiry", "list", "--open")] == ["EQ-2"]
    answered = planned.json("enquiry", "list")[0]
    assert (answered["state"], answered["answer"]) == ("answered", "Nobody, as far as we know.")
    assert answered["answered_at"] == "2026-11-22T02:06:00.000Z"
    assert "not answered yet" in planned.refused(1, "enquiry", "close", "EQ-2").err
    assert planned.json("enquiry", "close", "EQ-2", "they took it back")["state"] == "closed"
    due = ("enquiry", "add", "x", "--outlet", "y", "--due")
    for odd, code in (("-5m", 2), ("yesterday", 2), ("2026-11-23", 2), ("2026-11-21 09:00", 1)):
        planned.refused(code, *due, odd)
    planned.refused(2, "enquiry", "add", "x", "--outlet", "y", "--from", "press")
    planned.refused(2, "enquiry", "add", "x")


def test_a_duty_runs_and_is_met(planned: Cli, clock: ManualClock) -> None:
    assert planned.ok("deadline", "list").lines == [
        "waiting    gdpr  Tell the authority (Legal): waits for fact: Known since",
        "  law: Art. 33",
    ]
    assert "waits for fact: Known since" in planned.refused(1, "deadline", "met", "gdpr", "x").err
    planned.ok("fact", "set", "aware", "tonight")
    (duty,) = planned.json("deadline", "list")
    assert (duty["state"], duty["due_at"]) == ("running", "2026-11-25T02:07:00.000Z")
    assert "due 2026-11-25 03:07" in planned.ok("deadline", "list").lines[0]
    met = planned.json("deadline", "met", "gdpr", "online form, file 12/345")
    assert (met["state"], met["words"]) == ("met", "online form, file 12/345")
    assert met["overdue"] is False
    assert "file 12/345" in planned.ok("deadline", "list").lines[0]
    planned.refused(1, "deadline", "waive", "gdpr", "no")


def test_a_duty_that_does_not_apply_is_waived(planned: Cli) -> None:
    planned.refused(1, "deadline", "waive", "gdpr", "no data")
    planned.refused(2, "deadline", "waive", "gdpr")
    waived = planned.json("deadline", "waive", "gdpr", "no data", "--not-applicable")
    assert (waived["state"], waived["words"]) == ("waived", "no data")


def test_an_update_is_put_off(planned: Cli) -> None:
    (public,) = planned.json("cadence", "list")
    assert (public["due_at"], public["put_off"]) == ("2026-11-22T02:37:00.000Z", None)
    put = planned.json("cadence", "snooze", "public", "15m", "--reason", "the lab calls at nine")
    assert put["due_at"] == "2026-11-22T02:52:00.000Z"
    assert put["put_off"]["why"] == "the lab calls at nine"
    (line,) = planned.ok("cadence", "list").lines
    assert line.startswith("public  to public, holding: due 03:52, in 45m, nothing said yet")
    assert line.endswith("the lab calls at nine")
    planned.refused(2, "cadence", "snooze", "public", "15m")
    planned.refused(2, "cadence", "snooze", "public", "soon", "--reason", "x")
    assert "05:37" in planned.refused(1, "cadence", "snooze", "public", "9h", "--reason", "x").err
    law = planned.refused(1, "cadence", "snooze", "gdpr", "15m", "--reason", "x")
    assert "legal duty and cannot be put off" in law.err


def test_calling_until_somebody_has_it(planned: Cli, clock: ManualClock) -> None:
    assert planned.json("escalation", "list") == [
        {"id": "wake", "title": "Wake the lead", "rounds": 2, "steps": 2, "state": "idle"}
    ]
    assert "no escalation runs" in planned.refused(1, "escalation", "ack").err
    begun = planned.ok("escalate", "INC-1", "--why", "a child is hurt").lines
    assert begun[0].endswith("escalates: Wake the lead (a child is hurt)")
    assert begun[-1] == "  call Ada: phone +49 170 1 (open day and night)"
    (run,) = planned.json("escalation", "list")
    assert (run["state"], run["called"], run["step"]) == ("running", ["ada"], 1)
    assert "already under way" in planned.refused(1, "escalate", "wake").err
    clock.advance(300)
    planned.ok("note", "still nobody")
    assert "called Bo; the next call is at 03:17" in planned.ok("escalation", "list").out
    acked = planned.json("escalation", "ack", "wake", "I", "am", "up")
    assert (acked["state"], acked["next_at"]) == ("acknowledged", None)
    assert acked["acknowledged_at"] == "2026-11-22T02:12:00.000Z"
    planned.json("escalate")
    planned.ok("contact", "reached", "ada", "--by", "phone")
    assert "Ada acknowledged it 03:12" in planned.ok("escalation", "list").out
    assert "Ada acknowledged it" in planned.refused(1, "escalation", "ack", "wake").err
