"""The night a day later: half reviewed, actions late and done, stories that nobody mends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec.structs import replace
from textual.pilot import Pilot
from tui.night import PLAYBOOK, advance, by_handle
from tui.seeing import see, until
from tui.story_night import story_room

from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Review
from crisisroom.room import (
    Actor,
    Room,
    corrective,
    lifecycle,
    promising,
    reading,
    reviewing,
    roles,
    stories,
    triage,
    words,
)
from crisisroom.tui.app import RoomApp

REVIEW = Review(
    due="5bd",
    owner="lead",
    sections=(
        "What happened",
        "What we said, and when",
        "What went well",
        "What did not",
        "Thanks",
    ),
    questions=(
        "Which words did people use before the room warned of it?",
        "What made it easy for a renewal to run twice?",
    ),
    optional=("What we said, and when",),
    metrics=("time_to_declare", "first_statement", "approval_wait"),
    factors=("What had been noticed before, and where did that end?", "What made it hard to see?"),
)
PLAN = replace(PLAYBOOK, review=REVIEW)
SAID = "The renewal ran twice for 310 riders.\n\nIt was seen at 03:10."


@asynccontextmanager
async def after_room(folder: Path, *, written: bool = True) -> AsyncIterator[Room]:
    """Open the room at 03:34; INC-1 has its stories; `written`: a review with something in it."""
    async with story_room(folder, incident=False) as room:
        await lifecycle.declare(room, "Double charge", playbook=PLAN, severity="sev2")
        room.config = replace(room.config, team=())
        bo = room.as_actor(Actor("bo"))
        await roles.take(room, "INC-1", "lead")
        await roles.take(bo, "INC-1", "care")
        for story in ("N-1", "N-2"):
            await stories.link(room, "INC-1", story)
        if written:
            await _review(room, bo)
        yield room


async def _review(room: Room, bo: Room) -> None:
    pat = (await by_handle(room))["@pat@social.example"].id
    await triage.link(room, "INC-1", [pat])
    await words.save_reply(room, "INC-1", pat, "You were charged twice. We call you.")
    await promising.add(room, "INC-1", "R-1", "a call back", owner="care")
    await reviewing.write(room, "INC-1", "what-happened", SAID)
    await reviewing.write(bo, "INC-1", "question:1", "They said 'two times', not 'twice'.")
    await reviewing.add_factor(bo, "INC-1", "the renewal job had no lock", "contributed")
    await reviewing.add_factor(room, "INC-1", "the bank called us first", "lucky")
    add = corrective.add
    await add(room, "INC-1", "A lock on the renewal job", "bo", "2026-11-14", kind="prevent")
    await add(
        room, "INC-1", "Say refund days on the receipt", "care", "2026-12-24", narrative="N-2",
        link="https://tickets.example/81",
    )  # fmt: skip
    await add(room, "INC-1", "Ring the bank's desk once a year", kind="detect")
    await corrective.done(room, "INC-1", "A-3", "they know our number now")
    advance(room, 1)


async def state(room: Room) -> Incident:
    """Return the incident."""
    return await reading.incident(room, "INC-1")


async def opened(pilot: Pilot[int], part: str = "") -> None:
    """Open the screen at a part."""
    await see(pilot, "mira.k")
    await pilot.press("l")
    await see(pilot, "Sections and questions")
    app = pilot.app
    assert isinstance(app, RoomApp)
    await until(pilot, lambda: "being counted" not in str(app.screen))
    if part:
        await pilot.press(part)
