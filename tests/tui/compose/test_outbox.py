"""The outbox: what needs a person comes first, and a person settles it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tui.compose.sides import published, spoken, went_out
from tui.compose.stage import Night, night, showing, text_of, until

from crisisroom.core.incident import SendStatus
from crisisroom.core.timeline import Draft
from crisisroom.room import lifecycle, reading, roles, sending, statements, stopping, words
from crisisroom.room.sending import way_draft
from crisisroom.tui.compose.byhand import ByHand
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
        ("queued", "nobody watches this room"),
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
            await until(pilot, lambda: "Look at the thread first" in text_of(app))
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
        assert [way.id for way in ways([incident])] == ["INC-1/R-1/masto"]
        assert statement.sends == {}


async def test_an_empty_outbox_says_so(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = OutboxScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: "Outbox   empty" in text_of(app))
            await until(pilot, lambda: "A reply goes out with r on a post" in text_of(app))
            assert screen.here is None
            await pilot.press("i", "escape")
            await until(pilot, lambda: app.screen is not screen)


async def second(stage: Night, step: str) -> str:
    """Declare a second incident whose update came to this end; return its id."""
    plan = stage.incident.plan
    declared = await lifecycle.declare(stage.room, "Double rent", playbook=plan, severity="sev2")
    inc = declared.incident.id
    await roles.take(stage.by("cy"), inc, "legal")
    held = (await statements.draft(stage.room, inc, "update", "We look into it.")).thing
    await words.submit(stage.room, inc, held.id)
    await words.approve(stage.by("cy"), inc, held.id, held.sha256)
    await sending.publish(stage.room, inc, held.id, ("masto",))
    state = await reading.incident(stage.room, inc)
    way = state.statements[held.id].sends["masto"]
    more = {"words": "no answer"} if step != "sent" else {"remote_id": "1", "remote_url": ""}
    steps: list[Draft] = [way_draft(held, way, step, step, more)]
    await stage.room.act(inc, lambda _, __: steps)
    return inc


def order(screen: OutboxScreen) -> list[str]:
    """Return how the ways stand, from the top."""
    return [f"{way.incident.id} {way.words.id} {way.place}" for way in screen.found]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_all_incidents_show_and_one_key_shows_this_one_alone(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with spoken(tmp_path) as stage:
        await published(stage, "masto")
        other = await second(stage, "unknown")
        screen = OutboxScreen(stage.room, stage.incident.id)
        async with showing(stage, screen, size) as (app, pilot):
            await until(pilot, lambda: screen.here)
            assert order(screen) == [f"{other} ST-1 in doubt", "INC-1 ST-1 sent"]
            rows = [one for one in text_of(app).splitlines() if "ST-1" in one]
            assert "INC-2" in rows[0]
            assert "INC-1" in rows[1]
            assert "1 in doubt, 1 sent" in text_of(app)
            assert "Double rent" in text_of(app)  # of the one under the cursor
            await until(pilot, lambda: "i only INC-1" in text_of(app))
            await pilot.press("i")
            await until(pilot, lambda: order(screen) == ["INC-1 ST-1 sent"])
            assert "only INC-1" in text_of(app)
            await pilot.press("i")
            await until(pilot, lambda: len(screen.found) == 2)
            await pilot.press("g", "x")
            await until(pilot, lambda: app.screen is not screen)
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "did not go out" in app.told())
        state = await reading.incident(stage.room, other)
        assert state.statements["ST-1"].sends["masto"].state == "failed"


async def test_what_needs_a_person_comes_first_and_why_it_waits_stands_once(
    tmp_path: Path,
) -> None:
    async with spoken(tmp_path) as stage:
        await published(stage, "masto")
        await published(stage, "masto", "bsky", out=False)
        await published(stage, "masto", out=False)
        await went_out(stage, "ST-3", "failed")
        await second(stage, "unknown")
        await stopping.stop(stage.room, "a wrong number")
        screen = OutboxScreen(stage.room)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.here)
            places = [one.rpartition(" ")[2] for one in order(screen)]
            assert places == ["doubt", "failed", "waiting", "waiting", "sent"]
            shown = text_of(app)
            assert "1 in doubt, 1 failed, 2 waiting, 1 sent" in shown
            assert shown.count("outgoing words are stopped by ada: a wrong number") == 1
            assert "these 2 wait: " in shown
            await pilot.press("i")
            await until(pilot, lambda: "only INC-2" in text_of(app))


async def test_it_follows_and_what_is_over_of_a_resolved_incident_is_left_out(
    tmp_path: Path,
) -> None:
    async with spoken(tmp_path) as stage:
        await published(stage, "masto", out=False)
        other = await second(stage, "sent")
        screen = OutboxScreen(stage.room, stage.incident.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: "1 waiting, 1 sent" in text_of(app))
            await went_out(stage, "ST-1")
            await until(pilot, lambda: "2 sent" in text_of(app))
            state = await reading.incident(stage.room, other)
            resolved = msgspec.structs.replace(state, status="resolved")
            assert ways([resolved]) == ()
            assert len(ways([resolved], here=other)) == 1
