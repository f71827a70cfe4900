"""Moving a room to another place, file or server, with everything in it; and taking that back.

All of it is copied in one turn at writing, which ends with a word in the old place of where the
room is now: whoever is killed on the way has done nothing, and the old place stays in use. The new
place is shut until that word is written, so that never two rooms grow apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from crisisroom.clock import Clock
from crisisroom.core.errors import Refused
from crisisroom.core.timeline import ROOM, Draft
from crisisroom.room import Room
from crisisroom.store import Store, Tx, copies, log, moving
from crisisroom.store.address import FileAddress, parse
from crisisroom.store.eyes import whole
from crisisroom.store.moving import Gone, Heads, Told


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What a move came to: the places, what is over there, and the newest hash of its log."""

    source: str
    target: str
    mentions: int
    entries: int
    head: str


async def gone(room: Room) -> Gone | None:
    """Return where a room moved to, None for one that lives here."""
    return await room.store.under.read(moving.gone)


async def move(room: Room, address: str, told: Told | None = None) -> Moved:
    """Move a room to an empty place; nobody can write to the old one meanwhile, nor after it.

    Where it fails or is broken off, the room stays where it is and goes on; the same move can be
    asked for again. Refused where there is another room already.
    """
    place = parse(address)
    if place == room.store.under.address:
        raise Refused("same-place", f"the room is at {place.label} already")
    gone = await room.store.under.read(moving.gone)
    if gone and gone.to != place.label:
        raise Refused("moved", f"this room moved to {gone.to} at {gone.at}", "go on from there")
    if not gone and isinstance(place, FileAddress):
        await _refuse_taken(place, room.clock)
    async with _opened(address, room.clock) as target:
        if gone is None:
            await _refuse_used(target, room.address)
            await _over(room, target, told)
        elif not await moving.is_used(target):  # an earlier program was broken off
            await room.store.under.write(_pouring(room, target, told), though_moved=True)
        moved = await _compared(room.store.under, target)
        await target.write(moving.open_again, though_moved=True)
        return moved


async def _over(room: Room, target: Store, told: Told | None) -> None:
    """Copy the room and shut it, as one act of the old place's."""
    label = target.label
    pouring = _pouring(room, target, told)
    draft = Draft(kind="room.moved", text=f"moved the room to {label}", data={"to": label})

    async def work(tx: Tx) -> None:
        await log.append(tx, ROOM, [draft], room.author(), room.clock.now())
        await moving.shut(tx, label, room.clock.now())
        await pouring(whole(tx))
        _check_same(target, await moving.heads(whole(tx)), await target.read(moving.heads))

    try:
        await room.store.write(work)
    except asyncio.CancelledError:
        pouring.stop()  # what was begun ends without it, and is undone
        raise


def _pouring(room: Room, target: Store, told: Told | None) -> moving.Pouring:
    """Return how all is copied into a place that is shut until the old one says where it is."""

    async def shut(tx: Tx) -> None:
        await moving.shut(tx, room.address, room.clock.now())

    return moving.Pouring(target, told, then=shut)


async def _refuse_taken(place: FileAddress, clock: Clock) -> None:
    """Refuse a file that is there; one that a move began, and in which nothing is, may be."""
    if (there := copies.there(place.path)) is None:
        return
    try:
        async with _opened(place.label, clock, create=False) as left:
            used = await moving.is_used(left)
    except Refused:
        used = True
    if used:
        raise copies.taken(there)


async def _refuse_used(target: Store, source: str) -> None:
    if not await moving.is_used(target):
        return
    gone = await target.read(moving.gone)
    what, hint = "a room", "name a new file, or an empty database"
    if await target.read(moving.is_begun_only):
        what = "a room, begun when somebody opened it and never used,"
        hint = "its owner empties it: DROP SCHEMA crisisroom CASCADE, then crisisroom room prepare"
    elif gone and gone.to == source:
        what = "a copy of this room that is shut, of a move that was not finished or taken back,"
    raise Refused("not-empty", f"there is {what} at {target.label} already", hint)


@asynccontextmanager
async def _opened(address: str, clock: Clock, *, create: bool = True) -> AsyncIterator[Store]:
    """Have a place open without the first entry that a new room gets."""
    store = await Store.open(address, clock, create=create)
    try:
        yield store
    finally:
        await store.close()


async def _compared(source: Store, target: Store) -> Moved:
    """Check that every chain ends over there as it does here; Refused where one does not."""
    here, over = await source.read(moving.heads), await target.read(moving.heads)
    _check_same(target, here, over)
    return Moved(
        source=source.label,
        target=target.label,
        mentions=await target.read(moving.mentions),
        entries=sum(count for count, _ in over.values()),
        head=over[ROOM][1],
    )


def _check_same(target: Store, here: Heads, over: Heads) -> None:
    if here != over:
        other = [chain for chain in here | over if here.get(chain) != over.get(chain)]
        message = f"the room at {target.label} is not the same: {', '.join(sorted(other))}"
        raise Refused("differs", message, "crisisroom room stay keeps this one")


async def stay(room: Room, *, force: bool = False) -> Gone:
    """Take a move back: the room lives here again, and the other place is shut.

    Refused where nothing moved, and where the other place went on since or cannot be asked; `force`
    opens this one all the same.
    """
    gone = await room.store.under.read(moving.gone)
    if gone is None:
        raise Refused("not-moved", "this room lives here: it did not move")
    if not force:
        await _shut_there(room, gone)
    await _open_again(room, "took the move back")
    return gone


async def _shut_there(room: Room, gone: Gone) -> None:
    place = parse(gone.to)
    if isinstance(place, FileAddress) and not place.path.exists():
        return
    async with _opened(gone.to, room.clock) as other:
        if not await moving.is_used(other):
            return
        here = await room.store.under.read(moving.heads)
        there = await other.read(moving.heads)
        if here != there:
            message = f"the room at {gone.to} went on since it moved there"
            hint = f"crisisroom --room {gone.to} room move moves it back"
            raise Refused("went-on", message, hint)
        now = room.clock.now()
        await other.write(lambda tx: moving.shut(tx, room.address, now), though_moved=True)


async def _open_again(room: Room, text: str) -> None:
    async def work(tx: Tx) -> None:
        await moving.open_again(tx)
        draft = Draft(kind="room.stayed", text=text)
        await log.append(tx, ROOM, [draft], room.author(), room.clock.now())

    await room.store.under.write(work, though_moved=True)
