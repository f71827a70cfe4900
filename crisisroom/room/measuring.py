"""What one text is measured against: its channel, its facts, who approves it, what was said before.

The composer reviews at every key press, so all of this answers without the store.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from crisisroom.channels import Limits, lengths, splitting
from crisisroom.config.settings import Audience
from crisisroom.core import compose, statement
from crisisroom.core.approval import Progress, ladder_words, progress, refused_by_hand
from crisisroom.core.approved import Fragment, ReplyCheck, fragments, verdict
from crisisroom.core.canonical import bundle_hash
from crisisroom.core.incident import Form, Incident, Words
from crisisroom.core.lines import allowed, author_notes, goes_to_problem, prefills
from crisisroom.core.mention import Mention
from crisisroom.core.placeholders import names
from crisisroom.core.playbook import StatementTemplate, Variant
from crisisroom.core.review import Around, Version, problems
from crisisroom.core.review import Review as Review
from crisisroom.core.said import StoryLine
from crisisroom.core.suggest import Suggestion
from crisisroom.core.terms import zone_of
from crisisroom.core.truth import stands_on
from crisisroom.core.wordings import words_of
from crisisroom.room.addressing import BY_HAND

_RELEASED = ("queued", "sending", "unknown", "failed", "sent")
_AFTER_SUBMISSION = ("submitted", "queued", "sending", "unknown", "failed")


class Way(msgspec.Struct, frozen=True):
    """An account that words go out on: how it counts, and what it takes where it was asked."""

    kind: str
    limits: Limits | None = None
    read_by: Audience = "public"


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A place to write one text: to one mention, or from one template.

    `promise` is the time that `{{next_update}}` fills in now, `promised` the one that the words in
    hand name already. `language` is that of the playbook's translations which serves the post.
    """

    incident: Incident
    now: datetime
    person: str
    channel: str
    kind: str  # of the channel: mastodon, by-hand
    mention: Mention | None
    template: StatementTemplate | None
    values: dict[str, str]
    may_fill: frozenset[str]
    approved: frozenset[str]  # hashes
    today: str
    promise: datetime | None = None
    promised: datetime | None = None
    last: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    to_author: int = 0
    ways: Mapping[str, Way] = {}  # every account that words go out on
    suspended: frozenset[str] = frozenset()  # approved words that stand on a fact which moved
    form: Form = "public"
    language: str = ""
    words: Words | None = None  # the text in hand, where it is on the timeline
    fits: tuple[Suggestion, ...] = ()
    sender: str = ""  # who would send it
    tags: tuple[str, ...] = ()  # of the mention and of its author
    line: StoryLine | None = None  # how the mention's story is answered
    ours: tuple[str, ...] = ()  # texts in which our own numbers stand
    stopped: tuple[str, str] | None = None  # who stopped all outgoing words, and when

    def review(self, text: str, variants: Mapping[str, str] | None = None) -> Review:
        """Review a text: its length, blanks, forbidden phrases, and which words are approved.

        With `variants` (own words, by channel) each is looked at as its channel would.
        """
        variants = variants or {}
        check = self._check(text)
        measure = self.measure(text)
        approval = self._approval(check)
        around = self._around(text, check, measure, approval)
        versions = tuple(self._version(channel, own) for channel, own in variants.items())
        if self.channel in variants:  # the text itself does not go out here
            around = msgspec.structs.replace(around, limit=None)
        return Review(
            problems=problems(text, msgspec.structs.replace(around, versions=versions)),
            length=measure.length,
            limit=measure.limit or None,
            check=check,
            approval=approval,
            sha256=bundle_hash(text, variants),
        )

    def review_of(self, words: Words) -> Review:
        """Review a recorded text with its variants."""
        return self.review(words.text, words.variants)

    def _check(self, text: str) -> ReplyCheck:
        return verdict(
            text,
            self.incident.plan,
            self.approved,
            self.values,
            self.may_fill,
            self.today,
            self.suspended,
        )

    def _version(self, channel: str, text: str) -> Version:
        there = self.on(channel)
        measure = there.measure(text)
        return Version(
            channel=channel,
            text=text,
            length=measure.length,
            limit=there._most(text, measure),
            public=there.public,
        )

    def on(self, channel: str) -> Desk:
        """Return the same desk for another channel."""
        way = self.ways.get(channel)
        return msgspec.structs.replace(self, channel=channel, kind=way.kind if way else channel)

    @property
    def public(self) -> bool:
        """Whether everybody reads what goes out here; words that ask to go on in private, too."""
        way = self.ways.get(self.channel)
        return way.read_by == "public" if way else self.channel != BY_HAND

    def _around(
        self, text: str, check: ReplyCheck, measure: lengths.Measure, approval: str
    ) -> Around:
        plan, template, mention = self.incident.plan, self.template, self.mention
        held = self.words
        return Around(
            length=measure.length,
            limit=self._most(text, measure),
            guardrails=plan.guardrails,
            check=check if approval and check.free else None,
            approvers=ladder_words(self.incident, approval),
            last=self.last,
            elsewhere=self.elsewhere,
            to_author=self.to_author,
            public=self.public,
            tags=self.tags,
            must_say=template.must_say if template else (),
            where=plan.source_of_truth,
            missing=self.missing,
            over=statement.over_words(self.promised, self.now, zone_of(self.incident.zone)),
            language=self.language or plan.language,
            post_language=mention.lang if mention else "",
            line=allowed(self.line, mention, self.incident, self.sender, text) if mention else None,
            goes_to=goes_to_problem(self.tags, self.incident, self.sender) if self.open else None,
            author=(
                author_notes(self.tags, mention.author.reach, public=self.public) if mention else ()
            ),
            ours=self.ours,
            moved=tuple(self.incident.facts[one].label for one in held.suspended) if held else (),
            stopped=self.stopped if self.open else None,
            outdated=self._outdated,
        )

    @property
    def open(self) -> bool:
        """Whether the text is still in somebody's hand: what is released is not asked twice."""
        return self.words is None or self.words.state not in _RELEASED

    @property
    def _outdated(self) -> str:
        """Return the id of what these words translate, where it reads otherwise by now."""
        held = self.words
        source = self.incident.statements.get(held.translates) if held else None
        if held is None or source is None:
            return ""
        stands = source.sha256 == held.source_sha256 and not source.suspended
        return "" if stands and source.state != "withdrawn" else source.id

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the labels of the facts that the template has to wait for."""
        if self.template is None:
            return ()
        return statement.missing(self.template, self.incident.facts.values())

    def promise_of(self, text: str) -> datetime | None:
        """Return when a text says that we speak again: the time now due, or the one before."""
        times = (self.promise, self.promised)
        return statement.promised(text, times, self.now, zone_of(self.incident.zone))

    def facts_of(self, texts: Sequence[str], used: Collection[str]) -> dict[str, str]:
        """Return the facts that texts stand on, with their values as written; see `truth`."""
        template = self.template.id if self.template else ""
        named = {*(self.template.needs_facts if self.template else ())}
        for one in words_of(self.incident.plan):
            if one.id in used or one.base == template:
                named |= {*one.relies}
        return stands_on(texts, self.incident.facts.values(), named, zone_of(self.incident.zone))

    @property
    def variant(self) -> Variant | None:
        """Return the template's own words for this channel."""
        if self.template is None:
            return None
        return statement.variant(self.template, self.channel, self.kind)

    def measure(self, text: str) -> lengths.Measure:
        """Count a text as the channel does; a variant's own limit holds beside the channel's."""
        way = self.ways.get(self.channel)
        counted = lengths.counted(self.kind, text, way.limits if way else None)
        own = self.variant.most if self.variant else None
        most = min((limit for limit in (counted.limit, own) if limit), default=0)
        return lengths.Measure(counted.length, most)

    def posts(self, text: str) -> tuple[str, ...]:
        """Return the posts a text goes out as: itself, a thread, or none where it is too long."""
        size = self.measure(text)
        if size.fits:
            return (text,)
        way = self.ways.get(self.channel)
        most = lengths.limits_of(self.kind, way.limits if way else None).posts
        return splitting.posts(text, self.measure, most) if most > 1 else ()

    def _most(self, text: str, measure: lengths.Measure) -> int | None:
        """Return the limit a text has to keep: none where it may go out as a thread."""
        return None if measure.fits or self.posts(text) else measure.limit

    def _approval(self, check: ReplyCheck) -> str:
        """Return the approval a text needs: a statement always, a reply for words of one's own."""
        if self.template is not None:
            return self.template.approval
        return self.incident.plan.reply_approval if check.free else ""

    def approval_of(self, words: Words) -> str:
        """Return the approval step a recorded text still needs, empty for none.

        Times inside approved words (`next_update`) move on; what was approved when it was written
        stays so, as long as each of its sentences is still approved and says what is known now.
        """
        if self.template is None and not words.approval and words.uses and self.still_says(words):
            return ""
        return self.review_of(words).approval

    def still_says(self, words: Words) -> bool:
        """Tell whether the approved sentences in a text stand, and say what is known now."""
        used = [one for one in self._standing() if one.id in words.uses]
        facts = {name for one in used for name in names(one.template) if name.startswith("fact.")}
        said = "\n".join((words.text, *words.variants.values()))
        return set(words.uses) <= {one.id for one in used} and all(
            name.removeprefix("fact.") in self.may_fill and self.values.get(name, "") in said
            for name in facts
        )

    def _standing(self) -> list[Fragment]:
        every = fragments(self.incident.plan, self.approved, self.today, self.suspended)
        return [fragment for fragment in every if fragment.approved]

    def standing(self, words: Words) -> Progress:
        """Return how far a recorded text is in the approval it needs now."""
        needed = msgspec.structs.replace(words, approval=self.approval_of(words))
        return progress(self.incident, needed, self.now)

    def beforehand(self, words: Words) -> str:
        """Return the hash of the template that lets a text go out without a verdict of its own.

        It has to be among the approval's `preapproved`, approved in the room, and filled with
        nothing but known facts; and nobody said no. Then it is usable from the first minute; once
        it was handed to those who approve it, it waits until the present step's time is over.
        """
        template = self.template
        approval = self.incident.plan.approval(self.approval_of(words))
        if template is None or approval is None or template.id not in approval.preapproved:
            return ""
        if not words.verbatim or words.suspended or refused_by_hand(words):
            return ""
        used = [one for one in self._standing() if one.id in words.uses]
        own = [one for one in used if one.base == template.id]
        whole = bool(words.uses) and {one.id for one in own} == set(words.uses)
        if not whole or not self.still_says(words):
            return ""
        return own[0].sha256 if self._unasked(words) or self._undecided(words) else ""

    def _unasked(self, words: Words) -> bool:
        """Tell whether nobody was asked for their word on exactly this text yet."""
        said = any(one.sha256 == words.sha256 for one in words.verdicts)
        return words.submitted_at is None and not said

    def _undecided(self, words: Words) -> bool:
        standing = self.standing(words)
        handed_in = words.state in _AFTER_SUBMISSION
        return handed_in and standing.late and not standing.lapsed

    def reads_verbatim(self, text: str, variants: Mapping[str, str]) -> bool:
        """Tell whether nothing but approved words stands in a text and in each of its variants."""
        checks = [self._check(one) for one in (text, *variants.values())]
        return all(check.used and not check.free for check in checks)

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Return the key messages and answers that fit the mention, best first."""
        return self.fits

    def ready(self, language: str = "") -> compose.Ready:
        """Return the approved fragments as they would stand here, in one of the languages."""
        return compose.ready(
            self.incident.plan,
            self.approved,
            self.values,
            self.may_fill,
            self.today,
            self.suspended,
            language,
        )

    def body_of(self, text: str) -> str:
        """Return a text without the approved words that it is signed with."""
        signed = self.ready(self.language).get(("sign_off", "sign_off"))
        return text.removesuffix(signed.text) if signed else text

    def first_variants(self) -> dict[str, str]:
        """Return a statement's own words for each channel that the template has some for."""
        if self.template is None:
            return {}
        sheet, zone = self.incident.facts.values(), zone_of(self.incident.zone)
        found = {
            channel: statement.variant(self.template, channel, way.kind)
            for channel, way in self.ways.items()
        }
        return {
            channel: statement.draft(self.template, sheet, self.values, other, zone).text
            for channel, other in found.items()
            if other is not None
        }

    def first_text(self, form: Form | None = None) -> str:
        """Return what the composer opens with: approved words for the mention, or the template."""
        if self.template:
            sheet, zone = self.incident.facts.values(), zone_of(self.incident.zone)
            other = self.variant if self.channel else None
            return statement.draft(self.template, sheet, self.values, other, zone).text
        if not prefills(self.tags, self.incident.plan):
            return ""
        if self.line is not None and self.line.line == "point":
            handle = self.values.get("handle", "")
            theirs = compose.pointing(self.ready(self.language), handle)
            return (theirs if theirs.used else compose.pointing(self.ready(), handle)).text
        return compose.first_reply(
            self.incident.plan,
            self.ready,
            self.values.get("handle", ""),
            self.fits,
            form=form or self.form,
            language=self.language,
            limit=self.measure("").limit or None,
            length=lambda text: self.measure(text).length,
        ).text
