"""What the report tells of duties, enquiries, calls, releases, lateness and the review."""

from __future__ import annotations

from typing import Any

import msgspec
from report.builders import HOLDING, PLAN, START, Log

from crisisroom.core.playbook import (
    Answer,
    Approval,
    ApprovalStep,
    Deadline,
    Escalation,
    EscalationStep,
    KeyMessage,
    Question,
    Review,
    Role,
    Task,
)
from crisisroom.core.timeline import stamp
from crisisroom.report import export

OWED = msgspec.structs.replace(
    PLAN,
    questions=(Question("harm", "Is anybody hurt?"), Question("truth", "Is it true?")),
    roles=(*PLAN.roles, Role("ceo", "CEO")),
    approvals=(
        Approval(
            "ok",
            steps=(ApprovalStep(("legal",)), ApprovalStep(("lead", "ceo"), rule="all")),
            break_glass=("lead",),
        ),
    ),
    deadlines=(
        Deadline("gdpr", "Tell the authority", "cause", "72h", role="legal", law="Art. 33 GDPR"),
        Deadline("bank", "Tell the bank", "refund", "24h"),
    ),
    escalations=(Escalation("wake", "Wake the lead", (EscalationStep(("ceo",)),)),),
    review=Review(
        due="3bd",
        owner="lead",
        sections=("What happened", "What we change"),
        metrics=("first_statement", "deadline_margin", "fame"),
        questions=("Who saw it first?",),
    ),
)


def plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def at(minute: float) -> str:
    return stamp(START).replace(
        "02:07", f"{2 + int(7 + minute) // 60:02}:{int(7 + minute) % 60:02}"
    )


def owed() -> Log:
    """Return a log of a night with a little of all that is owed."""
    log = Log(plan=plain(OWED), answers={"harm": "no"})
    log.add("role.taken", 1, "took Lead", {"role": "lead", "person": "ada", "was": ""})
    log.fact("cause", 2, "a leak")
    began = {"deadline": "gdpr", "started_at": at(2), "due_at": at(122)}
    log.add("deadline.started", 2, "legal duty", began, actor="room")
    late = {"clock": f"task:pause@{at(5)}", "due_at": at(5), "who": "ada"}
    log.add("clock.late", 5, "late: Pause scheduled posts", late, actor="room")
    log.done("pause", 9)
    asked = {"sort": "media", "outlet": "The Daily", "name": "Kim", "to": "+49 30 7"}
    asked |= {"quote": "Was somebody hurt?", "due_at": at(60)}
    log.add("enquiry.added", 20, "EQ-1", {"enquiry": "EQ-1", **asked})
    log.add("enquiry.answered", 50, "told", {"enquiry": "EQ-1", "words": "Nobody."}, actor="bo")
    log.add("escalation.started", 21, "calls", {"escalation": "wake", "why": "it burns"})
    step = {
        "escalation": "wake",
        "round": 1,
        "step": 0,
        "called": ["ceo"],
        "people": [{"name": "Grace Hop"}],
    }
    log.add("escalation.step", 21, "call", step, actor="room")
    taken = {"escalation": "wake", "words": ""}
    log.add("escalation.acknowledged", 25, "has it", taken, actor="bo")
    log.draft("ST-1", 30, HOLDING, promises=at(90))
    verdict = {"id": "ST-1", "step": "ok", "version": 1}
    sha256 = log.record.incident.statements["ST-1"].sha256
    log.add("statement.submitted", 31, "asks", {"id": "ST-1"})
    first = verdict | {"sha256": sha256, "verdict": "approved", "words": "", "complete": False}
    log.add("statement.approved", 32, "yes", first | {"roles": ["legal"]}, actor="dee")
    back = verdict | {"sha256": sha256, "verdict": "revoked", "words": "it is not true any more"}
    log.add("statement.revoked", 33, "no", back, actor="dee")
    glass = verdict | {"sha256": sha256, "verdict": "released", "words": "people are in danger"}
    log.add("statement.released", 34, "RELEASED", glass)
    log.send("ST-1", 35)
    task = plain(Task("lab", "Ring the lab", within=600))
    log.add("task.added", 36, "added", {"task": task, "phase": "first", "words": "Ring the lab"})
    message = plain(KeyMessage("m", "Unplug it", "Unplug it."))
    log.add("message.added", 37, "added", {"message": message}, actor="bo")
    answer = plain(Answer("q", "Is it safe?", "No."))
    log.add("answer.added", 38, "added", {"answer": answer}, actor="bo")
    ref = {"id": "recall", "version": 4, "sha256": "f" * 64}
    more = {"playbook": ref, "plan": plain(log.record.incident.plan), "moments": {}}
    more |= {"switched": False, "words": "two texts renamed"}
    log.add("playbook.added", 39, "added", more)
    log.add("deadline.met", 80, "met", {"deadline": "gdpr", "words": "form 12"}, actor="dee")
    log.draft("ST-2", 81, "More words.")
    log.add("statement.submitted", 82, "asks", {"id": "ST-2"})
    return log


