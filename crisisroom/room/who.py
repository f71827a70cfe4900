"""Who is here, where they look, and what everybody holds: the answer to "who has what?"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from crisisroom.config.team import member_of
from crisisroom.core.drafts import SavedDraft
from crisisroom.core.hands import InHand, hands, in_hand
from crisisroom.core.incident import Incident
from crisisroom.core.mention import Mention
from crisisroom.core.query import Query
from crisisroom.room import Room, reading
from crisisroom.room.places import people_in, veiled
from crisisroom.store import Tx, drafts, places
from crisisroom.store import mentions as rows
from crisisroom.store.places import Presence

_MOST = 1000  # claims read; a team holds a few dozen


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the room: their open screens, when they were last here, and what they hold."""

    id: str
    name: str = ""
    access: str = ""  # observer or executive: who only reads
    screens: tuple[Presence, ...] = ()
    last_at: datetime | None = None
    hands: tuple[InHand, ...] = ()
    claims: tuple[Mention, ...] = ()
    drafts: tuple[SavedDraft, ...] = ()

    @property
    def here(self) -> bool:
        """Whether one of their screens is open."""
        return bool(self.screens)

    @property
    def screen(self) -> Presence | None:
        """The screen on which they moved last."""
        return max(self.screens, key=lambda one: one.beat or one.since, default=None)

    @property
    def busy(self) -> bool:
        """Whether they hold anything."""
        return bool(self.hands or self.claims or self.drafts)


async def people(room: Room) -> tuple[Presence, ...]:
    """Return the open screens of those who are here, longest here first."""

    async def work(tx: Tx) -> tuple[Presence, ...]:
        known = [state.id for state in await reading.incidents_in(tx, room)]
        return veiled(await people_in(tx, room), known)

    return await room.store.read(work)


async def who(room: Room) -> tuple[Person, ...]:
    """Return who is here, longest first; then who holds something, and the rest of the team."""
    return await room.store.read(lambda tx: _who(tx, room))


async def _who(tx: Tx, room: Room) -> tuple[Person, ...]:
    known = await reading.incidents_in(tx, room)
    running = [state for state in known if state.status == "open"]
    here = veiled(await people_in(tx, room), [state.id for state in known])
    claims = await _claims(tx, room, known)
    seen = {state.id for state in known}
    unsent = [one for one in await drafts.find(tx) if one.incident in seen and one.text.strip()]
    last = await places.every(tx)
    found = [
        Person(
            id=name,
            name=member.name if (member := member_of(room.config.team, name)) else "",
            access=member.access if member else "",
            screens=tuple(one for one in here if one.actor == name),
            last_at=last[name].at if name in last else None,
            hands=tuple(thing for state in running for thing in in_hand(state, name)),
            claims=tuple(one for one in claims if one.assignee == name),
            drafts=tuple(one for one in unsent if one.actor == name),
        )
        for name in _names(room, here, running, claims, unsent)
    ]
    return tuple(sorted(found, key=lambda one: (not one.here, not one.busy)))


def _names(
    room: Room,
    here: Sequence[Presence],
    running: Iterable[Incident],
    claims: Iterable[Mention],
    unsent: Iterable[SavedDraft],
) -> tuple[str, ...]:
    every = [one.actor for one in here]
    every += [name for state in running for name in hands(state)]
    every += [one.assignee for one in claims]
    every += [one.actor for one in unsent]
    every += [member.id for member in room.config.team]
    return tuple(dict.fromkeys(every))


async def _claims(tx: Tx, room: Room, known: Iterable[Incident]) -> list[Mention]:
    """Return the posts that somebody holds now, but for those of incidents one may not see."""
    seen, now = {"", *(state.id for state in known)}, room.clock.now()
    held = await rows.find(tx, Query(states=("claimed",), limit=_MOST, others=None, copies=True))
    from crisisroom.room.triage import holder_of  # every look asks who is here, few who holds what

    return [one for one in held if one.incident in seen and holder_of(one, now)]
