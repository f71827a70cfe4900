"""From the timeline to the incident: the one pure function that makes state of entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from crisisroom.core.apply_heard import HEARD
from crisisroom.core.apply_plan import PLAN, blank_fact, empty_role
from crisisroom.core.apply_record import RECORD
from crisisroom.core.apply_said import SAID
from crisisroom.core.apply_words import WORDS
from crisisroom.core.incident import (
    ActionItem,
    Call,
    DeadlineState,
    Decision,
    Enquiry,
    EscalationRun,
    FactState,
    Incident,
    LinkedMention,
    LinkedStory,
    PlaybookRef,
    RoleState,
    SeverityChange,
    TaskState,
    Words,
)
from crisisroom.core.playbook import Playbook
from crisisroom.core.settle import KNOWN, checklist, duties, settle
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
        if mark := entry.data.get("mark"):
            after = replace(after, fired=(*after.fired, mark))
    if after is not state and not _by_a_clock(entry):
        after = replace(after, acted_at=entry.recorded_at)
    if not entry.kind.startswith(_BESIDE):
        after = settle(after, entry.at)
    return replace(after, seq=entry.seq, head_hash=entry.hash, as_of=entry.recorded_at)


def _by_a_clock(entry: Entry) -> bool:
    """Tell whether it is one of the entries that clocks leave; see the engine."""
    return entry.source == "system" and entry.kind.startswith(_CLOCKS)


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
        answers=data.get("answers", {}),
        tasks=checklist(plan, data.get("moments", {})),
        deadlines=duties(plan.deadlines),
        facts={fact.id: blank_fact(fact) for fact in plan.facts},
        roles={role.id: empty_role(role, entry.at) for role in plan.roles},
        people=(entry.actor,),
    )


def _severity(state: Incident, entry: Entry) -> Incident:
    severity = entry.data["severity"]
    change = SeverityChange(severity=severity, at=entry.at)
    return replace(state, severity=severity, severities=(*state.severities, change))


def _resolved(state: Incident, entry: Entry) -> Incident:
    return replace(state, status="resolved", resolved_at=entry.at)


def _reopened(state: Incident, entry: Entry) -> Incident:
    return replace(state, status="open", resolved_at=None, resumed_at=entry.at)


def _retitled(state: Incident, entry: Entry) -> Incident:
    return replace(state, title=entry.data["title"])


def _joined(state: Incident, entry: Entry) -> Incident:
    if entry.actor in state.people:
        return state
    return replace(state, people=(*state.people, entry.actor))


def _fact_set(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    before = state.facts[data["fact"]]
    known = data["state"] in KNOWN
    fact = replace(
        before,
        state=data["state"],
        value=data["value"],
        source=data["words"],
        at=entry.at,
        by=entry.actor,
        known_at=(before.known_at or entry.at) if known else None,
    )
    was = before.value if before.state in KNOWN else ""
    news = known and fact.may_fill and fact.value != was
    at = max(entry.at, state.news_at or entry.at)  # older news told late moves nothing back
    news_at = at if news else state.news_at
    return replace(state, facts=state.facts | {fact.id: fact}, news_at=news_at)


def _decision(state: Incident, entry: Entry) -> Incident:
    made = Decision(
        words=entry.data["words"],
        reason=entry.data["why"],
        by=entry.actor,
        at=entry.at,
        options=tuple(one["words"] for one in entry.data.get("options", ())),
        entry=entry.seq,
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
        outcome=data.get("outcome", "reached" if data["reached"] else "no-answer"),
        at=entry.at,
        note=data["words"],
    )
    return replace(state, calls=(*state.calls, call))


def _action_added(state: Incident, entry: Entry) -> Incident:
    data = entry.data
    item = ActionItem(
        id=data["action"],
        title=data["title"],
        owner=data["owner"],
        due=data["due"],
        at=entry.at,
        kind=data.get("kind", ""),
        link=data.get("url", ""),
        narrative=data.get("narrative", ""),
    )
    return replace(state, actions=state.actions | {item.id: item})


def _action_done(state: Incident, entry: Entry) -> Incident:
    before = state.actions[entry.data["action"]]
    item = replace(before, state="done", closed_at=entry.at, outcome=entry.data.get("words", ""))
    return replace(state, actions=state.actions | {item.id: item})


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
        sha256=data.get("sha256", ""),
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
    state_now = entry.data["state"]
    moved = entry.at if state_now == "offline" and linked.state != "offline" else linked.private_at
    private_at = moved if state_now == "offline" else None
    changed = replace(
        linked,
        state=state_now,
        assignee=entry.data["assignee"],
        private_at=private_at,
        outcome=linked.outcome if private_at == linked.private_at else "",
    )
    return replace(state, mentions=state.mentions | {linked.uid: changed})


def _late(state: Incident, entry: Entry) -> Incident:
    mark = entry.data["clock"]
    clock, _, _ = mark.rpartition("@")
    return replace(state, fired=(*state.fired, mark), late_at=state.late_at | {clock: entry.at})


def _unchanged(state: Incident, entry: Entry) -> Incident:
    return state


_CLOCKS = (
    *("clock.", "person.notified", "note.", "escalation.", "statement.lapsed", "reply.lapsed"),
    *("action.reminded", "volume.", "page."),
)

# What these tell of moves nothing in the plan.
_BESIDE = (
    *("mention.", "reply.", "note.", "person.", "clock.", "contact.", "decision.", "action."),
    *("candidate.", "narrative.", "line.", "promise.", "bulk.", "pause.", "approval.", "outgoing."),
    *("fact.moved", "wording.", "entry.", "evidence.", "hold.", "review.", "factor.", "volume."),
    *("role.offered", "role.declined", "words.erased", "page.", "access."),
)

Change = Callable[[Incident, Entry], Incident]

KINDS: dict[str, Change] = {
    "incident.severity": _severity,
    "incident.resolved": _resolved,
    "incident.reopened": _reopened,
    "incident.retitled": _retitled,
    "person.joined": _joined,
    "fact.set": _fact_set,
    "note.added": _unchanged,
    "decision.made": _decision,
    "contact.called": _called,
    "action.added": _action_added,
    "action.done": _action_done,
    "mention.linked": _linked,
    "mention.unlinked": _unlinked,
    "mention.edited": _edited,
    "mention.triaged": _triaged,
    "clock.late": _late,
    **PLAN,
    **WORDS,
    **HEARD,
    **SAID,
    **RECORD,
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
    if before is None or before.plan is not after.plan:
        changed["plan", ""] = _row(after.plan)
    return changed, tuple(gone)


def filled(kind: str, row: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Return a row with what it did not know yet when an earlier program wrote it.

    Everything else stays as it was found, so that what was put there by another hand still shows.
    """
    shape = _SHAPES.get(kind)
    if row is None or shape is None:
        return row
    try:
        whole = _row(msgspec.convert(row, shape, strict=False))
    except msgspec.ValidationError:
        return row
    both: Mapping[str, Any] = _with_missing(row, whole)
    return both


