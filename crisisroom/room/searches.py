"""Saved filters: what somebody typed to narrow the feed, kept under a name for everybody."""

from __future__ import annotations

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.feedfilter import Filter
from crisisroom.core.kinds import id_flaw
from crisisroom.room import Room
from crisisroom.room.checks import own, required
from crisisroom.store import Tx, filters
from crisisroom.store.eyes import whole
from crisisroom.store.filters import SavedFilter

__all__ = ["SavedFilter", "filters_of", "remove", "save"]

LONGEST = 300  # characters of a filter


async def filters_of(room: Room) -> tuple[SavedFilter, ...]:
    """Return the room's saved filters by name."""
    return await room.store.read(filters.all)


async def save(room: Room, name: str, typed: str) -> SavedFilter:
    """Keep a filter under a name such as `press`, in place of what had that name."""
    if flaw := id_flaw(name):
        raise Usage("name", f"{name[:40]}: {flaw}", "a filter's name is written like an id")
    required(typed, "say what the filter is: is:free on:masto refund")
    words = own(typed.strip(), "filter")
    if len(words) > LONGEST:
        raise Usage("filter", f"a filter has at most {LONGEST} characters")
    if flaws := Filter(words).flaws:
        raise Usage("filter", flaws[0])
    now, who = room.clock.now(), room.actor.name

    async def work(tx: Tx) -> SavedFilter:
        if not await _shown(tx, name) and await _shown(whole(tx), name):  # it is others' alone
            raise Refused("name", f"{name} cannot be taken", "give the filter another name")
        return await filters.save(tx, name, words, who, now)

    return await room.store.write(work)


async def remove(room: Room, name: str) -> None:
    """Forget a saved filter; Usage where there is none of this name."""

    async def work(tx: Tx) -> bool:
        return await _shown(tx, name) and await filters.remove(tx, name)

    if not await room.store.write(work):
        raise Usage("name", f"there is no filter {name}", "crisisroom filter list has them")


async def _shown(tx: Tx, name: str) -> bool:
    """Tell whether there is a filter of this name for who asks."""
    return name in {one.name for one in await filters.all(tx)}
