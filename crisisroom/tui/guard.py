"""The last net before the terminal: no control character and no link leaves this program."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

# C0 and C1 controls, DEL, and what turns the direction of text.
_BANNED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Guard(LineFilter):
    """Deletes control characters from every piece of every line, and drops its link."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line with nothing in it that a terminal would obey."""
        return [
            Segment(harmless(text), _without_link(style), control)
            for text, style, control in segments
        ]


def harmless(text: str) -> str:
    """Return text without control and direction characters; all of them take no cell."""
    return _BANNED.sub("", text) if _BANNED.search(text) else text


@lru_cache(1024)
def _without_link(style: Style | None) -> Style | None:
    """Drop a link, and a click that would run an action; the mouse needs the rest."""
    if style is None:
        return None
    if any(key.startswith("@") for key in style.meta):
        return style.clear_meta_and_links()
    return style.update_link(None) if style.link else style
