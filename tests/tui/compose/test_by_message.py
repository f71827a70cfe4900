"""Approvers without a terminal: asked from the approvals, their code entered and never shown."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.compose.sides import MORE, drafted, spoken
from tui.compose.stage import PLAYBOOK, Night, Shown, showing, text_of, until

from crisisroom.notifiers.messages import Message
from crisisroom.room import Room, words
from crisisroom.tui.compose import by_message
from crisisroom.tui.compose.approve import ApprovalsScreen
from crisisroom.tui.compose.ask import Confirm
from crisisroom.tui.compose.by_message import Code, Secret
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.picker import Pick

LEA = (
    "contacts:\n  - {id: lea, name: Lea Roth, roles: [legal],"
    " reach: [{by: email, to: lea@ferrow.example}]}\n"
    "  - {id: max, name: Max Bo, roles: [legal], reach: [{by: phone, to: '+00 12'}]}\n"
)
WITH_LEA = PLAYBOOK.replace("contacts:\n", LEA) + MORE
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


class Post:
    """A messenger that keeps what it was given."""

    id = "post"

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []

    def serving(self, by: str) -> Post | None:
        """Serve mail alone."""
        return self if by == "email" else None

    async def carry(self, to: str, message: Message) -> None:
        """Keep it."""
        self.sent.append((to, message))

    @property
    def code(self) -> str:
        """The code in the last message."""
        found = CODE.search(self.sent[-1][1].text)
        assert found is not None
        return found[0]


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    """Let messages go to a list."""
    kept = Post()

    @asynccontextmanager
    async def lent(room: Room) -> AsyncIterator[Post]:
        yield kept

    monkeypatch.setattr(by_message, "messengers_of", lent)
    return kept


async def submitted(stage: Night) -> None:
    """Hand a statement to Legal."""
    await drafted(stage)
    await words.submit(stage.room, stage.incident.id, "ST-1")


async def choose(app: Shown, pilot: Pilot[None], told: str) -> None:
    """Press the number before these words in the list of what can be done."""
    await pilot.press("c")
    await until(pilot, lambda: isinstance(app.screen, Pick))
    await until(pilot, lambda: app.screen.query_one(Items).items)
    await until(pilot, lambda: told in text_of(app))
    row = next(line for line in text_of(app).split("\n") if told in line)
    number = re.search(r"\d", row)
    assert number is not None
    await pilot.press(number[0])


async def asked(stage: Night, app: Shown, pilot: Pilot[None]) -> None:
    """Send the text and a code to Lea."""
    await choose(app, pilot, "Legal: Lea Roth   send the text and a code by email")
    await until(pilot, lambda: isinstance(app.screen, Confirm))
    stage.clock.advance(1)
    await pilot.press("y")
    await until(pilot, lambda: "Lea Roth is asked" in app.told())


@pytest.mark.parametrize("palette", ["dark", "mono"])
async def test_who_is_heard_by_phone_approves_by_code(
    tmp_path: Path, post: Post, palette: str
) -> None:
    async with spoken(tmp_path, playbook=WITH_LEA) as stage:
        await submitted(stage)
        screen = ApprovalsScreen(stage.room, stage.incident.id)
        async with showing(stage, screen, (80, 24), palette) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await asked(stage, app, pilot)
            assert [to for to, _ in post.sent] == ["lea@ferrow.example"]
            code = post.code
            await until(pilot, lambda: "Lea Roth has the text and a code" in text_of(app))
            assert code not in text_of(app)
            await choose(app, pilot, "read the code out: enter it")
            await until(pilot, lambda: isinstance(app.screen, Code))
            await pilot.press(*code)
            await until(pilot, lambda: app.screen.query_one(Secret).value == code)
            await pilot.pause()
            assert code not in text_of(app)
            assert code[:4] not in text_of(app)
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "has the word of Lea Roth, by code" in app.told())
        said = (await stage.words("ST-1")).approved_by()
        assert said is not None
        assert (said.by, said.recorded_by) == ("Lea Roth", "ada")


async def test_a_wrong_code_is_refused_and_nothing_of_it_is_kept(
    tmp_path: Path, post: Post
) -> None:
    async with spoken(tmp_path, playbook=WITH_LEA) as stage:
        await submitted(stage)
        screen = ApprovalsScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await asked(stage, app, pilot)
            await choose(app, pilot, "read the code out: enter it")
            await until(pilot, lambda: isinstance(app.screen, Code))
            await pilot.press(*"ABC")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "that is no code" in app.told())
            await pilot.press(*"D-2345")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "that is not the code for ST-1" in app.told())
        assert (await stage.words("ST-1")).state == "submitted"


async def test_a_no_by_phone_sends_it_back(tmp_path: Path, post: Post) -> None:
    async with spoken(tmp_path, playbook=WITH_LEA) as stage:
        await submitted(stage)
        screen = ApprovalsScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await asked(stage, app, pilot)
            await choose(app, pilot, "says no, with a reason")
            await until(pilot, lambda: not isinstance(app.screen, Pick))
            await pilot.press(*"not so")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "goes back: Lea Roth says no" in app.told())
        held = await stage.words("ST-1")
        assert (held.state, held.verdicts[-1].by) == ("rejected", "Lea Roth")


async def test_who_cannot_be_reached_is_named_with_their_phone(tmp_path: Path, post: Post) -> None:
    async with spoken(tmp_path, playbook=WITH_LEA) as stage:
        await submitted(stage)
        screen = ApprovalsScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await choose(app, pilot, "Legal: Max Bo")
            await until(pilot, lambda: "no messenger reaches them, phone +00 12" in app.told())
        assert post.sent == []
