"""How entries change what the plan is made of: tasks, roles, duties, escalations, enquiries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from crisisroom.core.incident import (
    DeadlineState,
    Enquiry,
    EscalationRun,
    FactState,
    Incident,
    PlaybookRef,
    RoleState,
    Snooze,
    TaskState,
)
from crisisroom.core.playbook import (
    Answer,
    Escalation,
    Fact,
    KeyMessage,
    Phase,
    Playbook,
    Role,
    Task,
)
from crisisroom.core.settle import checklist, duties, fresh_task
from crisisroom.core.timeline import Entry, unstamp

replace = msgspec.structs.replace
Change = Callable[[Incident, Entry], Incident]

ADDED = Phase(id="added", title="Added in the room", tasks=())


def blank_fact(fact: Fact) -> FactState:
    """Return a line of the fact sheet that nobody has filled yet."""
    return FactState(
        id=fact.id,
        label=fact.label,
        ask=fact.ask,
        may_fill=fact.may_fill,
        type=fact.type,
        options=fact.options,
        unit=fact.unit,
        confirm_by=fact.confirm_by,
    )


def empty_role(role: Role, since: datetime) -> RoleState:
    """Return a part that nobody holds yet."""
    return RoleState(
        id=role.id,
        title=role.title,
        required=role.required,
        backup=role.backup,
        within=role.within,
        empty_since=since,
    )


def _role_given(state: Incident, entry: Entry) -> Incident:
    role = state.roles[entry.data["role"]]
    held = replace(role, holder=entry.data["person"], since=entry.at, empty_since=None)
    return replace(_unoffered(state, role.id), roles=state.roles | {role.id: held})


def _unoffered(state: Incident, role_id: str) -> Incident:
    """Let go of an offer of a part that has another holder now."""
    if role_id not in state.offers:
        return state
    rest = {name: offer for name, offer in state.offers.items() if name != role_id}
    return replace(state, offers=rest)


def _role_handed(state: Incident, entry: Entry) -> Incident:
    """Give a part on, and with it the tasks that its holder had taken on for it."""
    person = entry.data["person"]
    moved = {
        name: replace(state.tasks[name], assignee=person) for name in entry.data.get("tasks", ())
    }
    return replace(_role_given(state, entry), tasks=state.tasks | moved)


def _role_left(state: Incident, entry: Entry) -> Incident:
    role = state.roles[entry.data["role"]]
    left = replace(role, holder="", since=None, empty_since=entry.at)
    return replace(_unoffered(state, role.id), roles=state.roles | {role.id: left})


def _task(change: Callable[[TaskState, Entry], TaskState]) -> Change:
    def changed(state: Incident, entry: Entry) -> Incident:
        task = state.tasks[entry.data["task"]]
        return replace(state, tasks=state.tasks | {task.id: change(task, entry)})

    return changed


def _task_done(task: TaskState, entry: Entry) -> TaskState:
    ticked = replace(
        task,
        state="done",
        times=task.times + 1,
        done_at=task.done_at or entry.at,
        closed_at=entry.at,
        closed_by=entry.actor,
        given=entry.data.get("words", ""),
        waiting_for="",
    )
    again = task.repeat and not entry.data.get("rule")  # done by rule, it comes no more
    return replace(ticked, state="open") if again else ticked


def _task_skipped(task: TaskState, entry: Entry) -> TaskState:
    skipped = replace(task, state="skipped", closed_at=entry.at, closed_by=entry.actor)
    return replace(skipped, given=entry.data["words"], waiting_for="")


def _task_reopened(task: TaskState, entry: Entry) -> TaskState:
    """Take the last tick or skip back; a repeating task is due when it was before, or at once."""
    times = max(0, task.times - (task.state != "skipped"))
    back = replace(task, state="open", times=times, closed_at=None, closed_by="", given="")
    return replace(back, done_at=task.done_at if times else None)


def _task_assigned(task: TaskState, entry: Entry) -> TaskState:
    return replace(task, assignee=entry.data["person"])


def _task_added(state: Incident, entry: Entry) -> Incident:
    """Put a task on the list; its time counts from now where it does not say from when."""
    spec = msgspec.convert(entry.data["task"], Task)
    if spec.within is not None and not spec.after:
        spec = replace(spec, after="appears")
    plan = _with_task(state.plan, spec, entry.data.get("phase", ""))
    phase = next(phase.id for phase in plan.phases if spec in phase.tasks)
    fresh = fresh_task(spec, phase, added_by=entry.actor)
    return replace(state, plan=plan, tasks=state.tasks | {spec.id: fresh})


def _with_task(plan: Playbook, spec: Task, phase_id: str) -> Playbook:
    """Put a task at the end of its phase, or of one for what is added in the room."""
    known = [phase.id for phase in plan.phases]
    phases = plan.phases
    if phase_id not in known:
        phase_id = ADDED.id
        phases = phases if ADDED.id in known else (*phases, ADDED)
    grown = (
        replace(phase, tasks=(*phase.tasks, spec)) if phase.id == phase_id else phase
        for phase in phases
    )
    return replace(plan, phases=tuple(grown))


def _playbook_added(state: Incident, entry: Entry) -> Incident:
    """Go on with the merged plan: what is ticked, known, held and said stays."""
    data = entry.data
    plan = msgspec.convert(data["plan"], Playbook)
    added = msgspec.convert(data["playbook"], PlaybookRef)
    return replace(
        state,
        plan=plan,
        playbook=added if data["switched"] else state.playbook,
        playbooks=(*state.playbooks, added),
        tasks=_tasks_of(state, plan, data.get("moments", {})),
        facts={one.id: _kept(state.facts, one.id, blank_fact(one)) for one in plan.facts},
        roles={one.id: _role_of(state, one, entry.at) for one in plan.roles},
        deadlines=duties(plan.deadlines) | state.deadlines,
        cadences_since=_new_cadences(state, plan, entry.at) | state.cadences_since,
    )


def _role_of(state: Incident, role: Role, at: datetime) -> RoleState:
    """Return a part as the plan has it now, held by whoever held it."""
    fresh, held = empty_role(role, at), state.roles.get(role.id)
    if held is None:
        return fresh
    since = held.empty_since if role.within == held.within or held.holder else at
    return replace(fresh, holder=held.holder, since=held.since, empty_since=since)


def _new_cadences(state: Incident, plan: Playbook, at: datetime) -> dict[str, datetime]:
    known = {one.id for one in state.plan.cadences}
    return {one.id: at for one in plan.cadences if one.id not in known}


def _kept(known: dict[str, Any], name: str, fresh: Any) -> Any:
    return known.get(name, fresh)


def _tasks_of(state: Incident, plan: Playbook, moments: dict[str, str]) -> dict[str, TaskState]:
    fresh = checklist(plan, moments)
    return {
        name: replace(state.tasks[name], phase=task.phase) if name in state.tasks else task
        for name, task in fresh.items()
    }


def _message_added(state: Incident, entry: Entry) -> Incident:
    message = msgspec.convert(entry.data["message"], KeyMessage)
    plan = replace(state.plan, key_messages=(*state.plan.key_messages, message))
    return replace(state, plan=plan)


def _answer_added(state: Incident, entry: Entry) -> Incident:
    answer = msgspec.convert(entry.data["answer"], Answer)
    return replace(state, plan=replace(state.plan, faq=(*state.plan.faq, answer)))


def _deadline(change: Callable[[DeadlineState, Entry], DeadlineState]) -> Change:
    def changed(state: Incident, entry: Entry) -> Incident:
        deadline = state.deadlines[entry.data["deadline"]]
        return replace(state, deadlines=state.deadlines | {deadline.id: change(deadline, entry)})

    return changed


def _deadline_started(deadline: DeadlineState, entry: Entry) -> DeadlineState:
    return replace(
        deadline,
        state="running",
        waiting_for="",
        started_at=unstamp(entry.data["started_at"]),
        due_at=unstamp(entry.data["due_at"]),
    )


def _deadline_met(deadline: DeadlineState, entry: Entry) -> DeadlineState:
    closed = replace(deadline, closed_at=entry.at, closed_by=entry.actor, waiting_for="")
    return replace(closed, state="met", words=entry.data["words"])


def _deadline_waived(deadline: DeadlineState, entry: Entry) -> DeadlineState:
    closed = replace(deadline, closed_at=entry.at, closed_by=entry.actor, waiting_for="")
    return replace(closed, state="waived", words=entry.data["words"])


def planned(plan: Playbook, name: str) -> Escalation:
    """Return the escalation with this id; KeyError where the plan has none."""
    return {one.id: one for one in plan.escalations}[name]


def _escalation_started(state: Incident, entry: Entry) -> Incident:
    name = entry.data["escalation"]
    plan = planned(state.plan, name)
    run = EscalationRun(
        id=name,
        title=plan.title,
        why=entry.data["why"],
        started_at=entry.at,
        round=1,
        step=-1,
        next_at=entry.at,
    )
    return _with_run(state, run)


def _escalation_step(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    run = state.escalations[data["escalation"]]
    plan = planned(state.plan, run.id)
    wait = timedelta(seconds=plan.steps[data["step"]].wait)
    called = tuple(data["called"])
    asked = tuple(dict.fromkeys((*run.asked, *called)))
    step = replace(run, round=data["round"], step=data["step"], called=called, asked=asked)
    return _with_run(state, replace(step, next_at=entry.at + wait))


def _escalation_acknowledged(state: Incident, entry: Entry) -> Incident:
    run = state.escalations[entry.data["escalation"]]
    by = entry.data.get("name") or entry.actor
    return _with_run(
        state, replace(run, next_at=None, acknowledged_by=by, acknowledged_at=entry.at)
    )


def _escalation_exhausted(state: Incident, entry: Entry) -> Incident:
    run = state.escalations[entry.data["escalation"]]
    return _with_run(state, replace(run, next_at=None, exhausted=True))


def _with_run(state: Incident, run: EscalationRun) -> Incident:
    return replace(state, escalations=state.escalations | {run.id: run})


def _snoozed(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    snooze = Snooze(until=unstamp(data["until"]), by=entry.actor, at=entry.at, reason=data["words"])
    return replace(state, snoozes=state.snoozes | {data["cadence"]: snooze})


def _enquiry_added(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    due = data.get("due_at")
    asked = Enquiry(
        id=data["enquiry"],
        sort=data["sort"],
        outlet=data["outlet"],
        name=data["name"],
        reach=data["to"],
        question=data["quote"],
        due_at=unstamp(due) if due else None,
        asked_at=entry.at,
    )
    return replace(state, enquiries=state.enquiries | {asked.id: asked})


def _enquiry(change: Callable[[Enquiry, Entry], Enquiry]) -> Change:
    def changed(state: Incident, entry: Entry) -> Incident:
        asked = state.enquiries[entry.data["enquiry"]]
        return replace(state, enquiries=state.enquiries | {asked.id: change(asked, entry)})

    return changed


def _enquiry_assigned(asked: Enquiry, entry: Entry) -> Enquiry:
    return replace(asked, owner=entry.data["person"])


def _enquiry_answered(asked: Enquiry, entry: Entry) -> Enquiry:
    said = replace(asked, answer=entry.data["words"], answered_at=entry.at)
    return replace(said, state="answered", answered_by=entry.actor)


def _enquiry_closed(asked: Enquiry, entry: Entry) -> Enquiry:
    return replace(asked, state="closed")


PLAN: dict[str, Change] = {
    "role.taken": _role_given,
    "role.assigned": _role_given,
    "role.handed": _role_handed,
    "role.left": _role_left,
    "task.done": _task(_task_done),
    "task.skipped": _task(_task_skipped),
    "task.reopened": _task(_task_reopened),
    "task.assigned": _task(_task_assigned),
    "task.added": _task_added,
    "playbook.added": _playbook_added,
    "message.added": _message_added,
    "answer.added": _answer_added,
    "deadline.started": _deadline(_deadline_started),
    "deadline.met": _deadline(_deadline_met),
    "deadline.waived": _deadline(_deadline_waived),
    "escalation.started": _escalation_started,
    "escalation.step": _escalation_step,
    "escalation.acknowledged": _escalation_acknowledged,
    "escalation.exhausted": _escalation_exhausted,
    "update.snoozed": _snoozed,
    "enquiry.added": _enquiry_added,
    "enquiry.assigned": _enquiry(_enquiry_assigned),
    "enquiry.answered": _enquiry(_enquiry_answered),
    "enquiry.closed": _enquiry(_enquiry_closed),
}
"""Kind of entry -> what it does to the incident."""
