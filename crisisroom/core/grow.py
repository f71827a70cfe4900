"""A plan that grows while it runs: another playbook comes to it, or takes the lead.

What runs keeps its ids, because ticks, facts and words are known by them. Of what comes with the
same id and other content, both stay: the one that comes under an id with its playbook's name.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from crisisroom.core.degrees import degrees, regraded
from crisisroom.core.incident import Incident, TaskState
from crisisroom.core.join import joined
from crisisroom.core.playbook import (
    Approval,
    Contact,
    Fact,
    Phase,
    Playbook,
    Task,
    Translation,
)
from crisisroom.core.references import Name, parts, references, rewritten

replace = msgspec.structs.replace

Grown = tuple[Playbook, tuple[str, ...]]
"""The plan as it goes on, and what had to be settled between the two, in words."""

_LONGEST_ID = 48
# Kinds that an incident keeps a state of, by id.
_WITH_STATE = frozenset({"task", "fact", "role", "deadline", "escalation", "cadence"})
_SPOKEN = {"words": "the text", "contact": "the contact", "question": "the question"}


def merged(running: Playbook, other: Playbook) -> Grown:
    """Return the running plan with all of another playbook added to it."""
    rhythms = {one.audience: one for one in running.cadences}
    own = tuple(one for one in other.cadences if one.audience not in rhythms)
    graded = regraded(replace(other, cadences=own), degrees(other.severities, running.severities))
    coming, words = _beside(dict(parts(running)), graded, running.id)
    words = (*_heads(running, other), *words, *_one_part(running, other))
    held = (one for one in other.cadences if rhythms.get(one.audience, one) != one)
    same = (f"updates to {one.audience} keep the rhythm they have" for one in held)
    return joined(running, _from_now(coming, running), head=running), (*words, *same)


def switched(running: Playbook, other: Playbook, used: Collection[Name]) -> Grown:
    """Return the other playbook with what is used of the running one; see `in_use`."""
    graded = regraded(running, degrees(running.severities, other.severities))
    kept = _reduced(graded, used)
    states = {name: part for name, part in parts(graded) if name[0] in _WITH_STATE}
    coming, words = _beside(states | dict(parts(kept)), other, running.id)
    fresh = _from_now(coming, running)
    return joined(fresh, kept, head=fresh), (*words, *_one_part(kept, other))


def in_use(incident: Incident, added: Collection[str] = ()) -> frozenset[Name]:
    """Return what of an incident's plan cannot go: it is ticked, known, held, said, or owed by law.

    `added` are the ids of words that were added in the room. Contacts all stay: who was called
    belongs to the record, and the more people can be reached the better.
    """
    plan = incident.plan
    words = (*incident.statements.values(), *incident.replies.values())
    audiences = {one.audience for one in incident.statements.values() if one.sent_at}
    return frozenset(
        (
            *(("task", one.id) for one in incident.tasks.values() if _touched(one)),
            *(("fact", one.id) for one in incident.facts.values() if one.at),
            *(("role", one.id) for one in incident.roles.values() if one.holder),
            *(("contact", one.id) for one in plan.contacts),
            *(("escalation", one.id) for one in incident.escalations.values() if one.next_at),
            *(("words", one.template) for one in words),
            *(("words", _base(name)) for one in words for name in one.uses),
            *(("words", name) for name in added),
            *(("approval", one.approval) for one in words),
            *(("cadence", one.id) for one in plan.cadences if one.audience in audiences),
            *(
                ("deadline", one.id)
                for one in incident.deadlines.values()
                if one.state != "not_needed"
            ),
        )
    )


def _base(wording: str) -> str:
    """Return what an approved wording is a wording of: `sorry` of `sorry/2` and `sorry@de`."""
    return wording.partition("@")[0].partition("/")[0]


def _touched(task: TaskState) -> bool:
    closed = task.state in ("done", "skipped")
    return bool(closed or task.times or task.assignee or task.added_by)


def _beside(standing: dict[Name, Any], other: Playbook, running_id: str) -> Grown:
    """Return the other playbook under ids that nothing else has in what stands already."""
    front = other.id if other.id != running_id else f"{other.id}-v{other.version}"
    names: dict[Name, str] = {}
    clash = True
    while clash:  # what speaks of a renamed part differs by that, too
        coming = rewritten(other, _renaming(other, names))
        pairs = zip(parts(other), parts(coming), strict=True)
        clash = False
        for (name, _), (_, part) in pairs:
            if name not in names and _clashes(name, part, standing):
                taken = {*standing, *(one for one, _ in parts(other))}
                taken |= {(kind, new) for (kind, _), new in names.items()}
                names[name] = _free(name, front, taken)
                clash = True
    return coming, tuple(_settled(name, new) for name, new in names.items())


def _renaming(other: Playbook, names: dict[Name, str]) -> Any:
    roles = {role.id for role in other.roles}

    def rename(kind: str, name: str) -> str:
        if kind == "party":
            kind = "role" if name in roles else "contact"
        return names.get((kind, name), name)

    return rename


def _clashes(name: Name, part: Any, standing: dict[Name, Any]) -> bool:
    """Tell whether an id means something else here; whoever is called is a role or a contact."""
    kind, word = name
    if kind == "role":
        return name not in standing and ("contact", word) in standing
    if kind == "contact" and ("role", word) in standing:
        return True
    return name in standing and not _same(part, standing[name])


def _same(one: Any, two: Any) -> bool:
    if isinstance(one, Fact) and isinstance(two, Fact):
        return replace(one, ask=two.ask, confirm_by=two.confirm_by) == two
    if isinstance(one, Phase) and isinstance(two, Phase):
        return one.title == two.title
    return bool(one == two)


def _free(name: Name, front: str, taken: Collection[Name]) -> str:
    """Return an id with the playbook's in front that nothing of the kind has yet."""
    kind, word = name
    kinds = ("role", "contact") if kind in ("role", "contact") else (kind,)
    for count in itertools.count(1):
        end = f"-{count}" if count > 1 else ""
        new = f"{front}-{word}"[: _LONGEST_ID - len(end)] + end
        if not any((one, new) in taken for one in kinds):
            break
    return new


