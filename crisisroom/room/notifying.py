"""Telling people: what is new is written down for each of them, once; who has it, says so.

A page stands in the store before anybody is told, one for each thing and person, whoever looks and
however often. It is open until somebody acknowledges the thing, or the thing is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.notify import SORTS, Matter
from crisisroom.core.notify_matters import Duty, still
from crisisroom.core.query import numbered
from crisisroom.core.rules import MACHINE, acknowledged
from crisisroom.core.timeline import ROOM, Draft
from crisisroom.room import Room
from crisisroom.room.checks import own
from crisisroom.room.notifying_live import Live, live, missed, note_read, test_of, works
from crisisroom.room.notifying_people import answer_until, duty_of, may_see, person_of
from crisisroom.room.repeats import once
from crisisroom.room.triage import append_to
from crisisroom.store import Tx, leases, log, pages
from crisisroom.store.leases import Lease
from crisisroom.store.pages import WAITING, Page, Try

GATHER = timedelta(seconds=60)  # for which what is not important waits for more of its kind
_BEHIND = 100  # entries that are looked at again and again rather than remembered at each
_ONCE = ("told", "action", "task", "test_missed")

replace = msgspec.structs.replace


class _Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at the room came to."""

    new: tuple[Matter, ...]
    over: tuple[Page, ...]
    missed: tuple[Page, ...]
    live: Live
    behind: bool

    @property
    def idle(self) -> bool:
        return not (self.new or self.over or self.missed or self.behind)


async def notice(room: Room, lease: Lease | None = None) -> bool:
    """Write a page for everything new, close what is over; tells whether anything was either.

    LeaseLost where somebody else does this now.
    """
    if not works(room):
        return False
    duty = await duty_of(room, room.clock.now())
    plan = await room.store.read(lambda tx: _look(tx, room, duty))
    if plan.idle:
        return False

    async def work(tx: Tx) -> None:
        if lease:
            await leases.check(tx, lease)
        for matter in plan.new:
            await _add(tx, room, matter, plan.live.incidents)
        for page in plan.over:
            await pages.save(tx, replace(page, state=pages.OVER, closed_at=room.clock.now()))
        for page in plan.missed:
            await _missed(tx, room, page, duty)
        await note_read(tx, plan.live.read)

    await room.store.write(work)
    return bool(plan.new or plan.over or plan.missed)


async def _look(tx: Tx, room: Room, duty: Duty) -> _Plan:
    now, found = room.clock.now(), await live(tx, room, duty)
    keys = {one.key for one in found.matters}
    known = await pages.known(tx, keys)
    waiting = await pages.in_state(tx, *WAITING)
    late = [one for one in waiting if one.kind == "test" and now >= answer_until(room, one)]
    over = [one for one in waiting if one.kind != "test" and _is_over(one, keys, found.incidents)]
    return _Plan(
        new=tuple(one for one in found.matters if one.key not in known and _is_news(one, now)),
        over=tuple(over),
        missed=tuple(one for one in late if one.state == pages.OPEN),
        live=found,
        behind=found.unread > _BEHIND,
    )


def _is_news(matter: Matter, now: datetime) -> bool:
    return not matter.until_old or now - matter.at <= timedelta(hours=1)


def _is_over(page: Page, keys: Iterable[str], incidents: dict[str, Incident]) -> bool:
    state = incidents.get(page.chain)
    if state is not None and not may_see(page.person, state):
        return True  # it was restricted meanwhile: it is none of theirs any more
    if page.kind in _ONCE:
        return state is not None and not still(state, page.kind, page.about)
    return page.key not in keys


async def _missed(tx: Tx, room: Room, page: Page, duty: Duty) -> None:
    """Give a test page up, and tell whoever leads."""
    now = room.clock.now()
    await pages.save(tx, replace(page, state=pages.UNANSWERED))
    await _add(tx, room, missed(page.person, page.key, now, duty), {})
    draft = unanswered_draft((page,))
    await log.append(tx, ROOM, [draft], log.Author(MACHINE), now)


async def _add(tx: Tx, room: Room, matter: Matter, incidents: dict[str, Incident]) -> None:
    """Write down a page for each who is told first; where none can be, for the next who can."""
    incident = next((one for one in incidents.values() if one.id == matter.incident), None)
    told = [one for one in matter.people if reachable(room, one, incident, matter)]
    rest = [one for one in matter.after if one not in told]
    if not told:
        told = [one for one in rest if reachable(room, one, incident, matter)][:1]
    able = bool(told)
    if not able and not (matter.sort.important and matter.people):
        return
    number, now = await pages.next_number(tx), room.clock.now()
    for person in told or matter.people[:1]:
        page = Page(
            number=number,
            key=matter.key,
            person=person,
            kind=matter.kind,
            chain=incident.uid if incident else "",
            incident=matter.incident,
            about=matter.about,
            at=matter.at,
            drill=matter.drill or room.config.rehearses,
            without=matter.without,
            after=tuple(one for one in rest if one != person),
            state=pages.OPEN if able else pages.UNANSWERED,
            due_at=now if matter.sort.important else now + GATHER,
        )
        number += await pages.add(tx, page)


def reachable(room: Room, who: str, incident: Incident | None, matter: Matter | Page) -> bool:
    """Tell whether somebody may be told of this, wants to be, and can be."""
    person = person_of(room.config, who, incident)
    if person is None or person.notify.off or (incident and not may_see(who, incident)):
        return False
    important = SORTS[matter.kind].important
    return bool(person.ways(room.config.messengers, important=important))


