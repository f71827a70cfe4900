"""Answers from outside: what waits for one, whose it is, and what it acknowledges."""

from __future__ import annotations

import hmac
import re
from datetime import datetime

import msgspec

from crisisroom.core.handles import handle_key
from crisisroom.core.notify import SORTS
from crisisroom.notifiers.messages import Answer
from crisisroom.room import Room, notifying_live
from crisisroom.room.notifying import answered
from crisisroom.room.notifying_people import Person, Way, person_of
from crisisroom.room.notifying_steps import Batch, way_of
from crisisroom.store import Tx, leases, log, pages
from crisisroom.store.leases import Lease
from crisisroom.store.pages import WAITING, Page, Try

_WORDS = re.compile(r"\s*ack\s+PAGE-([0-9]{1,9})\s+([0-9a-f]{24})\s*", re.ASCII | re.IGNORECASE)


class Awaited(msgspec.Struct, frozen=True):
    """A message that may be answered: where it went, what it is called there, and when it was."""

    to: str
    remote: str
    at: datetime


async def awaited(room: Room) -> dict[str, tuple[Awaited, ...]]:
    """Return the messages that may still be answered, by messenger."""

    async def work(tx: Tx) -> dict[str, tuple[Awaited, ...]]:
        waiting = [one for one in await pages.in_state(tx, *WAITING) if SORTS[one.kind].answer]
        numbers = {one.number: one for one in waiting}
        if not numbers:
            return {}
        found: dict[str, list[Awaited]] = {}
        for one in await pages.tries(tx, pages.SENT, pages.UNKNOWN):
            page = next((numbers[number] for number in one.pages if number in numbers), None)
            way = await _way(tx, room, one, page) if page and not one.drill else None
            if way is not None:
                found.setdefault(one.messenger, []).append(Awaited(way.to, one.remote, one.at))
        return {name: tuple(sent) for name, sent in found.items()}

    return await room.store.read(work)


async def _way(tx: Tx, room: Room, one: Try, page: Page) -> Way | None:
    person = await _person(tx, room, page)
    important = SORTS[page.kind].important
    every = person.ways(room.config.messengers, important=important) if person else ()
    return way_of(every, one)


async def _person(tx: Tx, room: Room, page: Page) -> Person | None:
    state = await log.state(tx, page.chain, room.store.seen) if page.chain else None
    return person_of(room.config, page.person, state)


async def batch_of(room: Room, one: Try) -> tuple[Batch | None, Way | None]:
    """Return what a try was about to tell, as far as it is open, and by which way."""

    async def work(tx: Tx) -> tuple[Batch | None, Way | None]:
        found = [await pages.get(tx, number) for number in one.pages]
        told = tuple(page for page in found if page is not None and page.state == pages.OPEN)
        if not told:
            return None, None
        person = await _person(tx, room, told[0])
        way = await _way(tx, room, one, told[0])
        if person is None or way is None:
            return None, None
        important = SORTS[told[0].kind].important
        batch = Batch(
            person=person,
            pages=told,
            ways=person.ways(room.config.messengers, important=important),
            step=told[0].step,
            important=important,
            drill=one.drill,
            title=one.title,
            text=one.text,
        )
        return batch, way

    return await room.store.read(work)


async def take(room: Room, messenger: str, answer: Answer) -> bool:
    """Take an answer for what it says; tells whether it acknowledged anything.

    Words have to hold the code of one message; a reaction has to be to a message of ours.
    """
    one = await room.store.read(lambda tx: _meant(tx, messenger, answer))
    if one is None:
        return False
    done = await answered(room, one, _who(room, answer) or one.person, one.way)
    return bool(done)


def _who(room: Room, answer: Answer) -> str:
    """Return who of the team answered, by what the other side calls them; empty where unknown."""
    if not answer.by:
        return ""
    named = handle_key(answer.by)
    team = room.config.team
    return next((one.id for one in team if named in map(handle_key, one.handles)), "")


async def _meant(tx: Tx, messenger: str, answer: Answer) -> Try | None:
    """Return the message that an answer is to, None where all it told of is closed already."""
    if answer.remote:
        sent = await pages.tries(tx, pages.SENT)
        one = next(
            (it for it in sent if (it.messenger, it.remote) == (messenger, answer.remote)), None
        )
    else:
        found = _WORDS.fullmatch(answer.words)
        one = await pages.coded(tx, found[2].lower()) if found else None
        if found and one and not (
            int(found[1]) in one.pages and hmac.compare_digest(one.code, found[2].lower())
        ):  # fmt: skip
            one = None
    if one is None:
        return None
    told = [await pages.get(tx, number) for number in one.pages]
    return one if any(page and page.state in WAITING for page in told) else None


async def failing(room: Room) -> tuple[str, ...]:
    """Return the messengers whose last message did not go."""
    return tuple(await room.store.read(lambda tx: notifying_live.failing(tx, room.config)))


async def well(room: Room, messenger: str, lease: Lease | None = None) -> None:
    """Remember that a messenger works again, though no message went by it since."""

    async def work(tx: Tx) -> None:
        if lease:
            await leases.check(tx, lease)
        await notifying_live.note_well(tx, messenger, room.clock.now())

    await room.store.write(work)
