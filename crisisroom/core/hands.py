"""What one person has in hand in an incident: what waits for nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from crisisroom.core.incident import Incident
from crisisroom.core.questions import asked_of


class InHand(msgspec.Struct, frozen=True):
    """One thing a person holds: `kind` is role, task, enquiry, promise or question."""

    kind: str
    incident: str  # INC-7
    id: str
    title: str
    offered: str = ""  # a role: to whom it is offered


def in_hand(state: Incident, person: str) -> tuple[InHand, ...]:
    """Return what a person holds in an open incident, parts first; nothing once it is resolved."""
    return tuple(_held(state, person)) if state.status == "open" else ()


def _held(state: Incident, person: str) -> Iterator[InHand]:
    for role in state.roles.values():
        if role.holder == person:
            offer = state.offers.get(role.id)
            to = offer.person if offer else ""
            yield InHand("role", state.id, role.id, role.title, to)
    for task in state.tasks.values():
        if task.assignee == person and task.state in ("open", "waiting"):
            yield InHand("task", state.id, task.id, task.title)
    for asked in state.enquiries.values():
        if asked.owner == person and asked.state == "open":
            yield InHand("enquiry", state.id, asked.id, f"{asked.outlet}: {asked.question}")
    for promise in state.promised.values():
        if promise.owner == person and promise.state == "open":
            yield InHand("promise", state.id, promise.id, promise.words)
    for question in asked_of(state, person, state.holds(person)):
        yield InHand("question", state.id, question.id, f"{question.by} asks: {question.ask}")


def hands(state: Incident) -> tuple[str, ...]:
    """Return everybody who holds something in an incident, each once."""
    every = [role.holder for role in state.roles.values()]
    every += [task.assignee for task in state.tasks.values() if task.state in ("open", "waiting")]
    every += [asked.owner for asked in state.enquiries.values() if asked.state == "open"]
    every += [one.owner for one in state.promised.values() if one.state == "open"]
    return tuple(dict.fromkeys(one for one in every if one))
