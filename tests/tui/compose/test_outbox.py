"""The outbox: what needs a person comes first, and a person settles it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.compose.stage import Night, night, showing, text_of, until

from crisisroom.core.incident import SendStatus
from crisisroom.core.timeline import Draft
from crisisroom.room import sending
from crisisroom.room.sending import way_draft
from crisisroom.tui.compose.byhand import ByHand
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.on_its_way import ways
from crisisroom.tui.compose.outbox import OutboxScreen

OK = "We are sorry. You were charged twice, and that is our mistake."
SIGNED = "Hello @pat@social.example,\n" + OK + "\n\nAda, for Ferrow"


async def on_its_way(stage: Night, state: SendStatus, reason: str = "") -> str:
    """Queue a reply, then put its way into a state as the watcher would."""
    reply = await stage.reply(SIGNED)
    acted = await sending.send(stage.room, stage.incident.id, reply.id)
    if state != "queued":
        way = acted.thing.sends["masto"]
        steps: list[Draft] = [
            way_draft(reply, way, "sending", "sends", {"try": 1, "owner": "here"})
        ]
        if state != "sending":
            steps.append(way_draft(reply, way, state, state, {"words": reason}))
        await stage.room.act(stage.incident.id, lambda _, __: steps)
    return reply.id


async def state_of(stage: Night, words_id: str) -> str:
    """Return where its way stands."""
    found = (await stage.now()).words(words_id)
    assert found is not None
    return found.sends["masto"].state


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("queued", "queued"),
        ("sending", "sending, try 1"),
        ("unknown", "in doubt"),
        ("failed", "failed"),
    ],
)
async def test_each_state_is_said_with_its_reason(
    tmp_path: Path, state: SendStatus, told: str
) -> None:
    async with night(tmp_path) as stage:
        await on_its_way(stage, state, "the server answered 503")
        screen = OutboxScreen(stage.room, stage.incident.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.pause()
            shown = text_of(app)
            assert told in shown
            assert OK[:40] in shown
            assert ("the server answered 503" in shown) == (state in ("unknown", "failed"))


async def test_doubt_is_settled_with_a_link(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        words_id = await on_its_way(stage, "unknown", "the answer was lost")
        screen = OutboxScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.press("s")
            await until(pilot, lambda: app.screen is not screen)
            await pilot.press(*"https://social.example/@ferrow/9")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "is out" in app.told())
        assert await state_of(stage, words_id) == "sent"


async def test_doubt_is_settled_as_not_sent_and_may_go_again(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        words_id = await on_its_way(stage, "unknown", "the answer was lost")
        screen = OutboxScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.press("x")
            await until(pilot, lambda: app.screen is not screen)
            assert "Look at the thread first" in text_of(app)
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "did not go out" in app.told())
            assert await state_of(stage, words_id) == "failed"
            await pilot.press("t")
            await until(pilot, lambda: "queued again" in app.told())
        assert await state_of(stage, words_id) == "queued"


async def test_nothing_is_settled_that_is_not_in_doubt(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        words_id = await on_its_way(stage, "queued")
        screen = OutboxScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            for key in ("s", "x", "t", "y"):
                await pilot.press(key)
                assert app.screen is screen
                assert app.told()
        assert await state_of(stage, words_id) == "queued"


async def test_by_hand_waits_for_a_hand(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        reply = await stage.reply(SIGNED)
        await sending.send(stage.room, stage.incident.id, reply.id, "by-hand")
        screen = OutboxScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: "waits for a hand" in text_of(app))
            await pilot.press("y")
            await until(pilot, lambda: isinstance(app.screen, ByHand))
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: app.screen is screen)
            await until(pilot, lambda: "1 sent" in text_of(app))


async def test_what_needs_a_person_stands_first(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        await on_its_way(stage, "unknown")
        statement = await stage.statement("update")
        incident = await stage.now()
        assert [way.id for way in ways(incident)] == ["R-1/masto"]
        assert statement.sends == {}


async def test_an_empty_outbox_says_so(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = OutboxScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: "Outbox   empty" in text_of(app))
            assert screen.query_one(Items).items == ()
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is not screen)
