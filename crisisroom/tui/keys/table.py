"""All screens and their keys, by the id of the screen; all ids that can be given another key."""

from __future__ import annotations

from collections.abc import Mapping

from crisisroom.tui.keys.asking import ASKING
from crisisroom.tui.keys.composing import COMPOSING
from crisisroom.tui.keys.general import GENERAL
from crisisroom.tui.keys.key import Key, Place
from crisisroom.tui.keys.pages import OF_PAGES
from crisisroom.tui.keys.room import ROOM
from crisisroom.tui.keys.sending import OF_SENDING

PLACES: Mapping[str, Place] = {
    one.id: one for one in (*ROOM.values(), *OF_PAGES, *COMPOSING, *OF_SENDING, *ASKING)
}


def is_room(place: Place) -> bool:
    """Say whether a place is a view of the room's own screen: it has the general keys in it."""
    return place.id.startswith("room.")


def general(place: Place) -> tuple[Key, ...]:
    """Return the keys that work in a place as they do everywhere."""
    if is_room(place):
        return ()
    if place.asks:
        return tuple(one for one in GENERAL if one.id != "leave")
    return GENERAL


def all_keys(place: Place) -> tuple[Key, ...]:
    """Return every key of a place: its own, then the general ones."""
    return (*place.acts, *general(place))


def _by_id() -> dict[str, Key]:
    found: dict[str, Key] = {}
    for place in PLACES.values():
        for one in all_keys(place):
            if not one.fixed:
                found.setdefault(one.id, one)
    return found


BY_ID: Mapping[str, Key] = _by_id()
"""What has an id; where screens differ in its usual keys, those of the first one."""
