"""What an incident is: values that are derived from its timeline and from nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from crisisroom.core.mention import MentionState
from crisisroom.core.playbook import Playbook

TaskStatus = Literal["open", "waiting", "done", "skipped"]
FactStatus = Literal["unknown", "checking", "known", "changed"]
SendStatus = Literal["queued", "sending", "sent", "unknown", "failed"]
WordsStatus = Literal[
    "draft",
    "submitted",
    "approved",
    "rejected",
    "queued",
    "sending",
    "sent",
    "unknown",
    "failed",
    "withdrawn",
]


class PlaybookRef(msgspec.Struct, frozen=True):
    """Which playbook a run follows: the hash is of the snapshot's canonical JSON."""

    id: str
    version: int
    sha256: str


class TaskState(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the checklist as it stands."""

    id: str
    phase: str
    title: str
    role: str = ""
    assignee: str = ""
    state: TaskStatus = "open"
    due_at: datetime | None = None
    warn: int = 0  # seconds before the due time
    required: bool = False
    evidence: str = "none"
    needs: tuple[str, ...] = ()
    needs_facts: tuple[str, ...] = ()
    detail: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    given: str = ""  # the evidence, or why it was skipped


class FactState(msgspec.Struct, frozen=True, kw_only=True):
    """One line of what we know."""

    id: str
    label: str
    ask: str = ""
    may_fill: bool = False
    state: FactStatus = "unknown"
    value: str = ""
    source: str = ""
    at: datetime | None = None
    by: str = ""


class RoleState(msgspec.Struct, frozen=True, kw_only=True):
    """A part and who holds it; an empty holder means nobody does."""

    id: str
    title: str
    required: bool = False
    holder: str = ""
    since: datetime | None = None


class LinkedMention(msgspec.Struct, frozen=True, kw_only=True):
    """A mention that belongs to the incident, as it was when it was linked."""

    uid: str
    id: str
    source: str
    external_id: str
    handle: str
    name: str = ""
    quote: str
    url: str = ""
    posted_at: datetime
    linked_at: datetime
    state: MentionState = "new"
    assignee: str = ""
    answered_at: datetime | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one person said of exactly one text."""

    by: str
    step: str
    at: datetime
    verdict: Literal["approved", "rejected"]
    sha256: str
    version: int
    reason: str = ""


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """The way of one text to one channel; `key` makes a repeat recognisable."""

    channel: str
    state: SendStatus
    key: str
    tries: int = 0
    first_try_at: datetime | None = None
    tried_at: datetime | None = None
    not_before: datetime | None = None  # the network asked to be left alone until then
    owner: str = ""  # host:pid:start of the process that tries
    remote_id: str = ""
    remote_url: str = ""
    reason: str = ""
    at: datetime | None = None


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A statement (to an audience) or a reply (to one mention), with all that was decided on it."""

    id: str  # ST-3, R-12
    sort: Literal["statement", "reply"]
    kind: str
    text: str
    sha256: str
    version: int
    state: WordsStatus
    author: str
    audience: str = "public"
    template: str = ""
    mention: str = ""  # the mention's uid
    mention_id: str = ""  # M-12
    handle: str = ""
    channel: str = ""
    approval: str = ""  # the approval step this text needs; empty: none
    uses: tuple[str, ...] = ()  # ids of the approved sentences in it
    verdicts: tuple[Verdict, ...] = ()
    sends: dict[str, Send] = {}
    drafted_at: datetime
    submitted_at: datetime | None = None
    sent_at: datetime | None = None

    def approved_by(self) -> Verdict | None:
        """Return the approval of exactly this text, if there is one."""
        for verdict in reversed(self.verdicts):
            if verdict.sha256 == self.sha256:
                return verdict if verdict.verdict == "approved" else None
        return None

    @property
    def live(self) -> bool:
        """Whether it is still on its way, or arrived: nobody may answer a second time."""
        arrived = self.sent_at is not None
        return arrived or self.state not in ("withdrawn", "failed")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to reach a contact."""

    contact: str
    name: str
    by: str
    way: str
    reached: bool
    at: datetime
    note: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided, and why."""

    words: str
    reason: str
    by: str
    at: datetime


class ActionItem(msgspec.Struct, frozen=True, kw_only=True):
    """What should change afterwards: a corrective action with its owner."""

    id: str
    title: str
    owner: str = ""
    due: str = ""  # YYYY-MM-DD
    state: Literal["open", "done"] = "open"
    at: datetime


class SeverityChange(msgspec.Struct, frozen=True, kw_only=True):
    """From when on which severity held."""

    severity: str
    at: datetime


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """A declared crisis, as its timeline tells it up to entry `seq`."""

    uid: str
    id: str  # INC-7
    title: str
    severity: str
    status: Literal["open", "resolved"]
    declared_at: datetime
    declared_by: str
    playbook: PlaybookRef
    plan: Playbook
    resolved_at: datetime | None = None
    drill: bool = False
    zone: str = "UTC"
    brand: str = ""
    severities: tuple[SeverityChange, ...] = ()
    tasks: dict[str, TaskState] = {}
    facts: dict[str, FactState] = {}
    roles: dict[str, RoleState] = {}
    mentions: dict[str, LinkedMention] = {}  # by uid
    statements: dict[str, Words] = {}
    replies: dict[str, Words] = {}
    calls: tuple[Call, ...] = ()
    decisions: tuple[Decision, ...] = ()
    actions: dict[str, ActionItem] = {}
    people: tuple[str, ...] = ()
    late: tuple[str, ...] = ()  # clocks whose overdue is already on the timeline
    seq: int = 0
    head_hash: str = ""
    as_of: datetime | None = None

    def holds(self, person: str) -> tuple[str, ...]:
        """Return the ids of the roles a person holds."""
        return tuple(role.id for role in self.roles.values() if role.holder == person)

    def words(self, words_id: str) -> Words | None:
        """Return the statement or reply with this id."""
        return self.statements.get(words_id) or self.replies.get(words_id)
