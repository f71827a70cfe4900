"""The checklist as rows: phases that fold, tasks with their due time, owner and needs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta

from crisisroom.core.clocks import minutes
from crisisroom.core.incident import Incident, TaskState
from crisisroom.room.looks import on_row
from crisisroom.tui import signs
from crisisroom.tui.rows import Cell, Row, cell_len, clip, fit, gap, row
from crisisroom.tui.rows.duties import duty_rows
from crisisroom.tui.rows.times import brief_clock, due
from crisisroom.tui.situation import Situation

WIDE = 78
_TITLE = 34
NEW = "new "
_ASKS = {
    "note": "a note",
    "link": "a link",
    "mention": "a post",
    "statement": "a statement",
    "fact": "a fact",
}


def task_rows(
    know: Situation, folded: Collection[str], width: int, fresh: Collection[str] = ()
) -> list[Row]:
    """Return the rows of the whole checklist; `at` is `task:ID`, `phase:ID` or `more:ID`.

    `fresh` are the tasks that came onto the list while this person looked elsewhere.
    """
    if know.incident is None:
        return []
    rows = duty_rows(know, width)
    for phase in know.incident.plan.phases:
        every = [know.incident.tasks[task.id] for task in phase.tasks]
        tasks = [task for task in every if task.state != "not_needed"]
        shut = phase.id in folded
        idle = len(every) - len(tasks)
        rows.append(_phase_row(know, phase.id, phase.title, tasks, shut, idle))
        if not shut:
            for task in tasks:
                rows.extend(_task_rows(know, know.incident, task, width, task.id in fresh))
    return rows


def default_folds(incident: Incident) -> set[str]:
    """Return the phases that are folded until somebody opens them: the finished ones."""
    return {
        phase.id
        for phase in incident.plan.phases
        if all(closed(incident.tasks[task.id]) for task in phase.tasks)
    }


def closed(task: TaskState) -> bool:
    """Say whether a task is behind us."""
    return task.state in ("done", "skipped", "not_needed")


def owner(incident: Incident, task: TaskState) -> str:
    """Return who has the task: its assignee, or whoever holds its role; empty when it is free."""
    if task.assignee:
        return task.assignee
    role = incident.roles.get(task.role)
    return role.holder if role else ""


def _phase_row(
    know: Situation, id: str, title: str, tasks: list[TaskState], shut: bool, idle: int
) -> Row:
    done = sum(closed(task) for task in tasks)
    counts = f"{done} of {len(tasks)}" + (f", {idle} not needed" if idle else "")
    at = f"phase:{id}"
    times = [task.closed_at for task in tasks if task.closed_at]
    if done == len(tasks) and times and shut:
        when = brief_clock(max(times), know.now, know.zone)
        return row(
            gap(1),
            Cell(signs.DONE, "ok"),
            Cell(f" {title}   {counts} by {when}", "quiet"),
            at=at,
        )
    fold = signs.CLOSED if shut else signs.OPEN
    return row(
        gap(1),
        Cell(fold, "quiet"),
        gap(1),
        Cell(title, "bold"),
        Cell(f"  {counts}", "quiet"),
        at=at,
    )


def _task_rows(
    know: Situation, incident: Incident, task: TaskState, width: int, fresh: bool
) -> Iterator[Row]:
    who = (task.closed_by if closed(task) else "") or owner(incident, task)
    quiet = task.state != "open"
    base = "quiet" if quiet else "text"
    mark, mark_role = _mark(task, who, know.me)
    when, when_role = due_cell(know, task)
    mine = who == know.me and not quiet
    cells = [
        gap(1),
        Cell(mark, mark_role),
        gap(1),
        Cell(fit(when, 7), when_role),
        gap(1),
        _owner_cell(know, incident, task, who, _owner_role(who, mine, quiet)),
        gap(1),
    ]
    if fresh and not quiet:
        cells.append(Cell(NEW, "mine"))
    needs, room = needs_of(task), width - sum(cell_len(cell.text) for cell in cells)
    if width >= WIDE:
        yield row(*cells, *_title_and_needs(task.title, base, needs, room), at=f"task:{task.id}")
        return
    yield row(*cells, Cell(clip(task.title, room), base), at=f"task:{task.id}")
    if task.state == "waiting" and needs:
        yield row(gap(16), Cell(clip(needs, width - 16), "quiet"), at=f"more:{task.id}")


def _owner_cell(know: Situation, incident: Incident, task: TaskState, who: str, role: str) -> Cell:
    """Return whose task it is; of a free one who stands on it, in quiet."""
    if not who and task.state == "open":
        there = on_row(know.people, incident.id, f"task:{task.id}", know.me)
        if there:
            return Cell(fit(there[0].actor[:4], 4), "quiet")
    return Cell(fit(who[:4] or "free", 4), role)


def _title_and_needs(title: str, base: str, needs: str, room: int) -> Iterator[Cell]:
    """Yield the title, and what it needs at its own column, or later where the title is long."""
    least = _TITLE - 1
    most = max(least, room - cell_len(needs) - 1) if needs else room
    shown = clip(title, most)
    yield Cell(fit(shown, max(least, cell_len(shown))), base)
    yield gap(1)
    yield Cell(clip(needs, room - max(least, cell_len(shown)) - 1), "quiet")


def _mark(task: TaskState, who: str, me: str) -> tuple[str, str]:
    if task.state == "done":
        return signs.DONE, "ok"
    if task.state == "skipped":
        return signs.OFF, "quiet"
    if task.state == "waiting":
        return signs.WAITS, "quiet"
    if not who:
        return signs.FREE, "mine"
    return signs.OWNED, "mine" if who == me else "text"


def _owner_role(who: str, mine: bool, quiet: bool) -> str:
    if mine:
        return "mine"
    if quiet:
        return "quiet"
    return "text" if who else "bold"


def due_cell(know: Situation, task: TaskState) -> tuple[str, str]:
    """Return the due column of a task: when it was done, when it is due, or that it waits."""
    if task.closed_at and closed(task):
        return brief_clock(task.closed_at, know.now, know.zone), "quiet"
    if task.state == "waiting" and (task.due_at is None or state_of(know, task) == "ok"):
        return "waits", "quiet"
    if task.due_at is None:
        return "", "text"
    state = state_of(know, task)
    role = {"overdue": "late", "warn": "warn"}.get(state, "text")
    return due(task.due_at, know.now, know.zone, state), role


def state_of(know: Situation, task: TaskState) -> str:
    """Return ok, warn or overdue: by its clock where one runs."""
    for clock in know.clocks:
        if clock.id == f"task:{task.id}":
            return clock.state
    return "overdue" if task.due_at and task.due_at <= know.now else "ok"


def needs_of(task: TaskState) -> str:
    """Return what a task asks for or waits for, or what was given for it."""
    if task.state == "skipped":
        return f"skipped: {task.given}"
    if task.state == "done":
        return task.given
    if reason := task.waiting_for:
        return f"for {reason}"
    asks = f"needs {_ASKS[task.evidence]}" if task.evidence != "none" else ""
    every = f"every {minutes(timedelta(seconds=task.repeat))}" if task.repeat else ""
    return ", ".join(part for part in (asks, every, _so_far(task.times)) if part)


def _so_far(times: int) -> str:
    return {0: "", 1: "done once", 2: "done twice"}.get(times, f"done {times} times")


def tasks_count(incident: Incident) -> tuple[int, int]:
    """Return how many tasks are behind us, and how many there are."""
    needed = [task for task in incident.tasks.values() if task.state != "not_needed"]
    return sum(closed(task) for task in needed), len(needed)


def tasks_head(know: Situation, *, wide: bool, focused: bool, phone: bool = False) -> Row:
    """Return the line above the checklist."""
    incident = know.incident
    if incident is None:
        words = "no incident: I declares one"
        return (
            _titled("3", "Tasks", focused, words, "") if wide else row(gap(3), Cell(words, "quiet"))
        )
    done, total = tasks_count(incident)
    running = [task for task in incident.tasks.values() if task.state == "open"]
    mine = sum(owner(incident, task) == know.me for task in running)
    free = sum(not owner(incident, task) for task in running)
    if wide:
        return _titled("3", "Tasks", focused, f"{done} of {total}", f"   {mine} mine, {free} free")
    words = f"{done} of {total} done   {mine} mine   {free} free"
    if not phone:
        words += f"   playbook {incident.playbook.id} {incident.playbook.version}"
    return row(gap(3), Cell(words, "quiet"))


def _titled(pane: str, name: str, focused: bool, counts: str, rest: str) -> Row:
    return row(
        gap(1),
        Cell(pane, "quiet"),
        gap(1),
        Cell(name, "focus" if focused else "bold"),
        Cell(f"  {counts}"),
        Cell(rest, "quiet"),
    )
