"""Going by letters: each place gets one, the letter goes there, escape goes nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input, OptionList
from tui.every import on_screen
from tui.night import TRUECOLOUR
from tui.seeing import lines, text, until

from crisisroom.tui.app import RoomApp
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.items import Items
from crisisroom.tui.jump import LETTERS, Jump, Mark, labels
from crisisroom.tui.places import places_of
from crisisroom.tui.reasons import TASKS, THREAD
from crisisroom.tui.screens.list_and_sheet import ListAndSheet


@given(st.integers(0, 600))
def test_labels_are_short_and_none_begins_another(count: int) -> None:
    found = labels(count)
    assert len(found) == len(set(found)) == count
    assert all(len(one) <= (1 if count <= len(LETTERS) else 2) for one in found)
    begun = {one[0] for one in found if len(one) == 2}
    assert not begun & {one for one in found if len(one) == 1}


async def _begin(app: RoomApp, pilot: Pilot[int], key: str = "apostrophe") -> Jump:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, Jump) and app.screen.query(Mark))
    top = app.screen
    assert isinstance(top, Jump)
    return top


def _label_at(jump: Jump, x: int, y: int) -> str:
    """Return the letters that stand at a cell of the screen."""
    found = [mark.letters for mark in jump.query(Mark) if tuple(mark.region.offset) == (x, y)]
    assert len(found) == 1, [(mark.letters, mark.region.offset) for mark in jump.query(Mark)]
    return found[0]


async def test_a_letter_goes_to_a_row_of_the_feed() -> None:
    async with on_screen("feed") as app:
        pilot = Pilot(app)
        feed = app.room_screen.feed
        jump = await _begin(app, pilot)
        head = len(feed.head(feed.size.width))
        label = _label_at(jump, feed.region.x, feed.region.y + head + 3)
        await pilot.press(*label)
        await until(pilot, lambda: feed.cursor == 3 and app.screen is app.room_screen)


async def test_a_letter_goes_to_a_tab() -> None:
    async with on_screen("feed") as app:
        pilot = Pilot(app)
        tabs = app.room_screen.tabs.region
        jump = await _begin(app, pilot)
        at = lines(app)[tabs.y].index("Tasks") - 3
        found = [m.letters for m in jump.query(Mark) if m.region.y == tabs.y]
        assert len(found) == 5, found
        await pilot.press(*_label_at(jump, at, tabs.y))
        await until(pilot, lambda: app.room_screen.active == TASKS)


async def test_a_letter_goes_to_a_pane_of_a_wide_screen() -> None:
    async with on_screen("feed", (120, 40)) as app:
        pilot = Pilot(app)
        thread = app.room_screen.thread.region
        jump = await _begin(app, pilot)
        await pilot.press(*_label_at(jump, thread.x, thread.y))
        await until(pilot, lambda: app.room_screen.active == THREAD)


async def test_escape_and_the_same_key_go_nowhere() -> None:
    async with on_screen("feed") as app:
        pilot = Pilot(app)
        for key in ("escape", "apostrophe", "ctrl+right_square_bracket"):
            await _begin(app, pilot)
            await pilot.press(key)
            await until(pilot, lambda: app.screen is app.room_screen)
        assert app.room_screen.feed.cursor == 0


async def test_a_letter_that_stands_nowhere_says_so() -> None:
    async with on_screen("severity") as app:
        pilot = Pilot(app)
        await _begin(app, pilot)
        await pilot.press("m")
        await until(pilot, lambda: "no place has the letters m" in text(app))
        await pilot.press("s")
        await until(pilot, lambda: not isinstance(app.screen, Jump))
        listing = app.screen.query_one(OptionList)
        await until(pilot, lambda: listing.highlighted == 1)


async def test_while_one_types_a_ctrl_key_opens_it() -> None:
    async with on_screen("reply", (120, 40)) as app:
        pilot = Pilot(app)
        top = app.screen
        editor = top.query_one(Editor)
        before = editor.text
        assert top.focused is editor
        jump = await _begin(app, pilot, "ctrl+right_square_bracket")
        words = next(items for items in top.query(Items) if items.can_focus and items.children)
        block = words.children[0].region
        await pilot.press(*_label_at(jump, block.x, block.y))
        await until(pilot, lambda: top.focused is words)
        await _begin(app, pilot, "f2")
        await pilot.press("escape")
        assert editor.text == before


async def test_fields_of_a_question_have_letters() -> None:
    async with on_screen("decision") as app:
        pilot = Pilot(app)
        top = app.screen
        jump = await _begin(app, pilot, "f2")
        third = [*top.query(Input)][2]
        await pilot.press(*_label_at(jump, third.region.x - 3, third.region.y))
        await until(pilot, lambda: top.focused is third)


async def test_without_colours_and_signs_letters_stand_in_brackets() -> None:
    plain = {**TRUECOLOUR, "NO_COLOR": "1", "LC_ALL": "C", "LANG": "C"}
    async with on_screen("sources", environ=plain) as app:
        pilot = Pilot(app)
        await _begin(app, pilot)
        assert "[a]" in text(app)
        assert text(app).isascii()


async def test_more_places_than_letters_take_two() -> None:
    async with on_screen("feed", (200, 60)) as app:
        pilot = Pilot(app)
        await pilot.press("4")
        jump = await _begin(app, pilot)
        assert {len(mark.letters) for mark in jump.query(Mark)} <= {1, 2}
        two = next((mark.letters for mark in jump.query(Mark) if len(mark.letters) == 2), "")
        if two:
            await pilot.press(two[0])
            shown = [mark for mark in jump.query(Mark) if mark.display]
            assert all(mark.letters.startswith(two[0]) for mark in shown)


async def test_another_size_ends_it() -> None:
    async with on_screen("feed") as app:
        pilot = Pilot(app)
        await _begin(app, pilot)
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: app.screen is app.room_screen)


@pytest.mark.parametrize("name", ["approvals", "who is here", "review", "palette", "facts"])
async def test_what_can_be_chosen_has_a_place(name: str) -> None:
    async with on_screen(name, (120, 40)) as app:
        spots = places_of(app.screen)
        assert spots
        assert len({spot.at for spot in spots}) == len(spots)
        if isinstance(app.screen, ListAndSheet):
            listing = app.screen._list
            assert len(spots) == sum(map(listing.stops, range(listing.count())))
