"""Charts in rows of cells: columns of eighths, their axis, the acts below it, and bars.

Where the terminal has colours of its own, a full cell is background and no glyph; in ASCII the
numbers themselves stand there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from math import ceil

import msgspec

from crisisroom.core.chart import Act, Bin, Chart, eighths
from crisisroom.tui.rows import Cell, Row, fit, gap, row
from crisisroom.tui.rows.times import number

GUTTER = 9  # columns left of the columns: where one is, and what the top stands for
LINE = 12  # numbers on a line where only ASCII shows, if there is room
_NUMBER = 5  # columns of such a number
_RISING = " ▁▂▃▄▅▆▇█"
_BAR = "▆"  # lower than its line, so that bars above each other stay apart
_HOUR = timedelta(hours=1)
_STEPS = (_HOUR, 3 * _HOUR, 6 * _HOUR, 24 * _HOUR, 7 * 24 * _HOUR)
_APART = 8  # cells between two labels of the axis


@dataclass(frozen=True, slots=True)
class Pen:
    """How a chart is drawn: `cell` columns a bin, with tints or with glyphs, or as numbers."""

    zone: tzinfo
    cell: int = 1
    height: int = 5
    tinted: bool = True
    ascii_only: bool = False
    width: int = 80  # of the lines, in cells

    def cells_for(self, width: int, bins: int) -> int:
        """Return how many columns a bin can have on lines so wide, two at most."""
        return 2 if bins * 2 + GUTTER <= width else 1


def newest(chart: Chart, width: int) -> Chart:
    """Return the newest part of a chart that lines of so many cells have room for, in dozens."""
    room = width - GUTTER
    if len(chart.bins) <= room:
        return chart
    most = max(LINE, room - room % LINE)
    return msgspec.structs.replace(chart, bins=chart.bins[-most:])


def usual_words(usual: tuple[float, float] | None) -> str:
    """Return what is usual as people say it: `usual 0 to 2`; that nothing is known yet, else."""
    if usual is None:
        return "what is usual is not known yet"
    low, high = int(usual[0]), ceil(usual[1])
    return f"usual {low} to {high}" if high > low else f"usual {high}"


def columns(chart: Chart, pen: Pen) -> list[Row]:
    """Return mentions over time; what rises out of the usual, a tinted floor, stands out."""
    if pen.ascii_only:
        return _numbers(chart, pen)
    highs = [ceil(one.high or 0.0) for one in chart.bins]
    top = max(chart.top, *highs, 1)
    data = eighths([one.mentions for one in chart.bins], top, pen.height)
    band = eighths(highs, top, pen.height)
    rows = []
    for line in reversed(range(pen.height)):
        label = number(ceil(top)) if line == pen.height - 1 else ""
        label = "usual" if line == 0 and chart.days else label
        drawn = [
            _cell(one, high - 8 * line, floor - 8 * line, pen)
            for one, high, floor in zip(chart.bins, data, band, strict=True)
        ]
        rows.append(row(Cell(fit(label, GUTTER - 1, right=True), "quiet"), gap(), *_runs(drawn)))
    return rows


def _cell(one: Bin, filled: int, floor: int, pen: Pen) -> tuple[str, str]:
    """Return glyph and role of a bin in one row, `filled` and floored by so many eighths."""
    full, ink = ("rise", "warn") if one.above else ("bar", "quiet")
    if filled >= 8:
        return (" " if pen.tinted else "█" if one.above else "▒"), full
    if filled > 0:
        in_band = pen.tinted and floor >= 8 and not one.above
        return _RISING[filled], "bar-band" if in_band else ink
    if floor >= 8:
        return (" ", "band") if pen.tinted else ("░", "band")
    if floor > 0 and pen.tinted:
        return _RISING[floor], "band-ink"
    return " ", "text"


def _runs(drawn: Sequence[tuple[str, str]], cell: int = 1) -> Iterator[Cell]:
    for role, run in groupby(drawn, key=lambda one: one[1]):
        yield Cell("".join(glyph * cell for glyph, _ in run), role)


def _numbers(chart: Chart, pen: Pen) -> list[Row]:
    rows = []
    line = max(1, min(LINE, (pen.width - GUTTER) // _NUMBER))
    for begin in range(0, len(chart.bins), line):
        part = chart.bins[begin : begin + line]
        cells = [Cell(fit(_time(part[0].start, chart.size, pen.zone), GUTTER - 4), "quiet"), gap(2)]
        for one in part:
            mark = "!" if one.above else " "
            cells.append(Cell(f"{one.mentions:4}{mark}", "warn" if one.above else "text"))
        rows.append(row(gap(3), *cells))
    return rows


def shares(chart: Chart, pen: Pen) -> list[Row]:
    """Return the share of likely complaints over time; nothing where nobody said anything."""
    if pen.ascii_only:
        shown = chart.bins[-LINE:]
        told = [f"{one.complaints}/{one.mentions}" if one.mentions else "-" for one in shown]
        while len("  ".join(told)) > pen.width - 4:
            told.pop(0)
        return [row(gap(3), Cell("  ".join(told)))]
    values = [one.complaints / one.mentions if one.mentions else 0.0 for one in chart.bins]
    data = eighths(values, 1.0, pen.height)
    rows = []
    for line in reversed(range(pen.height)):
        label = "all" if line == pen.height - 1 else ""
        drawn = [_share(one - 8 * line, pen) for one in data]
        rows.append(row(Cell(fit(label, GUTTER - 1, right=True), "quiet"), gap(), *_runs(drawn)))
    return rows


def _share(filled: int, pen: Pen) -> tuple[str, str]:
    if filled >= 8:
        return (" ", "bar") if pen.tinted else ("▒", "bar")
    return (_RISING[filled], "quiet") if filled > 0 else (" ", "text")


def widened(rows: Sequence[Row], cell: int) -> list[Row]:
    """Return the rows of a chart with so many columns a bin."""
    if cell == 1:
        return list(rows)
    return [
        row(
            *one.cells[:2],
            *(Cell("".join(g * cell for g in c.text), c.role) for c in one.cells[2:]),
        )
        for one in rows
    ]


def axis(chart: Chart, pen: Pen) -> Row:
    """Return the times below a chart, as many as stand apart from each other."""
    step = next((one for one in _STEPS if one / chart.size * pen.cell >= _APART), _STEPS[-1])
    width = len(chart.bins) * pen.cell
    line = ""
    for index, one in enumerate(chart.bins):
        begins, label = _begins(one.start, step, pen.zone), _time(one.start, step, pen.zone)
        column = index * pen.cell
        if begins and column >= len(line) and column + len(label) <= width:
            line = f"{line:{column}}{label} "
    return row(gap(GUTTER), Cell(line.rstrip(), "quiet"))


def _begins(start: datetime, step: timedelta, zone: tzinfo) -> bool:
    local = start.astimezone(zone)
    if step >= 7 * 24 * _HOUR and local.weekday():
        return False
    inside = timedelta(hours=local.hour, minutes=local.minute)
    return inside % min(step, 24 * _HOUR) == timedelta()


def _time(start: datetime, step: timedelta, zone: tzinfo) -> str:
    local = start.astimezone(zone)
    if step < 24 * _HOUR and step < 3 * _HOUR:
        return f"{local:%H:%M}"
    if step < 24 * _HOUR:
        return f"{local:%H:%M}" if local.hour or local.minute else f"{local:%a}"
    return f"{local.day} {local:%b}"


def act_row(placed: Sequence[tuple[int, Act]], pen: Pen) -> Row:
    """Return the letters of what was done, each below its bin."""
    letters: dict[int, str] = {}
    for place, act in placed:
        letters[place] = act.letter
    line = ""
    for place in sorted(letters):
        line = f"{line:{place * pen.cell}}{letters[place]}"
    return row(gap(GUTTER), Cell(line, "mine")) if line else row(gap(3))


def legend(placed: Sequence[tuple[int, Act]], when: Sequence[str], most: int) -> list[Row]:
    """Return what the letters stand for, the newest first, each with when it was."""
    newest = list(zip(placed, when, strict=True))[::-1]
    rows = [
        row(gap(3), Cell(act.letter, "mine"), gap(2), Cell(fit(at, 10), "quiet"), Cell(act.words))
        for (_, act), at in newest[:most]
    ]
    if len(newest) > most:
        rows.append(row(gap(6), Cell(f"and {len(newest) - most} before them", "quiet")))
    return rows


def bar(share: float, width: int, pen: Pen) -> list[Cell]:
    """Return a bar that is so large a share of so many columns, padded to them."""
    filled = max(1 if share > 0 else 0, round(share * width))
    return [Cell(fit(("#" if pen.ascii_only else _BAR) * filled, width), "quiet")]
