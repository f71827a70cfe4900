"""How telling people does, in figures: messengers, places outside, pages, tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from crisisroom.room import Room, notifying_looking, notifying_outside
from crisisroom.room.notifying_looking import Standing
from crisisroom.room.notifying_outside import Reached

_SLACK = timedelta(minutes=10)  # that all is well is written down every few minutes only
_MISSED = 3  # calls that a place may lack before it counts as not called


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """A messenger, or a place outside that is called: ok, failing, stale (not called) or new.

    `at` is since when it fails, else when it was last known to work.
    """

    id: str
    state: str
    at: datetime | None = None


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """How people are told; pages are those that want an answer and have none."""

    messengers: tuple[Way, ...] = ()
    outside: tuple[Way, ...] = ()
    pages: Mapping[str, int] = {}  # by state, without those of tests
    unanswered: tuple[str, ...] = ()  # ids of those that nobody answered though all were told
    missed: int = 0  # people who did not answer their last test page
    ending: tuple[tuple[str, datetime], ...] = ()  # tokens that end soon, and when


async def telling_of(room: Room) -> Telling:
    """Take the figures of telling people, as far as whoever asks may know of it."""
    known = await notifying_looking.standing(room)
    failing = dict(known.failing)
    return Telling(
        messengers=tuple(
            Way(id=one.id, state="failing" if one.id in failing else "ok", at=failing.get(one.id))
            for one in room.config.messengers
        ),
        outside=tuple(_outside(room, known)),
        pages=Counter(one.state for one in known.waiting),
        unanswered=tuple(one.id for one in known.unanswered),
        missed=len(known.missed),
        ending=known.expiring,
    )


def _outside(room: Room, known: Standing) -> Iterator[Way]:
    if room.config.rehearses:  # a drill calls nobody outside
        return
    reached = {one.place: one for one in known.outside}
    for place in notifying_outside.PLACES:
        wanted = getattr(room.config.notifying, place)
        if wanted is not None:
            most = timedelta(seconds=getattr(wanted, "every", 0) * _MISSED) + _SLACK
            yield _way(place, reached.get(place), room.clock.now(), most)


def _way(place: str, last: Reached | None, now: datetime, most: timedelta) -> Way:
    if last is None:
        return Way(id=place, state="new")
    state = "failing" if last.reason else "stale" if now - last.at > most else "ok"
    return Way(id=place, state=state, at=last.at)
