"""A part that is offered to a successor: who waits for whom, and when both are reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from crisisroom.core.incident import Incident, RoleState, TaskState
from crisisroom.core.recorded import Offer
from crisisroom.core.timeline import stamp

PATIENCE = timedelta(minutes=10)  # until those two are reminded of an offer


class Unanswered(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is to be told that an offer has no answer yet: whom, when, in which words."""

    who: str
    at: datetime
    words: str
    mark: str


def offers_to(state: Incident, person: str) -> tuple[Offer, ...]:
    """Return the parts that somebody is asked to take over."""
    return tuple(one for one in state.offers.values() if one.person == person)


def offers_by(state: Incident, person: str) -> tuple[Offer, ...]:
    """Return the parts that somebody has offered, and still holds."""
    return tuple(one for one in state.offers.values() if one.by == person)


def titled(state: Incident, role_id: str) -> str:
    """Return what a part is called."""
    role = state.roles.get(role_id)
    return role.title if role else role_id


def unanswered(state: Incident) -> Iterator[Unanswered]:
    """Yield whom to remind of an offer: first the one who is asked, then the one who waits."""
    for offer in state.offers.values():
        title = titled(state, offer.role)
        base = f"offer:{offer.role}@{stamp(offer.at)}"
        told = (
            (offer.person, f"{offer.by} offers you {title}: accept or decline it"),
            (offer.by, f"{offer.person} has not accepted {title}: it is still yours"),
        )
        for number, (who, words) in enumerate(told):
            mark = f"{base}#{number}"
            if mark not in state.fired:
                yield Unanswered(who=who, at=offer.at + PATIENCE, words=words, mark=mark)


def taken_on(state: Incident, role: RoleState) -> list[TaskState]:
    """Return the tasks of a part that its holder was given by name and has not closed."""
    return [
        task
        for task in state.tasks.values()
        if role.holder
        and task.role == role.id
        and task.assignee == role.holder
        and task.state in ("open", "waiting")
    ]
