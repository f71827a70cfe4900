"""From the timeline to the incident: the one pure function that makes state of entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import msgspec

from crisisroom.core.apply_words import WORDS
from crisisroom.core.incident import (
    ActionItem,
    Call,
    Decision,
    FactState,
    Incident,
    LinkedMention,
    PlaybookRef,
    RoleState,
    SeverityChange,
    TaskState,
)
from crisisroom.core.playbook import Playbook
from crisisroom.core.timeline import Entry, unstamp, upcast

replace = msgspec.structs.replace


class OutOfOrder(ValueError):
    """The entries do not begin with a declaration, or skip one."""


def replay(entries: Iterable[Entry]) -> Incident | None:
    """Return the incident that the entries of its chain tell, None where there are none."""
    state: Incident | None = None
    for entry in entries:
        state = apply(state, entry)
    return state


def apply(state: Incident | None, entry: Entry) -> Incident:
    """Return the incident after one more entry; OutOfOrder if it cannot be the next one."""
    entry = upcast(entry)
    if state is None:
        if entry.kind != "incident.declared" or entry.seq != 1:
            raise OutOfOrder(f"entry {entry.seq} ({entry.kind}) cannot open an incident")
        after = _declared(entry)
    else:
        if entry.seq != state.seq + 1:
            raise OutOfOrder(f"entry {entry.seq} does not follow entry {state.seq}")
        change = KINDS.get(entry.kind)
        after = change(state, entry) if change else state
    return replace(after, seq=entry.seq, head_hash=entry.hash, as_of=entry.recorded_at)


def _declared(entry: Entry) -> Incident:
    data = entry.data
    plan = msgspec.convert(data["plan"], Playbook)
    return Incident(
        uid=entry.chain,
        id=data["id"],
        title=data["title"],
        severity=data["severity"],
        status="open",
        declared_at=entry.at,
        declared_by=entry.actor,
        playbook=msgspec.convert(data["playbook"], PlaybookRef),
        plan=plan,
        drill=data["drill"],
        zone=data["zone"],
        brand=data["brand"],
        severities=(SeverityChange(severity=data["severity"], at=entry.at),),
        tasks=_checklist(plan, entry),
        facts={fact.id: _blank_fact(fact.id, plan) for fact in plan.facts},
        roles={
            role.id: RoleState(id=role.id, title=role.title, required=role.required)
            for role in plan.roles
        },
        people=(entry.actor,),
    )


def _checklist(plan: Playbook, entry: Entry) -> dict[str, TaskState]:
    tasks = {}
    for phase in plan.phases:
        for task in phase.tasks:
            due = None if task.within is None else entry.at + timedelta(seconds=task.within)
            tasks[task.id] = TaskState(
                id=task.id,
                phase=phase.id,
                title=task.title,
                role=task.role,
                state="waiting" if task.needs or task.needs_facts else "open",
                due_at=due,
                warn=task.warn,
                required=task.required,
                evidence=task.evidence,
                needs=task.needs,
                needs_facts=task.needs_facts,
                detail=task.detail,
            )
    return tasks


def _blank_fact(fact_id: str, plan: Playbook) -> FactState:
    fact = next(fact for fact in plan.facts if fact.id == fact_id)
    return FactState(id=fact.id, label=fact.label, ask=fact.ask, may_fill=fact.may_fill)


def _severity(state: Incident, entry: Entry) -> Incident:
    severity = entry.data["severity"]
    change = SeverityChange(severity=severity, at=entry.at)
    return replace(state, severity=severity, severities=(*state.severities, change))


def _resolved(state: Incident, entry: Entry) -> Incident:
    return replace(state, status="resolved", resolved_at=entry.at)


def _reopened(state: Incident, entry: Entry) -> Incident:
    return replace(state, status="open", resolved_at=None)


def _retitled(state: Incident, entry: Entry) -> Incident:
    return replace(state, title=entry.data["title"])


def _joined(state: Incident, entry: Entry) -> Incident:
    if entry.actor in state.people:
        return state
    return replace(state, people=(*state.people, entry.actor))


def _role_given(state: Incident, entry: Entry) -> Incident:
    role = state.roles[entry.data["role"]]
    held = replace(role, holder=entry.data["person"], since=entry.at)
    return replace(state, roles=state.roles | {role.id: held})


def _role_left(state: Incident, entry: Entry) -> Incident:
    role = state.roles[entry.data["role"]]
    return replace(state, roles=state.roles | {role.id: replace(role, holder="", since=None)})


def _task(change: Callable[[TaskState, Entry], TaskState]) -> Callable[[Incident, Entry], Incident]:
    def changed(state: Incident, entry: Entry) -> Incident:
        task = state.tasks[entry.data["task"]]
        return _settle_waiting(
            replace(state, tasks=state.tasks | {task.id: change(task, entry)}),
        )

    return changed


def _task_done(task: TaskState, entry: Entry) -> TaskState:
    given = entry.data.get("words", "")
    return replace(task, state="done", closed_at=entry.at, closed_by=entry.actor, given=given)


def _task_skipped(task: TaskState, entry: Entry) -> TaskState:
    given = entry.data["words"]
    return replace(task, state="skipped", closed_at=entry.at, closed_by=entry.actor, given=given)


def _task_reopened(task: TaskState, entry: Entry) -> TaskState:
    return replace(task, state="open", closed_at=None, closed_by="", given="")


def _task_assigned(task: TaskState, entry: Entry) -> TaskState:
    return replace(task, assignee=entry.data["person"])


def waiting_for(state: Incident, task: TaskState) -> str:
    """Return what a task waits for in words, empty when nothing holds it back."""
    for needed in task.needs:
        if state.tasks[needed].state in ("open", "waiting"):
            return f"task: {state.tasks[needed].title}"
    for needed in task.needs_facts:
        if state.facts[needed].state not in ("known", "changed"):
            return f"fact: {state.facts[needed].label}"
    return ""


def _settle_waiting(state: Incident) -> Incident:
    """Open what nothing holds back any more, and hold back what has a need again."""
    settled = {}
    for task in state.tasks.values():
        if task.state in ("open", "waiting") and (task.needs or task.needs_facts):
            status = "waiting" if waiting_for(state, task) else "open"
            if status != task.state:
                settled[task.id] = replace(task, state=status)
    return replace(state, tasks=state.tasks | settled) if settled else state


def _fact_set(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    fact = replace(
        state.facts[data["fact"]],
        state=data["state"],
        value=data["value"],
        source=data["words"],
        at=entry.at,
        by=entry.actor,
    )
    return _settle_waiting(replace(state, facts=state.facts | {fact.id: fact}))


def _decision(state: Incident, entry: Entry) -> Incident:
    made = Decision(
        words=entry.data["words"], reason=entry.data["why"], by=entry.actor, at=entry.at
    )
    return replace(state, decisions=(*state.decisions, made))


def _called(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    call = Call(
        contact=data["contact"],
        name=data["name"],
        by=entry.actor,
        way=data["way"],
        reached=data["reached"],
        at=entry.at,
        note=data["words"],
    )
    return replace(state, calls=(*state.calls, call))


def _action_added(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    item = ActionItem(
        id=data["action"], title=data["title"], owner=data["owner"], due=data["due"], at=entry.at
    )
    return replace(state, actions=state.actions | {item.id: item})


def _action_done(state: Incident, entry: Entry) -> Incident:
    item = state.actions[entry.data["action"]]
    return replace(state, actions=state.actions | {item.id: replace(item, state="done")})


def _linked(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    linked = LinkedMention(
        uid=data["mention"],
        id=data["id"],
        source=data["source"],
        external_id=data["external_id"],
        handle=data["handle"],
        name=data["name"],
        quote=data["quote"],
        url=data["url"],
        posted_at=unstamp(data["posted_at"]),
        linked_at=entry.at,
        state=data["state"],
        assignee=data["assignee"],
    )
    return replace(state, mentions=state.mentions | {linked.uid: linked})


def _unlinked(state: Incident, entry: Entry) -> Incident:
    rest = {uid: kept for uid, kept in state.mentions.items() if uid != entry.data["mention"]}
    return replace(state, mentions=rest)


def _edited(state: Incident, entry: Entry) -> Incident:
    linked = state.mentions.get(entry.data["mention"])
    if linked is None:
        return state
    changed = replace(linked, quote=entry.data["quote"])
    return replace(state, mentions=state.mentions | {linked.uid: changed})


def _triaged(state: Incident, entry: Entry) -> Incident:
    linked = state.mentions.get(entry.data["mention"])
    if linked is None:
        return state
    changed = replace(linked, state=entry.data["state"], assignee=entry.data["assignee"])
    return replace(state, mentions=state.mentions | {linked.uid: changed})


def _late(state: Incident, entry: Entry) -> Incident:
    return replace(state, fired=(*state.fired, entry.data["clock"]))


def _unchanged(state: Incident, entry: Entry) -> Incident:
    return state


Change = Callable[[Incident, Entry], Incident]

KINDS: dict[str, Change] = {
    "incident.severity": _severity,
    "incident.resolved": _resolved,
    "incident.reopened": _reopened,
    "incident.retitled": _retitled,
    "person.joined": _joined,
    "role.taken": _role_given,
    "role.assigned": _role_given,
    "role.left": _role_left,
    "task.done": _task(_task_done),
    "task.skipped": _task(_task_skipped),
    "task.reopened": _task(_task_reopened),
    "task.assigned": _task(_task_assigned),
    "fact.set": _fact_set,
    "note.added": _unchanged,
    "entry.corrected": _unchanged,
    "decision.made": _decision,
    "contact.called": _called,
    "action.added": _action_added,
    "action.done": _action_done,
    "mention.linked": _linked,
    "mention.unlinked": _unlinked,
    "mention.edited": _edited,
    "mention.triaged": _triaged,
    "clock.late": _late,
    **WORDS,
}


def documents(state: Incident) -> dict[Key, dict[str, Any]]:
    """Return the rows that tables keep of an incident, by kind and id, as JSON values."""
    changed, _ = changed_documents(None, state)
    return changed


def changed_documents(
    before: Incident | None, after: Incident
) -> tuple[dict[Key, dict[str, Any]], tuple[Key, ...]]:
    """Return the rows to write and the keys to remove to get from one state's rows to another's."""
    changed: dict[Key, dict[str, Any]] = {}
    gone: list[Key] = []
    for kind, field in _TABLES.items():
        old = getattr(before, field) if before else {}
        new = getattr(after, field)
        if old is not new:
            changed |= {(kind, key): _row(new[key]) for key in new if new[key] is not old.get(key)}
            gone += [(kind, key) for key in old if key not in new]
    changed["incident", after.id] = _row(replace(after, **_BARE))
    if before is None:
        changed["plan", after.plan.id] = _row(after.plan)
    return changed, tuple(gone)


def _row(value: Any) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return row


Key = tuple[str, str]

_TABLES = {
    "task": "tasks",
    "fact": "facts",
    "role": "roles",
    "mention": "mentions",
    "statement": "statements",
    "reply": "replies",
    "action": "actions",
}

# What the incident's own row leaves out: it has rows of its own, or is the chain's.
_BARE: dict[str, Any] = {field: {} for field in _TABLES.values()} | {
    "plan": Playbook(schema=1, id="", title="", version=0),
    "seq": 0,
    "head_hash": "",
    "as_of": None,
}
