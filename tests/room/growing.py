"""The small playbook with conditions, kinds of facts and evidence, and a second one."""

from __future__ import annotations

from typing import Any

import msgspec
from room.people import PLAN, SETTINGS, declared

from crisisroom.config import RoomConfig
from crisisroom.core.condition import Condition
from crisisroom.core.playbook import (
    Cadence,
    Calm,
    Deadline,
    Fact,
    KeyMessage,
    Phase,
    Playbook,
    Question,
    Resolve,
    Role,
    Severity,
    StatementTemplate,
    Task,
)
from crisisroom.room import Acted, Room, lifecycle
from crisisroom.room.settings import apply_config

replace = msgspec.structs.replace

RICH = replace(
    PLAN,
    questions=(
        Question("harm", "Is anybody hurt?", yes="sev1"),
        Question("truth", "Is it true?", yes="sev2"),
    ),
    facts=(
        *PLAN.facts,
        Fact("hurt", "Is anybody hurt", type="yes-no"),
        Fact("count", "How many", type="number", unit="kettles"),
        Fact("place", "Where", type="choice", options=("Europe", "Germany")),
        Fact("aware", "When we knew", type="time"),
        Fact("legal", "What counsel says", confirm_by="legal"),
    ),
    phases=(
        *PLAN.phases,
        Phase(
            "people",
            "People who are hurt",
            (
                Task(
                    "doctor",
                    "Ring whoever is hurt",
                    role="lead",
                    within=900,
                    required=True,
                    when=Condition("is", (), "fact.hurt", ("yes",)),
                ),
                Task("report", "Say who was told", evidence="mention"),
                Task("out", "First words are out", evidence="statement"),
                Task("sheet", "The number is known", evidence="fact"),
                Task("round", "Look at the feed", repeat=1800, within=600),
            ),
        ),
    ),
    deadlines=(Deadline("authority", "Tell the authority", starts="aware", within="72h"),),
    resolve=Resolve(calm=Calm(quiet=3600, below=3, next_morning=False)),
)

HOAX = Playbook(
    schema=1,
    id="hoax",
    title="A hoax",
    version=2,
    severities=(Severity("high", "High"), Severity("low", "Low")),
    facts=(Fact("claim", "What they claim", may_fill=True), Fact("cause", "What made it spread")),
    roles=(Role("lead", "Crisis lead"), Role("press", "Press officer")),
    phases=(
        Phase(
            "check",
            "Check",
            (
                Task("pause", "Pause everything", within=600, required=True),
                Task("rebut", "Show what is true", within=1800, role="press", needs=("pause",)),
            ),
        ),
    ),
    statements=(
        StatementTemplate("rebuttal", "update", "What is true", "Not so: {{fact.claim}}.", "staff"),
    ),
    key_messages=(KeyMessage("fake", "Not ours", "This picture is not ours."),),
    cadences=(Cadence("inside", "staff", "rebuttal", 600, {"high": 600, "low": 1200}),),
)


async def rich(room: Room, settings: RoomConfig = SETTINGS, **more: Any) -> Acted:
    """Set the room up and declare INC-1 by the rich playbook."""
    await apply_config(room, settings, "crisisroom.yaml")
    return await lifecycle.declare(
        room, "Kettles overheat", playbook=RICH, **{"severity": "sev2"} | more
    )


async def with_team(room: Room) -> Acted:
    """Declare by the small playbook in a room with a team."""
    from room.people import WITH_TEAM

    acted = await declared(room)
    await apply_config(room, WITH_TEAM, "crisisroom.yaml")
    return acted
