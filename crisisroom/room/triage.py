"""Mentions: taken in, claimed by one person at a time, linked to an incident."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.mention import Author, Incoming, Mention, MentionKind, MentionState
from crisisroom.core.timeline import Draft, stamp
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import person, required
from crisisroom.room.reading import mention_in
from crisisroom.store import Tx, log, settings
from crisisroom.store import mentions as rows
from crisisroom.store.mentions import Ingested

LEASE = timedelta(minutes=15)  # a claim that nobody works on is free again after this


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """The triage a mention is to have, and how the timeline says it."""

    state: MentionState
    assignee: str
    text: str
    until: datetime | None = None


async def ingest(room: Room, items: Sequence[Incoming], *, durable: bool = True) -> Ingested:
    """Take mentions in; `durable=False` where the source can give them again after a power cut."""

    return await room.store.write(lambda tx: take_in(tx, room, items), durable=durable)


async def take_in(tx: Tx, room: Room, items: Sequence[Incoming]) -> Ingested:
    """Take mentions in as part of this transaction; an edit of a linked one is put on record."""
    outcome = await rows.ingest(tx, items, room.clock.now())
    for number in outcome.edited:
        await _note_edit(tx, room, number)
    return outcome


async def _note_edit(tx: Tx, room: Room, number: int) -> None:
    mention = await rows.get(tx, number)
    if mention is None or not mention.incident:
        return
    text = f"{_who(mention)} edited {mention.id}"
    data = {"mention": mention.uid, "quote": mention.text, "revision": mention.revision}
    edit = Draft(kind="mention.edited", text=text, data=data, actor="room", source="system")
    await _append(tx, room, mention.incident, [edit])


async def _append(tx: Tx, room: Room, inc: str, drafts: Sequence[Draft]) -> None:
    chain = await room.chain_of(tx, inc, room.store.states)
    state = await log.state(tx, chain, room.store.states)
    if state is not None:
        await room._record(tx, state, drafts, "")


async def add_by_hand(
    room: Room,
    text: str,
    *,
    url: str = "",
    handle: str = "",
    source: str = "by-hand",
    kind: MentionKind = "post",
    posted_at: datetime | None = None,
    command_id: str = "",
) -> Mention:
    """Take in one mention that a person saw: a pasted link, the words of a call or a message."""
    required(text + url, "what was said, or where?")
    item = Incoming(
        text=text or url,
        source=source,
        external_id=url,
        kind=kind,
        author=Author(handle),
        url=url,
        posted_at=posted_at,
    )

    async def work(tx: Tx) -> Mention:
        if before := await _done_before(tx, command_id):
            return before
        outcome = await rows.ingest(tx, [item], room.clock.now())
        if not outcome.added:
            raise Refused("known", "this mention is in the room already", "search for it with /")
        mention = await rows.get(tx, outcome.added[0])
        assert mention is not None
        await _remember(tx, room, command_id, mention)
        return mention

    return await room.store.write(work)


async def _done_before(tx: Tx, command_id: str) -> Mention | None:
    """Return the mention that a command was about, if it was carried out before."""
    before = await settings.outcome(tx, command_id) if command_id else None
    if before is None:
        return None
    if not before.thing:
        raise Refused("used-id", "this command id was used for another act of the room")
    return await mention_in(tx, before.thing)


async def _remember(tx: Tx, room: Room, command_id: str, mention: Mention) -> None:
    if command_id:
        outcome = settings.Outcome("", 0, 0, mention.id)
        await settings.remember(tx, command_id, room.clock.now(), outcome)


def _who(mention: Mention) -> str:
    return mention.author.handle or mention.author.name or mention.id


async def _mark(
    room: Room, mention_id: str, decide: Callable[[Mention, Scene], Mark], command_id: str
) -> Mention:
    async def work(tx: Tx) -> Mention:
        if before := await _done_before(tx, command_id):
            return before
        mention = await mention_in(tx, mention_id)
        await room.refresh(tx)
        mark = decide(mention, room.scene())
        await set_mark(tx, room, mention, mark)
        await _remember(tx, room, command_id, mention)
        return await mention_in(tx, mention_id)

    return await room.store.write(work)


async def set_mark(tx: Tx, room: Room, mention: Mention, mark: Mark) -> None:
    """Set a mention's triage; on the timeline too where it belongs to an incident."""
    await rows.mark(tx, mention.number, state=mark.state, assignee=mark.assignee, until=mark.until)
    if mention.incident:
        data = {"mention": mention.uid, "state": mark.state, "assignee": mark.assignee}
        entry = Draft(kind="mention.triaged", text=mark.text, data=data)
        await _append(tx, room, mention.incident, [entry])


def claimed_mark(mention: Mention, scene: Scene, *, take: bool = False) -> Mark:
    """Return the mark of a claim; Refused while somebody else holds it and it is not taken."""
    holder = holder_of(mention, scene.now)
    if mention.state == "answered":
        raise Refused("answered", f"{mention.assignee} answered {mention.id} already")
    if holder and holder != scene.actor and not take:
        raise Refused(
            "claimed", f"{holder} is on {mention.id}", "take it over with --take if they are not"
        )
    took = f" from {holder}" if holder and holder != scene.actor else ""
    return Mark(
        state="claimed",
        assignee=scene.actor,
        text=f"took {_who(mention)}{took}",
        until=scene.now + LEASE,
    )


