"""A small app on a terminal, with rows of disputed glyphs: `python small_app.py stock|lean`."""

from __future__ import annotations

import os
import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, OptionList, Static

from crisisroom.term.driver import LeanDriver

ROWS = (
    "plain words of a row",
    "日本語の文章です 漢字",
    "한국어 문장입니다",
    "family 👨‍👩‍👧 done",
    "rainbow 🏳️‍🌈 done",
    "heart ❤️ keycap 1️⃣ info ℹ️",
    "flags 🇩🇪🇫🇷 and 🇯🇵",
    "thumb 👍🏽 up",
    "Devanagari क्षि नमस्ते",
    "Thai สวัสดี กำลัง",
    "Arabic مرحبا بالعالم",
    "Hebrew שָׁלוֹם עולם",
    "cafe\u0301 ao\u0308 e\u0323\u0302",
    "box ─│┌ blocks ░▒▓ braille ⣿",
)


class SmallApp(App[None]):
    """A list with a coloured bar beside it, and a line that is typed into."""

    CSS = """
    OptionList { width: 1fr; height: 1fr; }
    #bar { width: 12; height: 1fr; background: darkred; border-right: solid white; }
    #foot { height: 1; background: darkblue; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("ctrl+q", "quit", "quit")]

    def compose(self) -> ComposeResult:
        """Make the two, and the line."""
        with Horizontal():
            yield OptionList(*(f"{number:03} {ROWS[number % len(ROWS)]} |" for number in range(90)))
            yield Static(id="bar")
        yield Input(placeholder="type here")
        yield Static("a coloured row", id="foot")


if __name__ == "__main__":
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    SmallApp(driver_class=LeanDriver if sys.argv[1] == "lean" else None).run(mouse=False)
