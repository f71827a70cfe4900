"""Approvals: whose they are, of which bytes, and what a rejection says."""

from __future__ import annotations

from pathlib import Path

from tui.compose.stage import Night, night, settled, showing, text_of, until

from crisisroom.room import approvals, words
from crisisroom.tui.compose.approve import ApprovalsScreen
from crisisroom.tui.compose.ask import TOO_FAST
from crisisroom.tui.compose.items import Items

OWN = (
    "Hello @pat@social.example,\nWe are sorry. You were charged twice, and that is our mistake. "
    "I will call you myself.\n\nAda, for Ferrow"
)


async def submitted(stage: Night, text: str = OWN) -> str:
    """Hand a reply to Legal and return its id."""
    reply = await stage.reply(text)
    await words.submit(stage.room, stage.incident.id, reply.id)
    return reply.id


async def test_it_shows_the_text_with_the_own_words_marked(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        await submitted(stage)
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.pause()
            shown = text_of(app)
            assert "1 waits for you" in shown
            assert "km-2 unchanged; underlined: their own words" in shown
            assert "You charged my card TWICE" in shown
            assert screen.here is not None
            assert [span.text for span in screen.here.free] == ["I will call you myself."]


async def test_approving_shows_the_hash_and_needs_a_hand(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        reply_id = await submitted(stage)
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.press("a", "y")
            assert app.told() == TOO_FAST
            assert screen.here is not None
            digest = screen.here.sha256
            assert digest[:4] + " " + digest[4:8] in text_of(app)
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "approved as it reads" in app.told())
        found = (await stage.now()).words(reply_id)
        assert found is not None
        said = found.approved_by()
        assert said is not None
        assert (said.by, said.sha256) == ("cy", digest)


async def test_what_changed_meanwhile_is_not_approved(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        reply_id = await submitted(stage)
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.press("a")
            await until(pilot, lambda: app.screen is not screen)
            await words.edit(stage.room, stage.incident.id, reply_id, "Other words, Ada")
            await words.submit(stage.room, stage.incident.id, reply_id)
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "reads differently now" in app.told())
        found = (await stage.now()).words(reply_id)
        assert found is not None
        assert found.state == "submitted"


async def test_rejecting_says_why(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        reply_id = await submitted(stage)
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.press("x")
            await until(pilot, lambda: app.screen is not screen)
            await pilot.press(*"no calls")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "is rejected" in app.told())
        found = (await stage.now()).words(reply_id)
        assert found is not None
        assert (found.state, found.verdicts[-1].reason) == ("rejected", "no calls")


async def test_nobody_approves_what_is_not_theirs(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        await submitted(stage)
        for name in ("ada", "bo"):
            screen = ApprovalsScreen(stage.by(name), stage.incident.id)
            async with showing(stage, screen) as (app, pilot):
                await until(pilot, lambda: screen.here)  # noqa: B023
                await pilot.pause()
                assert "a approve: Legal does" in text_of(app)
                await pilot.press("a", "x")
                assert app.screen is screen
                await settled(app, pilot)


async def test_the_playbooks_own_words_are_approved_one_by_one(tmp_path: Path) -> None:
    async with night(tmp_path, approved=False) as stage:
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen, (80, 24)) as (_, pilot):
            await until(pilot, lambda: screen.here)
            count = len(screen.query_one(Items).items)
            assert screen.here is not None
            digest = screen.here.sha256
            await pilot.press("a")
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: len(screen.query_one(Items).items) == count - 1)
        assert list(await approvals.approved(stage.room)) == [digest]


async def test_nothing_waits(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        await approvals.approve_words(stage.by("cy"), stage.incident.plan)
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: "nothing waits for approval" in text_of(app))
            await pilot.press("a")
            assert app.screen is screen


async def test_hostile_words_in_the_post_stay_literal(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        acted = await words.save_reply(
            stage.room, stage.incident.id, stage.forum.id, "It is [b]safe[/b], says Ada."
        )
        await words.submit(stage.room, stage.incident.id, acted.thing.id)
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: "[@click=app.quit] is my card" in text_of(app))
            assert "It is [b]safe[/b], says Ada." in text_of(app)
