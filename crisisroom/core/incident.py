"""What an incident is: values that are derived from its timeline and from nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from crisisroom.core.mention import MentionState
from crisisroom.core.playbook import Playbook
from crisisroom.core.questions import Question
from crisisroom.core.recorded import (
    ActionKind,
    Correction,
    Evidence,
    Factor,
    Hold,
    Offer,
    ReviewStatus,
    ReviewText,
    Visibility,
    Volume,
)
from crisisroom.core.said import Asked, Bulk, Owed, PauseState, Promise, Stopped, StoryLine

TaskStatus = Literal["open", "waiting", "done", "skipped", "not_needed"]
DeadlineStatus = Literal["waiting", "running", "met", "waived", "not_needed"]
EnquiryStatus = Literal["open", "answered", "closed"]
FactStatus = Literal["unknown", "checking", "known", "changed"]
SendStatus = Literal["queued", "sending", "sent", "unknown", "failed", "retracting", "retracted"]
Form = Literal["public", "private", "thanks"]
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
    waiting_for: str = ""  # in words, while it waits
    opened_at: datetime | None = None  # since when it can be done
    times: int = 0  # how often a repeating one was done
    done_at: datetime | None = None  # when it was first done
    repeat: int | None = None  # seconds from one tick to the next
    added_by: str = ""  # who added it in the room; empty: the playbook did
    closed_at: datetime | None = None
    closed_by: str = ""
    given: str = ""  # the evidence, or why it was skipped


class FactState(msgspec.Struct, frozen=True, kw_only=True):
    """One line of what we know."""

    id: str
    label: str
    ask: str = ""
    may_fill: bool = False
    type: str = "text"
    options: tuple[str, ...] = ()
    unit: str = ""
    confirm_by: str = ""
    state: FactStatus = "unknown"
    value: str = ""
    source: str = ""
    at: datetime | None = None
    by: str = ""
    known_at: datetime | None = None  # when it was first known


class RoleState(msgspec.Struct, frozen=True, kw_only=True):
    """A part and who holds it; an empty holder means nobody does."""

    id: str
    title: str
    required: bool = False
    backup: str = ""  # a contact's id
    within: int | None = None  # seconds it may stay empty
    holder: str = ""
    since: datetime | None = None
    empty_since: datetime | None = None


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
    sha256: str = ""  # of what its author wrote, to the byte
    pictures: tuple[str, ...] = ()  # hashes of those that were kept, see `Incident.evidence`
    answered_at: datetime | None = None
    private_at: datetime | None = None  # when it moved to a private channel
    outcome: str = ""  # what came of it there; empty: it is still open


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one person said of exactly one text."""

    by: str
    step: str
    at: datetime
    # released: break-glass; lapsed: the room says that the approval is over
    verdict: Literal["approved", "rejected", "revoked", "released", "lapsed"]
    sha256: str
    version: int
    reason: str = ""
    rung: int = 1  # the step's number in the approval
    roles: tuple[str, ...] = ()  # as whose holder they decided
    alone: bool = False  # given in a room without a team, by its one person
    complete: bool = True  # an approval: whether nothing more was needed
    recorded_by: str = ""  # who entered it for somebody without a terminal, with their code


class Part(msgspec.Struct, frozen=True):
    """One post of a text that took several."""

    remote_id: str
    remote_url: str = ""


class Send(msgspec.Struct, frozen=True, kw_only=True):
    """The way of one text to one channel; `key` makes a repeat recognisable.

    `retracting` and `retracted` are of what was out and is taken back.
    """

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
    parts: tuple[Part, ...] = ()  # of a thread: the posts that are out


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
    verbatim: bool = False  # nothing else was in it when it was written
    verdicts: tuple[Verdict, ...] = ()
    sends: dict[str, Send] = {}
    drafted_at: datetime
    submitted_at: datetime | None = None
    step_since: datetime | None = None  # since when the present approval step waits
    promises: datetime | None = None  # when we said we would speak again
    sent_at: datetime | None = None
    form: Form = "public"
    language: str = ""  # of the words; empty: the playbook's own
    variants: dict[str, str] = {}  # own words for a channel, by its id; approved with the text
    facts: dict[str, str] = {}  # what it stands on, by fact: the value as it was written
    suspended: tuple[str, ...] = ()  # facts that moved since: it may not go out as it reads
    corrects: str = ""  # ST-1: what it puts right
    translates: str = ""  # ST-1: whose words it says in another language
    source_sha256: str = ""  # and as they read then
    bulk: str = ""  # B-1: the answer to many that it belongs to
    retracted_at: datetime | None = None  # when nothing of it was out any more

    def text_on(self, channel: str, kind: str = "") -> str:
        """Return the words for a channel: its own, those of its kind, else the text."""
        return self.variants.get(channel) or self.variants.get(kind) or self.text

    def approved_by(self) -> Verdict | None:
        """Return what completed the approval of exactly this text, if nothing took it back."""
        for verdict in reversed(self.verdicts):
            if verdict.sha256 == self.sha256:
                said = verdict.complete and verdict.verdict in ("approved", "released")
                return verdict if said else None
        return None

    @property
    def live(self) -> bool:
        """Whether it is still on its way, or arrived: nobody may answer a second time."""
        arrived = self.sent_at is not None and self.retracted_at is None
        return arrived or self.state not in ("withdrawn", "failed")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to reach a contact."""

    contact: str
    name: str
    by: str
    way: str
    reached: bool
    outcome: str = ""  # reached, no-answer, message
    at: datetime
    note: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided, and why."""

    words: str
    reason: str
    by: str
    at: datetime
    options: tuple[str, ...] = ()  # what else could have been done
    entry: int = 0  # its number


