"""The weekly digest: what people complain of, turned into owned actions without any incident."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.kinds import date_flaw
from crisisroom.core.mention import Mention
from crisisroom.core.narrative import Narrative
from crisisroom.core.query import Query, numbered
from crisisroom.core.timeline import ROOM, Draft
from crisisroom.room import Room, corrective
from crisisroom.room.checks import headline, own, person, required
from crisisroom.room.corrective import Owned
from crisisroom.room.repeats import once
from crisisroom.room.stories import one as story_in
from crisisroom.store import Tx, buckets, improvements, log
from crisisroom.store import mentions as rows
from crisisroom.store import narratives as narrative_rows
from crisisroom.store.improvements import Improvement

__all__ = ["Complaint", "Digest", "Improvement", "add", "digest", "done", "improvements_of"]

WEEK = timedelta(days=7)
LEAST = 2  # complaints that make a story worth telling
MOST = 20  # stories of a digest
EXAMPLES = 3
_MANY = 500  # stories that are looked through


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """A story that people complain in: how often in the time told, and what is done about it."""

    story: Narrative
    complaints: int
    mentions: int
    before: int  # complaints in as much time before it
    examples: tuple[Mention, ...]
    actions: tuple[Improvement, ...]


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """What people complained of in a time, most first, and the actions that are open."""

    since: datetime
    until: datetime
    mentions: int
    complaints: int
    stories: tuple[Complaint, ...]
    open_actions: tuple[Improvement, ...]
    late: tuple[Owned, ...] = ()  # what incidents should have changed by now


async def digest(room: Room, span: timedelta = WEEK) -> Digest:
    """Return what people complained of in the last `span`, whether or not it was an incident."""

    async def work(tx: Tx) -> Digest:
        now = room.clock.now()
        since = now - span
        actions = await improvements.all(tx)
        whole = await buckets.window(tx, "", since)
        known = await narrative_rows.recent(tx, since, _MANY, ("open",), now)
        told = [await _complaint(tx, one, since, span, actions) for one in known if one.complaints]
        ranked = sorted(told, key=lambda one: (-one.complaints, -one.mentions, one.story.id))
        return Digest(
            since=since,
            until=now,
            mentions=sum(many for _, many, _ in whole),
            complaints=sum(bad for _, _, bad in whole),
            stories=tuple(one for one in ranked if one.complaints >= LEAST)[:MOST],
            open_actions=tuple(one for one in actions if one.state == "open"),
        )

    told = await room.store.read(work)
    return msgspec.structs.replace(told, late=await corrective.late(room))


async def _complaint(
    tx: Tx, story: Narrative, since: datetime, span: timedelta, actions: tuple[Improvement, ...]
) -> Complaint:
    counts = await buckets.window(tx, f"narrative:{story.id}", since - span)
    now = [(many, bad) for start, many, bad in counts if start >= since]
    loud = Query(narrative=story.id, since=since, limit=50, least_priority=0.0)
    found = sorted(await rows.find(tx, loud), key=lambda one: -one.complaint)
    return Complaint(
        story=story,
        complaints=sum(bad for _, bad in now),
        mentions=sum(many for many, _ in now),
        before=sum(bad for start, _, bad in counts if start < since),
        examples=tuple(found[:EXAMPLES]),
        actions=tuple(one for one in actions if one.narrative == story.id),
    )


async def improvements_of(room: Room, *, everything: bool = False) -> tuple[Improvement, ...]:
    """Return the room's actions, the open ones only or all, the newest first."""
    state: improvements.ImprovementState | None = None if everything else "open"
    return await room.store.read(lambda tx: improvements.all(tx, state))


async def add(
    room: Room,
    title: str,
    *,
    owner: str,
    due: str = "",
    narrative: str = "",
    command_id: str = "",
) -> Improvement:
    """Give somebody the task of mending what people complain of; `due` is a day."""
    headline(title)
    team = tuple(member.id for member in room.config.team)
    who = person(owner, team)
    if flaw := date_flaw(due):
        raise Usage("due", flaw)

    async def work(tx: Tx) -> Improvement:
        now = room.clock.now()
        story = await story_in(tx, narrative) if narrative else None
        about = story.id if story else ""
        made = await improvements.add(tx, title, who, due, about, room.actor.name, now)
        data = {"action": made.uid, "id": made.id, "owner": who, "due": due, "narrative": about}
        entry = Draft(kind="improvement.added", text=f"{made.id}: {title}", data=data)
        await log.append(tx, ROOM, [entry], room.author(), now)
        return made

    return await once(room, command_id, work, again=_one, thing=lambda made: made.id)


async def done(room: Room, action_id: str, outcome: str, *, command_id: str = "") -> Improvement:
    """Mark a room's action as done, with what came of it."""
    required(outcome, "say what came of it: people are told by it")
    own(outcome, "outcome")

    async def work(tx: Tx) -> Improvement:
        known = await _one(tx, action_id)
        if known.state == "done":
            raise Refused("done", f"{known.id} is done already")
        now = room.clock.now()
        await improvements.done(tx, numbered(known.id, "ACT-") or 0, outcome, now)
        data = {"action": known.uid, "id": known.id, "words": outcome}
        entry = Draft(kind="improvement.done", text=f"{known.id}: {outcome}", data=data)
        await log.append(tx, ROOM, [entry], room.author(), now)
        return await _one(tx, known.id)

    return await once(room, command_id, work, again=_one, thing=lambda made: made.id)


async def _one(tx: Tx, action_id: str) -> Improvement:
    number = numbered(action_id, "ACT-")
    found = await improvements.get(tx, number) if number is not None else None
    if found is None:
        hint = "crisisroom improvement list has them"
        raise Usage("unknown-action", f"there is no action {action_id}", hint)
    return found


def overdue(one: Improvement, today: date) -> bool:
    """Tell whether an action should have been done before today."""
    return one.state == "open" and bool(one.due) and one.due < today.isoformat()
