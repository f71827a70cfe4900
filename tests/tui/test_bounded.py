"""A screen stays as large as a terminal can be, whatever it is told."""

from __future__ import annotations

import gc
import weakref

from textual._styles_cache import StylesCache
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widget import Widget
from tui.every import on_screen
from tui.seeing import until

from crisisroom.tui.bounded import TALLEST, WIDEST, BoundedApp


async def test_a_size_that_no_terminal_has_is_not_drawn() -> None:
    app = BoundedApp()
    async with app.run_test(size=(80, 24)) as pilot:
        for told in (Size(60_000, 60_000), Size(99_999_999, 30)):
            app.post_message(Resize(told, told))
            await pilot.pause()
            assert app.screen.size == Size(WIDEST, min(told.height, TALLEST))
        app.post_message(Resize(Size(100, 30), Size(100, 30)))
        await pilot.pause()
        assert app.size == Size(100, 30)


async def test_nothing_that_was_painted_of_a_closed_screen_is_kept() -> None:
    async with on_screen("help") as app:
        painted = [weakref.ref(one._styles_cache) for one in app.screen.query(Widget)]
        assert painted
        await Pilot(app).press("escape")
        await until(Pilot(app), lambda: app.screen is app.room_screen and _gone(painted))


def _gone(painted: list[weakref.ref[StylesCache]]) -> bool:
    gc.collect()
    return all(one() is None for one in painted)
