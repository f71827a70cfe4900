"""What a playbook says: the typed values that the strict loader makes of the YAML.

The kinds tell the loader how to read a field; in Python they are `str` and `int`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from crisisroom.core.condition import Condition
from crisisroom.core.kinds import (
    Anchor,
    Count,
    Day,
    Document,
    Duration,
    Few,
    Id,
    Language,
    Moment,
    Notice,
    Passage,
    Prose,
    Ref,
    Salutation,
    Schema,
    Sentence,
    Shape,
    Term,
    Whole,
    Zone,
)

StatementKind = Literal[
    "holding", "update", "correction", "apology", "resolution", "internal", "media"
]
EvidenceKind = Literal["none", "note", "link", "mention", "statement", "fact"]
FactType = Literal["text", "number", "yes-no", "choice", "time"]
Org = Literal["internal", "agency", "authority", "media", "partner"]
# The parts of a first message that CDC's Crisis and Emergency Risk Communication names.
Part = Literal["empathy", "known", "unknown", "doing", "next_update", "where"]


class Match(msgspec.Struct, frozen=True):
    """What suggests this playbook: words people write, and how many people write them."""

    keywords: tuple[str, ...] = ()
    without: tuple[str, ...] = ()  # words that speak against it
    authors: Count = 4  # different people, within `window` seconds
    window: Duration = 1800


class Severity(msgspec.Struct, frozen=True):
    """One degree of seriousness, most serious first in the playbook."""

    id: Id  # sev1
    label: str
    when_to_use: Prose = ""


class Question(msgspec.Struct, frozen=True):
    """What to ask before declaring; a yes speaks for the severity it names."""

    id: Id  # harm, truth, spread
    ask: Prose
    yes: Ref = ""  # a severity
    detail: Prose = ""


class Fact(msgspec.Struct, frozen=True):
    """One line of the fact sheet; `may_fill` lets it vary inside approved words."""

    id: Id
    label: str
    ask: Prose = ""
    type: FactType = "text"
    options: tuple[str, ...] = ()  # of a choice
    unit: str = ""  # of a number
    may_fill: bool = False
    confirm_by: Ref = ""  # the role that says so


class Role(msgspec.Struct, frozen=True):
    """A part somebody holds; `within` is how many seconds it may stay empty."""

    id: Id
    title: str
    required: bool = False
    backup: Ref = ""  # a contact's id
    within: Duration | None = None
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
    org: Org = "internal"
    roles: tuple[Id, ...] = ()
    hours: str = ""  # Mo-Fr 08:00-18:00, or in words
    timezone: Zone = ""
    language: Language = "en"
    checked: Day = ""  # when somebody last made sure that this is right
    note: Prose = ""


class EscalationStep(msgspec.Struct, frozen=True):
    """Who is called, and how many seconds they have to acknowledge."""

    call: tuple[Id, ...]  # contacts or roles
    wait: Duration = 300


class Escalation(msgspec.Struct, frozen=True):
    """A ladder of calls; it ends when somebody acknowledges, or after `rounds` times all steps."""

    id: Id
    title: str
    steps: tuple[EscalationStep, ...]
    rounds: Few = 2
    when: Condition | None = None


class Consequence(msgspec.Struct, frozen=True):
    """What follows by itself: a line on the timeline, somebody told, an escalation begun.

    Exactly one of the three is set; `after` waits that many seconds more.
    """

    note: Prose = ""
    notify: Ref = ""  # a role or a contact
    escalate: Ref = ""
    after: Notice = 0


class Task(msgspec.Struct, frozen=True):
    """A step of the checklist.

    It is due `within` seconds after its anchor, or `at` a moment. The anchor is the declaration,
    or, for a task with a condition, the moment it appears; `after` names another one.
    """

    id: Id
    title: str
    role: Ref = ""
    within: Duration | None = None
    after: Anchor = ""  # declared, appears, severity, fact.ID, task.ID, phase.ID, statement.ID
    at: Moment = ""  # 17:30, or 2026-10-21 17:30, in the incident's time zone
    warn: Notice = 0  # seconds before the due time
    when: Condition | None = None
    required: bool = False
    evidence: EvidenceKind = "none"
    needs: tuple[Id, ...] = ()  # ids of tasks
    needs_facts: tuple[Id, ...] = ()
    repeat: Duration | None = None  # seconds from one tick to the next time it is due
    done_when: Condition | None = None
    on_done: tuple[Consequence, ...] = ()
    on_overdue: tuple[Consequence, ...] = ()
    detail: Prose = ""


class Phase(msgspec.Struct, frozen=True):
    """Tasks that belong together in time."""

    id: Id
    title: str
    tasks: tuple[Task, ...]


class Variant(msgspec.Struct, frozen=True):
    """Other words for one kind of channel, with the room there is on it, in its own measure."""

    text: Document
    most: Count | None = None


class StatementTemplate(msgspec.Struct, frozen=True):
    """Words to an audience with `{{placeholders}}`; `approval` names who has to agree."""

    id: Id
    kind: StatementKind
    title: str
    text: Document
    audience: str = "public"
    approval: Ref = ""
    needs_facts: tuple[Id, ...] = ()
    must_say: tuple[Part, ...] = ()
    promise_next: Duration | None = None  # what {{next_update}} promises; else the cadence
    variants: dict[str, Variant] = {}  # by channel
    relies: tuple[Id, ...] = ()  # facts it stands on without naming their values


class KeyMessage(msgspec.Struct, frozen=True):
    """A sentence replies are built from; `when` lists the words that make it fit."""

    id: Id
    title: str
    text: Sentence
    when: tuple[str, ...] = ()
    expires: Day = ""  # YYYY-MM-DD
    private: bool = False  # offers a private channel
    thanks: bool = False  # thanks them, and asks nothing
    also: tuple[Sentence, ...] = ()  # other wordings, so that many answers do not read alike
    relies: tuple[Id, ...] = ()  # facts it stands on without naming their values


class Answer(msgspec.Struct, frozen=True):
    """A question people ask, and our answer."""

    id: Id
    question: str
    answer: Passage
    when: tuple[str, ...] = ()
    expires: Day = ""
    relies: tuple[Id, ...] = ()


class Translation(msgspec.Struct, frozen=True):
    """The playbook's words in another language, by the id of what they translate.

    Each is approved by itself, and only for the words it translates: when those change, it lapses.
    """

    language: Language
    greeting: Salutation = ""
    sign_off: Salutation = ""
    pointer: Passage = ""
    words: dict[str, Passage] = {}  # key messages and answers
    statements: dict[str, Document] = {}


class ApprovalStep(msgspec.Struct, frozen=True):
    """Who agrees: any one holder of these roles, or a holder of each of them."""

    by: tuple[Id, ...]
    rule: Literal["any", "all"] = "any"
    within: Duration = 600
    fallback: tuple[Id, ...] = ()  # roles that may decide too once the time is over
    when: Condition | None = None  # the step counts only where this holds


class Approval(msgspec.Struct, frozen=True):
    """Who agrees to exactly this text, step after step, before it goes out.

    `by`, `rule`, `within` and `fallback` are the short form of a single step.
    """

    id: Id
    by: tuple[Id, ...] = ()
    rule: Literal["any", "all"] = "any"
    within: Duration = 600
    fallback: tuple[Id, ...] = ()
    steps: tuple[ApprovalStep, ...] = ()
    self_approval: bool = False
    expires_after: Duration | None = None  # seconds an approval holds
    preapproved: tuple[Id, ...] = ()  # statements usable as they stand, filled from facts only
    break_glass: tuple[Id, ...] = ()  # roles that may release a text alone, with a typed reason
    on_overdue: tuple[Consequence, ...] = ()

    @property
    def ladder(self) -> tuple[ApprovalStep, ...]:
        """Return the steps, the short form as one."""
        return self.steps or (
            ApprovalStep(by=self.by, rule=self.rule, within=self.within, fallback=self.fallback),
        )


class SlowDown(msgspec.Struct, frozen=True):
    """From `after` seconds on, updates may be further apart."""

    after: Duration
    every: dict[str, Duration]


class Cadence(msgspec.Struct, frozen=True):
    """When the next update to an audience is due, in seconds.

    The first is due `first_within` after the declaration. Then `every`, per severity, counts from
    the last one; without it an update is due within `after_news` of a changed fact, or when one
    was promised. Nothing more is due once a resolution went out, until a fact changes.
    """

    id: Id
    audience: str
    statement: Id  # id of the template that fulfils it
    first_within: Duration
    every: dict[str, Duration] = {}
    then: tuple[SlowDown, ...] = ()
    after_news: Duration | None = None
    when: Condition | None = None  # it runs only while this holds
    warn: Notice = 300
    on_overdue: tuple[Consequence, ...] = ()


class Deadline(msgspec.Struct, frozen=True):
    """A duty by law: it cannot be put off, only met, or waived with a reason.

    It starts when the fact is known: at its value where that is a time, else when it was set.
    """

    id: Id
    title: str
    starts: Id  # a fact
    within: Term  # 72h, or 4bd for business days
    when: Condition | None = None
    warn: Notice = 0
    role: Ref = ""
    law: Prose = ""
    detail: Prose = ""
    on_overdue: tuple[Consequence, ...] = ()


class Guardrails(msgspec.Struct, frozen=True):
    """Phrases that block sending, phrases that make one think again, and limits on replies."""

    forbid: tuple[str, ...] = ()
    no_comment: tuple[str, ...] = ()  # ways to say nothing: blocked
    warn: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    blame: tuple[str, ...] = ()
    max_public_replies: Count | None = None  # to one author, then in private
    never_answer: tuple[str, ...] = ()  # tags of mentions
    numbers: tuple[Shape, ...] = ()  # how our order numbers look: AB-000000; never said in public


class Calm(msgspec.Struct, frozen=True):
    """When a crowd has quietened: at most `below` posts an hour for `quiet` seconds.

    By default it also has to stay so through the next working morning: a crowd asleep is not calm.
    """

    quiet: Duration = 7200
    below: Count = 3
    next_morning: bool = True


class Resolve(msgspec.Struct, frozen=True):
    """What has to be so before the incident can be resolved."""

    tasks: Literal["required", "all"] = "required"
    deadlines: bool = True  # all met or waived
    calm: Calm | None = None


class Review(msgspec.Struct, frozen=True):
    """How it is looked at afterwards."""

    due: Term = "5bd"
    owner: Ref = ""
    sections: tuple[str, ...] = ()
    metrics: tuple[Id, ...] = ()
    questions: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()  # headings that may stay empty: the record tells them itself
    factors: tuple[str, ...] = ()  # what to ask when looking for what contributed
    first_reply: Duration | None = None  # within which a post should have its first answer


class DrillPost(msgspec.Struct, frozen=True):
    """A mention in a drill's script."""

    text: Passage
    handle: str = ""
    source: str = "drill"
    reach: Whole | None = None  # how many people follow them
    kind: Literal["post", "review", "comment", "article", "mail", "message"] = "post"


