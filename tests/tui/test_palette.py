"""The palette on every screen: its own commands first, the last used on top, reasons in quiet."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import OptionList
from tui.every import on_screen
from tui.seeing import see, text, until

from crisisroom.tui.app import RoomApp
from crisisroom.tui.keys.command import Command, narrowed
from crisisroom.tui.screens.palette import Palette

OWN = Command("a", "approve: exactly this text", "a", "")
RESTS = Command("x", "object: send it back", "x", "only what waits for you")
ROOMS = Command("b", "brief: where it stands", "b", "", far=1)


def test_what_can_be_done_comes_first_then_the_screens_own() -> None:
    assert narrowed([ROOMS, RESTS, OWN], "") == (OWN, ROOMS, RESTS)


def test_what_was_used_last_comes_first() -> None:
    used = Command("b", "brief: where it stands", "b", "", far=1, ago=0)
    assert narrowed([OWN, used], "") == (used, OWN)


def test_what_is_called_so_comes_before_what_was_used() -> None:
    used = Command("o", "outbox: briefly what is on its way", "", "", ago=0)
    assert narrowed([used, ROOMS], "brief") == (ROOMS, used)


async def _opened(app: RoomApp, pilot: Pilot[int], key: str = "ctrl+p") -> Palette:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, Palette))
    top = app.screen
    assert isinstance(top, Palette)
    return top


async def test_a_command_of_a_screen_is_done_there() -> None:
    async with on_screen("brief") as app:
        pilot = Pilot(app)
        await _opened(app, pilot, "colon")
        await pilot.press(*"every line")
        await pilot.press("enter")
        await see(pilot, "enter short")


async def test_a_command_of_the_room_is_done_above_another_screen() -> None:
    async with on_screen("brief") as app:
        pilot = Pilot(app)
        await _opened(app, pilot)
        await pilot.press(*"outbox", "enter")
        await until(pilot, lambda: type(app.screen).__name__ == "OutboxScreen")
        await pilot.press("escape")
        await until(pilot, lambda: type(app.screen).__name__ == "BriefScreen")


async def test_what_was_chosen_last_is_on_top_next_time() -> None:
    async with on_screen("feed") as app:
        pilot = Pilot(app)
        await _opened(app, pilot, "colon")
        await pilot.press(*"raw", "enter")
        await see(pilot, "as it came")
        await pilot.press("escape")
        palette = await _opened(app, pilot, "colon")
        assert palette._fitting[0].id.endswith("raw")


async def test_what_cannot_act_says_why_and_stays() -> None:
    async with on_screen("empty outbox") as app:
        pilot = Pilot(app)
        palette = await _opened(app, pilot)
        rests = [one for one in palette._fitting if one.reason]
        assert "only what failed can be tried again" in {one.reason for one in rests}
        await pilot.press(*"send what failed", "enter")
        await see(pilot, "only what failed can be tried again")
        assert app.screen is palette


async def test_it_shows_a_persons_own_key() -> None:
    async with on_screen("brief", keys={"brief.copy": "f5"}) as app:
        pilot = Pilot(app)
        assert "f5 copy" in text(app)
        palette = await _opened(app, pilot)
        assert next(one.key for one in palette._fitting if one.id.endswith("brief.copy")) == "f5"
        await pilot.press("escape", "f5")
        await see(pilot, "copied")


async def test_in_a_question_only_its_own_commands_are_offered() -> None:
    async with on_screen("note") as app:
        pilot = Pilot(app)
        palette = await _opened(app, pilot)
        assert {one.far for one in palette._fitting} == {0}
        assert palette.query_one(OptionList).option_count == len(palette._fitting)


async def test_it_works_while_one_types() -> None:
    async with on_screen("reply") as app:
        pilot = Pilot(app)
        top = app.screen
        await _opened(app, pilot)
        await pilot.press(*"review exactly", "enter")
        await until(pilot, lambda: type(app.screen).__name__ == "ReviewScreen")
        assert top in app.screen_stack


async def test_words_that_no_command_has_are_answered() -> None:
    async with on_screen("feed") as app:
        pilot = Pilot(app)
        await pilot.press("colon")
        await see(pilot, "type to narrow")
        await pilot.press(*"zzz")
        await see(pilot, "No command has these words.")
        await pilot.press("enter", "escape")
        await until(pilot, lambda: app.screen is app.room_screen)


async def test_help_is_a_command_too() -> None:
    async with on_screen("outbox") as app:
        pilot = Pilot(app)
        below = app.screen
        await pilot.press("colon")
        await see(pilot, "type to narrow")
        await pilot.press(*"keys", "enter")
        await see(pilot, "keys and what they do")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is below)