def told(log: Log) -> str:
    return export(log.record, "md")["INC-7.md"].decode()


def test_emergency_releases_are_told_loudly() -> None:
    page = told(owed())
    loud = (
        "**EMERGENCY RELEASE: ST-1 went out WITHOUT APPROVAL, by ada,"
        " 2026-11-22 03:41:00 +01:00 (02:41:00Z).**"
    )
    assert loud in page.split("## At a glance")[0]
    section = page.split("## Emergency releases")[1].split("\n## ")[0]
    assert "| people are in danger | Legal, then Lead and CEO | sent, 2026-11-22 03:42" in section
    assert "**RELEASED WITHOUT APPROVAL** by ada (ok)" in page


def test_a_release_that_was_taken_back_says_so() -> None:
    log = Log(plan=plain(OWED))
    log.draft("ST-1", 1, HOLDING)
    said = {"id": "ST-1", "step": "ok", "version": 1, "words": "no time to ask"}
    said |= {"sha256": log.record.incident.statements["ST-1"].sha256}
    log.add("statement.released", 2, "RELEASED", said | {"verdict": "released"})
    assert "was released WITHOUT APPROVAL" in told(log)
    log.add("statement.revoked", 3, "no", said | {"verdict": "revoked"}, actor="dee")
    assert "| taken back by dee, 2026-11-22 03:10:00" in told(log)


def test_approvals_step_by_step() -> None:
    page = told(owed())
    for line in (
        "- Promised to speak again by 2026-11-22 04:37:00 +01:00 (03:37:00Z)",
        "  - approved by dee (ok), 2026-11-22 03:39:00 +01:00 (02:39:00Z), more had to agree",
        "  - approval taken back by dee (ok), 2026-11-22 03:40:00 +01:00 (02:40:00Z):"
        " it is not true any more",
        "- State: submitted (0 of 2: waits for Legal)",
    ):
        assert line in page


def test_duties_with_the_time_that_was_left() -> None:
    page = told(owed())
    assert "| Tell the authority | Art. 33 GDPR | Legal | 2026-11-22 03:09:00" in page
    assert "| met 42m before it was due | dee: form 12 |" in page
    assert "| Tell the bank |  |  |  |  |  | had not begun | fact: Refund date |" in page
    assert "| least time left at a legal duty | 42m | " in page


def test_a_duty_met_late_and_one_past_its_time() -> None:
    log = owed()
    began = {"deadline": "bank", "started_at": at(2), "due_at": at(90)}
    log.add("deadline.started", 82, "legal duty", began, actor="room")
    log.add("note.added", 100, "x", {"words": "x"})
    assert "| open, late 10m |" in told(log)
    log.add("deadline.met", 103, "met", {"deadline": "bank", "words": "by phone"})
    assert "| met 13m late | ada: by phone |" in told(log)
    assert "| least time left at a legal duty | 13m late | " in told(log)


