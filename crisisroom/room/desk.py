"""The desk: everything that one text to one channel is measured against, gathered once.

The composer reviews at every key press, so a desk answers without the store; whatever sends looks
at a fresh desk inside its own transaction.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import msgspec

from crisisroom.channels import lengths
from crisisroom.core import compose, statement
from crisisroom.core.approval import Progress, ladder_words, progress, refused_by_hand
from crisisroom.core.approved import Fragment, ReplyCheck, fragments, verdict
from crisisroom.core.canonical import text_hash
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident, Words
from crisisroom.core.mention import Mention
from crisisroom.core.placeholders import names
from crisisroom.core.playbook import Playbook, StatementTemplate, Variant
from crisisroom.core.review import Around, problems
from crisisroom.core.review import Review as Review
from crisisroom.core.suggest import Suggester, Suggestion
from crisisroom.core.terms import zone_of
from crisisroom.room import Room
from crisisroom.room.addressing import BY_HAND as BY_HAND
from crisisroom.room.addressing import addressed, channel_for, channel_kind, is_out
from crisisroom.room.approvals import approved_in
from crisisroom.room.filling import promise_at, values
from crisisroom.room.reading import mention_in
from crisisroom.store import Tx, log

_AFTER_SUBMISSION = ("submitted", "queued", "sending", "unknown", "failed")
REMEMBERED = 5  # of one's own replies, to notice when they begin to sound alike


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A place to write one text: to one mention, or from one template.

    `promise` is the time that `{{next_update}}` fills in now, `promised` the one that the words in
    hand name already.
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

    def review(self, text: str) -> Review:
        """Review a text: its length, blanks, forbidden phrases, and which words are approved."""
        check = verdict(
            text, self.incident.plan, self.approved, self.values, self.may_fill, self.today
        )
        measure = self.measure(text)
        approval = self._approval(check)
        return Review(
            problems=problems(text, self._around(check, measure, approval)),
            length=measure.length,
            limit=measure.limit or None,
            check=check,
            approval=approval,
            sha256=text_hash(text),
        )

    def _around(self, check: ReplyCheck, measure: lengths.Measure, approval: str) -> Around:
        plan, template = self.incident.plan, self.template
        return Around(
            length=measure.length,
            limit=measure.limit or None,
            guardrails=plan.guardrails,
            check=check if approval and check.free else None,
            approvers=ladder_words(self.incident, approval),
            last=self.last,
            elsewhere=self.elsewhere,
            to_author=self.to_author,
            public=self.channel != BY_HAND,
            tags=self.mention.tags if self.mention else (),
            must_say=template.must_say if template else (),
            where=plan.source_of_truth,
            missing=self.missing,
            over=statement.over_words(self.promised, self.now, zone_of(self.incident.zone)),
            language=plan.language,
            post_language=self.mention.lang if self.mention else "",
        )

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

    @property
    def variant(self) -> Variant | None:
        """Return the template's own words for this channel."""
        if self.template is None:
            return None
        return statement.variant(self.template, self.channel, self.kind)

    def measure(self, text: str) -> lengths.Measure:
        """Count a text as the channel does; a variant's own limit holds beside the channel's."""
        counted = lengths.mastodon(text) if self.kind == "mastodon" else lengths.plain(text)
        own = self.variant.most if self.variant else None
        most = min((limit for limit in (counted.limit, own) if limit), default=0)
        return lengths.Measure(counted.length, most)

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
        return self.review(words.text).approval

    def still_says(self, words: Words) -> bool:
        """Tell whether the approved sentences in a text stand, and say what is known now."""
        used = [one for one in self._standing() if one.id in words.uses]
        facts = {name for one in used for name in names(one.template) if name.startswith("fact.")}
        return set(words.uses) <= {one.id for one in used} and all(
            name.removeprefix("fact.") in self.may_fill and self.values.get(name, "") in words.text
            for name in facts
        )

    def _standing(self) -> list[Fragment]:
        every = fragments(self.incident.plan, self.approved, self.today)
        return [fragment for fragment in every if fragment.approved]

    def standing(self, words: Words) -> Progress:
        """Return how far a recorded text is in the approval it needs now."""
        needed = msgspec.structs.replace(words, approval=self.approval_of(words))
        return progress(self.incident, needed, self.now)

    def beforehand(self, words: Words) -> str:
        """Return the hash of the template that lets a submitted text go out without a verdict.

        It has to be among the approval's `preapproved`, approved in the room, and filled with
        nothing but known facts; the present step's time has to be over, and nobody said no.
        """
        template = self.template
        approval = self.incident.plan.approval(self.approval_of(words))
        if template is None or approval is None or template.id not in approval.preapproved:
            return ""
        if not words.verbatim or words.state not in _AFTER_SUBMISSION or refused_by_hand(words):
            return ""
        used = [one for one in self._standing() if words.uses == (one.id,)]
        own = [one for one in used if one.id.partition("/")[0] == template.id]
        standing = self.standing(words)
        undecided = standing.late and not standing.lapsed
        return own[0].sha256 if own and undecided and self.still_says(words) else ""

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Rank the playbook's key messages and answers for the mention."""
        if self.mention is None:
            return ()
        return _suggester(msgspec.json.encode(self.incident.plan)).rank(self.mention.text)

    def first_text(self) -> str:
        """Return what the composer opens with: approved words for the mention, or the template."""
        if self.template:
            sheet = self.incident.facts.values()
            return statement.draft(
                self.template, sheet, self.values, self.variant, zone_of(self.incident.zone)
            ).text
        ready = self.ready()
        return compose.prefill(
            ready,
            self.values.get("handle", ""),
            self.suggestions(),
            limit=self.measure("").limit or None,
            length=lambda text: self.measure(text).length,
        ).text

    def ready(self) -> compose.Ready:
        """Return the approved fragments as they would stand here."""
        return compose.ready(
            self.incident.plan, self.approved, self.values, self.may_fill, self.today
        )


