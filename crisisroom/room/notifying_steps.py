"""The next step for what people are told: whose turn it is, by which ways, in which words.

One message tells one person of everything that is due for them. It stands in the store, to the
letter, before it goes out.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.notify import SORTS, Told, how_to, title_of, what_then, words_of
from crisisroom.core.terms import zone_of
from crisisroom.room import Room
from crisisroom.room.notifying_people import Person, Way, person_of
from crisisroom.store import Tx, leases, log, pages
from crisisroom.store.leases import Lease
from crisisroom.store.pages import Page, Try

BURST = timedelta(seconds=20)  # between two messages to one person, unless it is urgent for long

BEGUN = "begun"  # the refusal of a step that stands in the store already

replace = msgspec.structs.replace


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one person is told now: the pages, the ways that are left for them, and the words."""

    person: Person
    pages: tuple[Page, ...]
    ways: tuple[Way, ...]  # all of theirs, in order
    step: int = 0  # of the ways: where to go on
    important: bool
    drill: bool = False
    told: tuple[Told, ...] = ()
    title: str
    text: str

    @property
    def id(self) -> str:
        """Return what its next try is called: the same until something came of it."""
        first = self.pages[0]
        return f"{first.id}.{first.round}.{first.step}"

    @property
    def asks(self) -> bool:
        """Whether any of it wants an answer."""
        return any(SORTS[one.kind].answer for one in self.pages)


def try_id(batch: Batch, way: Way) -> str:
    """Return what a try is called; a messenger may serve several addresses of a person."""
    return f"{batch.id}.{served(batch.ways, way.messenger).index(way)}.{way.messenger}"


def served(ways: Iterable[Way], messenger: str) -> list[Way]:
    """Return the ways that one messenger serves, in their order, each once."""
    return [way for way in dict.fromkeys(ways) if way.messenger == messenger]


def way_of(ways: Iterable[Way], one: Try) -> Way | None:
    """Return by which of somebody's ways a try went, None where it is no longer theirs."""
    nth = int(one.id.split(".")[3])
    return next(iter(served(ways, one.messenger)[nth:]), None)


async def next_due(room: Room) -> datetime | None:
    """Return when the next step is due, None while nothing is open."""
    waiting = await room.store.read(lambda tx: pages.in_state(tx, pages.OPEN))
    return min((one.due_at for one in waiting), default=None)


async def due(room: Room, lease: Lease | None = None) -> tuple[Batch, ...]:
    """Return what is to be told now, one batch a person and importance.

    What falls into quiet hours is put off to their end, what comes in a burst for some seconds.
    """
    now = room.clock.now()
    found = await room.store.read(lambda tx: _due(tx, room, now))
    later = [(page, at) for pages_, at in found.later for page in pages_]
    if later:

        async def put_off(tx: Tx) -> None:
            if lease:
                await leases.check(tx, lease)
            for page, at in later:
                await pages.save(tx, replace(page, due_at=at))

        await room.store.write(put_off)
    return found.batches


class _Due(msgspec.Struct, frozen=True):
    batches: tuple[Batch, ...]
    later: tuple[tuple[tuple[Page, ...], datetime], ...]


async def _due(tx: Tx, room: Room, now: datetime) -> _Due:
    groups: dict[tuple[object, ...], list[Page]] = {}
    for page in await pages.in_state(tx, pages.OPEN):
        if page.due_at <= now:
            important = SORTS[page.kind].important
            at = (page.person, important, page.drill, page.kind == "test", page.without)
            groups.setdefault((*at, page.round, page.step), []).append(page)
    batches, later = list[Batch](), list[tuple[tuple[Page, ...], datetime]]()
    for told in groups.values():
        batch = await _batch(tx, room, tuple(told))
        until = await _until(tx, batch, now)
        if until is not None and until > now:
            later.append((batch.pages, until))
        else:
            batches.append(batch)
    return _Due(tuple(batches), tuple(later))


