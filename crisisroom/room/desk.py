"""The desk for one text, gathered once from the room; see `measuring`.

Whatever sends looks at a fresh desk inside its own transaction.
"""

from __future__ import annotations

import msgspec

from crisisroom.channels import Limits
from crisisroom.core import statement
from crisisroom.core.compose import language_of
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Form, Incident, Words
from crisisroom.core.mention import Mention
from crisisroom.core.personal import ours
from crisisroom.core.playbook import StatementTemplate
from crisisroom.core.review import Review as Review
from crisisroom.core.statement import due_words
from crisisroom.core.suggest import Suggestion
from crisisroom.core.terms import zone_of
from crisisroom.core.truth import suspended_words
from crisisroom.room import Room
from crisisroom.room.addressing import BY_HAND as BY_HAND
from crisisroom.room.addressing import addressed, channel_for, channel_kind, is_out
from crisisroom.room.approvals import approved_in
from crisisroom.room.filling import promise_at, values
from crisisroom.room.lines import line_of
from crisisroom.room.measuring import Desk as Desk
from crisisroom.room.measuring import Way
from crisisroom.room.reading import mention_in
from crisisroom.room.stopping import stopped_in
from crisisroom.room.suggesting import fitting
from crisisroom.room.tagging import tags_of
from crisisroom.store import Tx, abilities, log

_IN_HAND = ("draft", "submitted", "approved", "rejected")
REMEMBERED = 5  # of one's own replies, to notice when they begin to sound alike


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
    form: Form = "public",
) -> Desk:
    """Return the desk for a reply to a mention, or for a statement from a template.

    With `words_id`, the desk knows that text and what it promised.
    """

    async def work(tx: Tx) -> Desk:
        chain = await room.chain_of(tx, inc, room.store.seen)
        state = await log.state(tx, chain, room.store.seen)
        assert state is not None
        mention = await mention_in(tx, mention_id) if mention_id else None
        template = template_of(state, template_id)
        held = state.words(words_id)
        found = await desk_in(
            tx, room, state, mention=mention, template=template, channel=channel, form=form
        )
        return msgspec.structs.replace(
            found,
            promised=held.promises if held else None,
            words=held,
        )

    found = await room.store.read(work)
    if found.mention is None:
        return found
    fits = await fitting(room, found.incident, found.mention)
    return msgspec.structs.replace(found, fits=fits)


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
    form: Form = "public",
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
    filled = values(room, state, handle, person, promise)
    return Desk(
        incident=state,
        now=now,
        person=person,
        channel=chosen,
        kind=kind,
        mention=mention,
        template=template,
        values=filled,
        may_fill=statement.may_fill(state.facts.values()),
        approved=frozenset(await approved_in(tx)),
        today=now.astimezone(zone_of(state.zone)).date().isoformat(),
        promise=promise,
        promised=words.promises if words else None,
        last=tuple(mine[-REMEMBERED:]),
        elsewhere=tuple(one.text for one in others) if mention else (),
        to_author=sum(handle != "" and is_out(one, handle) for one in others),
        ways=await _ways(tx, room),
        suspended=suspended_words(state),
        form=words.form if words else form,
        language=language_of(state.plan, mention.lang) if mention else "",
        words=words,
        sender=room.actor.name if words is None or words.state in _IN_HAND else words.author,
        tags=await tags_of(tx, room, mention) if mention else (),
        line=await line_of(tx, state, mention) if mention else None,
        ours=ours(state.plan, {**filled, "handle": handle}),
        stopped=await _stopped(tx, state),
    )


async def _stopped(tx: Tx, state: Incident) -> tuple[str, str] | None:
    held = await stopped_in(tx)
    return (held.by, due_words(held.at, held.at, zone_of(state.zone))) if held else None


async def _ways(tx: Tx, room: Room) -> dict[str, Way]:
    """Return the accounts that words go out on, with the limits their networks named."""
    asked = await abilities.known(tx)
    return {
        account.id: Way(
            account.type,
            msgspec.json.decode(asked[account.id], type=Limits) if account.id in asked else None,
            account.read_by,
        )
        for account in room.config.ways_out
    }
