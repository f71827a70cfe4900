"""Narratives: the stories that the room counts and answers, put right by hand where need be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.narrative import Narrative, NarrativeState
from crisisroom.core.query import numbered
from crisisroom.core.timeline import ROOM, Draft, stamp
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import headline, required
from crisisroom.room.reading import mention_in
from crisisroom.room.repeats import once
from crisisroom.store import Tx, log
from crisisroom.store import narratives as rows
from crisisroom.store.ids import uuid7

BY_HAND = "by-hand"  # what the change feed says of a person's decision on stories

replace = msgspec.structs.replace


async def narratives(
    room: Room,
    since: datetime | None = None,
    limit: int = 50,
    states: Sequence[NarrativeState] = ("open",),
) -> tuple[Narrative, ...]:
    """Return the stories that went on since then, the largest first."""
    return await room.store.read(
        lambda tx: rows.recent(tx, since, limit, tuple(states), room.clock.now())
    )


async def narrative(room: Room, narrative_id: str) -> Narrative:
    """Return one story; Usage where there is none with this id."""
    return await room.store.read(lambda tx: one(tx, narrative_id))


async def one(tx: Tx, narrative_id: str) -> Narrative:
    """Return one story as part of this transaction."""
    number = numbered(narrative_id, "N-")
    found = await rows.get(tx, number) if number is not None else None
    if found is None:
        message = f"there is no story {narrative_id}"
        raise Usage("unknown-narrative", message, "crisisroom narratives lists them")
    return found


async def rename(room: Room, narrative_id: str, title: str, *, command_id: str = "") -> Narrative:
    """Give a story a name of ours."""
    required(title, "say what the story is called: its name is missing")
    headline(title)

    async def work(tx: Tx) -> Narrative:
        known = await one(tx, narrative_id)
        await rows.rename(tx, _number(known), title, room.actor.name)
        await _log(tx, room, "narrative.renamed", f"named {known.id}: {title}", {"id": known.id})
        return await one(tx, known.id)

    return await _once(room, command_id, work)


async def merge(room: Room, into: str, others: Sequence[str], *, command_id: str = "") -> Narrative:
    """Make several stories one; what comes later joins it too."""

    async def work(tx: Tx) -> Narrative:
        kept = _living(await one(tx, into))
        gone = [_living(await one(tx, name)) for name in dict.fromkeys(others)]
        gone = [story for story in gone if story.id != kept.id]
        if not gone:
            raise Usage("merge", "name the stories that become one: N-1 N-2")
        for story in gone:
            await rows.merge(tx, _number(kept), _number(story))
        names = ", ".join(story.id for story in gone)
        data = {"id": kept.id, "merged": [story.id for story in gone]}
        await _log(tx, room, "narrative.merged", f"merged {names} into {kept.id}", data)
        return await one(tx, kept.id)

    return await _once(room, command_id, work)


def _living(story: Narrative) -> Narrative:
    if story.state == "merged":
        raise Refused("merged", f"{story.id} became part of {story.into}", f"use {story.into}")
    return story


async def split(
    room: Room,
    narrative_id: str,
    mention_ids: Sequence[str],
    title: str = "",
    *,
    command_id: str = "",
) -> Narrative:
    """Make some posts of a story one of their own, with their reposts; what is like them joins."""
    if title:
        headline(title)

    async def work(tx: Tx) -> Narrative:
        known = _living(await one(tx, narrative_id))
        found = [await mention_in(tx, name) for name in dict.fromkeys(mention_ids)]
        for mention in found:
            if mention.narrative != known.id:
                raise Refused("not-in-it", f"{mention.id} does not belong to {known.id}")
        if not found:
            raise Usage("split", "name the posts that tell another story: M-1 M-2")
        chosen = tuple(mention.number for mention in found)
        moved = await rows.with_copies(tx, _number(known), chosen)
        if len(moved) >= known.mentions:
            raise Refused("whole", f"these are all posts of {known.id}", "rename it instead")
        number = await rows.split(
            tx,
            _number(known),
            moved,
            title or found[0].text[:80],
            room.actor.name if title else "",
            uuid7(room.clock.now()),
        )
        count = "1 post" if len(found) == 1 else f"{len(found)} posts"
        if more := len(moved) - len(found):
            count += f" and {more} repost{'s' if more > 1 else ''}"
        text = f"split {count} off {known.id} as N-{number}"
        data = {"id": f"N-{number}", "of": known.id, "mentions": [m.uid for m in found]}
        await _log(tx, room, "narrative.split", text, data)
        return await one(tx, f"N-{number}")

    return await _once(room, command_id, work)


async def dismiss(room: Room, narrative_id: str, *, command_id: str = "") -> Narrative:
    """Set a story aside: it is counted on, and not shown among those that matter."""
    return await _set(room, narrative_id, "dismissed", "set aside", command_id)


async def restore(room: Room, narrative_id: str, *, command_id: str = "") -> Narrative:
    """Take that back."""
    return await _set(room, narrative_id, "open", "took back", command_id)


async def _set(
    room: Room, narrative_id: str, state: NarrativeState, verb: str, command_id: str
) -> Narrative:
    async def work(tx: Tx) -> Narrative:
        known = _living(await one(tx, narrative_id))
        await rows.set_state(tx, _number(known), state)
        await _log(tx, room, f"narrative.{state}", f"{verb} {known.id}", {"id": known.id})
        return await one(tx, known.id)

    return await _once(room, command_id, work)


async def link(room: Room, inc: str, narrative_id: str, *, command_id: str = "") -> Acted:
    """Make a story part of an incident: its posts count there, the later ones too."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        story = _living(await one(tx, narrative_id))
        return [] if story.uid in state.stories else [linking_draft(story)]

    return await room.act_in(inc, decide, command_id=command_id)


async def unlink(room: Room, inc: str, narrative_id: str, *, command_id: str = "") -> Acted:
    """Take a story out of an incident; posts that were linked stay."""

    async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
        story = await one(tx, narrative_id)
        if story.uid not in state.stories:
            raise Refused("not-linked", f"{story.id} does not belong to {state.id}")
        data = {"narrative": story.uid, "id": story.id}
        return [Draft(kind="narrative.unlinked", text=f"unlinked story {story.id}", data=data)]

    return await room.act_in(inc, decide, command_id=command_id)


def linking_draft(story: Narrative) -> Draft:
    """Return the entry that makes a story part of an incident, as the story is now."""
    data: dict[str, Any] = {
        "narrative": story.uid,
        "id": story.id,
        "quote": story.title,
        "mentions": story.mentions,
        "authors": story.authors,
        "sources": list(story.sources),
        "first_at": stamp(story.first_at),
        "last_at": stamp(story.last_at),
    }
    posts = "1 post" if story.mentions == 1 else f"{story.mentions} posts"
    return Draft(kind="narrative.linked", text=f"linked story {story.id}, {posts}", data=data)


async def _once(
    room: Room, command_id: str, work: Callable[[Tx], Awaitable[Narrative]]
) -> Narrative:
    return await once(room, command_id, work, again=one, thing=lambda made: made.id)


async def _log(tx: Tx, room: Room, kind: str, text: str, data: dict[str, Any]) -> None:
    """Put it on the room's own timeline, and tell the analysis that somebody decided."""
    now = room.clock.now()
    await log.append(tx, ROOM, [Draft(kind=kind, text=text, data=data)], room.author(), now)
    tx.tell("narrative", BY_HAND)


def _number(story: Narrative) -> int:
    return numbered(story.id, "N-") or 0