async def _until(tx: Tx, batch: Batch, now: datetime) -> datetime | None:
    """Return until when a batch waits: for the end of quiet hours, or for more of a burst."""
    waits = not batch.important or batch.pages[0].kind == "test"
    if waits and (quiet := batch.person.quiet_until(now)):
        return quiet
    first = all(one.step == 0 and one.round == 1 for one in batch.pages)
    last = await pages.last_to(tx, batch.person.id) if first and batch.important else None
    return last + BURST if last else None


async def _batch(tx: Tx, room: Room, told: tuple[Page, ...]) -> Batch:
    incidents = {one.chain: await _incident(tx, room, one.chain) for one in told if one.chain}
    first = told[0]
    important = SORTS[first.kind].important
    incident = incidents.get(first.chain)
    person = person_of(room.config, first.person, incident) or Person(id=first.person, name="")
    ways = person.ways(room.config.messengers, important=important)
    ways = tuple(way for way in ways if way.messenger != first.without) or ways
    whole = room.config.notifying.words == "full"
    lines = [_told(one, incidents.get(one.chain), whole=whole) for one in told]
    if len(told) == 1 and first.kind == "deadline":
        when = _when(first.at, person.zone, room.clock.now())
        lines = [replace(lines[0], when=when)]
    return Batch(
        person=person,
        pages=told,
        ways=ways if not person.notify.off else (),
        step=first.step,
        important=important,
        drill=first.drill,
        told=tuple(lines),
        title=title_of(lines),
        text=words_of(lines, again=first.round - 1, drill=first.drill),
    )


async def _incident(tx: Tx, room: Room, chain: str) -> Incident | None:
    return await log.state(tx, chain, room.store.seen)


def _told(page: Page, incident: Incident | None, *, whole: bool) -> Told:
    return Told(
        page=page.id,
        kind=page.kind,
        incident=page.incident,
        severity=incident.severity if incident else "",
        about=page.about,
        title=incident.title if incident and whole else "",
    )


def _when(due: datetime, zone: str, now: datetime) -> str:
    """Return when something is due, on the clock of whoever is told."""
    local = due.astimezone(zone_of(zone))
    said = f"{local:%Y-%m-%d %H:%M} {local.tzname()}"
    return f"due {said}" if now < due else f"it was due {said}"


def whole_text(room: Room, batch: Batch, way: Way) -> str:
    """Return the words as they go out by one way, with how to answer there, and what to do."""
    messenger = next((one for one in room.config.messengers if one.id == way.messenger), None)
    kind = messenger.type if messenger else ""
    by = {"ntfy": "the button" if messenger and messenger.replies else "", "matrix": "a reaction"}
    besides = " (nobody reads an answer to this mail)" if kind == "mail" else ""
    answer = how_to(batch.told, by=by.get(kind, ""), besides=besides)
    return "\n".join(one for one in (batch.text, answer, what_then(batch.told)) if one)


async def begin(room: Room, batch: Batch, way: Way, lease: Lease | None = None) -> Try | None:
    """Write down that a message is about to go out; None where it is over meanwhile.

    Refused where the same step was begun already.
    """
    one = Try(
        id=try_id(batch, way),
        at=room.clock.now(),
        person=batch.person.id,
        way=way.by,
        messenger=way.messenger,
        pages=tuple(page.number for page in batch.pages),
        code=secrets.token_hex(12),
        drill=batch.drill,
        title=batch.title,
        text=whole_text(room, batch, way),
        urgent=batch.important,
    )

    async def work(tx: Tx) -> Try | None:
        if lease:
            await leases.check(tx, lease)
        for page in batch.pages:
            now = await pages.get(tx, page.number)
            if now is None or (now.state, now.step, now.round) != (
                pages.OPEN, page.step, page.round
            ):  # fmt: skip
                return None
        if await pages.has_try(tx, one.id):
            raise Refused(BEGUN, f"{one.id} was begun already")
        await pages.begin(tx, one)
        return one

    return await room.store.write(work)


async def settle(room: Room, one: Try, lease: Lease | None = None) -> None:
    """Write down what came of one try."""

    async def work(tx: Tx) -> None:
        if lease:
            await leases.check(tx, lease)
        await pages.end(tx, one)

    await room.store.write(work)
