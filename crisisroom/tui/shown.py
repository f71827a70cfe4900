"""The only way words reach a widget: literal content, never markup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, cast

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.content import Content
from textual.strip import Strip

from crisisroom.firstpaint.cells import WHOLE
from crisisroom.text import SafeText
from crisisroom.tui.rows import Cell, Row, cell_len, clip
from crisisroom.tui.signs import CURSOR, folded, plain
from crisisroom.tui.theme import PALETTES, Palette

JUMPED = 6  # blanks: `CSI n C` over as many takes fewer bytes


class Painter(Protocol):
    """What the app lends its widgets: the palette, and whether only ASCII shows.

    `tint` is how many cells of the cursor's row are tinted.
    """

    palette: Palette
    ascii_only: bool
    tint: int


class _Default:
    palette = PALETTES["dark"]
    ascii_only = False
    tint = WHOLE


def painter(app: object) -> Painter:
    """Return how this app paints; any other app of Textual's gets the dark palette."""
    mine = isinstance(getattr(app, "palette", None), Palette)
    return cast("Painter", app) if mine else _Default()


def ours(text: str, role: str = "", palette: Palette | None = None) -> Content:
    """Return our own words as literal content, in a role where one is named."""
    if not role:
        return Content(text)
    return Content.styled(text, (palette or PALETTES["dark"]).style(role))


def line(text: SafeText) -> Content:
    """Return a stranger's cleaned words as literal content on one line."""
    return Content(" ".join(text.split("\n")))


def block(text: SafeText) -> Content:
    """Return a stranger's cleaned words as literal content, lines kept."""
    return Content(text)


def words(cell: Cell, ascii_only: bool) -> str:
    """Return the text of a cell as this terminal can show it."""
    if not ascii_only:
        return cell.text
    return folded(cell.text) if cell.foreign else plain(cell.text)


def content(row: Row, paints: Painter) -> Content:
    """Return a row as literal content, for the widgets of Textual's that take no lines."""
    parts = [
        Content.styled(words(cell, paints.ascii_only), paints.palette.style(cell.role))
        for cell in row.cells
    ]
    return Content("").join(parts)


def contents(rows: Iterable[Row], paints: Painter) -> Content:
    """Return several rows as literal content, a line each."""
    return Content("\n").join([content(row, paints) for row in rows])


def strip(row: Row, width: int, paints: Painter) -> Strip:
    """Paint a row exactly `width` cells wide; words of a stranger are cut at the edge."""
    if row.cursor and paints.tint < width:
        tinted, rest = _painted(row, width, paints), _painted(row.under(False), width, paints)
        return Strip.join([tinted.crop(0, paints.tint), rest.crop(paints.tint)])
    return _painted(row, width, paints)


def _painted(row: Row, width: int, paints: Painter) -> Strip:
    palette, under = paints.palette, row.cursor
    ground = palette.ground(under_cursor=under)
    segments: list[Segment] = []
    left, gap = width, 0  # blanks that nothing stands behind yet
    for cell in _with_bar(row, ">" if palette.plain_cursor else CURSOR):
        text = clip(words(cell, paints.ascii_only), left)
        if paints.ascii_only and not text.isascii():
            text = plain(text)  # it was clipped with the sign of other terminals
        style = palette.rich(cell.role, under_cursor=under)
        left -= cell_len(text)
        told = text.rstrip(" ") if _same_ground(ground, style) else text
        if told:
            _add(segments, gap, told, style, ground)
            gap = 0
        gap += len(text) - len(told)
        if left <= 0:
            break
    if gap + left > 0:
        segments.append(Segment(" " * (gap + left), ground))
    return Strip(segments, width)


def _with_bar(row: Row, bar: str) -> tuple[Cell, ...]:
    """Put the cursor's bar into column 0, which every row leaves blank for it."""
    if not row.cursor or not row.cells:
        return row.cells
    first, *rest = row.cells
    if not first.text.startswith(" "):
        return row.cells
    return (Cell(bar, "mine"), Cell(first.text[1:], first.role), *rest)


def _add(segments: list[Segment], gap: int, text: str, style: RichStyle, ground: RichStyle) -> None:
    """Add words behind so many blanks.

    A few take the style before them, which saves a colour change; over many one jumps.
    """
    before = segments[-1] if segments else None
    if before is None or gap >= JUMPED or not _same_ground(before.style, ground):
        if gap:
            segments.append(Segment(" " * gap, ground))
        segments.append(Segment(text, style))
    elif before.style == style:
        segments[-1] = Segment(f"{before.text}{' ' * gap}{text}", style)
    else:
        segments[-1] = Segment(before.text + " " * gap, before.style)
        segments.append(Segment(text, style))


def _same_ground(one: RichStyle | None, other: RichStyle) -> bool:
    if one is None or one.underline or other.underline:
        return False
    return one.bgcolor == other.bgcolor and one.reverse == other.reverse
