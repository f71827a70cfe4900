"""A plan with duties, escalations and people to call, and an incident that runs by it."""

from __future__ import annotations

import msgspec
from room.people import PLAN, SETTINGS

from crisisroom.config import RoomConfig
from crisisroom.core.condition import Condition
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import (
    Cadence,
    Contact,
    Deadline,
    Escalation,
    EscalationStep,
    Fact,
    Reach,
    Role,
)
from crisisroom.room import Acted, Room, lifecycle
from crisisroom.room.settings import apply_config

CONTACTS = (
    Contact("press", "The press office", (Reach("phone", "+49 30 9"),), org="media"),
    Contact("ada", "Ada", (Reach("phone", "+49 170 1"), Reach("signal", "ada.1")), roles=("lead",)),
    Contact("bo", "Bo", (Reach("phone", "+49 170 2"),), checked="2026-11-01"),
    Contact("lab", "The lab", (Reach("phone", "+49 30 1234"),), hours="Mo-Fr 08:00-18:00"),
    Contact(
        "authority",
        "The authority",
        (Reach("phone", "+1 202 5"),),
        org="authority",
        hours="24/7",
        timezone="America/New_York",
        language="es",
    ),
)
FULL = msgspec.structs.replace(
    PLAN,
    reviewed="2026-10-01",
    facts=(*PLAN.facts, Fact("known_since", "Known since"), Fact("data", "Personal data")),
    roles=(
        Role("lead", "Lead", required=True, backup="bo"),
        *PLAN.roles[1:],
    ),
    contacts=CONTACTS,
    escalations=(
        Escalation(
            "lead-awake",
            "Wake the lead",
            (EscalationStep(("lead",), 300), EscalationStep(("bo", "lab"), 600)),
        ),
    ),
    deadlines=(
        Deadline("gdpr", "Tell the authority (Art. 33)", starts="known_since", within="72h"),
        Deadline(
            "people",
            "Tell those affected",
            starts="known_since",
            within="4bd",
            when=Condition("is", subject="fact.data", values=("yes",)),
        ),
    ),
    cadences=(
        *PLAN.cadences,
        Cadence("inside", "employees", "inside", 600, after_news=900),
    ),
)
TWO = msgspec.structs.replace(
    FULL,
    escalations=(
        *FULL.escalations,
        Escalation("board", "Tell the board", (EscalationStep(("bo",)),)),
    ),
)


async def running(room: Room, settings: RoomConfig = SETTINGS, plan: object = FULL) -> Acted:
    """Set the room up and declare INC-1 by the full plan."""
    await apply_config(room, settings, "crisisroom.yaml")
    assert isinstance(plan, type(FULL))
    return await lifecycle.declare(room, "Kettles overheat", playbook=plan, severity="sev2")


def kinds(acted: Acted) -> list[str]:
    """Return the kinds of what followed from an act by itself."""
    return [entry.kind for entry in acted.followed]


def run_of(state: Incident, escalation: str = "lead-awake") -> tuple[int, int, tuple[str, ...]]:
    """Return where an escalation stands: its round, its step, and who was called."""
    run = state.escalations[escalation]
    return run.round, run.step, run.called
