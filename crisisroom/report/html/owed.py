"""What was owed and to whom: legal duties, enquiries, calls, promises, and what came late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crisisroom.core.incident import DeadlineState, Enquiry
from crisisroom.core.said import Promise
from crisisroom.report.calls import Run, runs
from crisisroom.report.html import anchors
from crisisroom.report.html.blocks import Block, Group, Para, Quote, Row, Table
from crisisroom.report.html.pieces import Inline, Line, Link, Mark, Ref, Said, Strong, Tone, When
from crisisroom.report.late import Late, late
from crisisroom.report.page import Page
from crisisroom.report.plain import span

_DUTIES: dict[str, tuple[str, Tone]] = {
    "waiting": ("had not begun", "quiet"),
    "running": ("open", "warn"),
    "waived": ("waived", "warn"),
    "not_needed": ("did not apply", "quiet"),
}
_KINDS = {"cadence": "update", "deadline": "legal duty"}
_CALLED: dict[str, tuple[str, Tone]] = {
    "reached": ("reached", "ok"),
    "message": ("left a message", "warn"),
}
_PROMISES: dict[str, Tone] = {"open": "warn", "kept": "ok", "dropped": "quiet"}


def duties(page: Page) -> Iterator[Block]:
    """Yield each legal duty, and how long before or after its time it was met."""
    duties = page.incident.deadlines.values()
    if duties:
        rows = [_duty(page, one) for one in duties]
        head = ("Duty", "Law", "Began", "Due", "Closed", "Outcome")
        yield Table("Legal duties", head, rows, len(rows), 0)


def _duty(page: Page, one: DeadlineState) -> Row:
    title: list[Inline] = [Said(one.title)]
    if one.role:
        title.append(f", {page.role(one.role)}")
    how: list[Inline] = [_margin(page, one)]
    if one.closed_at:
        how += [f" by {one.closed_by}", *((": ", Said(one.words)) if one.words else ())]
    elif one.waiting_for:
        how.append(f" waits for {one.waiting_for}")
    times = (When(one.started_at), When(one.due_at), When(one.closed_at))
    return Row((tuple(title), Said(one.law), *times, tuple(how)))


def _margin(page: Page, duty: DeadlineState) -> Mark:
    if duty.state == "met" and duty.due_at and duty.closed_at:
        return _before(duty.due_at, duty.closed_at, "met ")
    if duty.state == "running" and duty.due_at and page.record.as_of > duty.due_at:
        return Mark(f"open, late by {_apart(page.record.as_of, duty.due_at)}", "late")
    return Mark(*_DUTIES.get(duty.state, (duty.state, "")))


def _before(due: datetime, done: datetime, what: str = "") -> Mark:
    if done <= due:
        return Mark(f"{what}{_apart(done, due)} early", "ok")
    return Mark(f"{what}{_apart(done, due)} late", "late")


def _apart(one: datetime, other: datetime) -> str:
    return span(int(abs((one - other).total_seconds())))


def enquiries(page: Page) -> Iterator[Block]:
    """Yield who asked what by when, and what they were told after how long."""
    for one in page.incident.enquiries.values():
        title: Line = (
            f"{one.id} ",
            Said(", ".join(part for part in (one.name, one.outlet) if part)),
        )
        blocks = tuple(_exchange(one))
        yield Group(title, blocks, _enquiry(one), anchors.thing(one.id))


def _enquiry(one: Enquiry) -> Line:
    state = Mark(one.state, "warn" if one.state == "open" else "ok")
    asked: tuple[Inline, ...] = (state, f" {one.sort}, asked ", When(one.asked_at))
    due: tuple[Inline, ...] = (", their deadline ", When(one.due_at)) if one.due_at else ()
    return (*asked, *due)


def _exchange(one: Enquiry) -> Iterator[Block]:
    if one.reach:
        yield Para(("Reach: ", Said(one.reach)), quiet=True)
    yield Quote(one.question, outside=True)
    if one.answered_at is None:
        yield Para(f"Not answered; {one.owner or 'nobody'} has it.", quiet=True)
        return
    waited = f" after {_apart(one.answered_at, one.asked_at)}"
    parts: list[Inline] = [Strong("Answered"), f" by {one.answered_by},{waited} "]
    if one.due_at:
        parts.append(_before(one.due_at, one.answered_at))
    yield Para(tuple(parts))
    yield Quote(one.answer)


def escalations(page: Page) -> Iterator[Block]:
    """Yield every escalation, whom it called when, and who had it after how long."""
    titles = {plan.id: plan.title for plan in page.incident.plan.escalations}
    titles |= {run.id: run.title for run in page.incident.escalations.values()}
    found = runs(page.record.entries, page.incident)
    if found:
        rows = [_run(page, run, titles.get(run.escalation, run.escalation)) for run in found]
        head = ("What", "Began", "Why", "Called", "Outcome")
        yield Table("Escalations", head, rows, len(rows), 3)


def _run(page: Page, run: Run, title: str) -> Row:
    called = "; ".join(f"{page.clock(one.at)} {', '.join(one.names)}" for one in run.steps)
    return Row((title, When(run.at), Said(run.why), called, _taken_up(run)))


def _taken_up(run: Run) -> Line:
    if run.acknowledged_at is None:
        words = "all were called, nobody answered" if run.exhausted else "nobody acknowledged"
        return (Mark(words, "late"),)
    after = _apart(run.acknowledged_at, run.at)
    return (Mark("acknowledged", "ok"), f" by {run.acknowledged_by} after {after}")


def calls(page: Page) -> Iterator[Block]:
    """Yield who was called, in which way, and whether they answered; nothing in public."""
    if page.public or not page.incident.calls:
        return
    rows = [
        Row(
            (
                Said(call.name),
                When(call.at),
                Said(call.way),
                (Mark(*_CALLED.get(call.outcome, ("not reached", "warn"))),),
                call.by,
                Said(call.note),
            )
        )
        for call in page.incident.calls
    ]
    head = ("Contact", "When", "Way", "Outcome", "Who", "Note")
    yield Table("Contacts called", head, rows, len(rows), 5)


def promises(page: Page) -> Iterator[Block]:
    """Yield what we promised people, and what came of it; nothing in public."""
    if page.public or not page.incident.promised:
        return
    rows = [_promise(one) for one in page.incident.promised.values()]
    head = ("Promise", "In", "Due", "Owner", "Outcome")
    yield Table("Promises", head, rows, len(rows), 0)


def _promise(one: Promise) -> Row:
    outcome: list[Inline] = [Mark(one.state, _PROMISES[one.state])]
    if one.outcome:
        outcome += [": ", Said(one.outcome)]
    if one.ticket:
        outcome += [" ", Link(one.ticket)]
    reply = anchors.point(one.reply, anchors.thing(one.reply))
    return Row(
        ((f"{one.id}: ", Said(one.words)), reply, When(one.due_at), one.owner, tuple(outcome))
    )


def lateness(page: Page) -> Iterator[Block]:
    """Yield every due time that passed, and how long it took from then; nothing in public."""
    found = () if page.public else late(page.record)
    if found:
        rows = [_passed(page, one) for one in found]
        head = ("What", "Due", "Whose", "Outcome", "See")
        yield Table("What came late", head, rows, len(rows), 0)


def _passed(page: Page, one: Late) -> Row:
    seq = one.ended_seq or one.seq
    what = (f"{_KINDS.get(one.kind, one.kind)}: ", Said(one.title))
    see = Ref(anchors.entry(seq), f"entry {seq}")
    return Row((what, When(one.due_at), page.role(one.who), _ended(page, one), see))


def _ended(page: Page, one: Late) -> Line:
    took = span(one.seconds(page.record.as_of))
    if one.never:
        return (Mark("never done", "late"), f" {took} later it was resolved")
    return (
        (Mark(f"{took} late", "warn"),) if one.ended_at else (Mark(f"open, {took} late", "late"),)
    )
