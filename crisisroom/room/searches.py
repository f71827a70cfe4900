"""Saved filters: what somebody typed to narrow the feed, kept under a name for everybody."""

from __future__ import annotations

from crisisroom.core.errors import Usage
from crisisroom.core.feedfilter import Filter
from crisisroom.core.kinds import id_flaw
from crisisroom.room import Room
from crisisroom.room.checks import own, required
from crisisroom.store import filters
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
    return await room.store.write(lambda tx: filters.save(tx, name, words, who, now))


async def remove(room: Room, name: str) -> None:
    """Forget a saved filter; Usage where there is none of this name."""
    if not await room.store.write(lambda tx: filters.remove(tx, name)):
        raise Usage("name", f"there is no filter {name}", "crisisroom filter list has them")
