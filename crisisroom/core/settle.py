"""What of the plan stands how: which tasks are open, wait or are not needed, and when they are due.

It follows from the incident alone, so that a replay of the log gives the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from crisisroom.core.condition import Condition, Look, Truth, evaluate
from crisisroom.core.incident import DeadlineState, Incident, TaskState
from crisisroom.core.playbook import Deadline, Playbook, Task
from crisisroom.core.timeline import unstamp

replace = msgspec.structs.replace

CLOSED = frozenset({"done", "skipped", "not_needed"})
KNOWN = frozenset({"known", "changed"})
_TRUE = Truth(True)


def settle(state: Incident, at: datetime) -> Incident:
    """Return the incident with tasks and deadlines as its facts, roles and ticks make them."""
    for _ in range(len(state.tasks) + 2):  # one may be needed or not because of another …
        after = _once(state, at)
        if after is state:
            break
        state = after
    return state


def _once(state: Incident, at: datetime) -> Incident:
    look = look_at(state)
    moved = {}
    for _, spec in state.plan.tasks():
        task = state.tasks[spec.id]
        after = task if task.state in ("done", "skipped") else _task(state, task, spec, at, look)
        if after != task:
            moved[task.id] = after
    duties = {}
    for duty in state.plan.deadlines:
        deadline = state.deadlines[duty.id]
        now = _deadline(state, deadline, duty, look)
        if now != deadline:
            duties[duty.id] = now
    if not moved and not duties:
        return state
    return replace(state, tasks=state.tasks | moved, deadlines=state.deadlines | duties)


def look_at(state: Incident) -> Look:
    """Return how conditions look at this incident: what is not settled yet is None."""

    def look(subject: str) -> str | None:
        sort, _, name = subject.partition(".")
        if sort == "severity":
            return state.severity
        if sort == "fact":
            fact = state.facts.get(name)
            return fact.value if fact and fact.state in KNOWN else None
        if sort == "task":
            task = state.tasks.get(name)
            return _closed_as(task) if task else None
        if sort == "role":
            role = state.roles.get(name)
            return role.holder or None if role else None
        return "sent" if _sent_at(state, name) else None

    return look


def settled(task: TaskState) -> bool:
    """Tell whether nothing waits for a task any more; of one that comes again, once is enough."""
    return task.state in CLOSED or task.times > 0


def _closed_as(task: TaskState) -> str | None:
    if task.state in CLOSED:
        return task.state
    return "done" if settled(task) else None


def holds(state: Incident, condition: Condition | None) -> bool:
    """Tell whether a condition holds for certain; no condition always does."""
    return condition is None or evaluate(condition, look_at(state)).holds is True


def _task(state: Incident, task: TaskState, spec: Task, at: datetime, look: Look) -> TaskState:
    truth = evaluate(spec.when, look) if spec.when else _TRUE
    if truth.holds is False and not truth.waits_for:
        due = task.due_at if spec.at else None  # the moment stays, should it be needed yet
        return replace(task, state="not_needed", waiting_for="", opened_at=None, due_at=due)
    missing = [*_unsettled(truth), *_missing_facts(state, spec)]
    if missing:
        waits = _called(state, missing[0])
        shut = replace(task, state="waiting", waiting_for=waits, opened_at=None)
        return replace(shut, due_at=_due(state, shut, spec))
    there = replace(task, opened_at=task.opened_at or at)
    first = next((need for need in spec.needs if not settled(state.tasks[need])), "")
    waits = _called(state, f"task.{first}") if first else ""
    status = replace(there, state="waiting" if first else "open", waiting_for=waits)
    return replace(status, due_at=_due(state, status, spec))


def _unsettled(truth: Truth) -> tuple[str, ...]:
    return () if truth.holds is True else truth.waits_for


def _missing_facts(state: Incident, spec: Task) -> Iterator[str]:
    for needed in spec.needs_facts:
        if state.facts[needed].state not in KNOWN:
            yield f"fact.{needed}"


def _called(state: Incident, subject: str) -> str:
    """Return what is waited for as the room's people know it: `fact: since when`."""
    sort, _, name = subject.partition(".")
    if sort == "fact" and name in state.facts:
        return f"fact: {state.facts[name].label}"
    if sort == "task" and name in state.tasks:
        return f"task: {state.tasks[name].title}"
    if sort == "role" and name in state.roles:
        return f"role: {state.roles[name].title}"
    titles = {one.id: one.title for one in state.plan.statements}
    return f"statement: {titles.get(name, name)}"


