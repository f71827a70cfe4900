"""Pictures of the screen as SVG: no font from elsewhere, no blank that a renderer may drop."""

from __future__ import annotations

import difflib
import html
import os
import re
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot

from crisisroom.tui.widgets.timeline import TimelinePane

_TEXT = re.compile(
    r'(<text[^>]*? x=")([\d.]+)("[^>]*?textLength=")([\d.]+)("[^>]*>)(.*?)</text>', re.DOTALL
)
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_FONTS = '"DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace'
_BLANK = "&#160;"


def picture(app: App[int], title: str) -> str:
    """Return the screen as an SVG that looks the same in every viewer."""
    _hold_still(app)
    svg = app.export_screenshot(title=title)
    svg = _FONT_FACE.sub("", svg)
    svg = re.sub(r"font-family: (?:Fira Code, monospace|arial);", f"font-family: {_FONTS};", svg)
    svg = svg.replace("font-size: 20px;", "font-size: 20.26px;")  # a cell is 12.2 wide
    return _TEXT.sub(_without_leading_blanks, svg)


HEAD = "9f2c41aa07be5d0c"


def _hold_still(app: App[int]) -> None:
    """Show one head of the chain in every picture: salts make it another one in each run."""
    for pane in app.screen.query(TimelinePane):
        pane.book.head_hash = HEAD if pane.book.head_hash else ""
        pane.sync()


async def looks(app: App[int], pilot: Pilot[None], title: str, kept: Path) -> None:
    """Wait until the screen looks as its picture; a busy machine is no failure.

    CRISISROOM_UPDATE_PICTURES=1 draws it anew.
    """
    wanted = _kept(kept, picture(app, title))
    for _ in range(200):
        if (drawn := picture(app, title)) == wanted:
            return
        await pilot.pause(0.05)
    changed = difflib.unified_diff(_words(wanted), _words(drawn), lineterm="", n=0)
    raise AssertionError("\n".join(("the screen looks different now", *changed)))


def _words(drawn: str) -> list[str]:
    return [html.unescape(found[6]).replace("\xa0", " ") for found in _TEXT.finditer(drawn)]


def _kept(path: Path, drawn: str) -> str:
    if os.environ.get("CRISISROOM_UPDATE_PICTURES"):
        path.write_text(drawn, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _without_leading_blanks(found: re.Match[str]) -> str:
    before, x, between, length, after, text = found.groups()
    bare = text
    while bare.startswith(_BLANK):
        bare = bare.removeprefix(_BLANK)
    if not bare:
        return ""
    whole = len(re.sub(r"&#?\w+;", "x", text))
    left = len(re.sub(r"&#?\w+;", "x", bare))
    cell = float(length) / whole
    start = float(x) + (whole - left) * cell
    return f"{before}{start:g}{between}{left * cell:g}{after}{bare}</text>"