class DrillStep(msgspec.Struct, frozen=True):
    """What happens `at` so many seconds into a drill: one of a post, an inject, or a team's act.

    An inject is told to the team. The acts (`done`, `fact`, `met`, `publish`) are what a team does
    that follows the plan; they are played only when nobody sits at the screen.
    """

    at: Notice
    mention: DrillPost | None = None
    inject: Prose = ""
    to: Ref = ""  # the role that gets the inject; without: everybody
    declare: Ref = ""  # the severity
    done: Ref = ""  # a task
    met: Ref = ""  # a deadline
    given: Prose = ""  # the evidence of either
    fact: dict[str, str] = {}
    publish: Ref = ""  # a statement: drafted, approved and sent to the stand-in
    by: Ref = ""  # the role that acts


class Playbook(msgspec.Struct, frozen=True, kw_only=True):
    """A whole playbook as the loader leaves it: every reference resolves."""

    schema: Schema
    id: Id
    title: str
    version: Count
    summary: Prose = ""
    language: Language = "en"
    owner: Ref = ""  # a role
    reviewed: Day = ""
    review_every: Duration = 90 * 86400  # after which `check` calls it stale
    include: tuple[str, ...] = ()  # files beside it with shared contacts and approvals
    match: Match = Match()
    severities: tuple[Severity, ...] = ()
    questions: tuple[Question, ...] = ()  # before declaring
    facts: tuple[Fact, ...] = ()
    roles: tuple[Role, ...] = ()
    contacts: tuple[Contact, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    phases: tuple[Phase, ...] = ()
    statements: tuple[StatementTemplate, ...] = ()
    key_messages: tuple[KeyMessage, ...] = ()
    faq: tuple[Answer, ...] = ()
    approvals: tuple[Approval, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    guardrails: Guardrails = Guardrails()
    greeting: Salutation = "Hello {{handle}},"
    sign_off: Salutation = ""
    pointer: Passage = ""  # words that point to the statement, for stories that get nothing else
    translations: tuple[Translation, ...] = ()
    goes_to: dict[str, Ref] = {}  # by tag of the author (press, regulator …): the role that answers
    reply_approval: Ref = ""  # the approval that free words in a reply need; empty: none
    source_of_truth: str = ""
    resolve: Resolve = Resolve()
    review: Review = Review()
    drill: tuple[DrillStep, ...] = ()

    def approval(self, approval_id: str) -> Approval | None:
        """Return the approval with this id, None for an empty or unknown one."""
        return next((one for one in self.approvals if one.id == approval_id), None)

    def tasks(self) -> tuple[tuple[Phase, Task], ...]:
        """Return every task with the phase it belongs to, in order."""
        return tuple((phase, task) for phase in self.phases for task in phase.tasks)
