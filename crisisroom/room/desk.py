"""The desk: everything that one text to one channel is measured against, gathered once.

The composer reviews at every key press, so a desk answers without the store; whatever sends looks
at a fresh desk inside its own transaction.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

import msgspec

from crisisroom.channels import lengths
from crisisroom.core import compose, statement
from crisisroom.core.approved import Fragment, ReplyCheck, fragments, verdict
from crisisroom.core.canonical import text_hash
from crisisroom.core.clocks import next_update_at
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident, Words
from crisisroom.core.mention import Mention
from crisisroom.core.placeholders import names
from crisisroom.core.playbook import Playbook, StatementTemplate
from crisisroom.core.review import Around, Problem, problems
from crisisroom.core.suggest import Suggester, Suggestion
from crisisroom.room import Room
from crisisroom.room.approvals import approved_in
from crisisroom.room.reading import mention_in
from crisisroom.store import Tx, log
from crisisroom.zones import zone

BY_HAND = "by-hand"
REMEMBERED = 5  # of one's own replies, to notice when they begin to sound alike


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be said of a text before it goes out; `approval` names the step it needs."""

    problems: tuple[Problem, ...]
    length: int
    limit: int | None
    check: ReplyCheck
    approval: str
    sha256: str

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """Return what makes sending impossible."""
        return tuple(problem for problem in self.problems if problem.severity == "block")

    @property
    def blanks(self) -> int:
        """Return how many blanks are open."""
        return sum(problem.code == "blank" for problem in self.problems)


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A place to write one text: to one mention, or from one template."""

    incident: Incident
    person: str
    channel: str
    kind: str  # of the channel: mastodon, by-hand
    mention: Mention | None
    template: StatementTemplate | None
    values: dict[str, str]
    may_fill: frozenset[str]
    approved: frozenset[str]  # hashes
    today: str
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
        around = Around(
            length=measure.length,
            limit=measure.limit or None,
            guardrails=self.incident.plan.guardrails,
            check=check if approval else None,
            approvers=self._approvers(approval),
            last=self.last,
            elsewhere=self.elsewhere,
            to_author=self.to_author,
            language=self.incident.plan.language,
            post_language=self.mention.lang if self.mention else "",
        )
        return Review(
            problems=problems(text, around),
            length=measure.length,
            limit=measure.limit or None,
            check=check,
            approval=approval,
            sha256=text_hash(text),
        )

    def measure(self, text: str) -> lengths.Measure:
        """Count a text as the channel does."""
        return lengths.mastodon(text) if self.kind == "mastodon" else lengths.plain(text)

    def _approval(self, check: ReplyCheck) -> str:
        if not check.free:
            return ""
        return self.template.approval if self.template else self.incident.plan.reply_approval

    def approval_of(self, words: Words) -> str:
        """Return the approval step a recorded text still needs, empty for none.

        Times inside approved words (`next_update`) move on; what was approved when it was written
        stays so, as long as each of its sentences is still approved and says what is known now.
        """
        if not words.approval and words.uses and self._still_says(words):
            return ""
        return self.review(words.text).approval

    def _still_says(self, words: Words) -> bool:
        used = [one for one in self._standing() if one.id in words.uses]
        facts = {name for one in used for name in names(one.template) if name.startswith("fact.")}
        return set(words.uses) <= {one.id for one in used} and all(
            name.removeprefix("fact.") in self.may_fill and self.values.get(name, "") in words.text
            for name in facts
        )

    def _standing(self) -> list[Fragment]:
        every = fragments(self.incident.plan, self.approved, self.today)
        return [fragment for fragment in every if fragment.approved]

    def _approvers(self, approval: str) -> str:
        titles = {role.id: role.title for role in self.incident.plan.roles}
        step = self.incident.plan.approval(approval)
        return " or ".join(titles.get(role, role) for role in step.by) if step else "nobody"

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Rank the playbook's key messages and answers for the mention."""
        if self.mention is None:
            return ()
        return _suggester(msgspec.json.encode(self.incident.plan)).rank(self.mention.text)

    def first_text(self) -> str:
        """Return what the composer opens with: approved words for the mention, or the template."""
        if self.template:
            return statement.draft(self.template, self.incident.facts.values(), self.values).text
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
) -> Desk:
    """Return the desk for a reply to a mention, or for a statement from a template."""

    async def work(tx: Tx) -> Desk:
        chain = await room.chain_of(tx, inc, room.store.seen)
        state = await log.state(tx, chain, room.store.seen)
        assert state is not None
        mention = await mention_in(tx, mention_id) if mention_id else None
        return await desk_in(
            tx,
            room,
            state,
            mention=mention,
            template=template_of(state, template_id),
            channel=channel,
        )

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
    writer: str = "",
) -> Desk:
    """Return the desk as of this transaction, of `writer` or of whoever looks."""
    person = writer or room.actor.name
    chosen = channel or (channel_for(room, mention) if mention else "")
    kind = channel_kind(room, chosen)
    replies = [one for one in state.replies.values() if one.state != "withdrawn"]
    others = [one for one in replies if mention is None or one.mention != mention.uid]
    mine = [one.text for one in others if one.author == person]
    handle = addressed(mention, kind) if mention else ""
    return Desk(
        incident=state,
        person=person,
        channel=chosen,
        kind=kind,
        mention=mention,
        template=template,
        values=_values(room, state, handle, person),
        may_fill=statement.may_fill(state.facts.values()),
        approved=frozenset(await approved_in(tx)),
        today=room.clock.now().astimezone(zone(state.zone)).date().isoformat(),
        last=tuple(mine[-REMEMBERED:]),
        elsewhere=tuple(one.text for one in others) if mention else (),
        to_author=sum(one.handle == handle != "" and one.state == "sent" for one in replies),
    )


def channel_for(room: Room, mention: Mention) -> str:
    """Return the account that answers a mention: its own network's, or by hand."""
    source = next((one for one in room.config.sources if one.id == mention.source), None)
    named = mention.account or (source.account if source else "")
    return named if any(one.id == named for one in room.config.accounts) else BY_HAND


def channel_kind(room: Room, channel: str) -> str:
    """Return how a channel counts and sends; what is no account of ours goes by hand."""
    account = next((one for one in room.config.accounts if one.id == channel), None)
    return account.type if account else BY_HAND


def addressed(mention: Mention, kind: str) -> str:
    """Return the handle by which a reply addresses the author; on Mastodon only @ reaches them."""
    handle = mention.author.handle
    return f"@{handle.removeprefix('@')}" if handle and kind == "mastodon" else handle


def _values(room: Room, state: Incident, handle: str, person: str) -> dict[str, str]:
    now = room.clock.now()
    here = zone(state.zone)
    member = next((one for one in room.config.team if one.id == person), None)
    values = {
        "handle": handle,
        "brand": state.brand,
        "me": member.name if member and member.name else person,
        "time": f"{now.astimezone(here):%H:%M}",
        "source_of_truth": state.plan.source_of_truth,
        **statement.fact_values(state.facts.values()),
    }
    public = next((one for one in state.plan.cadences if one.audience == "public"), None)
    if public:
        every = timedelta(seconds=public.every[state.severity])
        due = max(next_update_at(state, public), now + every)
        values["next_update"] = statement.due_words(due, now, here)
    return {name: value for name, value in values.items() if value}
