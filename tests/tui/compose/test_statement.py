"""The statement's screen: from the template to the public, with every approval on the way."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.pilot import Pilot
from tui.compose.stage import Night, Shown, night, settled, showing, text_of, until

from crisisroom.core.incident import Words
from crisisroom.room import approvals, drafting, facts, sending, words
from crisisroom.tui.compose.ask import TOO_FAST
from crisisroom.tui.compose.byhand import ByHand
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.picker import Pick
from crisisroom.tui.compose.releasing import PASTED, Release, Typed
from crisisroom.tui.compose.review import ReviewScreen
from crisisroom.tui.compose.statement import StatementScreen


async def review(stage: Night, app: Shown, pilot: Pilot[None]) -> None:
    """Open the step before an act, as after a moment of thought."""
    stage.clock.advance(1)
    await pilot.press("ctrl+s")
    await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
    stage.clock.advance(1)


async def held(stage: Night, words_id: str = "ST-1") -> Words:
    """Return the statement as it stands."""
    found = (await stage.now()).words(words_id)
    assert found is not None
    return found


async def approved_statement(stage: Night) -> Words:
    """Return a statement that Legal approved."""
    inc = stage.incident.id
    await facts.set_fact(stage.room, inc, "refund", "Tuesday", source="finance")
    drafted = await stage.statement()
    await words.submit(stage.room, inc, drafted.id)
    await words.approve(stage.by("cy"), inc, drafted.id, drafted.sha256)
    return await held(stage)


async def test_without_a_name_one_chooses(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = StatementScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, Pick))
            pick = app.screen
            await until(pilot, lambda: pick.query_one(Items).items)
            await pilot.press("2")
            await until(pilot, lambda: screen.reviewed)
            assert screen.query_one(Editor).text.startswith("Update 03:25: some passes are")
        assert (await stage.now()).statements == {}


async def test_choosing_nothing_goes_back(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = StatementScreen(stage.room, stage.incident.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: isinstance(app.screen, Pick))
            await pilot.press("escape")
            await until(pilot, lambda: screen not in app.screen_stack)


async def test_a_new_one_fills_itself_and_waits_for_its_blank(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = StatementScreen(stage.room, stage.incident.id, template_id="holding")
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.pause()
            shown = text_of(app)
            assert "Since 02:40 some passes are charged twice." in shown
            assert "✗ ‹refund by› is blank" in shown
            assert "2 known, 1 checking, 1 unknown" in shown
            await review(stage, app, pilot)
            await pilot.press("y")
            assert app.told() == "1 problem"
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is screen)
            await facts.set_fact(stage.room, stage.incident.id, "refund", "Tuesday")
            await until(pilot, lambda: "goes back by Tuesday." in screen.query_one(Editor).text)
            await until(pilot, lambda: screen.reviewed and not screen.reviewed.blocking)
        assert (await stage.now()).statements == {}


async def test_it_goes_to_legal_as_it_was_reviewed(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        await facts.set_fact(stage.room, stage.incident.id, "refund", "Tuesday")
        screen = StatementScreen(stage.room, stage.incident.id, template_id="holding")
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            text = screen.query_one(Editor).text
            await review(stage, app, pilot)
            await pilot.pause()
            await until(pilot, lambda: "y submit to Legal" in text_of(app))
            await pilot.press("y")
            await until(pilot, lambda: screen.opened and screen.opened.words)
            await until(pilot, lambda: not screen.editing)
            await until(pilot, lambda: app.told() == "ST-1 waits for Legal")
        found = await held(stage)
        assert (found.state, found.text) == ("submitted", text)
        assert await drafting.saved_drafts(stage.room) == ()


async def test_the_approvals_are_of_exactly_this_text(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        found = await approved_statement(stage)
        screen = StatementScreen(stage.room, stage.incident.id, words_id=found.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.pause()
            shown = text_of(app)
            assert "of exactly this text, " + found.sha256[:4] + " " + found.sha256[4:8] in shown
            assert "approved v1" in shown
            assert "e edit: asks again" in shown
            assert "sentences are your own" not in shown


async def test_an_edit_makes_a_version_and_asks_again(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        found = await approved_statement(stage)
        screen = StatementScreen(stage.room, stage.incident.id, words_id=found.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("e")
            await until(pilot, lambda: screen.editing)
            await pilot.press(*"Dear riders, ")
            await until(pilot, lambda: screen.saved_at)
            await review(stage, app, pilot)
            await pilot.press("y")
            await settled(app, pilot)
            await until(pilot, lambda: not screen.editing and screen.reviewed)
        after = await held(stage)
        assert (after.version, after.state) == (2, "submitted")
        assert after.text.startswith("Dear riders, ")
        assert after.approved_by() is None


async def test_publishing_chooses_channels_first(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        found = await approved_statement(stage)
        screen = StatementScreen(stage.room, stage.incident.id, words_id=found.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await review(stage, app, pilot)
            asked = app.screen
            await until(pilot, lambda: asked.query_one("#channels", Items).items)
            await pilot.press("y")
            assert app.told() == "choose a channel first"
            await pilot.press("1", "2", "2")
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "queued for masto" in app.told())
        after = await held(stage)
        assert list(after.sends) == ["masto"]
        assert after.text == found.text


async def test_a_second_channel_by_hand(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        found = await approved_statement(stage)
        screen = StatementScreen(stage.room, stage.incident.id, words_id=found.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await review(stage, app, pilot)
            asked = app.screen
            await until(pilot, lambda: asked.query_one("#channels", Items).items)
            await pilot.press("2")
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: isinstance(app.screen, ByHand))
            await pilot.press("ctrl+y")
            assert app.clipboard == found.text
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: not isinstance(app.screen, ByHand))
        assert (await held(stage)).sends["by-hand"].state == "sent"


async def test_what_is_on_its_way_everywhere_cannot_go_again(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        found = await approved_statement(stage)
        for channel in ("masto", "by-hand"):
            await sending.send(stage.room, stage.incident.id, found.id, channel)
        screen = StatementScreen(stage.room, stage.incident.id, words_id=found.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await review(stage, app, pilot)
            await pilot.press("y")
            assert app.told() == "it is on its way on every channel"


async def test_what_was_approved_beforehand_goes_when_nobody_decides(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        inc = stage.incident.id
        await approvals.approve_words(stage.by("cy"), stage.incident.plan, ["update"])
        drafted = await stage.statement("update")
        await words.submit(stage.room, inc, drafted.id)
        screen = StatementScreen(stage.room, inc, words_id=drafted.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.pause()
            await until(pilot, lambda: "ctrl+s submit: Legal decides first" in text_of(app))
        stage.clock.advance(600)
        screen = StatementScreen(stage.room, inc, words_id=drafted.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await review(stage, app, pilot)
            asked = app.screen
            await until(pilot, lambda: asked.query_one("#channels", Items).items)
            await until(pilot, lambda: "beforehand, and nobody decided in time" in text_of(app))


async def test_an_approval_is_taken_back_with_a_reason(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        await approved_statement(stage)
        screen = StatementScreen(stage.by("cy"), stage.incident.id, words_id="ST-1")
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.pause()
            await until(pilot, lambda: "r take the approval back" in text_of(app))
            await pilot.press("r")
            await until(pilot, lambda: app.screen is not screen)
            await pilot.press(*"not so")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "is taken back" in app.told())
        back = await held(stage)
        assert (back.state, back.verdicts[-1].verdict) == ("submitted", "revoked")


async def test_an_emergency_release_is_typed_by_hand(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        inc = stage.incident.id
        await facts.set_fact(stage.room, inc, "refund", "Tuesday", source="finance")
        drafted = await stage.statement()
        await words.submit(stage.room, inc, drafted.id)
        screen = StatementScreen(stage.room, inc, words_id="ST-1")
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("!")
            await until(pilot, lambda: isinstance(app.screen, Release))
            await pilot.pause()
            await until(pilot, lambda: "Legal did not agree, and will be told" in text_of(app))
            app.screen.query_one(Typed).post_message(events.Paste("people may get hurt now"))
            await until(pilot, lambda: PASTED in app.told())
            assert app.screen.query_one(Typed).value == ""
            stage.clock.advance(1)
            await pilot.press(*"just so", "enter")
            assert app.told() == TOO_FAST
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "3 words or more" in app.told())
            await pilot.press(*", they are hurt")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "WITHOUT APPROVAL" in app.told())
        now = await held(stage)
        assert (now.state, now.verdicts[-1].verdict) == ("approved", "released")
        assert now.verdicts[-1].reason == "just so, they are hurt"


async def test_a_colleagues_version_is_told_while_one_writes(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        await stage.statement()
        screen = StatementScreen(stage.room, stage.incident.id, words_id="ST-1")
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("e")
            await until(pilot, lambda: screen.editing)
            await words.edit(stage.by("bo"), stage.incident.id, "ST-1", "Bo's own words.")
            await until(pilot, lambda: "bo wrote version 2 meanwhile" in app.told())


async def test_withdrawing_asks_why(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        await stage.statement()
        screen = StatementScreen(stage.room, stage.incident.id, words_id="ST-1")
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("w")
            await until(pilot, lambda: app.screen is not screen)
            await pilot.press(*"not needed")
            stage.clock.advance(1)
            await pilot.press("enter")
            await until(pilot, lambda: "ST-1 is withdrawn" in app.told())
        assert (await held(stage)).state == "withdrawn"


async def test_facts_are_put_in_on_a_small_screen(tmp_path: Path) -> None:
    async with night(tmp_path) as stage:
        screen = StatementScreen(stage.room, stage.incident.id, template_id="holding")
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+n", "ctrl+k")
            await until(pilot, lambda: isinstance(app.screen, Pick))
            pick = app.screen
            await until(pilot, lambda: pick.query_one(Items).items)
            await pilot.press("2")
            await until(pilot, lambda: "goes back by 02:40" in screen.query_one(Editor).text)
