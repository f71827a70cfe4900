"""Approvals: whose they are, of which bytes, and what a rejection says."""

from __future__ import annotations

from pathlib import Path

from tui.compose.stage import PLAYBOOK, Night, night, settled, showing, text_of, until

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
            await until(pilot, lambda: digest[:4] + " " + digest[4:8] in text_of(app))
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
                await until(pilot, lambda: "a approve: Legal does" in text_of(app))
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
            await until(pilot, lambda: "It is [b]safe[/b], says Ada." in text_of(app))


TWO_STEPS = PLAYBOOK.replace(
    "  - {id: legal, by: [legal], within: 10m, preapproved: [update], break_glass: [comms]}",
    "  - id: legal\n    break_glass: [comms]\n    steps:\n"
    "      - {by: [legal], within: 10m}\n      - {by: [comms], within: 5m}",
)


async def test_the_steps_are_shown_with_who_is_missing(tmp_path: Path) -> None:
    async with night(tmp_path, playbook=TWO_STEPS) as stage:
        reply = await stage.reply(OWN, by="bo")
        await words.submit(stage.by("bo"), stage.incident.id, reply.id)
        ada = ApprovalsScreen(stage.room, stage.incident.id)
        async with showing(stage, ada) as (app, pilot):
            await until(pilot, lambda: ada.here)
            await until(pilot, lambda: "after that" in text_of(app))
            shown = text_of(app)
            assert "a approve: Legal does" in shown
            assert "1/2  Legal" in shown
            assert "03:35" in shown  # when Legal is late
        cy = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, cy) as (app, pilot):
            await until(pilot, lambda: cy.here)
            await pilot.press("a")
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "now it waits for Communications" in app.told())
            await until(pilot, lambda: "approved v1" in text_of(app))
            await pilot.press("a")
            assert app.told() == "you agreed, now Communications does"
        ada = ApprovalsScreen(stage.room, stage.incident.id)
        async with showing(stage, ada) as (app, pilot):
            await until(pilot, lambda: ada.here)
            await until(pilot, lambda: "2/2  Communications" in text_of(app))
            await until(pilot, lambda: "1 waits for you" in text_of(app))
            await pilot.press("a")
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "is approved as it reads" in app.told())
            await until(pilot, lambda: "1 approved" in text_of(app))
        assert (await stage.words(reply.id)).state == "approved"


async def test_an_approval_is_taken_back_from_the_list(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        reply_id = await submitted(stage)
        before = await stage.words(reply_id)
        await words.approve(stage.by("cy"), stage.incident.id, reply_id, before.sha256)
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.press("a")
            assert app.told() == "it is approved"
            await pilot.press("r")
            await until(pilot, lambda: app.screen is not screen)
            await pilot.press(*"no")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "is taken back" in app.told())
        assert (await stage.words(reply_id)).state == "submitted"


async def test_only_who_may_breaks_the_glass(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        reply_id = await submitted(stage)
        screen = ApprovalsScreen(stage.by("cy"), stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.press("!")
            assert app.told() == "the playbook does not let you release this"
        screen = ApprovalsScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.here)
            await pilot.press("!")
            await until(pilot, lambda: app.screen is not screen)
            await pilot.press(*"she is about to pay")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "WITHOUT APPROVAL" in app.told())
        released = (await stage.words(reply_id)).approved_by()
        assert released is not None
        assert (released.verdict, released.reason) == ("released", "she is about to pay")
