"""Looking at a screen under test: its text, and waiting for what should come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

LIMIT = 30.0


def lines(app: App[int]) -> list[str]:
    """Return what is on the screen, line by line, without trailing blanks."""
    screen: Screen[object] = app.screen
    width, height = app.size
    strips = screen._compositor.render_strips()
    shown = ["".join(segment.text for segment in strip) for strip in strips[:height]]
    return [line[:width].rstrip() for line in shown]


def text(app: App[int]) -> str:
    """Return what is on the screen."""
    return "\n".join(lines(app))


async def until(pilot: Pilot[int], true: Callable[[], object]) -> None:
    """Wait until something is true; the failure shows the screen as it then is."""
    waited = 0.0
    while not true():
        await pilot.pause()
        await asyncio.sleep(0.02)
        waited += 0.02
        if waited > LIMIT:
            raise AssertionError(f"it never came about; the screen:\n{text(pilot.app)}")


async def see(pilot: Pilot[int], words: str) -> None:
    """Wait until words are on the screen."""
    await until(pilot, lambda: words in text(pilot.app))
