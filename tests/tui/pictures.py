"""Pictures of the screen as SVG: no font from elsewhere, no blank that a renderer may drop."""

from __future__ import annotations

import re

from textual.app import App

_TEXT = re.compile(
    r'(<text[^>]*? x=")([\d.]+)("[^>]*?textLength=")([\d.]+)("[^>]*>)(.*?)</text>', re.DOTALL
)
_FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_FONTS = '"DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace'
_BLANK = "&#160;"


def picture(app: App[int], title: str) -> str:
    """Return the screen as an SVG that looks the same in every viewer."""
    svg = app.export_screenshot(title=title)
    svg = _FONT_FACE.sub("", svg)
    svg = re.sub(r"font-family: (?:Fira Code, monospace|arial);", f"font-family: {_FONTS};", svg)
    svg = svg.replace("font-size: 20px;", "font-size: 20.26px;")  # a cell is 12.2 wide
    return _TEXT.sub(_without_leading_blanks, svg)


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
