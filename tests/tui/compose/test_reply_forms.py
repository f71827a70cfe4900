"""The forms of a reply, and the languages it can be in."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.compose.replies import GERMAN, post, reply_night
from tui.compose.stage import Night, Shown, settled, showing, text_of, until

from crisisroom.core.incident import Words
from crisisroom.room import drafting
from crisisroom.tui.compose.ask import Confirm
from crisisroom.tui.compose.items import Items
from crisisroom.tui.compose.picker import Pick
from crisisroom.tui.compose.reply import ReplyScreen
from crisisroom.tui.compose.review import ReviewScreen

PRIVATE = "Send us your pass number in private, only you and we can read it."
SORRY_DE = "Es tut uns leid. Ihre Karte wurde zweimal belastet, und das ist unser Fehler."


def composer(stage: Night, mention: str = "") -> ReplyScreen:
    """Return the composer for a post."""
    return ReplyScreen(stage.room, stage.incident.id, mention or stage.mention.id)


async def choose(app: Shown, pilot: Pilot[None], key: str) -> None:
    """Open the forms and choose one."""
    await pilot.press("ctrl+t")
    await until(pilot, lambda: isinstance(app.screen, Pick))
    pick = app.screen
    await until(pilot, lambda: pick.query_one(Items).items)
    await pilot.press(key)
    await until(pilot, lambda: app.screen is not pick)


async def send(stage: Night, app: Shown, pilot: Pilot[None]) -> Words:
    """Review and send what stands in the editor."""
    stage.clock.advance(1)
    await pilot.press("ctrl+s")
    await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
    stage.clock.advance(1)
    await pilot.press("y")
    await until(pilot, lambda: "is queued" in app.told())
    return next(iter((await stage.now()).replies.values()))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_private_reply_has_its_words_and_stays_open(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with reply_night(tmp_path) as stage:
        screen = composer(stage)
        async with showing(stage, screen, size) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await choose(app, pilot, "2")
            await until(pilot, lambda: PRIVATE in screen.editor.text)
            await until(pilot, lambda: "stays open until its outcome is noted" in text_of(app))
            await until(pilot, lambda: "Private channel   on masto" in text_of(app))
            sent = await send(stage, app, pilot)
            await until(pilot, lambda: "stays open until its outcome is noted" in app.told())
        assert (sent.form, PRIVATE in sent.text) == ("private", True)


async def test_a_thank_you_is_saved_as_one(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = composer(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await choose(app, pilot, "3")
            await until(pilot, lambda: "Thank you for your patience." in screen.editor.text)
            sent = await send(stage, app, pilot)
        assert sent.form == "thanks"


async def test_ones_own_words_are_replaced_only_when_asked(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = composer(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press(*"today")
            written = screen.editor.text
            await choose(app, pilot, "2")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            await pilot.press("n")
            await until(pilot, lambda: screen.form == "private")
            assert screen.editor.text == written
            await choose(app, pilot, "3")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            stage.clock.advance(1)
            await pilot.press("y")
            await until(pilot, lambda: "Thank you for your patience." in screen.editor.text)
            await until(pilot, lambda: screen.editor.has_focus)
            await pilot.press("ctrl+z")
            assert screen.editor.text == written


async def test_a_form_and_back_needs_no_question(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = composer(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            first = screen.editor.text
            await choose(app, pilot, "2")
            await until(pilot, lambda: screen.editor.text != first)
            await choose(app, pilot, "1")
            await until(pilot, lambda: screen.editor.text == first)
            assert app.screen is screen


async def test_an_unfinished_private_reply_is_one_again_when_it_is_opened(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = composer(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await choose(app, pilot, "2")
            await until(pilot, lambda: screen.saved_at)
        assert len(await drafting.saved_drafts(stage.room)) == 1
        again = composer(stage)
        async with showing(stage, again) as (app, pilot):
            await until(pilot, lambda: again.reviewed)
            assert again.form == "private"


async def test_it_opens_in_the_posts_language_and_one_key_switches(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        german = await post(stage, GERMAN, lang="de")
        screen = composer(stage, german.id)
        async with showing(stage, screen, (80, 24)) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await settled(app, pilot)
            assert screen.editor.text.startswith("Hallo @uli@social.example,\n" + SORRY_DE)
            assert screen.reviewed is not None
            assert not screen.reviewed.approval
            await until(pilot, lambda: "in German, as the post   ctrl+l in English" in text_of(app))
            await until(pilot, lambda: "km-2 unchanged" in text_of(app))
            await pilot.press("ctrl+l")
            await until(pilot, lambda: screen.editor.text.startswith("Hello @uli"))
            await until(pilot, lambda: "in English   ctrl+l in German" in text_of(app))
            await pilot.press("ctrl+l")
            await until(pilot, lambda: screen.editor.text.startswith("Hallo @uli"))
            sent = await send(stage, app, pilot)
        assert sent.language == "de"


async def test_what_is_not_translated_says_so(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        asked = await post(stage, "Is it safe? My bank asks, my phone too", lang="de")
        screen = composer(stage, asked.id)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            assert "No card data was involved" in screen.editor.text
            await pilot.press("ctrl+l")
            told = "what fits here is not translated into German"
            await until(pilot, lambda: told in app.told())


async def test_without_another_language_the_key_says_so(tmp_path: Path) -> None:
    async with reply_night(tmp_path) as stage:
        screen = composer(stage)
        async with showing(stage, screen) as (app, pilot):
            await until(pilot, lambda: screen.reviewed)
            await pilot.press("ctrl+l")
            await until(pilot, lambda: "no other language" in app.told())