@lru_cache(maxsize=8)
def _suggester(plan: bytes) -> Suggester:
    """Return the suggester of a plan, given as JSON: making one takes longer than asking it."""
    return Suggester(msgspec.json.decode(plan, type=Playbook))


class Prefill(msgspec.Struct, frozen=True, kw_only=True):
    """What the composer opens with: the saved draft if there is one, else approved words."""

    text: str
    desk: Desk
    suggestions: tuple[Suggestion, ...]
    draft: SavedDraft | None
    words: Words | None  # the reply or statement this goes on with, if it is on the timeline


async def at_desk(
    room: Room,
    inc: str,
    *,
    mention_id: str = "",
    template_id: str = "",
    channel: str = "",
    words_id: str = "",
) -> Desk:
    """Return the desk for a reply to a mention, or for a statement from a template.

    With `words_id`, the desk knows what that text promised.
    """

    async def work(tx: Tx) -> Desk:
        chain = await room.chain_of(tx, inc, room.store.seen)
        state = await log.state(tx, chain, room.store.seen)
        assert state is not None
        mention = await mention_in(tx, mention_id) if mention_id else None
        template = template_of(state, template_id)
        held = state.words(words_id)
        found = await desk_in(tx, room, state, mention=mention, template=template, channel=channel)
        return msgspec.structs.replace(found, promised=held.promises if held else None)

    return await room.store.read(work)


def template_of(state: Incident, template_id: str) -> StatementTemplate | None:
    """Return a statement template of the plan; Usage names those there are."""
    if not template_id:
        return None
    found = next((one for one in state.plan.statements if one.id == template_id), None)
    if found is None:
        known = ", ".join(one.id for one in state.plan.statements)
        raise Usage("unknown-template", f"there is no statement {template_id}", f"one of {known}")
    return found


async def desk_in(
    tx: Tx,
    room: Room,
    state: Incident,
    *,
    mention: Mention | None = None,
    template: StatementTemplate | None = None,
    channel: str = "",
    words: Words | None = None,
) -> Desk:
    """Return the desk as of this transaction: its writer's for `words`, else of whoever looks."""
    person = words.author if words else room.actor.name
    now = room.clock.now()
    promise = promise_at(state, template, now)
    chosen = channel or (channel_for(room, mention) if mention else "")
    kind = channel_kind(room, chosen)
    replies = [one for one in state.replies.values() if one.state != "withdrawn"]
    others = [one for one in replies if mention is None or one.mention != mention.uid]
    mine = [one.text for one in others if one.author == person]
    handle = addressed(mention, kind) if mention else ""
    return Desk(
        incident=state,
        now=now,
        person=person,
        channel=chosen,
        kind=kind,
        mention=mention,
        template=template,
        values=values(room, state, handle, person, promise),
        may_fill=statement.may_fill(state.facts.values()),
        approved=frozenset(await approved_in(tx)),
        today=now.astimezone(zone_of(state.zone)).date().isoformat(),
        promise=promise,
        promised=words.promises if words else None,
        last=tuple(mine[-REMEMBERED:]),
        elsewhere=tuple(one.text for one in others) if mention else (),
        to_author=sum(handle != "" and is_out(one, handle) for one in others),
    )
