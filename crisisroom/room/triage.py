"""Mentions: taken in, claimed by one person at a time, linked to an incident."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Words
from crisisroom.core.mention import Author, Incoming, Mention, MentionKind, MentionState
from crisisroom.core.timeline import Draft
from crisisroom.room import Room, Scene, overtaking
from crisisroom.room.checks import own, person, required
from crisisroom.room.linking import author_of, link, link_drafts, unlink
from crisisroom.room.reading import mention_in
from crisisroom.room.restricting import refuse_outsider
from crisisroom.store import Tx, clicks, log, settings
from crisisroom.store import mentions as rows
from crisisroom.store.eyes import whole
from crisisroom.store.mentions import Ingested

__all__ = [
    "Ingested",
    "Mark",
    "add_by_hand",
    "append_to",
    "assign",
    "claim",
    "claimed_mark",
    "dismiss",
    "done_before",
    "holder_of",
    "ingest",
    "link",
    "link_drafts",
    "offline",
    "release",
    "remember",
    "restore",
    "set_mark",
    "take_in",
    "unlink",
]


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """The triage a mention is to have, and how the timeline says it."""

    state: MentionState
    assignee: str
    text: str
    until: datetime | None = None


async def ingest(room: Room, items: Sequence[Incoming], *, durable: bool = True) -> Ingested:
    """Take mentions in; `durable=False` where the source can give them again after a power cut."""
    everywhere = room.whole().store  # edits go on record in incidents that are for others, too
    return await everywhere.write(lambda tx: take_in(tx, room, items), durable=durable)


async def take_in(tx: Tx, room: Room, items: Sequence[Incoming]) -> Ingested:
    """Take mentions in as part of this transaction; an edit of a linked one is put on record."""
    marks = room.ear.marks(items)
    outcome = await rows.ingest(tx, items, room.clock.now(), marks)
    for number in outcome.edited:
        await _note_edit(tx, room, number)
    return outcome


async def _note_edit(tx: Tx, room: Room, number: int) -> None:
    mention = await rows.get(tx, number)
    if mention is None or not mention.incident:
        return
    text = f"{author_of(mention)} edited {mention.id}"
    data = {
        "mention": mention.uid,
        "quote": mention.text,
        "revision": mention.revision,
        "sha256": hashlib.sha256(await rows.original(tx, number)).hexdigest(),
    }
    edit = Draft(kind="mention.edited", text=text, data=data, actor="room", source="system")
    await append_to(tx, room, mention.incident, [edit])


async def append_where_linked(
    tx: Tx, room: Room, mention: Mention, drafts: Sequence[Draft]
) -> None:
    """Put entries on the timeline of the incident a mention belongs to, if to any.

    Also of one that is not for who acts: its people see what became of the post.
    """
    everywhere = whole(tx)
    linked = await rows.get(everywhere, mention.number)
    if linked is not None and linked.incident:
        await append_to(everywhere, room, linked.incident, drafts)


async def append_to(tx: Tx, room: Room, inc: str, drafts: Sequence[Draft]) -> None:
    """Put entries on an incident's timeline as part of this transaction."""
    chain = await room.chain_of(tx, inc, room.store.states)
    state = await log.state(tx, chain, room.store.states)
    if state is not None:
        await room.catch_up(tx, state)
        await room._record(tx, room.store.states[chain], drafts, "")


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
        direct=True,
    )

    async def work(tx: Tx) -> Mention:
        if before := await done_before(tx, command_id):
            return before
        marks = room.ear.marks([item])
        outcome = await rows.ingest(tx, [item], room.clock.now(), marks)
        if not outcome.added:
            raise Refused("known", "this mention is in the room already", "search for it with /")
        mention = await rows.get(tx, outcome.added[0])
        assert mention is not None
        await remember(tx, room, command_id, mention)
        return mention

    return await room.store.write(work)


async def done_before(tx: Tx, command_id: str) -> Mention | None:
    """Return the mention that a command was about, if it was carried out before."""
    before = await settings.outcome(tx, command_id) if command_id else None
    if before is None:
        return None
    if not before.thing:
        raise Refused("used-id", "this command id was used for another act of the room")
    return await mention_in(tx, before.thing)


async def remember(tx: Tx, room: Room, command_id: str, mention: Mention) -> None:
    """Note which mention a command was about, for its repeats."""
    if command_id:
        outcome = settings.Outcome("", 0, 0, mention.id)
        await settings.remember(tx, command_id, room.clock.now(), outcome)


async def _mark(
    room: Room, mention_id: str, decide: Callable[[Mention, Scene], Mark], command_id: str
) -> Mention:
    async def deciding(tx: Tx, mention: Mention, scene: Scene) -> Mark:
        return decide(mention, scene)

    return await _mark_in(room, mention_id, deciding, command_id)


async def _mark_in(
    room: Room,
    mention_id: str,
    decide: Callable[[Tx, Mention, Scene], Awaitable[Mark]],
    command_id: str,
) -> Mention:
    async def work(tx: Tx) -> Mention:
        if before := await done_before(tx, command_id):
            return before
        mention = await mention_in(tx, mention_id)
        await room.refresh(tx)
        mark = await decide(tx, mention, room.scene())
        await overtaking.check_post(tx, room, mention)
        await set_mark(tx, room, mention, mark)
        await remember(tx, room, command_id, mention)
        return await mention_in(tx, mention_id)

    return await overtaking.meant(room, lambda: room.store.write(work))


