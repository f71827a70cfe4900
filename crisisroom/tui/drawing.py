"""Which driver draws the room: ours, or the one that Textual chooses."""

from __future__ import annotations

from collections.abc import Mapping

from textual.driver import Driver

from crisisroom.term.driver import LeanDriver


class RoomDriver(LeanDriver):
    """The lean driver; the first paint stays until the room has read its first page."""

    hold = 3.0


def driver_for(wish: str, environ: Mapping[str, str]) -> type[Driver] | None:
    """Return what draws for the wish `lean`, `stock` or nothing; None lets Textual choose.

    Textual has to where TEXTUAL_DRIVER names a driver, as the web view does.
    """
    return None if wish == "stock" or environ.get("TEXTUAL_DRIVER") else RoomDriver
