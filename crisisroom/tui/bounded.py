"""How large a screen may be: a terminal says what it likes, and each cell costs the host memory."""

from __future__ import annotations

from textual.app import App
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message

WIDEST, TALLEST = 1000, 400  # cells; a wall of monitors has less


def bounded(size: tuple[int, int]) -> Size:
    """Return a size that can be drawn."""
    width, height = size
    return Size(min(width, WIDEST), min(height, TALLEST))


class BoundedApp(App[int], inherit_bindings=False):
    """Draws no more than a terminal can sensibly have, whatever size it is told."""

    @property
    def size(self) -> Size:
        """Return the size that is drawn."""
        return bounded(super().size)

    def post_message(self, message: Message) -> bool:
        """Take a size down to what can be drawn, wherever it comes from."""
        if isinstance(message, Resize) and bounded(message.size) != message.size:
            size = bounded(message.size)
            message = Resize(size, size)
        return super().post_message(message)