async def set_mark(tx: Tx, room: Room, mention: Mention, mark: Mark) -> None:
    """Set a mention's triage; on the timeline too where it belongs to an incident."""
    await rows.mark(tx, mention.number, state=mark.state, assignee=mark.assignee, until=mark.until)
    await _learn(tx, room, mention, mark.state)
    data = {"mention": mention.uid, "state": mark.state, "assignee": mark.assignee}
    entry = Draft(kind="mention.triaged", text=mark.text, data=data)
    await append_where_linked(tx, room, mention, [entry])


async def _learn(tx: Tx, room: Room, mention: Mention, state: MentionState) -> None:
    """Keep what somebody did as what the room learns its priorities from."""
    if state == "new":
        await clicks.clear(tx, mention.number)
    elif await clicks.get(tx, mention.number) is None or state == "dismissed":
        wanted = state != "dismissed"
        await clicks.set(tx, mention.number, wanted, room.actor.name, room.clock.now())


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
        text=f"took {author_of(mention)}{took}",
        until=scene.now + scene.claim,
    )


def holder_of(mention: Mention, now: datetime) -> str:
    """Return who holds a claim that has not run out, empty when it is free."""
    running = mention.claimed_until is None or mention.claimed_until > now
    return mention.assignee if mention.state == "claimed" and running else ""


async def claim(
    room: Room, mention_id: str, *, take: bool = False, reason: str = "", command_id: str = ""
) -> Mention:
    """Take a mention as one's own to answer; for 15 minutes, renewed by writing.

    A reply that waits for its approval holds the thread for its writer until it is decided: then
    taking it over needs a reason, which stays on the timeline.
    """
    own(reason, "reason")

    async def decide(tx: Tx, mention: Mention, scene: Scene) -> Mark:
        waiting = await _undecided(tx, room, mention)
        if waiting is None or waiting.author == scene.actor:
            return claimed_mark(mention, scene, take=take)
        if not (take and reason.strip()):
            told = f"{waiting.author} is on {mention.id}: {waiting.id} waits for its approval"
            raise Refused("locked", told, "take it over with --take --reason WHY if you must")
        mark = claimed_mark(mention, scene, take=True)
        text = f"took {author_of(mention)} from {waiting.author} while {waiting.id} waits: {reason}"
        return msgspec.structs.replace(mark, text=text)

    return await _mark_in(room, mention_id, decide, command_id)


async def _undecided(tx: Tx, room: Room, mention: Mention) -> Words | None:
    """Return the reply to a mention that waits for its approval."""
    if not mention.incident:
        return None
    chain = await room.chain_of(tx, mention.incident, room.store.states)
    state = await log.state(tx, chain, room.store.states)
    replies = state.replies.values() if state else ()
    ours = (one for one in replies if one.mention == mention.uid and one.state == "submitted")
    return next(ours, None)


async def release(room: Room, mention_id: str, *, command_id: str = "") -> Mention:
    """Give a claim back."""

    def decide(mention: Mention, scene: Scene) -> Mark:
        if mention.state != "claimed":
            raise Refused("free", f"{mention.id} is {mention.state}, not claimed")
        return Mark(state="new", assignee="", text=f"let {author_of(mention)} go")

    return await _mark(room, mention_id, decide, command_id)


async def assign(room: Room, mention_id: str, who: str, *, command_id: str = "") -> Mention:
    """Give a mention to somebody to answer."""

    async def decide(tx: Tx, mention: Mention, scene: Scene) -> Mark:
        name = person(who, tuple(member.id for member in scene.config.team))
        if mention.state == "answered":
            raise Refused("answered", f"{mention.assignee} answered {mention.id} already")
        if mention.incident:
            chain = await room.chain_of(tx, mention.incident, room.store.states)
            if state := await log.state(tx, chain, room.store.states):
                refuse_outsider(state, name, mention.id)
        text = f"gave {name} {author_of(mention)}"
        return Mark(state="claimed", assignee=name, text=text, until=scene.now + scene.claim)

    return await _mark_in(room, mention_id, decide, command_id)


async def dismiss(room: Room, mention_id: str, *, command_id: str = "") -> Mention:
    """Mark a mention as not relevant."""

    def decide(mention: Mention, scene: Scene) -> Mark:
        if mention.state == "answered":
            raise Refused("answered", f"{mention.id} is answered already")
        text = f"not relevant: {author_of(mention)}"
        return Mark(state="dismissed", assignee=scene.actor, text=text)

    return await _mark(room, mention_id, decide, command_id)


async def restore(room: Room, mention_id: str, *, command_id: str = "") -> Mention:
    """Take a dismissal or a move to private back."""

    def decide(mention: Mention, scene: Scene) -> Mark:
        if mention.state not in ("dismissed", "offline"):
            raise Refused("state", f"{mention.id} is {mention.state}")
        return Mark(state="new", assignee="", text=f"relevant again: {author_of(mention)}")

    return await _mark(room, mention_id, decide, command_id)


async def offline(room: Room, mention_id: str, *, command_id: str = "") -> Mention:
    """Mark a conversation as moved to a private channel."""

    def decide(mention: Mention, scene: Scene) -> Mark:
        text = f"moved {author_of(mention)} to private"
        return Mark(state="offline", assignee=scene.actor, text=text)

    return await _mark(room, mention_id, decide, command_id)
