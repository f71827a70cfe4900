"""Shift change: everything one person holds goes to another, who takes it when they are ready.

Each way it is one act: of two who take over from the same person, one gets all of it.

Parts are offered and stay with their holder until the successor takes over; what they hold beside
a part moves in that moment too. Where somebody holds no part, the rest is given at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from crisisroom.config.team import member_of
from crisisroom.core.brief import brief
from crisisroom.core.errors import Refused
from crisisroom.core.handing import offers_to
from crisisroom.core.hands import InHand, hands
from crisisroom.core.incident import Incident
from crisisroom.core.mention import Mention
from crisisroom.room import Room, enquiries, notifying_looking, reading, roles, tasks, triage
from crisisroom.room.checks import person
from crisisroom.room.overtaking import JUST, ago
from crisisroom.room.who import Person, who
from crisisroom.room.within import as_one

_TAKEN = ("role.handed", "role.taken", "task.assigned", "enquiry.assigned")
_LOOKED = 50  # entries looked back on


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """What was offered or taken over, what was not and why, and drafts to go on from."""

    giver: str
    taker: str
    hands: tuple[InHand, ...] = ()
    claims: tuple[Mention, ...] = ()
    left: tuple[tuple[InHand, str], ...] = ()  # with why it stays
    drafts: tuple[str, ...] = ()  # ids: their words stay theirs, and can be gone on from


async def holdings(room: Room, name: str = "") -> Person:
    """Return what somebody holds, oneself without a name."""
    wanted = name or room.actor.name
    found = (one for one in await who(room) if one.id == wanted)
    return next(found, Person(id=wanted))


async def needed(room: Room, name: str = "") -> tuple[str, ...]:
    """Return what somebody has to do next, oneself without a name, the soonest of a case first.

    Tasks, updates, questions and approvals, each with its time, and pages nobody answered.
    """
    who_, now = name or room.actor.name, room.clock.now()
    told = [
        f"{state.id}: {line}"
        for state in await reading.incidents(room)
        if who_ in hands(state) and state.status == "open"
        for line in brief(state, now, who_).needed_from_you
    ]
    pages = (await notifying_looking.standing(room)).mine(who_)
    return (*told, *(f"{page.id} waits for an answer" for page in pages))


async def offer_all(room: Room, to: str, words: str = "") -> Shift:
    """Hand everything one holds to a successor; Refused where one holds nothing at all.

    Parts are offered, and all else of their incidents waits for the answer.
    """
    return await as_one(room, lambda inside: _offer_all(inside, to, words))


async def _offer_all(room: Room, to: str, words: str) -> Shift:
    taker = _successor(room, to)
    mine = await holdings(room)
    if not (mine.hands or mine.claims):
        raise Refused("nothing", "you hold nothing that could be handed over")
    waiting = {thing.incident for thing in mine.hands if thing.kind == "role"}
    done, left = list[InHand](), list[tuple[InHand, str]]()
    for thing in mine.hands:
        try:
            await _offer(room, thing, taker, words, waiting)
            done.append(thing)
        except Refused as refused:
            left.append((thing, refused.message))
    for post in mine.claims:
        if post.incident not in waiting:
            await triage.assign(room, post.id, taker)
    return _shift(mine, taker, done, left)


def _successor(room: Room, to: str) -> str:
    taker = person(to, tuple(member.id for member in room.config.team))
    member = member_of(room.config.team, taker)
    if taker == room.actor.name:
        raise Refused("yourself", "you hold it already", "name who takes over from you")
    if member is not None and member.reads_only:
        raise Refused("reads-only", f"{taker} only reads", "name somebody who works in the room")
    return taker


async def _offer(
    room: Room, thing: InHand, taker: str, words: str, waiting: Collection[str]
) -> None:
    if thing.kind == "role":
        if thing.offered != taker:
            await roles.hand_over(room, thing.incident, thing.id, taker, words)
    elif thing.incident not in waiting:
        await _give(room, thing, room.actor.name, taker)


async def _give(room: Room, thing: InHand, giver: str, taker: str) -> None:
    """Give what is no part to somebody; Refused for what stays with whoever it is."""
    if thing.kind == "task":
        await tasks.assign(room, thing.incident, thing.id, taker)
    elif thing.kind == "enquiry":
        await enquiries.assign(room, thing.incident, thing.id, taker)
    else:
        raise Refused("stays", f"it stays with {giver}, whom somebody counts on by name")


async def take_all(room: Room, giver: str) -> Shift:
    """Take over everything a colleague holds; Refused while they are here and offer nothing."""
    return await as_one(room, lambda inside: _take_all(inside, giver))


async def _take_all(room: Room, giver: str) -> Shift:
    me, theirs = room.actor.name, await holdings(room, giver)
    known = await reading.incidents(room)
    offered = {(inc.id, one.role) for inc in known for one in offers_to(inc, me) if one.by == giver}
    if not (theirs.hands or theirs.claims):
        told = f"{giver} holds nothing that could be taken over"
        raise Refused("nothing", told + await _first(room, known, giver))
    if not offered and theirs.here:
        hint = f"they hand it over: crisisroom handover {me}"
        raise Refused("no-offer", f"{giver} is here and has offered you nothing", hint)
    done, left = list[InHand](), list[tuple[InHand, str]]()
    for thing in theirs.hands:
        try:
            await _take(room, thing, giver, offered)
            done.append(thing)
        except Refused as refused:
            left.append((thing, refused.message))
    for post in theirs.claims:
        await triage.claim(room, post.id, take=True, reason=f"took over from {giver}")
    return _shift(theirs, me, done, left)


async def _first(room: Room, known: Sequence[Incident], giver: str) -> str:
    """Return who took something over from a person a moment ago; empty where nobody did."""
    now = room.clock.now()
    for state in known:
        for entry in reversed(await reading.timeline(room, state.id, max(0, state.seq - _LOOKED))):
            taken = entry.data.get("was") == giver or entry.data.get("person") == entry.actor
            fresh = now - entry.recorded_at <= JUST and entry.actor != room.actor.name
            if entry.kind in _TAKEN and taken and fresh:
                return f": {entry.actor} was first, {ago(entry.recorded_at, now)}: {entry.text}"
    return ""


async def _take(
    room: Room, thing: InHand, giver: str, offered: Collection[tuple[str, str]]
) -> None:
    if thing.kind != "role":
        await _give(room, thing, giver, room.actor.name)
    elif (thing.incident, thing.id) in offered:
        await roles.accept(room, thing.incident, thing.id)
    else:
        await roles.take(room, thing.incident, thing.id, f"{giver} has gone off shift")


def _shift(giver: Person, taker: str, done: list[InHand], left: list[tuple[InHand, str]]) -> Shift:
    return Shift(
        giver=giver.id,
        taker=taker,
        hands=tuple(done),
        claims=giver.claims,
        left=tuple(left),
        drafts=tuple(draft.id for draft in giver.drafts),
    )
