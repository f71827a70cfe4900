"""Working through the incident: tasks, severity, its title."""

from __future__ import annotations

from functools import partial

from crisisroom.core.errors import Refused
from crisisroom.core.incident import TaskState
from crisisroom.core.kinds import span
from crisisroom.room import lifecycle, plan, reading, tasks
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk, calls, duties, needed, outside
from crisisroom.tui.acts.duties import no_span
from crisisroom.tui.acts.evidence import evidence
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.picking import Choice


def _task(desk: Desk) -> TaskState:
    if desk.context.task is None:
        raise Refused("no-task", "choose a task first")
    return desk.context.task


async def tick(desk: Desk) -> None:
    """Tick the task; its evidence is asked for first. Calls, duties, questions are settled."""
    context = desk.context
    if context.run is not None:
        await calls.settle_call(desk, context.run)
    elif context.deadline is not None:
        await duties.duty(desk, context.deadline)
    elif context.enquiry is not None:
        await outside.answer(desk, context.enquiry)
    else:
        await _tick(desk)


async def _tick(desk: Desk) -> None:
    task, inc = _task(desk), desk.incident.id
    at, given = await evidence(desk, task)
    acted = await tasks.done(desk.room, inc, task.id, given, at=at)
    undo = Undo(f"tick of {task.title}", partial(tasks.reopen, desk.room, inc, task.id))
    again = acted.incident.tasks[task.id]
    due = clock(again.due_at, desk.now, desk.zone) if again.repeat and again.due_at else ""
    desk.said(f"done: {task.title}" + (f", again by {due}" if due else ""), undo)


async def skip(desk: Desk) -> None:
    """Leave the task out, with the reason."""
    task, inc = _task(desk), desk.incident.id
    reason = await desk.line(f"Skip {task.title}", "why?", check=needed)
    await tasks.skip(desk.room, inc, task.id, reason)
    undo = Undo(f"skipping of {task.title}", partial(tasks.reopen, desk.room, inc, task.id))
    desk.said(f"skipped: {task.title}", undo)


async def take_task(desk: Desk) -> None:
    """Take the task, or the question from outside."""
    if desk.context.enquiry is not None:
        await outside.give(desk, desk.context.enquiry, desk.context.me)
        return
    await _give(desk, desk.context.me)


async def give_task(desk: Desk) -> None:
    """Give the task, or the question from outside, to somebody."""
    if asked := desk.context.enquiry:
        await outside.give(desk, asked, await desk.person(f"Who answers {asked.outlet}?"))
        return
    await _give(desk, await desk.person(f"Who does {_task(desk).title}?"))


async def _give(desk: Desk, name: str) -> None:
    task, inc = _task(desk), desk.incident.id
    await tasks.assign(desk.room, inc, task.id, name)
    undo = Undo(f"gift of {task.title}", partial(_as_before, desk, task))
    desk.said(f"{name} does {task.title}", undo)


async def _as_before(desk: Desk, task: TaskState) -> None:
    """Give the task to whoever had it before; where that was nobody, take it from who has it."""
    inc = desk.incident.id
    if task.assignee:
        await tasks.assign(desk.room, inc, task.id, task.assignee)
    else:
        await tasks.unassign(desk.room, inc, task.id)


async def severity(desk: Desk) -> None:
    """Raise or lower the severity."""
    state = desk.incident
    levels = [
        Choice(one.id, one.id.upper(), one.when_to_use or one.label)
        for one in state.plan.severities
    ]
    chosen = await desk.pick(
        "Severity", levels, f"now {state.severity.upper()}", chosen=state.severity
    )
    reason = await desk.line(f"{state.severity.upper()} to {chosen.upper()}", "why?")
    await lifecycle.severity(desk.room, state.id, chosen, reason)
    undo = Undo(
        f"change to {chosen.upper()}",
        partial(lifecycle.severity, desk.room, state.id, state.severity, "taken back"),
    )
    desk.said(f"{state.id} is {chosen.upper()}", undo)


async def retitle(desk: Desk) -> None:
    """Give the incident another title."""
    state = desk.incident
    title = await desk.line("Title", state.id, value=state.title, check=needed)
    await lifecycle.retitle(desk.room, state.id, title)
    undo = Undo("new title", partial(lifecycle.retitle, desk.room, state.id, state.title))
    desk.said(f"{state.id} is called {title}", undo)


async def add_task(desk: Desk) -> None:
    """Put a task on the list that the playbook does not have."""
    inc = desk.incident.id
    title = await desk.line("Task", "what is to be done?", check=needed)
    typed = await desk.line(title, "within? 15m, 1h, or empty", check=_no_span)
    within = span(typed.strip()) if typed.strip() else None
    acted = await plan.add_task(desk.room, inc, title, within=within)
    back = partial(tasks.skip, desk.room, inc, acted.thing, "added by mistake")
    desk.said(f"on the list: {title}", Undo(f"task {title}", back))
    desk.go_to_row(f"task:{acted.thing}")


def _no_span(typed: str) -> str:
    return no_span(typed) if typed.strip() else ""


async def other(desk: Desk) -> None:
    """Look at another incident."""
    known = await reading.incidents(desk.room)
    choices = [
        Choice(one.id, f"{one.id} {one.severity.upper()}", f"{one.status}  {one.title}")
        for one in known
    ]
    here = desk.context.incident
    chosen = await desk.pick("Which incident?", choices, chosen=here.id if here else "")
    desk.go(incident=chosen)
