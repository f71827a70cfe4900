"""What was owed, in the Markdown report: legal duties, enquiries, calls, and what came late.

None of it is for the public, and nothing of it is in a public log.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crisisroom.core.incident import DeadlineState, Enquiry
from crisisroom.report.calls import Run, runs
from crisisroom.report.late import Late, late
from crisisroom.report.md import cell, quote, table
from crisisroom.report.page import Page
from crisisroom.report.plain import span

_STATES = {
    "waiting": "had not begun",
    "running": "open",
    "waived": "waived",
    "not_needed": "did not apply",
}
_KINDS = {"cadence": "update", "deadline": "legal duty"}


def duties(page: Page) -> Iterator[str]:
    """Return each legal duty, and how long before or after its time it was met."""
    rows = [
        [
            cell(one.title),
            cell(one.law),
            cell(page.role(one.role)),
            page.when(one.started_at),
            page.when(one.due_at),
            page.when(one.closed_at),
            _margin(page, one),
            cell(f"{one.closed_by}: {one.words}" if one.closed_at else one.waiting_for),
        ]
        for one in page.incident.deadlines.values()
    ]
    names = ("Duty", "Law", "Role", "Began", "Due", "Closed", "Outcome", "Who, and how")
    return table(names, rows)


def _margin(page: Page, duty: DeadlineState) -> str:
    if duty.state == "met" and duty.due_at and duty.closed_at:
        return f"met {_before(duty.due_at, duty.closed_at)}"
    if duty.state == "running" and duty.due_at and page.record.as_of > duty.due_at:
        return f"open, late {_apart(page.record.as_of, duty.due_at)}"
    return _STATES.get(duty.state, duty.state)


def _before(due: datetime, done: datetime) -> str:
    if done <= due:
        return f"{_apart(done, due)} before it was due"
    return f"{_apart(done, due)} late"


def _apart(one: datetime, other: datetime) -> str:
    return span(int(abs((one - other).total_seconds())))


def enquiries(page: Page) -> list[str]:
    """Return who asked what by when, and what they were told after how long."""
    asked = page.incident.enquiries.values()
    if not asked:
        return []
    rows = [
        [
            cell(one.id),
            cell(", ".join(part for part in (one.name, one.outlet) if part)),
            one.sort,
            page.when(one.asked_at),
            page.when(one.due_at),
            cell(one.owner),
            one.state,
            _answered(one),
        ]
        for one in asked
    ]
    names = ("Enquiry", "From", "Sort", "Asked", "Their deadline", "Owner", "State", "Answered")
    lines = [*table(names, rows), ""]
    for one in asked:
        lines += [f"### {cell(one.id)}: {cell(one.outlet)}", "", *_exchange(page, one), ""]
    return lines[:-1]


def _answered(asked: Enquiry) -> str:
    if asked.answered_at is None:
        return ""
    waited = f"in {_apart(asked.answered_at, asked.asked_at)}"
    if asked.due_at is None:
        return waited
    return f"{waited}, {_before(asked.due_at, asked.answered_at)}"


def _exchange(page: Page, asked: Enquiry) -> list[str]:
    lines = [f"- Reach: {cell(asked.reach)}", ""] if asked.reach else []
    lines += quote(asked.question)
    if asked.answered_at:
        by = f"Answered by {cell(asked.answered_by)}, {page.when(asked.answered_at)}:"
        lines += ["", by, "", *quote(asked.answer)]
    return lines


def escalations(page: Page) -> Iterator[str]:
    """Return every escalation, whom it called when, and who had it after how long."""
    titles = {plan.id: plan.title for plan in page.incident.plan.escalations}
    titles |= {run.id: run.title for run in page.incident.escalations.values()}
    rows = [
        [
            page.when(run.at),
            cell(titles.get(run.escalation, run.escalation)),
            cell(run.why),
            "; ".join(f"{page.clock(one.at)} {cell(', '.join(one.names))}" for one in run.steps),
            _taken_up(run),
        ]
        for run in runs(page.record.entries, page.incident)
    ]
    return table(("Began", "What", "Why", "Called", "Outcome"), rows)


def _taken_up(run: Run) -> str:
    if run.acknowledged_at is None:
        return "everybody was called, nobody answered" if run.exhausted else "nobody acknowledged"
    return f"{cell(run.acknowledged_by)} acknowledged in {_apart(run.acknowledged_at, run.at)}"


def lateness(page: Page) -> Iterator[str]:
    """Return every due time that passed, and how long it took from then; nothing in public."""
    rows = [
        [
            page.when(one.due_at),
            _KINDS.get(one.kind, one.kind),
            cell(one.title),
            cell(page.role(one.who)),
            _ended(page, one),
            f"entry {one.ended_seq or one.seq}",
        ]
        for one in (() if page.public else late(page.record))
    ]
    return table(("Due", "What", "Which", "Whose", "Outcome", "See"), rows)


def _ended(page: Page, one: Late) -> str:
    took = span(one.seconds(page.record.as_of))
    if one.never:
        return f"not done by the end, {took} later"
    return f"{took} late" if one.ended_at else f"still open, {took} late"
