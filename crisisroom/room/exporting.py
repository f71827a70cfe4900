"""Exports made: read as one, and put on record in the room's own chain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.forlegal import withheld
from crisisroom.core.timeline import ROOM, Draft, Entry
from crisisroom.report import Profile, Record, record
from crisisroom.report.log import Log
from crisisroom.report.model import UNREADABLE
from crisisroom.room import Room
from crisisroom.store import Tx, log
from crisisroom.store.eyes import whole

Progress = Callable[[int, int], None]
_WINDOW = 500  # entries that are in memory as they are


def _silent(done: int, of: int) -> None:
    pass


class Exportable(msgspec.Struct, frozen=True):
    """An incident's id in this room, and its log as exports are made of it."""

    id: str
    record: Record
    whole: bool = True  # whether who asked may read all of it, Legal's too


async def exportable(room: Room, inc: str = "", progress: Progress = _silent) -> Exportable:
    """Return an incident's whole log; Refused when its entries do not tell an incident.

    `progress` is called with how many entries were read, of how many.
    """

    async def work(tx: Tx) -> tuple[str, Log, bool]:
        chain = await room.chain_of(tx, inc, room.store.seen)
        last, _ = await log.head(tx, chain)
        every = not await log.shut(tx, chain)
        return await _called(tx, chain), await packed(tx, chain, last, progress), every

    try:
        name, kept, every = await room.store.read(work)
    except UNREADABLE as error:
        message = "the log of an incident cannot be read: it was changed outside the room"
        raise Refused("damaged", message, "crisisroom verify names the entry") from error
    return Exportable(name, await asyncio.to_thread(record, kept), every)


async def packed(tx: Tx, chain: str, last: int, progress: Progress = _silent) -> Log:
    """Return a chain up to entry `last`, read a little at a time, so that memory stays low.

    What is for Legal and not for who asks stands there without its words.
    """
    kept, shut = Log(), await log.shut(tx, chain)
    while len(kept) < last:
        few = min(_WINDOW, last - len(kept))
        some = await log.entries(whole(tx), chain, len(kept), few)
        if not some:
            break
        kept.extend(withheld(one) if one.seq in shut else one for one in some)
        progress(len(kept), last)
    return kept


async def _called(tx: Tx, chain: str) -> str:
    """Return what an incident is called in this room: if imported, its log says otherwise."""
    return next(f"INC-{number}" for known, number in await log.chains(tx) if known == chain)


async def exports_of(room: Room, incidents: Collection[str]) -> tuple[Entry, ...]:
    """Return the room's entries on the exports of some incidents (INC-7), oldest first."""

    async def work(tx: Tx) -> tuple[Entry, ...]:
        uids = {uid for uid, number in await log.chains(tx) if f"INC-{number}" in incidents}
        made = (one for one in await log.entries(tx, ROOM) if one.kind == "export.made")
        return tuple(one for one in made if one.data["incident"] in uids)

    return await room.store.read(work)


async def note_export(room: Room, one: Exportable, format: str, profile: Profile) -> Entry:
    """Put on record that somebody made an export, of what and up to which entry.

    Refused for an export with all that Legal has, to somebody who may not read that.
    """
    if profile == "legal" and not one.whole:
        message = f"{one.id} has entries for Legal alone: the legal profile is for them"
        raise Refused("may-not", message, "--profile internal leaves those out; or ask Legal")
    data = {
        "incident": one.record.incident.uid,
        "format": format,
        "profile": profile,
        "entries": one.record.incident.seq,
        "head_hash": one.record.head_hash,
    }
    text = f"exported {one.id} as {format}, {profile}"

    async def work(tx: Tx) -> Entry:
        draft = Draft(kind="export.made", text=text, data=data)
        written = await log.append(tx, ROOM, [draft], room.author(), room.clock.now())
        return written[0]

    return await room.store.write(work, own=True)  # who only reads may export: it is on record
