"""The shortest writing found that turns one grid on a terminal into another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crisisroom.term.facts import Facts
from crisisroom.term.glyphs import certain, doubtful, spells
from crisisroom.term.grid import Grid, Row
from crisisroom.term.pen import Pen
from crisisroom.term.scrolling import Scroll, scrolls
from crisisroom.term.strokes import Stroke, by_style, strokes

LONG = 9  # cells: from then on, wiping the rest of a row first may be shorter
NEAR = 5  # cells: writing on over fewer may be shorter than going there
ERASE = 3  # bytes of `CSI K`


def difference(shown: Grid, wanted: Grid, facts: Facts, pen: Pen) -> None:
    """Let the pen write what makes `shown` look like `wanted`; `shown` is brought up to date.

    Both grids are of one size.
    """
    changed = [y for y, row in enumerate(wanted.rows) if row != shown.rows[y]]
    if not changed:
        return
    best = _drawn(shown.rows, wanted.rows, changed, facts, pen.fork())
    for scroll in scrolls(shown, wanted, changed) if facts.scrolls else ():
        best = min(best, _scrolled(shown, wanted, scroll, facts, pen.fork()), key=len)
    pen.join(best)
    for y in changed:
        shown.rows[y] = wanted.rows[y].copy()


def _scrolled(shown: Grid, wanted: Grid, scroll: Scroll, facts: Facts, pen: Pen) -> Pen:
    moved = Grid(shown.width, 0)
    moved.rows = shown.rows.copy()
    moved.scroll(scroll.top, scroll.bottom, scroll.rows)
    pen.scroll(scroll.top, scroll.bottom, scroll.rows)
    changed = [y for y, row in enumerate(wanted.rows) if row != moved.rows[y]]
    return _drawn(moved.rows, wanted.rows, changed, facts, pen)


def _drawn(
    old: Sequence[Row], new: Sequence[Row], changed: Sequence[int], facts: Facts, pen: Pen
) -> Pen:
    """Draw rows one after the other, or all that is of one style together: what is shorter."""
    in_turn, grouped = pen, pen.copy()
    rows = [_row(y, old[y], new[y], facts, in_turn) for y in changed]
    for stroke in by_style(rows, grouped.style):
        stroke.draw(grouped)
    return min(in_turn, grouped, key=len)


def _row(y: int, old: Row, new: Row, facts: Facts, pen: Pen) -> list[Stroke]:
    """Draw one row: only what differs, or all of its rest after wiping it, if that is shorter."""
    spans = _spans(old, new)
    tail = _tail(new, facts)
    begin = spans[0][0]
    direct, one = _strokes(y, new, spans, tail, facts), pen.fork()
    for stroke in direct:
        stroke.draw(one)
    if tail is None or len(new) - begin < LONG or spans[-1][1] - begin < LONG:
        pen.join(one)
        return direct
    blank = new[:begin] + [new[-1]] * (len(new) - begin)
    wiped, other = [Stroke(begin, y, new[-1][1])], pen.fork()
    wiped += _strokes(y, new, _spans(blank, new), None, facts)
    for stroke in wiped:
        stroke.draw(other)
    pen.join(min(one, other, key=len))
    return direct if len(one) <= len(other) else wiped


def _tail(new: Row, facts: Facts) -> int | None:
    """Return where the blanks begin that reach to the end of the row, if they can be wiped."""
    glyph, style = last = new[-1]
    if glyph != " " or not facts.wipes(style):
        return None
    begin = len(new)
    while begin and new[begin - 1] == last:
        begin -= 1
    return begin


def _strokes(
    y: int, new: Row, spans: Sequence[tuple[int, int]], tail: int | None, facts: Facts
) -> list[Stroke]:
    drawn: list[Stroke] = []
    for begin, end in spans:
        stop = end if tail is None else max(begin, tail)
        if end - stop <= ERASE:
            stop = end
        drawn += strokes(new[begin:stop], begin, y, facts)
        if stop < end:
            drawn.append(Stroke(stop, y, new[-1][1]))
            break
    return drawn


def _spans(old: Row, new: Row) -> list[tuple[int, int]]:
    """Return the stretches to write: what differs, and what is nearer to write than to jump.

    A glyph whose width terminals dispute may have spilt over its neighbours: from there on all is
    written. Where it is a letter, what follows it may stand elsewhere: from there on, too.
    """
    spans: list[tuple[int, int]] = []
    sure = _is_certain(old) and _is_certain(new)
    letter = len(new) if sure else min(_first_letter(old), _first_letter(new))
    if letter < len(new):
        return [(min(letter, next(_stretches(old, new))[0]), len(new))]
    for begin, end in _stretches(old, new):
        if spans and _is_near(new, spans[-1][1], begin):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
    if sure:
        return spans
    for at, (begin, end) in enumerate(spans):
        if _disputes(old[begin:end]) or _disputes(new[begin:end]):
            return [*spans[:at], (begin, len(new))]
    return spans


def _stretches(old: Row, new: Row) -> Iterator[tuple[int, int]]:
    """Yield where cells differ, from first to last (exclusive); wide glyphs stay whole."""
    begin = -1
    for x, (before, after) in enumerate(zip(old, new, strict=True)):
        if before != after:
            if begin < 0:
                begin = x - (after[0] == "")
        elif begin >= 0 and after[0] != "":
            yield begin, x
            begin = -1
    if begin >= 0:
        yield begin, len(new)


def _is_near(new: Row, left: int, right: int) -> bool:
    """Say whether to write on from `left` to `right` instead of jumping there."""
    if right - left > NEAR:
        return False
    style = new[left - 1][1]
    return all(cell[1] is style and cell[0].isascii() for cell in new[left:right])


def _first_letter(cells: Row) -> int:
    """Return where the first letter stands whose width terminals dispute, or the end."""
    return next((x for x, (glyph, _) in enumerate(cells) if spells(glyph)), len(cells))


def _is_certain(cells: Row) -> bool:
    return certain("".join([glyph for glyph, _ in cells]))


def _disputes(cells: Row) -> bool:
    return any(not glyph.isascii() and doubtful(glyph) for glyph, _ in cells if glyph)
