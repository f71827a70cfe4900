"""How large a screen may be, how often it changes, what is kept: cells cost time and memory."""

from __future__ import annotations

import asyncio

from textual._styles_cache import StylesCache
from textual.app import App
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message

WIDEST, TALLEST = 1000, 400  # cells; a wall of monitors has less
# While a window is dragged, sizes are drawn a fifth of the time: a cell costs about 3 us.
REST_PER_CELL, LEAST_REST, MOST_REST = 1.6e-5, 0.1, 2.0  # seconds


def bounded(size: tuple[int, int]) -> Size:
    """Return a size that can be drawn."""
    width, height = size
    return Size(min(width, WIDEST), min(height, TALLEST))


def forget_closed() -> None:
    """Let go of what was painted of closed screens: Textual keeps that of its last 1,024 widgets.

    A night of questions opened and closed would take some 100 MB.
    """
    StylesCache.get_inner_outer.cache_clear()


class BoundedApp(App[int], inherit_bindings=False):
    """Draws no more than a terminal can sensibly have, whatever size it is told, however often."""

    _resting: asyncio.TimerHandle | None = None
    _last_size: Resize | None = None

    @property
    def size(self) -> Size:
        """Return the size that is drawn."""
        return bounded(super().size)

    def post_message(self, message: Message) -> bool:
        """Take a size down to what can be drawn, wherever it comes from."""
        if not isinstance(message, Resize):
            return super().post_message(message)
        if bounded(message.size) != message.size:
            size = bounded(message.size)
            message = Resize(size, size)
        if self.is_headless:
            return super().post_message(message)
        return self._resize(message)

    def _resize(self, message: Resize) -> bool:
        """Draw the first size at once; of those that follow soon, the last when its turn comes."""
        if self._resting is not None:
            self._last_size = message
            return True
        width, height = message.size
        rest = min(max(width * height * REST_PER_CELL, LEAST_REST), MOST_REST)
        self._resting = asyncio.get_running_loop().call_later(rest, self._rested)
        return super().post_message(message)

    def _rested(self) -> None:
        self._resting = None
        last, self._last_size = self._last_size, None
        if last is not None:
            self._resize(last)
