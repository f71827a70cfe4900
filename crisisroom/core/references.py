"""What a playbook's parts are called, and by which names they speak of each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec

from crisisroom.core.condition import Condition
from crisisroom.core.playbook import (
    Answer,
    Approval,
    ApprovalStep,
    Cadence,
    Consequence,
    Contact,
    Deadline,
    DrillStep,
    Escalation,
    EscalationStep,
    Fact,
    KeyMessage,
    Phase,
    Playbook,
    Question,
    Review,
    Role,
    StatementTemplate,
    Task,
    Translation,
    Variant,
)

Name = tuple[str, str]
"""A part of a playbook: its kind and its id. Everything that is said is of the kind `words`."""

Rename = Callable[[str, str], str]
"""From a kind and an id to the new id; `party` is a role or a contact."""

T = TypeVar("T")

KINDS: dict[type[msgspec.Struct], str] = {
    Question: "question",
    Fact: "fact",
    Role: "role",
    Contact: "contact",
    Escalation: "escalation",
    Phase: "phase",
    Task: "task",
    StatementTemplate: "words",
    KeyMessage: "words",
    Answer: "words",
    Approval: "approval",
    Cadence: "cadence",
    Deadline: "deadline",
}

# Where a field names another part: by its kind, with its kind before a point ("dotted"), as a
# placeholder in a text ("text"), as the keys of a dict ("facts"), as its values ("roles"), or as
# both: the words translated, and the placeholders in their texts ("texts").
_FIELDS: dict[tuple[type[msgspec.Struct], str], str] = {
    (Question, "yes"): "severity",
    (Fact, "confirm_by"): "role",
    (Role, "backup"): "contact",
    (Contact, "roles"): "role",
    (EscalationStep, "call"): "party",
    (Consequence, "notify"): "party",
    (Consequence, "escalate"): "escalation",
    (Task, "role"): "role",
    (Task, "after"): "dotted",
    (Task, "needs"): "task",
    (Task, "needs_facts"): "fact",
    (Condition, "subject"): "dotted",
    (StatementTemplate, "text"): "text",
    (StatementTemplate, "approval"): "approval",
    (StatementTemplate, "needs_facts"): "fact",
    (Variant, "text"): "text",
    (StatementTemplate, "relies"): "fact",
    (KeyMessage, "text"): "text",
    (KeyMessage, "also"): "text",
    (KeyMessage, "relies"): "fact",
    (Answer, "answer"): "text",
    (Answer, "relies"): "fact",
    (Translation, "greeting"): "text",
    (Translation, "sign_off"): "text",
    (Translation, "pointer"): "text",
    (Translation, "words"): "texts",
    (Translation, "statements"): "texts",
    (ApprovalStep, "by"): "role",
    (ApprovalStep, "fallback"): "role",
    (Approval, "by"): "role",
    (Approval, "fallback"): "role",
    (Approval, "break_glass"): "role",
    (Approval, "preapproved"): "words",
    (Cadence, "statement"): "words",
    (Deadline, "starts"): "fact",
    (Deadline, "role"): "role",
    (Review, "owner"): "role",
    (Playbook, "owner"): "role",
    (Playbook, "greeting"): "text",
    (Playbook, "sign_off"): "text",
    (Playbook, "pointer"): "text",
    (Playbook, "goes_to"): "roles",
    (Playbook, "reply_approval"): "approval",
    (DrillStep, "declare"): "severity",
    (DrillStep, "done"): "task",
    (DrillStep, "fact"): "facts",
    (DrillStep, "publish"): "words",
    (DrillStep, "by"): "role",
    (DrillStep, "to"): "role",
}
_DOTTED = {"fact": "fact", "task": "task", "role": "role", "phase": "phase", "statement": "words"}
_PLACEHOLDER = re.compile(r"(\{\{[ \t]*fact\.)([a-z0-9][a-z0-9_-]*)([ \t]*\}\})", re.ASCII)


def everywhere(thing: T, change: Callable[[Any], Any]) -> T:
    """Return a value with `change` made to every struct in it, the innermost first."""
    value: T = _everywhere(thing, change)
    return value


def _everywhere(thing: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(thing, tuple):
        return tuple(_everywhere(one, change) for one in thing)
    if isinstance(thing, dict):
        return {key: _everywhere(one, change) for key, one in thing.items()}
    if not isinstance(thing, msgspec.Struct):
        return thing
    fields = {name: _everywhere(getattr(thing, name), change) for name in thing.__struct_fields__}
    return change(msgspec.structs.replace(thing, **fields))


def rewritten(thing: T, rename: Rename) -> T:
    """Return a part, or a whole playbook, in which every id and every mention of one is renamed.

    Severities in conditions and as keys stay: a degree has no one counterpart in another playbook.
    """

    def change(part: msgspec.Struct) -> msgspec.Struct:
        shape = type(part)
        said = {name: _FIELDS.get((shape, name), "") for name in part.__struct_fields__}
        if shape in KINDS:
            said["id"] = KINDS[shape]
        after = {
            name: _named(kind, getattr(part, name), rename) for name, kind in said.items() if kind
        }
        return msgspec.structs.replace(part, **after) if after else part

    return everywhere(thing, change)


def _named(said: str, value: Any, rename: Rename) -> Any:
    if isinstance(value, tuple):
        return tuple(_named(said, one, rename) for one in value)
    if said == "facts":
        return {rename("fact", key): words for key, words in value.items()}
    if said == "roles":
        return {key: rename("role", role) for key, role in value.items()}
    if said == "texts":
        return {rename("words", key): _named("text", text, rename) for key, text in value.items()}
    if not value:
        return value
    if said == "text":
        return _PLACEHOLDER.sub(lambda one: one[1] + rename("fact", one[2]) + one[3], value)
    if said == "dotted":
        kind, point, name = value.partition(".")
        return f"{kind}.{rename(_DOTTED[kind], name)}" if point else value
    return rename(said, value)


def references(thing: Any) -> frozenset[Name]:
    """Return what a part speaks of, itself included."""
    found: set[Name] = set()

    def note(kind: str, name: str) -> str:
        found.update([("role", name), ("contact", name)] if kind == "party" else [(kind, name)])
        return name

    rewritten(thing, note)
    return frozenset(found)


def parts(plan: Playbook) -> Iterator[tuple[Name, Any]]:
    """Yield every part of a playbook that has an id of its own, with its kind and id."""
    sections = (
        plan.questions, plan.facts, plan.roles, plan.contacts, plan.escalations, plan.phases,
        [task for _, task in plan.tasks()], plan.statements, plan.key_messages, plan.faq,
        plan.approvals, plan.cadences, plan.deadlines,
    )  # fmt: skip
    for section in sections:
        for part in section:
            yield (KINDS[type(part)], part.id), part