def test_enquiries_with_their_answers() -> None:
    page = told(owed())
    assert "| EQ-1 | Kim, The Daily | media |" in page
    assert "| answered | in 30m, 10m before it was due |" in page
    section = page.split("### EQ-1: The Daily")[1].split("\n## ")[0]
    assert [line for line in section.split("\n") if line] == [
        "- Reach: \\+49 30 7",
        "> Was somebody hurt?",
        "Answered by bo, 2026-11-22 03:57:00 +01:00 (02:57:00Z):",
        "> Nobody.",
    ]


def test_calls_and_who_had_it() -> None:
    page = told(owed())
    assert (
        "| Wake the lead | it burns | 03:28:00 Grace Hop | bo acknowledged in 4m |"
    ) in page.split("## Escalations")[1]


def test_what_came_late() -> None:
    section = told(owed()).split("## What came late")[1].split("\n## ")[0]
    assert (
        "| 2026-11-22 03:12:00 +01:00 (02:12:00Z) | task | Pause scheduled posts | ada | 4m late |"
        " entry 6 |"
    ) in section


def test_questions_before_declaring() -> None:
    section = told(owed()).split("## Asked before declaring")[1].split("\n## ")[0]
    assert "| Is anybody hurt? | no |" in section
    assert "| Is it true? | not answered |" in section
    assert "Asked before declaring" not in told(Log(plan=plain(OWED)))


def test_how_the_plan_grew() -> None:
    page = told(owed())
    section = page.split("## How the plan grew")[1].split("\n## ")[0]
    for line in (
        "ada: added a task, `lab`: Ring the lab",
        "bo: added a message, `m`: Unplug it",
        "bo: added an answer, `q`: Is it safe?",
        f"ada: added playbook `recall` version 4, `{'f' * 64}`: two texts renamed",
    ):
        assert line in section
    assert "- Playbook: `billing-error` version 3" in page
    assert "- Added while it ran: `recall` version 4" in page
    assert "| Ring the lab (added by ada) |" in page


def test_the_review_has_headings_to_fill_in() -> None:
    section = told(owed()).split("## Review\n")[1].split("\n## ")[0]
    assert [line for line in section.split("\n") if line] == [
        "- Due within 3bd of the end by Lead.",
        "- State: a draft",
        "- declared to first statement: 35m",
        "- least time left at a legal duty: 42m",
        "- fame",
        "### What happened",
        "*To be filled in.*",
        "### What we change",
        "*To be filled in.*",
        "### Who saw it first?",
        "*To be filled in.*",
    ]


def test_facts_as_people_read_them() -> None:
    plan = plain(OWED)
    plan["facts"][0] |= {"type": "number", "unit": "customers"}
    plan["facts"][2] |= {"type": "time"}
    log = Log(plan=plan)
    log.fact("affected", 2, "1200")
    log.fact("refund", 3, "2026-11-24T08:00:00.000Z")
    page = told(log)
    assert "| known | 1200 customers |" in page
    assert "| known | 2026-11-24 09:00:00 +01:00 (08:00:00Z) |" in page


def test_tasks_that_wait_repeat_or_are_not_needed() -> None:
    plan = plain(OWED)
    tasks = plan["phases"][0]["tasks"]
    tasks[0] |= {"repeat": 1800}
    tasks[3] |= {"when": {"op": "is", "subject": "fact.cause", "values": ["fire"]}}
    log = Log(plan=plan)
    log.done("pause", 4)
    log.fact("cause", 5, "a leak")
    page = told(log)
    assert "| done once, every 30m |" in page
    assert "| waiting for task: Get the numbers |" in page
    assert "| Thank the team |  |  |  |  | not needed |" in page


def test_the_log_of_activities_tells_it_too() -> None:
    log = export(owed().record, "ics214")["INC-7-ics214.txt"].decode()
    assert "dee: met" in log
    assert log.count("\n   2026-11-22") == len(owed().entries)