def _from_now(coming: Playbook, running: Playbook) -> Playbook:
    """Let the times that would count from the declaration count from now: this plan begins now."""
    known = {task.id for _, task in running.tasks()}
    starts = {"", "declared", *(f"phase.{phase.id}" for phase in coming.phases[:1])}

    def begun(task: Task) -> Task:
        counts = task.within is not None and (task.after or task.when is None)
        if task.id in known or not counts or task.after not in starts:
            return task
        return replace(task, after="appears")

    phases = (
        replace(phase, tasks=tuple(begun(task) for task in phase.tasks)) for phase in coming.phases
    )
    return replace(coming, phases=tuple(phases))


def _settled(name: Name, new: str) -> str:
    kind, word = name
    what = _SPOKEN.get(kind, f"the {kind}")
    return f"{what} {word} is another one here: it came as {new}"


def _one_part(running: Playbook, other: Playbook) -> Iterator[str]:
    """Say which roles are described twice: somebody holds one part, not two of the same name."""
    standing = {role.id: role for role in running.roles}
    for role in other.roles:
        if role.id in standing and role != standing[role.id]:
            yield f"the role {role.id} stays one part, though the two describe it differently"


def _heads(running: Playbook, other: Playbook) -> Iterator[str]:
    if [one.id for one in running.severities] != [one.id for one in other.severities]:
        known = ", ".join(one.id for one in running.severities)
        yield f"the severities stay {known}"
    if other.language != running.language:
        yield f"the words of {other.id} are in {other.language}, the others in {running.language}"
    here, there = running.source_of_truth, other.source_of_truth
    if here and there and here != there:
        yield f"all words point to {here}, not to {there}"


def _reduced(plan: Playbook, used: Collection[Name]) -> Playbook:
    """Return what is used of a plan, with all that it speaks of; its phases keep their place."""
    known = dict(parts(plan))
    keep: set[Name] = set()
    waiting = [name for name in used if name in known]
    while waiting:
        name = waiting.pop()
        if name in keep:
            continue
        keep.add(name)
        told = [known[name], *(_only(one, {name[1]}) for one in plan.translations)]
        waiting += [near for part in told for near in _needed(part) if near in known]
    phases = (
        replace(phase, tasks=_kept("task", phase.tasks, keep))
        for phase in plan.phases
        if ("phase", phase.id) in keep or _kept("task", phase.tasks, keep)
    )
    return replace(
        plan,
        questions=(),
        facts=_kept("fact", plan.facts, keep),
        roles=_kept("role", plan.roles, keep),
        contacts=_kept("contact", plan.contacts, keep),
        escalations=_kept("escalation", plan.escalations, keep),
        phases=tuple(phases),
        statements=_kept("words", plan.statements, keep),
        key_messages=_kept("words", plan.key_messages, keep),
        faq=_kept("words", plan.faq, keep),
        approvals=_kept("approval", plan.approvals, keep),
        cadences=_kept("cadence", plan.cadences, keep),
        deadlines=_kept("deadline", plan.deadlines, keep),
        translations=tuple(_only(one, {id_ for _, id_ in keep}) for one in plan.translations),
        pointer="",
        goes_to={},
    )


def _only(other: Translation, ids: Collection[str]) -> Translation:
    """Return the translation of these words alone."""
    return Translation(
        other.language,
        words={id_: text for id_, text in other.words.items() if id_ in ids},
        statements={id_: text for id_, text in other.statements.items() if id_ in ids},
    )


def _needed(part: Any) -> frozenset[Name]:
    """Return what a part cannot do without: who else a contact is, or what may go out, it can."""
    if isinstance(part, Phase):
        return frozenset()
    if isinstance(part, Contact):
        part = replace(part, roles=())
    if isinstance(part, Approval):
        part = replace(part, preapproved=())
    return references(part)


def _kept(kind: str, things: Iterable[Any], keep: Collection[Name]) -> Any:
    return tuple(one for one in things if (kind, one.id) in keep)