def _with_missing(found: Any, whole: Any) -> Any:
    if isinstance(found, Mapping) and isinstance(whole, Mapping):
        return {**whole} | {
            key: _with_missing(value, whole[key]) if key in whole else value
            for key, value in found.items()
        }
    if isinstance(found, list) and isinstance(whole, list) and len(found) == len(whole):
        return [_with_missing(one, other) for one, other in zip(found, whole, strict=True)]
    return found


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
    "deadline": "deadlines",
    "escalation": "escalations",
    "enquiry": "enquiries",
    "story": "stories",
}

_SHAPES: dict[str, type[msgspec.Struct]] = {
    "task": TaskState,
    "fact": FactState,
    "role": RoleState,
    "mention": LinkedMention,
    "statement": Words,
    "reply": Words,
    "action": ActionItem,
    "deadline": DeadlineState,
    "escalation": EscalationRun,
    "enquiry": Enquiry,
    "story": LinkedStory,
    "incident": Incident,
    "plan": Playbook,
}

# What the incident's own row leaves out: it has rows of its own, or is the chain's.
_BARE: dict[str, Any] = {field: {} for field in _TABLES.values()} | {
    "plan": Playbook(schema=1, id="", title="", version=0),
    "seq": 0,
    "head_hash": "",
    "as_of": None,
}
