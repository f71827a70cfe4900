"""Help, commands and letters to go by on every screen of ours, at 80x24 and on a phone."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from tui.every import on_screen, one_of_each
from tui.seeing import lines, text, until

from crisisroom.tui.compose.items import Items
from crisisroom.tui.jump import Jump
from crisisroom.tui.keys.key import Place
from crisisroom.tui.keys.keyed import Keyed
from crisisroom.tui.keys.table import PLACES, all_keys, is_room
from crisisroom.tui.keys.terminals import shown_key
from crisisroom.tui.keys.wishes import Keys
from crisisroom.tui.rows import cell_len
from crisisroom.tui.screens.help import Help, help_rows
from crisisroom.tui.screens.palette import Palette
from crisisroom.tui.screens.room import RoomScreen
from crisisroom.tui.widgets.hints import MOST, Hints


@pytest.mark.parametrize("name", one_of_each())
async def test_a_screen_tells_its_keys_and_its_commands(name: str) -> None:
    async with on_screen(name) as app:
        pilot = Pilot(app)
        top = app.screen
        assert isinstance(top, Keyed), "it tells none of its keys"
        place = top.where
        await _help(pilot, top)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen is top)
        await pilot.press("ctrl+right_square_bracket")
        await until(pilot, lambda: isinstance(app.screen, Jump))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is top)
        told = {key for one in all_keys(place) for key in one.keys}
        assert _bound(top) <= told | {"ctrl+c", "super+c"}


async def _help(pilot: Pilot[int], top: Keyed[object]) -> None:
    """Open help by the key that works here, and look at what it tells."""
    app = pilot.app
    hint = app.screen.query(Hints).first()._keys[-1]
    assert hint == ("f1" if top.types else "?", "keys")
    await pilot.press("f1")
    await until(pilot, lambda: isinstance(app.screen, Help))
    told = text(app)
    assert top.where.title in told
    assert top.where.about.split()[0] in told
    await pilot.press("f1")
    await until(pilot, lambda: app.screen is top)


def _bound(screen: Keyed[object]) -> set[str]:
    """Return the keys that a screen and its lists of ours have bound."""
    parts = [screen, *screen.query(Items)]
    bound = {key for one in parts for key in one._bindings.key_to_bindings}
    if isinstance(screen, RoomScreen):  # it has those of all views, and asks which it is
        acts = {one.id for one in screen.where.acts}
        maps = screen._bindings.key_to_bindings
        bound = {key for key, found in maps.items() if any(one.id in acts for one in found)}
    return bound


@pytest.mark.parametrize("place", [*PLACES.values()], ids=lambda one: one.id)
def test_help_tells_every_key_and_what_the_screen_is_for(place: Place) -> None:
    rows = [row.text for row in help_rows(place, Keys(), 200)]
    assert rows[0].strip() == place.about
    told = "\n".join(rows)
    for one in all_keys(place):
        assert f" {one.help}" in told, one.id
        assert not one.keys or f"   {shown_key(one.keys[0])} " in told, one.id
    titles = [row.strip() for row in rows[1:] if row.strip() and row.startswith("   ")]
    assert titles
    if not is_room(place):
        own = next(one for one in all_keys(place))
        assert told.index(own.help) < told.index("what the keys do here")


@pytest.mark.parametrize("width", [36, 50, 80, 120])
@pytest.mark.parametrize("place", [*PLACES.values()], ids=lambda one: one.id)
def test_help_is_never_wider_than_the_screen(place: Place, width: int) -> None:
    assert all(cell_len(row.text) <= width for row in help_rows(place, Keys(), width))


@pytest.mark.parametrize("name", ["approvals", "reply", "feed", "pauses", "note", "statement"])
async def test_the_last_line_of_a_phone_names_help(name: str) -> None:
    async with on_screen(name, (50, 30)) as app:
        hints = app.screen.query(Hints).first()
        assert len(hints._keys) <= MOST
        last = lines(app)[-1]
        assert last.endswith("keys"), last
        assert cell_len(last) <= 50


async def test_words_are_looked_for_in_help() -> None:
    async with on_screen("approvals") as app:
        pilot = Pilot(app)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        await pilot.press("slash", *"hand")
        await until(pilot, lambda: "no key has these words" in text(app))
        await pilot.press(*(["backspace"] * 4), *"emergency")
        await until(pilot, lambda: "emergency release" in text(app))
        assert "approve exactly this text" not in text(app)


async def test_help_says_why_a_key_rests() -> None:
    async with on_screen("empty outbox") as app:
        pilot = Pilot(app)
        await pilot.press("question_mark")
        await until(pilot, lambda: "only what is in doubt can be settled" in text(app))