def _due(state: Incident, task: TaskState, spec: Task) -> datetime | None:
    if spec.at:
        return task.due_at  # fixed when it came onto the list
    last = task.closed_at or task.done_at
    if spec.repeat and task.times and last:
        return last + timedelta(seconds=spec.repeat)
    start = anchor(state, task, spec)
    if start is None or spec.within is None:
        return None
    return start + timedelta(seconds=spec.within)


def anchor(state: Incident, task: TaskState, spec: Task) -> datetime | None:
    """Return the moment a task's time counts from, None while it has not come."""
    sort, _, name = (spec.after or ("appears" if spec.when else "declared")).partition(".")
    if sort == "fact":
        fact = state.facts.get(name)
        return fact.known_at if fact and fact.state in KNOWN else None
    if sort == "task":
        before = state.tasks.get(name)
        there = before and settled(before) and before.state != "not_needed"
        return before.done_at or before.closed_at if before and there else None
    if sort == "phase":
        return phase_begun(state, name)
    if sort == "statement":
        return _sent_at(state, name)
    if sort == "severity":
        return state.severities[-1].at
    return task.opened_at if sort == "appears" else state.declared_at


def phase_begun(state: Incident, phase_id: str) -> datetime | None:
    """Return when a phase began: once no required task of an earlier one was open any more."""
    begun = state.declared_at
    for phase in state.plan.phases:
        if phase.id == phase_id:
            return begun
        for spec in phase.tasks:
            task = state.tasks[spec.id]
            ended = task.done_at or task.closed_at
            if task.required and not settled(task):
                return None
            if task.required and ended:
                begun = max(begun, ended)
    return None


def _sent_at(state: Incident, template: str) -> datetime | None:
    sent = (one.sent_at for one in state.statements.values() if one.template == template)
    return min((moment for moment in sent if moment), default=None)


def _deadline(
    state: Incident, deadline: DeadlineState, duty: Deadline, look: Look
) -> DeadlineState:
    """A duty that runs goes on whatever the facts become: only a person closes it."""
    if deadline.state not in ("waiting", "not_needed"):
        return deadline
    truth = evaluate(duty.when, look) if duty.when else _TRUE
    if truth.holds is False and not truth.waits_for:
        return replace(deadline, state="not_needed", waiting_for="")
    fact = state.facts[duty.starts]
    waits = [*_unsettled(truth), *([] if fact.state in KNOWN else [f"fact.{fact.id}"])]
    words = _called(state, waits[0]) if waits else ""
    return replace(deadline, state="waiting", waiting_for=words)


def law_starts(state: Incident, duty: Deadline) -> datetime | None:
    """Return since when a duty's time counts, None while nothing has started it."""
    fact = state.facts[duty.starts]
    if fact.state not in KNOWN or not holds(state, duty.when):
        return None
    if fact.type == "time":
        try:
            return unstamp(fact.value)
        except ValueError:
            return fact.known_at
    return fact.known_at


def checklist(plan: Playbook, moments: dict[str, str]) -> dict[str, TaskState]:
    """Return a plan's tasks before anything has happened; `moments` are due times of the day."""
    return {
        spec.id: fresh_task(spec, phase.id, moments.get(spec.id, ""))
        for phase, spec in plan.tasks()
    }


def fresh_task(spec: Task, phase: str, moment: str = "", added_by: str = "") -> TaskState:
    """Return a task nobody has looked at yet."""
    return TaskState(
        id=spec.id,
        phase=phase,
        title=spec.title,
        role=spec.role,
        due_at=unstamp(moment) if moment else None,
        warn=spec.warn,
        required=spec.required,
        evidence=spec.evidence,
        needs=spec.needs,
        needs_facts=spec.needs_facts,
        detail=spec.detail,
        repeat=spec.repeat,
        added_by=added_by,
    )


def duties(deadlines: Iterable[Deadline]) -> dict[str, DeadlineState]:
    """Return a plan's duties before their facts are known."""
    return {
        one.id: DeadlineState(id=one.id, title=one.title, role=one.role, law=one.law, warn=one.warn)
        for one in deadlines
    }
