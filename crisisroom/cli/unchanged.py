"""Opening a room to look at it, and to change nothing: no upgrade, no settings, nothing ended."""

from __future__ import annotations

from crisisroom.cli.admitting import admit, named_by_server
from crisisroom.cli.context import Context
from crisisroom.config import RoomConfig
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.room import Room
from crisisroom.store import SCHEMA
from crisisroom.store.full import FullDisk
from crisisroom.store.written import Written, written


async def looked_at(context: Context) -> Room:
    """Open the room as it is, for whoever closes it; Unavailable for one of an older program."""
    address = context.address()
    found = await written(address)
    if found is not None:
        _refuse_to_change(found, address)
    try:
        room = await Room.open(address, actor=context.actor(), clock=context.clock, create=False)
    except Unavailable as refused:
        if refused.code != "disk-full":
            raise
        return await on_full_disk(context)
    return await _admitted(room, context, address)


async def looked_on(context: Context) -> Room:
    """Open the room as it is for who only looks on: nothing can be written through it."""
    room = await looked_at(context)
    room.store.under.looks_on = True
    return room


async def on_full_disk(context: Context) -> Room:
    """Open the room's file where there is no place left beside it, for whoever closes it."""
    address = context.address()
    store = await FullDisk.open(address, context.clock, create=False)
    room = Room(store, context.actor(), RoomConfig())
    try:
        await room.reload()
    except BaseException:
        await room.close()
        raise
    return await _admitted(room, context, address)


async def _admitted(room: Room, context: Context, address: str) -> Room:
    try:
        named_by_server(room)
        admit(room, context, address)
    except BaseException:
        await room.close()
        raise
    return room


def _refuse_to_change(found: Written, address: str) -> None:
    if found.schema < SCHEMA:
        since = f", of {found.at[:10]}" if found.at else ""
        raise Unavailable(
            "older-room",
            f"the room is of an older program (schema {found.schema}{since};"
            f" this one's is {SCHEMA})",
            "crisisroom watch or the screen brings it up to date, after a copy",
        )
    if not found.begun:
        hint = "crisisroom watch or the screen opens it"
        raise Refused("no-room", f"the room at {address} is prepared, and nobody opened it", hint)
