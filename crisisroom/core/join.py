"""Two playbooks as one: part by part, each id once, the stricter of two rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from crisisroom.core.playbook import (
    Calm,
    Guardrails,
    Phase,
    Playbook,
    Resolve,
    Review,
    Translation,
)
from crisisroom.core.references import references

replace = msgspec.structs.replace


def joined(first: Playbook, second: Playbook, *, head: Playbook) -> Playbook:
    """Return both as one: the first one's parts before the second one's, each id once."""
    audiences = {one.audience for one in first.cadences}
    rest = tuple(one for one in second.cadences if one.audience not in audiences)
    plan = replace(
        head,
        questions=_both(first.questions, second.questions),
        facts=_both(first.facts, second.facts),
        roles=_both(first.roles, second.roles),
        contacts=_both(first.contacts, second.contacts),
        escalations=_both(first.escalations, second.escalations),
        phases=_phases(first.phases, second.phases),
        statements=_both(first.statements, second.statements),
        key_messages=_both(first.key_messages, second.key_messages),
        faq=_both(first.faq, second.faq),
        approvals=_both(first.approvals, second.approvals),
        cadences=_both(first.cadences, rest),
        deadlines=_both(first.deadlines, second.deadlines),
        guardrails=_guarded(first.guardrails, second.guardrails),
        pointer=first.pointer or second.pointer,
        translations=_translated(first, second),
        goes_to={**second.goes_to, **first.goes_to},
        source_of_truth=first.source_of_truth or second.source_of_truth,
        resolve=_stricter(first.resolve, second.resolve),
        review=_reviewed(first.review, second.review),
    )
    return _without_strangers(plan)


def _both(first: Iterable[Any], second: Iterable[Any]) -> Any:
    """Return the parts of both in this order; of those with the same id the first."""
    by_id: dict[str, Any] = {}
    for one in (*first, *second):
        by_id.setdefault(one.id, one)
    return tuple(by_id.values())


def _phases(first: tuple[Phase, ...], second: tuple[Phase, ...]) -> tuple[Phase, ...]:
    """Put the tasks of a phase that both have into one; each task once, where it first stood.

    A phase that this leaves without tasks stays only where the time of a task counts from it.
    """
    standing = {task.id for phase in first for task in phase.tasks}
    tasks = {phase.id: list(phase.tasks) for phase in first}
    for phase in second:
        fresh = (task for task in phase.tasks if task.id not in standing)
        tasks.setdefault(phase.id, []).extend(fresh)
    anchors = references(tuple(task for phase in (*first, *second) for task in phase.tasks))
    return tuple(
        replace(phase, tasks=tuple(tasks[phase.id]))
        for phase in _both(first, second)
        if tasks[phase.id] or ("phase", phase.id) in anchors
    )


def _translated(first: Playbook, second: Playbook) -> tuple[Translation, ...]:
    """Return the translations of both; how people are greeted is the first one's."""
    pointer = "" if first.pointer else None
    by_language = {
        one.language: replace(
            one, greeting="", sign_off="", pointer=one.pointer if pointer is None else pointer
        )
        for one in second.translations
    }
    for one in first.translations:
        other = by_language.get(one.language)
        by_language[one.language] = replace(
            one,
            pointer=one.pointer or (other.pointer if other else ""),
            words={**(other.words if other else {}), **one.words},
            statements={**(other.statements if other else {}), **one.statements},
        )
    return tuple(by_language.values())


def _guarded(one: Guardrails, two: Guardrails) -> Guardrails:
    limits = [most for most in (one.max_public_replies, two.max_public_replies) if most]
    phrases = {
        name: _once(getattr(one, name), getattr(two, name))
        for name in Guardrails.__struct_fields__
        if name != "max_public_replies"
    }
    return Guardrails(max_public_replies=min(limits, default=None), **phrases)


def _stricter(one: Resolve, two: Resolve) -> Resolve:
    return Resolve(
        tasks="all" if "all" in (one.tasks, two.tasks) else "required",
        deadlines=one.deadlines or two.deadlines,
        calm=_calmer(one.calm, two.calm),
    )


def _calmer(one: Calm | None, two: Calm | None) -> Calm | None:
    if one is None or two is None:
        return one or two
    return Calm(
        quiet=max(one.quiet, two.quiet),
        below=min(one.below, two.below),
        next_morning=one.next_morning or two.next_morning,
    )


def _reviewed(one: Review, two: Review) -> Review:
    lists = {
        name: _once(getattr(one, name), getattr(two, name))
        for name in ("sections", "metrics", "questions", "optional", "factors")
    }
    return replace(one, owner=one.owner or two.owner, **lists)


def _once(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *two)))


def _without_strangers(plan: Playbook) -> Playbook:
    """Leave out of lists what is not in the plan any more: a contact's roles, texts agreed on."""
    roles = {role.id for role in plan.roles}
    statements = {one.id for one in plan.statements}
    contacts = (
        replace(one, roles=tuple(role for role in one.roles if role in roles))
        for one in plan.contacts
    )
    approvals = (
        replace(one, preapproved=tuple(text for text in one.preapproved if text in statements))
        for one in plan.approvals
    )
    said = {*(one.id for one in plan.key_messages), *(one.id for one in plan.faq), *statements}
    translations = (
        replace(
            one,
            words={name: text for name, text in one.words.items() if name in said},
            statements={name: text for name, text in one.statements.items() if name in said},
        )
        for one in plan.translations
    )
    return replace(
        plan,
        contacts=tuple(contacts),
        approvals=tuple(approvals),
        translations=tuple(one for one in translations if one.words or one.statements),
        goes_to={tag: role for tag, role in plan.goes_to.items() if role in roles},
    )