class ActionItem(msgspec.Struct, frozen=True, kw_only=True):
    """What should change afterwards: a corrective action with its owner."""

    id: str
    title: str
    owner: str = ""
    due: str = ""  # YYYY-MM-DD
    state: Literal["open", "done", "dropped"] = "open"
    at: datetime
    kind: ActionKind = ""
    link: str = ""  # a ticket
    narrative: str = ""  # N-3: what people complained of
    closed_at: datetime | None = None
    outcome: str = ""


class DeadlineState(msgspec.Struct, frozen=True, kw_only=True):
    """A duty by law as it stands: waiting for its fact, running, met or waived."""

    id: str
    title: str
    role: str = ""
    law: str = ""
    state: DeadlineStatus = "waiting"
    waiting_for: str = ""
    started_at: datetime | None = None  # when the law's time began to count
    due_at: datetime | None = None
    warn: int = 0
    closed_at: datetime | None = None
    closed_by: str = ""
    words: str = ""  # how it was met, or why it was waived


class EscalationRun(msgspec.Struct, frozen=True, kw_only=True):
    """An escalation under way: who was called last, and when the next one is."""

    id: str  # the escalation's
    title: str
    why: str = ""
    started_at: datetime
    round: int = 1
    step: int = 0  # of the plan's steps, from 0
    called: tuple[str, ...] = ()  # contact ids of the present step
    asked: tuple[str, ...] = ()  # of all steps until now
    next_at: datetime | None = None  # None: acknowledged, or nobody is left to call
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    exhausted: bool = False


class Enquiry(msgspec.Struct, frozen=True, kw_only=True):
    """A question by media, an authority or a partner, with their deadline."""

    id: str  # EQ-1
    sort: Literal["media", "authority", "partner"]
    outlet: str
    name: str = ""
    reach: str = ""
    question: str
    due_at: datetime | None = None
    owner: str = ""
    state: EnquiryStatus = "open"
    answer: str = ""
    asked_at: datetime
    answered_at: datetime | None = None
    answered_by: str = ""


class Snooze(msgspec.Struct, frozen=True, kw_only=True):
    """An update put off: until when, by whom, why."""

    until: datetime
    by: str
    at: datetime
    reason: str


class SeverityChange(msgspec.Struct, frozen=True, kw_only=True):
    """From when on which severity held."""

    severity: str
    at: datetime


class LinkedStory(msgspec.Struct, frozen=True, kw_only=True):
    """A story that belongs to the incident, as it was when it was linked."""

    uid: str
    id: str  # N-3
    title: str
    mentions: int
    authors: int
    sources: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    linked_at: datetime


class Warned(msgspec.Struct, frozen=True, kw_only=True):
    """The early warning that an incident was declared on."""

    uid: str
    id: str  # C-3
    at: datetime
    level: str
    reason: str
    observed: int
    expected_hundredths: int  # the log keeps no floats
    window_minutes: int
    authors: int
    sources: int
    narratives: tuple[str, ...]
    suggested_playbook: str


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
    resumed_at: datetime | None = None  # when it was reopened: clocks rested until then
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
    deadlines: dict[str, DeadlineState] = {}
    escalations: dict[str, EscalationRun] = {}  # the latest run of each
    enquiries: dict[str, Enquiry] = {}
    snoozes: dict[str, Snooze] = {}  # by cadence
    cadences_since: dict[str, datetime] = {}  # of those that an added playbook brought
    news_at: datetime | None = None  # when a fact that may fill words last changed
    answers: dict[str, str] = {}  # to the questions before declaring
    playbooks: tuple[PlaybookRef, ...] = ()  # added while it runs
    warnings: tuple[Warned, ...] = ()  # the early warnings it was declared on
    lines: dict[str, StoryLine] = {}  # by the story's uid
    promised: dict[str, Promise] = {}
    bulks: dict[str, Bulk] = {}
    pauses: dict[str, PauseState] = {}
    asked: dict[str, Asked] = {}
    questions: dict[str, Question] = {}  # to colleagues
    stopped: Stopped | None = None
    owed: dict[str, Owed] = {}  # by `words/fact`
    moved: dict[str, datetime] = {}  # facts that changed after they were known, and when
    upheld: dict[str, datetime] = {}  # approved words somebody said still hold after that
    stories: dict[str, LinkedStory] = {}  # by uid
    corrected: dict[str, Correction] = {}  # by the number of the entry
    pinned: tuple[int, ...] = ()  # numbers of the entries that matter most
    marked: dict[str, Visibility] = {}  # by the number of the entry: who may read it
    evidence: dict[str, Evidence] = {}  # by sha256
    hold: Hold | None = None
    restricted_to: tuple[str, ...] = ()  # who may see it at all; empty: everybody in the room
    review: dict[str, ReviewText] = {}  # by section: `summary`, `question:2` …
    review_state: ReviewStatus = "draft"
    factors: dict[str, Factor] = {}
    last_factor: str = ""  # the newest id that was given: a dropped one is not given again
    volume: dict[str, Volume] = {}  # by the stamp of its start, in order
    offers: dict[str, Offer] = {}  # by role
    people: tuple[str, ...] = ()
    fired: tuple[str, ...] = ()  # what clocks already left on the timeline, by `mark`
    late_at: dict[str, datetime] = {}  # by clock: when its last lateness was written down for
    acted_at: datetime | None = None  # when anything but a clock last changed it
    seq: int = 0
    head_hash: str = ""
    as_of: datetime | None = None

    def holds(self, person: str) -> tuple[str, ...]:
        """Return the ids of the roles a person holds."""
        return tuple(role.id for role in self.roles.values() if role.holder == person)

    def words(self, words_id: str) -> Words | None:
        """Return the statement or reply with this id."""
        return self.statements.get(words_id) or self.replies.get(words_id)
