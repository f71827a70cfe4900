"""Whom the room can tell, and how: the team's own rules, else a contact's ways to be reached."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from crisisroom.config import RoomConfig
from crisisroom.config.notifying import Notify
from crisisroom.config.settings import Messenger
from crisisroom.config.team import member_of, who_may_hold
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.notify_hours import quiet_until
from crisisroom.core.notify_matters import Duty
from crisisroom.core.playbook import Reach
from crisisroom.core.terms import zone_of
from crisisroom.room import Room, oncall
from crisisroom.store.pages import Page

AHEAD = timedelta(days=60)  # within which whoever is on duty next is looked for


class Way(msgspec.Struct, frozen=True):
    """One way to tell somebody: the kind of reach, the address, and the messenger that serves."""

    by: str
    to: str
    messenger: str


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can be told, by their own rules."""

    id: str
    name: str
    reach: tuple[Reach, ...] = ()
    notify: Notify = Notify()
    zone: str = "UTC"

    def ways(self, messengers: Iterable[Messenger], *, important: bool) -> tuple[Way, ...]:
        """Return the ways to tell them, in their order; none where nothing of ours serves one."""
        from crisisroom.notifiers.messages import serves  # a screen tells nobody by itself

        chosen = self.notify.important if important else self.notify.other
        serving: dict[str, str] = {}
        for one in messengers:
            for by in serves(one):
                serving.setdefault(by, one.id)
        wanted = [one for one in self.reach if not chosen or one.by in chosen]
        if chosen:
            wanted.sort(key=lambda one: chosen.index(one.by))
        ways = tuple(Way(one.by, one.to, serving[one.by]) for one in wanted if one.by in serving)
        return ways if important or chosen else ways[:1]

    def quiet_until(self, now: datetime) -> datetime | None:
        """Return when their quiet hours end, None where none hold now."""
        return quiet_until(self.notify.quiet, zone_of(self.zone), now)


def person_of(config: RoomConfig, who: str, incident: Incident | None = None) -> Person | None:
    """Return somebody of the team, else a contact of the incident's plan; None for nobody known.

    A member without ways of their own is reached as the contact with the same id.
    """
    contacts = incident.plan.contacts if incident else ()
    contact = next((one for one in contacts if one.id == who), None)
    member = member_of(config.team, who)
    if member is not None:
        reach = member.reach or (contact.reach if contact else ())
        zone = member.zone or config.zone
        return Person(
            id=who, name=member.name, reach=reach, notify=member.notify, zone=zone or "UTC"
        )
    if contact is None:
        return None
    return Person(id=who, name=contact.name, reach=contact.reach, zone=contact.timezone or "UTC")


async def duty_of(room: Room, now: datetime) -> Duty:
    """Return who is told where nobody else is named."""
    config, plan = room.config, room.config.oncall
    role = plan.role if plan else "lead"
    first = await oncall.on_duty(room, now)
    following = await _next_on_duty(room, now, first)
    able = who_may_hold(config.team, role)
    roles = {one for member in config.team for one in member.roles}
    return Duty(
        first=(first,) if first else able,
        backup=tuple(dict.fromkeys((*config.notifying.backup, *following))),
        may={one: who_may_hold(config.team, one) for one in roles},
    )


async def _next_on_duty(room: Room, now: datetime, first: str) -> list[str]:
    """Return who else is on duty soon, in their order: they know that it may be them."""
    try:
        shifts = await oncall.duty(room, now, now + AHEAD)
    except Refused:
        return []
    return [one for one in dict.fromkeys(shift.person for shift in shifts) if one != first]


def answer_until(room: Room, page: Page) -> datetime:
    """Return until when a test page may be answered; quiet hours, while it waits, do not count."""
    person = person_of(room.config, page.person)
    begins = person.quiet_until(page.at) if person else None
    return (begins or page.at) + timedelta(seconds=room.config.notifying.test_within)


def may_see(person: str, incident: Incident) -> bool:
    """Tell whether a person may know of an incident at all: nobody else is told anything of it."""
    return not incident.restricted_to or person in incident.restricted_to