def holder_of(mention: Mention, now: datetime) -> str:
    """Return who holds a claim that has not run out, empty when it is free."""
    running = mention.claimed_until is None or mention.claimed_until > now
    return mention.assignee if mention.state == "claimed" and running else ""


async def claim(
    room: Room, mention_id: str, *, take: bool = False, command_id: str = ""
) -> Mention:
    """Take a mention as one's own to answer; for 15 minutes, renewed by writing."""

    def decide(mention: Mention, scene: Scene) -> Mark:
        return claimed_mark(mention, scene, take=take)

    return await _mark(room, mention_id, decide, command_id)


async def release(room: Room, mention_id: str, *, command_id: str = "") -> Mention:
    """Give a claim back."""

    def decide(mention: Mention, scene: Scene) -> Mark:
        if mention.state != "claimed":
            raise Refused("free", f"{mention.id} is {mention.state}, not claimed")
        return Mark(state="new", assignee="", text=f"let {_who(mention)} go")

    return await _mark(room, mention_id, decide, command_id)


async def assign(room: Room, mention_id: str, who: str, *, command_id: str = "") -> Mention:
    """Give a mention to somebody to answer."""

    def decide(mention: Mention, scene: Scene) -> Mark:
        name = person(who, tuple(member.id for member in scene.config.team))
        if mention.state == "answered":
            raise Refused("answered", f"{mention.assignee} answered {mention.id} already")
        text = f"gave {name} {_who(mention)}"
        return Mark(state="claimed", assignee=name, text=text, until=scene.now + LEASE)

    return await _mark(room, mention_id, decide, command_id)


async def dismiss(room: Room, mention_id: str, *, command_id: str = "") -> Mention:
    """Mark a mention as not relevant."""

    def decide(mention: Mention, scene: Scene) -> Mark:
        if mention.state == "answered":
            raise Refused("answered", f"{mention.id} is answered already")
        text = f"not relevant: {_who(mention)}"
        return Mark(state="dismissed", assignee=scene.actor, text=text)

    return await _mark(room, mention_id, decide, command_id)


async def restore(room: Room, mention_id: str, *, command_id: str = "") -> Mention:
    """Take a dismissal or a move to private back."""

    def decide(mention: Mention, scene: Scene) -> Mark:
        if mention.state not in ("dismissed", "offline"):
            raise Refused("state", f"{mention.id} is {mention.state}")
        return Mark(state="new", assignee="", text=f"relevant again: {_who(mention)}")

    return await _mark(room, mention_id, decide, command_id)


async def offline(room: Room, mention_id: str, *, command_id: str = "") -> Mention:
    """Mark a conversation as moved to a private channel."""

    def decide(mention: Mention, scene: Scene) -> Mark:
        text = f"moved {_who(mention)} to private"
        return Mark(state="offline", assignee=scene.actor, text=text)

    return await _mark(room, mention_id, decide, command_id)


async def link(room: Room, inc: str, mention_ids: Sequence[str], *, command_id: str = "") -> Acted:
    """Link mentions to an incident, as they are now."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        return await link_drafts(tx, room, state, mention_ids)

    return await room.act_in(inc, decide, command_id=command_id)


async def link_drafts(
    tx: Tx, room: Room, state: Incident, mention_ids: Sequence[str]
) -> list[Draft]:
    """Link mentions in this transaction and return the entries that say so."""
    drafts = []
    for mention_id in dict.fromkeys(mention_ids):
        mention = await mention_in(tx, mention_id)
        if mention.incident == state.id:
            continue
        if mention.incident:
            raise Refused(
                "linked", f"{mention.id} belongs to {mention.incident}", "unlink it there"
            )
        await rows.link(tx, mention.number, state.uid)
        text = f"linked {_who(mention)} ({mention.source})"
        drafts.append(Draft(kind="mention.linked", text=text, data=_as_seen(mention)))
    return drafts


def _as_seen(mention: Mention) -> dict[str, Any]:
    return {
        "mention": mention.uid,
        "id": mention.id,
        "source": mention.source,
        "external_id": mention.external_id,
        "handle": mention.author.handle,
        "name": mention.author.name,
        "reach": mention.author.reach,
        "quote": mention.text,
        "url": mention.url,
        "posted_at": stamp(mention.posted_at),
        "seen_at": stamp(mention.seen_at),
        "state": mention.state,
        "assignee": mention.assignee,
        "revision": mention.revision,
    }


async def unlink(room: Room, inc: str, mention_id: str, *, command_id: str = "") -> Acted:
    """Take a mention out of an incident; refused while a reply to it is on its way."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        mention = await mention_in(tx, mention_id)
        if mention.uid not in state.mentions:
            raise Refused("not-linked", f"{mention.id} does not belong to {state.id}")
        if any(reply.mention == mention.uid and reply.live for reply in state.replies.values()):
            raise Refused("replied", f"{mention.id} has a reply", "withdraw it first")
        await rows.link(tx, mention.number, "")
        text = f"unlinked {_who(mention)}"
        return [Draft(kind="mention.unlinked", text=text, data={"mention": mention.uid})]

    return await room.act_in(inc, decide, command_id=command_id)
