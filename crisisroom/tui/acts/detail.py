"""A row of the checklist read whole: a task, a call, a duty by law, a question from outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from crisisroom.core.clocks import minutes
from crisisroom.core.engine import called_as
from crisisroom.core.evidence import asked_for
from crisisroom.core.incident import DeadlineState, Enquiry, EscalationRun, TaskState
from crisisroom.core.playbook import Consequence
from crisisroom.tui.acts import Desk, text_row
from crisisroom.tui.rows import BLANK, Cell, Row, gap, row
from crisisroom.tui.rows.duties import called, way_words
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import Reader, asking

_STATES = {"not_needed": "not needed"}


async def detail(desk: Desk) -> None:
    """Show what the cursor stands on whole."""
    context = desk.context
    if context.run is not None:
        title, lines = asking(context.run.title, "space: who has it"), _run(desk, context.run)
    elif context.deadline is not None:
        law = context.deadline
        title, lines = asking(law.title, "space: met or waived"), _duty(desk, law)
    elif context.enquiry is not None:
        asked = context.enquiry
        title = asking(f"{asked.id} {asked.outlet}", "space: answered   A: give it to somebody")
        lines = _enquiry(desk, asked)
    elif context.task is not None:
        task = context.task
        title = asking(task.title, _STATES.get(task.state, task.state))
        lines = _task(desk, task)
    else:
        return
    await desk.ask(Reader(title, list(lines)))


def _run(desk: Desk, run: EscalationRun) -> Iterator[Row]:
    if run.why:
        yield text_row(f"because: {run.why}")
    for name, ways in called(desk.incident, run):
        yield BLANK
        yield text_row(name, "bold")
        yield from (text_row(way_words(way)) for way in ways)
    yield BLANK
    begun = clock(run.started_at, desk.now, desk.zone)
    told = f"begun {begun}, round {run.round}"
    if run.next_at:
        told += f", the next is called {clock(run.next_at, desk.now, desk.zone)}"
    yield text_row(told if not run.exhausted else f"begun {begun}, nobody is left", "quiet")


def _duty(desk: Desk, one: DeadlineState) -> Iterator[Row]:
    spec = next((law for law in desk.incident.plan.deadlines if law.id == one.id), None)
    for words in (one.law, spec.detail if spec else ""):
        if words:
            yield text_row(words)
    if one.started_at and one.due_at:
        begun = clock(one.started_at, desk.now, desk.zone)
        yield _line("counts from", f"{begun}, due {clock(one.due_at, desk.now, desk.zone)}")
    if one.role:
        yield _line("role", _role(desk, one.role))
    if one.words:
        yield _line(f"{one.state} by {one.closed_by}", one.words)


def _enquiry(desk: Desk, asked: Enquiry) -> Iterator[Row]:
    yield text_row(asked.question)
    yield BLANK
    if asked.name or asked.reach:
        yield _line("asked by", ", ".join(part for part in (asked.name, asked.reach) if part))
    yield _line("asked", clock(asked.asked_at, desk.now, desk.zone))
    if asked.due_at:
        yield _line("needed by", clock(asked.due_at, desk.now, desk.zone))
    yield _line("answers", asked.owner or "nobody yet")


def _task(desk: Desk, task: TaskState) -> Iterator[Row]:
    if task.detail:
        yield text_row(task.detail)
        yield BLANK
    if task.role or task.assignee:
        yield _line("who", task.assignee or _role(desk, task.role))
    if task.due_at and task.state in ("open", "waiting"):
        yield _line("due", clock(task.due_at, desk.now, desk.zone))
    if task.waiting_for:
        yield _line("waits for", task.waiting_for)
    if asks := asked_for(task):
        yield _line("evidence", asks)
    if task.required:
        yield _line("required", "before the incident can be resolved")
    if task.repeat:
        yield _line("again", f"every {minutes(timedelta(seconds=task.repeat))}")
    yield from (_line("if late", told) for told in _if_late(desk, task))
    if task.closed_at and task.closed_by:
        yield _line("last done" if task.times else task.state, _closed(desk, task))
    if task.added_by:
        yield _line("added by", task.added_by)


def _closed(desk: Desk, task: TaskState) -> str:
    when = clock(task.closed_at, desk.now, desk.zone) if task.closed_at else ""
    return f"{when} by {task.closed_by}" + (f": {task.given}" if task.given else "")


def _if_late(desk: Desk, task: TaskState) -> Iterator[str]:
    spec = next((one for _, one in desk.incident.plan.tasks() if one.id == task.id), None)
    titles = {one.id: one.title for one in desk.incident.plan.escalations}
    for one in spec.on_overdue if spec else ():
        after = f", {minutes(timedelta(seconds=one.after))} later" if one.after else ""
        yield _consequence(desk, one, titles) + after


def _consequence(desk: Desk, one: Consequence, titles: dict[str, str]) -> str:
    if one.escalate:
        return f"calls: {titles.get(one.escalate, one.escalate)}"
    return f"tells {called_as(desk.incident, one.notify)}" if one.notify else one.note


def _role(desk: Desk, role_id: str) -> str:
    role = desk.incident.roles.get(role_id)
    if role is None:
        return role_id
    return f"{role.title}: {role.holder or 'nobody holds it'}"


def _line(name: str, told: str) -> Row:
    return row(gap(3), Cell(f"{name}: ", "quiet"), Cell(told))
