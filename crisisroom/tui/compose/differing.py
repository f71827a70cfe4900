"""What changed between two versions of a text, as lines in the order of reading."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content
from textual.style import Style

from crisisroom.core.textdiff import Kind, diff
from crisisroom.tui.compose.items import Words
from crisisroom.tui.compose.said import line
from crisisroom.tui.rows import BLANK, Cell, Row, row
from crisisroom.tui.shown import Painter, painter, words

_KINDS: Mapping[Kind, str] = {"same": "text", "gone": "gone", "new": "came"}
_LOOKS = {"gone": ("late", Style(strike=True)), "came": ("ok", Style(underline=True))}
_AROUND = {"gone": ("[-", "-]"), "came": ("{+", "+}")}


def diff_rows(before: str, after: str) -> tuple[Row, ...]:
    """Return two texts as one: what went (`gone`) stands before what came (`came`)."""
    lines: list[list[Cell]] = [[]]
    for piece in diff(before, after):
        first, *rest = piece.text.split("\n")
        lines[-1].append(Cell(first, _KINDS[piece.kind]))
        lines += [[Cell(part, _KINDS[piece.kind])] for part in rest]
    found = [row(*cells) for cells in lines]
    return tuple(one if one.cells else line(" ") for one in found)


def bundle_rows(
    before: tuple[str, Mapping[str, str]], after: tuple[str, Mapping[str, str]]
) -> tuple[Row, ...]:
    """Return what changed in a text, then in the words of its own that each channel gets."""
    rows = list(diff_rows(before[0], after[0]))
    for channel in dict.fromkeys((*before[1], *after[1])):
        was, now = before[1].get(channel, ""), after[1].get(channel, "")
        if was == now:
            continue
        told = (
            "" if was and now else "   words of its own, new" if now else "   gets the text again"
        )
        rows += [BLANK, line((channel, "bold"), (told, "quiet")), *diff_rows(was, now)]
    return tuple(rows)


class Compared(Words):
    """Shows such lines: struck and underlined, or in brackets where colour says too little."""

    def _paint(self) -> None:
        paints = painter(self.app)
        self.set_class(paints.ascii_only, "-ascii")
        self.update(Content("\n").join([_content(one, paints) for one in self._rows]))


def _content(one: Row, paints: Painter) -> Content:
    bare = paints.ascii_only or paints.palette.plain_cursor
    parts: list[Content] = []
    for before, cell in zip((None, *one.cells), one.cells, strict=False):
        if not bare and cell.role == "came" and before is not None and before.role == "gone":
            parts.append(Content(" "))  # else both read as one word where nothing is struck
        parts.append(_cell(cell, paints, bare=bare))
    return Content("").join(parts)


def _cell(cell: Cell, paints: Painter, *, bare: bool) -> Content:
    text = words(cell, paints.ascii_only)
    if cell.role not in _LOOKS:
        return Content.styled(text, paints.palette.style(cell.role))
    role, more = _LOOKS[cell.role]
    if bare:
        return Content.styled(text.join(_AROUND[cell.role]), paints.palette.style(role))
    return Content.styled(text, paints.palette.style(role) + more)
