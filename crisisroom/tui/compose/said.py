"""Lines of these screens as cells with roles, before any width or colour is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

import msgspec

from crisisroom.core.clocks import minutes
from crisisroom.tui.rows import Cell, Row, row, times

_WARN = timedelta(minutes=5)  # from then on a due time is told as what is left of it


class Item(msgspec.Struct, frozen=True):
    """An entry of a list: a mark and the lines beside it, which wrap under themselves."""

    id: str  # ours, never a stranger's
    mark: Cell
    body: tuple[Row, ...]
    quote: bool = False  # a stranger speaks: the lines stand behind a bar
    label: str = ""  # what the lines are about, in a column of its own


def line(*parts: str | tuple[str, str] | Cell) -> Row:
    """Make a line of plain words, `(words, role)` pairs and cells."""
    return row(*map(_cell, parts))


def _cell(part: str | tuple[str, str] | Cell) -> Cell:
    if isinstance(part, Cell):
        return part
    return Cell(part) if isinstance(part, str) else Cell(*part)


def lines(text: str, role: str = "text", *, foreign: bool = False) -> tuple[Row, ...]:
    """Return a text as lines, empty ones kept."""
    return tuple(row(Cell(part or " ", role, foreign)) for part in text.split("\n"))


def joined(parts: Iterable[Row], between: str = "   ") -> Row:
    """Put several short lines beside each other."""
    cells: list[Cell] = []
    for part in parts:
        if part.cells:
            cells += (Cell(between) if cells else Cell(""), *part.cells)
    return row(*cells)


def due(moment: datetime, now: datetime, zone: tzinfo) -> tuple[str, str]:
    """Return how a due time is told, and its role: `03:45`, `in 2m`, `late 4m`."""
    if moment <= now:
        return times.due(moment, now, zone, "overdue"), "late"
    near = moment - now < _WARN
    return times.due(moment, now, zone, "warn" if near else "ok"), "warn" if near else "text"


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago something was: `just now`, `4m ago`."""
    text = minutes(now - moment)
    return "just now" if text == "now" else text + " ago"


def lately(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, to the second in the last minute: `20 s ago`."""
    seconds = int((now - moment).total_seconds())
    return str(max(seconds, 1)) + " s ago" if seconds < 60 else ago(moment, now)


def short_hash(sha256: str) -> str:
    """Return what people compare of a hash: `a41c 09e7`."""
    return sha256[:4] + " " + sha256[4:8]


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 blank`, `2 blanks`."""
    return str(number) + " " + (one if number == 1 else many or one + "s")