async def send_test(room: Room, person: str = "", *, command_id: str = "") -> tuple[Page, ...]:
    """Send a test page now, to one person or to everybody of the team; Refused where nobody is.

    It is delivered by the watcher. A repeat of the command gives the pages of the first time.
    """
    if not works(room):
        hint = "add messengers: to crisisroom.yaml, apply it, and give people a reach:"
        raise Refused("no-messengers", "this room has no way to tell anybody", hint)
    team = [member.id for member in room.config.team]
    whom = [person] if person else team
    able = [one for one in whom if reachable(room, one, None, test_of(one, room.clock.now()))]
    if person and person not in team:
        raise Usage("unknown-person", f"{person} is not in the team", f"one of {', '.join(team)}")
    if not able:
        hint = "give them reach: with a way that a messenger serves, and no notify: {off: yes}"
        raise Refused("unreachable", f"nothing reaches {person or 'anybody'}", hint)

    async def work(tx: Tx) -> tuple[Page, ...]:
        found: list[Page] = []
        for one in able:
            matter = test_of(one, room.clock.now())
            await _add(tx, room, matter, {})
            found += await pages.of_key(tx, matter.key)
        return tuple(found)

    async def again(tx: Tx, thing: str) -> tuple[Page, ...]:
        kept = [await pages.get(tx, int(number)) for number in thing.split()]
        return tuple(page for page in kept if page is not None)

    return await once(
        room,
        command_id,
        work,
        again=again,
        thing=lambda sent: " ".join(str(page.number) for page in sent),
    )


async def acknowledge(
    room: Room, page_id: str, words: str = "", *, by: str = "", via: str = ""
) -> tuple[Page, ...]:
    """Say that one has it: nobody is told of this thing any more. Returns its pages.

    Usage where there is no such page, or none that this person may know of. Who says so is whoever
    acts; `by` and `via` are for an answer from outside. A second time changes nothing.
    """
    number = numbered(page_id, "PAGE-")
    who, said = by or room.actor.name, own(words, "words")

    async def work(tx: Tx) -> tuple[Page, ...]:
        page = await pages.get(tx, number) if number is not None else None
        if page is None or not await _seen_by(tx, room, page, who):
            hint = "crisisroom notify list"
            raise Usage("unknown-page", f"there is no {page_id[:40]}", hint)
        return await _acknowledged(tx, room, (page,), who, via, said)

    return await room.store.write(work)


async def answered(room: Room, one: Try, by: str, via: str) -> tuple[Page, ...]:
    """Take an answer from outside to a message: all that it told of is acknowledged."""

    async def work(tx: Tx) -> tuple[Page, ...]:
        found = [await pages.get(tx, number) for number in one.pages]
        known = tuple(page for page in found if page is not None)
        return await _acknowledged(tx, room, known, by, via, "")

    return await room.store.write(work)


async def answered_pages(room: Room, told: Sequence[Page], by: str, via: str) -> tuple[Page, ...]:
    """Take an answer from outside to some pages."""
    return await room.store.write(lambda tx: _acknowledged(tx, room, told, by, via, ""))


async def _seen_by(tx: Tx, room: Room, page: Page, who: str) -> bool:
    state = await log.state(tx, page.chain, room.store.states) if page.chain else None
    return state is None or may_see(who, state)


async def _acknowledged(
    tx: Tx, room: Room, told: Sequence[Page], who: str, via: str, words: str
) -> tuple[Page, ...]:
    now, done = room.clock.now(), list[Page]()
    every = [page for key in dict.fromkeys(one.key for one in told)
             for page in await pages.of_key(tx, key)]  # fmt: skip
    fresh = [one for one in every if one.state in (*WAITING, pages.TOLD)]
    for page in every:
        if page in fresh:
            page = replace(
                page, state=pages.ACKNOWLEDGED, closed_at=now, closed_by=who, via=via or "room"
            )
            await pages.save(tx, page)
        done.append(page)
    for chain in dict.fromkeys(one.chain for one in fresh):
        mine = [one for one in fresh if one.chain == chain]
        await _write_acknowledged(tx, room, chain, mine, who, via, words)
    return tuple(done)


async def _write_acknowledged(
    tx: Tx, room: Room, chain: str, mine: Sequence[Page], who: str, via: str, words: str
) -> None:
    ids = [one.id for one in mine]
    data = {"pages": ids, "person": who, "via": via or "room", "words": words}
    by = f", by {via}" if via else ""
    text = f"{who} acknowledged {', '.join(ids)}{by}" + (f": {words}" if words else "")
    draft = Draft(kind="page.acknowledged", text=text, data=data)
    if via:
        draft = replace(draft, actor=MACHINE, source="system")
    if not chain:
        await log.append(tx, ROOM, [draft], room.author(), room.clock.now())
        return

    state = await log.state(tx, chain, room.store.states)
    assert state is not None
    runs = (state.escalations.get(one.about) for one in mine if one.kind == "escalation")
    called = [run for run in runs if run is not None and run.next_at is not None]
    await append_to(tx, room, state.id, [draft, *(acknowledged(run, who) for run in called)])


def unanswered_draft(given_up: Sequence[Page]) -> Draft:
    """Return the entry that says that nobody acknowledged."""
    ids = [one.id for one in given_up]
    people = list(dict.fromkeys(one.person for one in given_up))
    text = f"{', '.join(people)} did not answer {', '.join(ids)}"
    data = {"pages": ids, "people": [{"name": one} for one in people]}
    return Draft(kind="page.unanswered", text=text, data=data, actor=MACHINE, source="system")
