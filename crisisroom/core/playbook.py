"""What a playbook says: the typed values that the strict loader makes of the YAML.

The kinds tell the loader how to read a field; in Python they are `str` and `int`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from crisisroom.core.kinds import (
    Count,
    Day,
    Document,
    Duration,
    Id,
    Language,
    Notice,
    Passage,
    Prose,
    Ref,
    Salutation,
    Schema,
    Sentence,
    Zone,
)

StatementKind = Literal[
    "holding", "update", "correction", "apology", "resolution", "internal", "media"
]
EvidenceKind = Literal["none", "note", "link"]


class Severity(msgspec.Struct, frozen=True):
    """One degree of seriousness, most serious first in the playbook."""

    id: Id  # sev1
    label: str
    when_to_use: Prose = ""


class Fact(msgspec.Struct, frozen=True):
    """One line of the fact sheet; `may_fill` lets it vary inside approved words."""

    id: Id
    label: str
    ask: Prose = ""
    may_fill: bool = False


class Role(msgspec.Struct, frozen=True):
    """A part somebody holds during the incident."""

    id: Id
    title: str
    required: bool = False
    backup: Ref = ""  # a contact's id
    duties: Prose = ""


class Reach(msgspec.Struct, frozen=True):
    """One way to reach a contact, kept to the letter: `+49…` stays `+49…`."""

    by: str  # phone, email, signal …
    to: str


class Contact(msgspec.Struct, frozen=True):
    """A person to reach, with the ways in the order to try them."""

    id: Id
    name: str
    reach: tuple[Reach, ...]
    org: Literal["internal", "agency", "authority", "media", "partner"] = "internal"
    roles: tuple[Id, ...] = ()
    hours: str = ""
    timezone: Zone = ""
    note: Prose = ""


class Task(msgspec.Struct, frozen=True):
    """A step of the checklist; `within` is seconds after the declaration, if it has a due time."""

    id: Id
    title: str
    role: Ref = ""
    within: Duration | None = None
    warn: Notice = 0  # seconds before the due time
    required: bool = False
    evidence: EvidenceKind = "none"
    needs: tuple[Id, ...] = ()  # ids of tasks
    needs_facts: tuple[Id, ...] = ()
    detail: Prose = ""


class Phase(msgspec.Struct, frozen=True):
    """Tasks that belong together in time."""

    id: Id
    title: str
    tasks: tuple[Task, ...]


class StatementTemplate(msgspec.Struct, frozen=True):
    """Words to an audience with `{{placeholders}}`; `approval` names who has to agree."""

    id: Id
    kind: StatementKind
    title: str
    text: Document
    audience: str = "public"
    approval: Ref = ""
    needs_facts: tuple[Id, ...] = ()


class KeyMessage(msgspec.Struct, frozen=True):
    """A sentence replies are built from; `when` lists the words that make it fit."""

    id: Id
    title: str
    text: Sentence
    when: tuple[str, ...] = ()
    expires: Day = ""  # YYYY-MM-DD
    private: bool = False  # offers a private channel


class Answer(msgspec.Struct, frozen=True):
    """A question people ask, and our answer."""

    id: Id
    question: str
    answer: Passage
    when: tuple[str, ...] = ()


class Approval(msgspec.Struct, frozen=True):
    """One step: somebody who holds one of the roles agrees to exactly this text."""

    id: Id
    by: tuple[Id, ...]
    within: Duration = 600
    self_approval: bool = False


class Cadence(msgspec.Struct, frozen=True):
    """When the next update to an audience is due, in seconds, per severity."""

    id: Id
    audience: str
    statement: Id  # id of the template that fulfils it
    first_within: Duration
    every: dict[str, Duration]
    warn: Notice = 300


class Guardrails(msgspec.Struct, frozen=True):
    """Phrases that block sending, and phrases that make one think again."""

    forbid: tuple[str, ...] = ()
    warn: tuple[str, ...] = ()


class Playbook(msgspec.Struct, frozen=True, kw_only=True):
    """A whole playbook as the loader leaves it: every reference resolves."""

    schema: Schema
    id: Id
    title: str
    version: Count
    summary: Prose = ""
    language: Language = "en"
    reviewed: Day = ""
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
    greeting: Salutation = "Hello {{handle}},"
    sign_off: Salutation = ""
    reply_approval: Ref = ""  # the approval that free words in a reply need; empty: none
    source_of_truth: str = ""

    def step(self, approval_id: str) -> Approval | None:
        """Return the approval step with this id, None for an empty or unknown one."""
        return next((one for one in self.approvals if one.id == approval_id), None)
