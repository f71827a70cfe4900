"""One stroke of the pen: glyphs of one style side by side, or cells wiped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from crisisroom.term.facts import Facts
from crisisroom.term.glyphs import certain, doubtful, spells
from crisisroom.term.grid import Row
from crisisroom.term.pen import Pen
from crisisroom.term.style import Cell, Style

GAP = 2  # blanks that part columns
WIPED = 12  # blanks in a row: `CSI 12 X` and going on behind it take fewer bytes
_BLANKS = " " * WIPED


class Stroke(NamedTuple):
    """Where it begins, its style, and its glyphs by cell.

    Without any, so many `cells` are wiped, or where that is 0, the row's rest.
    """

    x: int
    y: int
    style: Style
    glyphs: Sequence[str] = ()
    disputed: bool = False  # whether it holds a glyph whose width terminals dispute
    cells: int = 0

    def draw(self, pen: Pen) -> None:
        """Let the pen do it."""
        pen.move(self.x, self.y)
        pen.wear(self.style)
        if not self.glyphs:
            pen.erase(self.cells)
        elif self.disputed:
            self._draw_disputed(pen)
        else:
            pen.write("".join(self.glyphs), len(self.glyphs))

    def _draw_disputed(self, pen: Pen) -> None:
        """Write glyph by glyph; behind a disputed one, the next one's place is said anew.

        Behind a letter, only after the next gap: else a sign is lost to which a terminal gives a
        cell of its own.
        """
        for at, end in self._pieces():
            text = "".join(self.glyphs[at:end])
            disputed = not text.isascii() and doubtful(self.glyphs[at])
            pen.move(self.x + at, self.y)
            if disputed and end - at > 1:  # a terminal that draws it narrow leaves nothing behind
                pen.write(" " * (end - at), end - at)
                pen.move(self.x + at, self.y)
                text = text.rstrip(" ")
            pen.write(text, end - at)
            if disputed:
                pen.lose_place()

    def _pieces(self) -> Iterator[tuple[int, int]]:
        """Yield where glyphs begin and end; a disputed letter takes all with it up to a gap."""
        at, glyphs = 0, self.glyphs
        while at < len(glyphs):
            end = at + 1
            while end < len(glyphs) and not glyphs[end]:
                end += 1
            if spells(glyphs[at]):
                end = _behind_gap(glyphs, end)
            yield at, end
            at = end


def _behind_gap(glyphs: Sequence[str], at: int) -> int:
    """Return where the next glyph behind two blanks or more stands, or the end."""
    blanks = 0
    for x in range(at, len(glyphs)):
        if glyphs[x] != " " and blanks >= GAP:
            return x
        blanks = blanks + 1 if glyphs[x] == " " else 0
    return len(glyphs)


def strokes(cells: Row, x: int, y: int, facts: Facts) -> Iterator[Stroke]:
    """Yield the strokes that write cells side by side.

    Behind a glyph whose width terminals dispute nothing is wiped: it may have spilt into there.
    """
    for style, run in groupby(cells, key=_style):
        glyphs = [glyph for glyph, _ in run]
        text = "".join(glyphs)
        disputed = not certain(text) and any(
            not glyph.isascii() and doubtful(glyph) for glyph in glyphs if glyph
        )
        if _BLANKS not in text or not facts.fills or not style.erasable or disputed:
            yield Stroke(x, y, style, glyphs, disputed)
        else:
            yield from _with_wiped(x, y, style, glyphs)
        x += len(glyphs)


def _with_wiped(x: int, y: int, style: Style, glyphs: list[str]) -> Iterator[Stroke]:
    """Yield glyphs in pieces: long stretches of blanks are wiped, not written."""
    begin = at = 0
    for blank, run in groupby(glyphs, key=" ".__eq__):
        end = at + sum(1 for _ in run)
        if blank and end - at >= WIPED:
            if at > begin:
                yield Stroke(x + begin, y, style, glyphs[begin:at])
            yield Stroke(x + at, y, style, cells=end - at)
            begin = end
        at = end
    if begin < at:
        yield Stroke(x + begin, y, style, glyphs[begin:])


def _style(cell: Cell) -> Style:
    return cell[1]


def by_style(rows: Iterable[Sequence[Stroke]], first: Style | None) -> list[Stroke]:
    """Return the strokes of rows in another order: what is wiped, then style by style.

    Going somewhere takes fewer bytes than another colour. A row with a disputed glyph, which may
    spill over its neighbours, stays as it is. `first` is the style that the pen wears already.
    """
    wiped: dict[Style, list[Stroke]] = {}
    written: dict[Style, list[Stroke]] = {}
    ordered: list[Stroke] = []
    for row in rows:
        if any(stroke.disputed for stroke in row):
            ordered += row
            continue
        for stroke in row:
            whole = not stroke.glyphs and not stroke.cells
            (wiped if whole else written).setdefault(stroke.style, []).append(stroke)
    return [*_chained(wiped, first), *_chained(written, next(reversed(wiped), first)), *ordered]


def _chained(groups: dict[Style, list[Stroke]], first: Style | None) -> Iterator[Stroke]:
    if first is not None:
        yield from groups.pop(first, ())
    for group in groups.values():
        yield from group
