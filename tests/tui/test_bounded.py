"""A screen stays as large as a terminal can be, whatever it is told."""

from __future__ import annotations

from textual.events import Resize
from textual.geometry import Size

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
