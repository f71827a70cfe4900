"""What is being erased, kept until it is: whoever opens the room after a crash ends it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.handles import handle_key
from crisisroom.core.persons import Person
from crisisroom.core.timeline import ROOM, Draft
from crisisroom.room import Actor, Room
from crisisroom.store import Tx, erase_begun, leases, log
from crisisroom.store import settings as kept
from crisisroom.store.erase_begun import FREE
from crisisroom.store.ids import salt
from crisisroom.store.leases import Lease

_GOING = "erase.going"  # what was erased and is not on record yet
_SALT = "erase.salt"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to be erased, why, at whose request; `places` are the copies to do it in as well."""

    persons: tuple[Person, ...]
    why: str
    actor: Actor
    places: tuple[str, ...] = ()


class Count(msgspec.Struct, frozen=True):
    """How much of one person went."""

    mentions: int = 0
    entries: int = 0
    files: int = 0


async def begin(room: Room, asked: Request) -> Lease:
    """Keep what is to be done, in the transaction that takes the job; Refused if it is taken."""

    async def work(tx: Tx) -> Lease:
        lease = await erase_begun.take(tx, asked.actor.name, room.clock)
        if lease is None:
            message = "somebody else erases at the moment"
            raise Refused("erasing", message, "wait until that is done")
        await erase_begun.unsettle(tx, FREE)
        await erase_begun.ask(tx, msgspec.json.encode(asked).decode())
        return lease

    return await room.store.write(work)


async def forget(room: Room) -> None:
    """Forget whose erasure it was: what is left to do needs no name."""
    await room.store.write(lambda tx: erase_begun.ask(tx, ""))


async def end(room: Room, lease: Lease) -> None:
    """Give the job back, with no request left."""

    async def work(tx: Tx) -> None:
        await erase_begun.ask(tx, "")
        await leases.release(tx, lease)

    await room.store.write(work)


async def asked_for(tx: Tx) -> Request | None:
    """Return what was to be erased when the program ended, None where that is done."""
    text = await erase_begun.request(tx)
    return msgspec.json.decode(text, type=Request) if text else None


async def note(tx: Tx, persons: Sequence[Person], counts: Mapping[int, Count]) -> None:
    """Add to what is to be put on record, in the transaction that did it."""
    if not counts:
        return
    going = await _noted(tx)
    for who, one in counts.items():
        name = await _digest(tx, persons[who])
        before = going.get(name, Count())
        going[name] = Count(
            before.mentions + one.mentions, before.entries + one.entries, before.files + one.files
        )
    await kept.put(tx, _GOING, msgspec.json.encode(going).decode())


async def _noted(tx: Tx) -> dict[str, Count]:
    text = await kept.get(tx, _GOING)
    return msgspec.json.decode(text, type=dict[str, Count]) if text else {}


async def _digest(tx: Tx, person: Person) -> str:
    """Return what this room alone can tell a person by whom it erased."""
    secret = await kept.get(tx, _SALT)
    if not secret:
        secret = salt()
        await kept.put(tx, _SALT, secret)
    known = (person.handle, *person.mails, *person.names, *person.phones, *person.links)
    first = next(handle_key(one) for one in known if one)
    return hashlib.sha256(f"{secret}\0{first}".encode()).hexdigest()


async def on_record(room: Room) -> int:
    """Put on the room's own log what was erased, which names nobody; returns the last entry."""

    async def work(tx: Tx) -> int:
        going = await _noted(tx)
        if not going:
            return 0
        drafts = [
            Draft(
                kind="person.erased",
                text=f"erased a person: {one.mentions} posts, {one.entries} entries",
                data={"digest": name, **msgspec.to_builtins(one)},
            )
            for name, one in sorted(going.items())
        ]
        written = await log.append(tx, ROOM, drafts, room.author(), room.clock.now())
        await kept.put(tx, _GOING, "")
        return written[-1].seq

    return await room.store.write(work)
