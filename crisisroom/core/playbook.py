"""What a playbook says: the typed values that the strict loader makes of the YAML."""

from __future__ import annotations

from typing import Literal

import msgspec

StatementKind = Literal[
    "holding", "update", "correction", "apology", "resolution", "internal", "media"
]
EvidenceKind = Literal["none", "note", "link"]


class Severity(msgspec.Struct, frozen=True):
    """One degree of seriousness, most serious first in the playbook."""

    id: str  # sev1
    label: str
    when_to_use: str = ""


class Fact(msgspec.Struct, frozen=True):
    """One line of the fact sheet; `may_fill` lets it vary inside approved words."""

    id: str
    label: str
    ask: str = ""
    may_fill: bool = False


class Role(msgspec.Struct, frozen=True):
    """A part somebody holds during the incident."""

    id: str
    title: str
    required: bool = False
    backup: str = ""  # a contact's id
    duties: str = ""


class Reach(msgspec.Struct, frozen=True):
    """One way to reach a contact, kept to the letter: `+49…` stays `+49…`."""

    by: str  # phone, email, signal …
    to: str


class Contact(msgspec.Struct, frozen=True):
    """A person to reach, with the ways in the order to try them."""

    id: str
    name: str
    reach: tuple[Reach, ...]
    org: Literal["internal", "agency", "authority", "media", "partner"] = "internal"
    roles: tuple[str, ...] = ()
    hours: str = ""
    timezone: str = ""
    note: str = ""


class Task(msgspec.Struct, frozen=True):
    """A step of the checklist; `within` is seconds after the declaration, None without a due time."""

    id: str
    title: str
    role: str = ""
    within: int | None = None
    warn: int = 0  # seconds before the due time
    required: bool = False
    evidence: EvidenceKind = "none"
    needs: tuple[str, ...] = ()  # ids of tasks
    needs_facts: tuple[str, ...] = ()
    detail: str = ""


class Phase(msgspec.Struct, frozen=True):
    """Tasks that belong together in time."""

    id: str
    title: str
    tasks: tuple[Task, ...]


class StatementTemplate(msgspec.Struct, frozen=True):
    """Words to an audience with `{{placeholders}}`; `approval` names who has to agree."""

    id: str
    kind: StatementKind
    title: str
    text: str
    audience: str = "public"
    approval: str = ""
    needs_facts: tuple[str, ...] = ()


class KeyMessage(msgspec.Struct, frozen=True):
    """A sentence replies are built from; `when` lists the words that make it fit."""

    id: str
    title: str
    text: str
    when: tuple[str, ...] = ()
    expires: str = ""  # YYYY-MM-DD
    private: bool = False  # offers a private channel


class Answer(msgspec.Struct, frozen=True):
    """A question people ask, and our answer."""

    id: str
    question: str
    answer: str
    when: tuple[str, ...] = ()


class Approval(msgspec.Struct, frozen=True):
    """One step: somebody who holds one of the roles agrees to exactly this text."""

    id: str
    by: tuple[str, ...]
    within: int = 600
    self_approval: bool = False


class Cadence(msgspec.Struct, frozen=True):
    """When the next update to an audience is due, in seconds, per severity."""

    id: str
    audience: str
    statement: str  # id of the template that fulfils it
    first_within: int
    every: dict[str, int]
    warn: int = 300


class Guardrails(msgspec.Struct, frozen=True):
    """Phrases that block sending, and phrases that make one think again."""

    forbid: tuple[str, ...] = ()
    warn: tuple[str, ...] = ()


class Playbook(msgspec.Struct, frozen=True, kw_only=True):
    """A whole playbook as the loader leaves it: every reference resolves."""

    schema: int
    id: str
    title: str
    version: int
    summary: str = ""
    language: str = "en"
    reviewed: str = ""
    keywords: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    facts: tuple[Fact, ...] = ()
    roles: tuple[Role, ...] = ()
    contacts: tuple[Contact, ...] = ()
    phases: tuple[Phase, ...] = ()
    statements: tuple[StatementTemplate, ...] = ()
    key_messages: tuple[KeyMessage, ...] = ()
    faq: tuple[Answer, ...] = ()
    approvals: tuple[Approval, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    guardrails: Guardrails = Guardrails()
    greeting: str = "Hello {{handle}},"
    sign_off: str = ""
    reply_approval: str = ""  # the approval that free words in a reply need; empty: none
    source_of_truth: str = ""
