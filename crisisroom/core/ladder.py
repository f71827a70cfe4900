"""The phone ladder: whom to call in which order, what time it is there, whether it still holds.

It needs nothing but the plan and the incident, so it can be read with every network down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

import msgspec

from crisisroom.core.hours import Opening, opening, read_hours
from crisisroom.core.incident import Call, Incident
from crisisroom.core.playbook import Contact, Playbook, Role
from crisisroom.core.terms import zone_of

STALE_AFTER = timedelta(days=180)  # people change their numbers and their jobs
OUTSIDE = ("authority", "agency", "media", "partner")  # in the order in which they are called
UNKNOWN = Opening(None)


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One contact as it stands on the ladder at one moment."""

    contact: Contact
    place: str  # why it stands here: Crisis lead, backup: Crisis lead, authority
    holds: tuple[str, ...] = ()  # titles of the roles held in the incident
    local: datetime  # the time there
    zone: str
    opening: Opening = UNKNOWN  # by its hours; not known where they are words, or missing
    calls: tuple[Call, ...] = ()  # oldest first
    stale: str = ""  # why it may no longer be right, in words


def ladder(
    plan: Playbook, now: datetime, incident: Incident | None = None, zone: str = "UTC"
) -> tuple[Rung, ...]:
    """Return every contact of a plan once, in the order of calling.

    Roles come first, each with its holder, its backup and whoever else is named for it, then
    other colleagues, then authorities, agency, media and partners. `zone` is the time zone of
    contacts that name none.
    """
    held = {role.id: role.holder for role in incident.roles.values()} if incident else {}
    places: dict[str, str] = {}
    for contact, place in _order(plan, held):
        places.setdefault(contact.id, place)
    contacts = {contact.id: contact for contact in plan.contacts}
    return tuple(
        _rung(plan, contacts[name], place, now, incident, zone) for name, place in places.items()
    )


def _order(plan: Playbook, held: Mapping[str, str]) -> Iterator[tuple[Contact, str]]:
    for role in plan.roles:
        yield from _of_role(plan, role, held.get(role.id, ""))
    for org in ("internal", *OUTSIDE):
        for contact in plan.contacts:
            if contact.org == org:
                yield contact, "colleague" if org == "internal" else org


def _of_role(plan: Playbook, role: Role, holder: str) -> Iterator[tuple[Contact, str]]:
    named = [contact for contact in plan.contacts if role.id in contact.roles]
    if (one := contact_of(plan, holder)) is not None:
        yield one, role.title
    elif named and not holder:
        yield named[0], role.title
    for contact in plan.contacts:
        if contact.id == role.backup:
            yield contact, f"backup: {role.title}"
    for contact in named:
        yield contact, f"also: {role.title}"


def contact_of(plan: Playbook, person: str) -> Contact | None:
    """Return the contact that a person of the team is: by its id, else by its name."""
    by_name = (one for one in plan.contacts if one.name.casefold() == person.casefold())
    same = (one for one in plan.contacts if one.id == person)
    return next(same, None) or next(by_name, None)


def _rung(
    plan: Playbook,
    contact: Contact,
    place: str,
    now: datetime,
    incident: Incident | None,
    zone: str,
) -> Rung:
    there = contact.timezone or zone
    hours = read_hours(contact.hours)
    return Rung(
        contact=contact,
        place=place,
        holds=_held_by(plan, contact, incident) if incident else (),
        local=now.astimezone(zone_of(there)),
        zone=there,
        opening=opening(hours, now, zone_of(there)) if hours else UNKNOWN,
        calls=_calls(contact, incident) if incident else (),
        stale=stale(plan, contact, now.astimezone(zone_of(zone)).date()),
    )


def _held_by(plan: Playbook, contact: Contact, incident: Incident) -> tuple[str, ...]:
    return tuple(
        role.title
        for role in incident.roles.values()
        if role.holder and contact_of(plan, role.holder) == contact
    )


def _calls(contact: Contact, incident: Incident) -> tuple[Call, ...]:
    return tuple(call for call in incident.calls if call.contact == contact.id)


def stale(plan: Playbook, contact: Contact, today: date) -> str:
    """Return why a contact may no longer be right, nothing while it can be trusted.

    It is checked by its own date; without one, by the last review of its playbook.
    """
    if contact.checked:
        age = today - date.fromisoformat(contact.checked)
        return f"last checked {contact.checked}" if age > STALE_AFTER else ""
    if not plan.reviewed:
        return "nobody ever checked it"
    due = date.fromisoformat(plan.reviewed) + timedelta(seconds=plan.review_every)
    return f"not checked since the review of {plan.reviewed}" if today > due else ""


def hours_words(rung: Rung) -> str:
    """Return when a contact can be reached, in their own time: open now until 18:00."""
    hours, state = rung.contact.hours, rung.opening
    if state.now is None:
        return hours or "hours not known"
    if state.changes_at is None:
        return "open day and night" if state.now else "never open"
    local = state.changes_at.astimezone(zone_of(rung.zone))
    today = local.date() == rung.local.date()
    when = f"{local:%H:%M}" if today else f"{local:%a %H:%M}"
    return f"open now until {when}" if state.now else f"outside hours, opens {when}"
