"""What draws the room on a page of a browser: Textual's own driver for that, made to end with it.

`web` names it to the processes that it starts, see `web.DRIVER`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from textual import messages
from textual.drivers.web_driver import WebDriver


class PageDriver(WebDriver):
    """Textual's, of which what the page tells comes in the app's own thread."""

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Take what the page tells of itself, such as its size."""
        self._loop.call_soon_threadsafe(partial(super().on_meta, packet_type, payload))

    def write(self, data: str) -> None:
        """Write to the page; one that is gone needs nothing any more."""
        with suppress(BrokenPipeError):
            super().write(data)

    def write_meta(self, data: dict[str, object]) -> None:
        """Tell the page something; one that is gone needs nothing any more."""
        with suppress(BrokenPipeError):
            super().write_meta(data)

    def run_input_thread(self) -> None:
        """Hear the page; once it is heard no more the room is left, whoever ended it."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            with suppress(RuntimeError):  # the loop has ended by then
                self._loop.call_soon_threadsafe(self._app.post_message, messages.ExitApp())
