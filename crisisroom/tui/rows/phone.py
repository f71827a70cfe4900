"""The status of a screen as narrow as a phone: severity, the nearest clock, then all clocks."""

from __future__ import annotations

from crisisroom.core.clocks import ClockState, minutes
from crisisroom.tui.rows import Cell, Row, cell_len, clip, fit, gap, spread, urgent, warning
from crisisroom.tui.rows.status import (
    CHIP,
    READ_ONLY,
    alarm,
    corner,
    is_warned_first,
    places_of_clocks,
    sources,
)
from crisisroom.tui.situation import Situation

_PLACES = (1, 13, 27, 39)
_WORDS = 13  # the column where words begin, right of the chip


def status_rows(know: Situation, width: int, *, signs: bool = False) -> list[Row]:
    """Return three lines: what it is and since when, what is most urgent, and the clocks.

    People are left out: they have a page. The sources are told of where they need a look.
    """
    nearest = know.clocks[0] if know.clocks and not urgent.is_first(know) else None
    if know.shut:
        chip = Cell(fit(f" {know.shut.chip}", CHIP), "past")
        urgent_parts = [(1, chip), (_WORDS, Cell(clip(know.shut.told, width - 14), "bold"))]
        below = [(1, Cell(clip(READ_ONLY, width - 2), "late"))]
    else:
        urgent_parts = _urgent(know, nearest, width)
        below = places_of_clocks(know, nearest, _PLACES) if know.clocks else _calm(know)
    above = [*corner(know, signs), *_title(know, width)]
    return [Row(spread(parts)) for parts in (above, urgent_parts, below)]


def _title(know: Situation, width: int) -> list[tuple[int, Cell]]:
    """Return what is in view, then how old it is and the time."""
    clock_at, age = width - 6, ""
    if know.incident:
        opened = know.incident.status == "open"
        age = minutes(know.now - know.incident.declared_at) if opened else know.incident.status
    age_at = clock_at - cell_len(age) - (2 if age else 0)
    return [
        *urgent.title(know, age_at - 1, wide=False),
        (age_at, Cell(age, "quiet")),
        (clock_at, Cell(f"{know.now.astimezone(know.zone):%H:%M}")),
    ]


def _urgent(know: Situation, nearest: ClockState | None, width: int) -> list[tuple[int, Cell]]:
    role, words, _ = sources(know)
    bad = "" if role == "quiet" else words
    end = width - 1 - (cell_len(bad) + 2 if bad else 0)
    if is_warned_first(know):
        parts = warning.corner(know, end, end, wide=False)
    elif nearest is None:
        parts = urgent.alarm(know, end, wide=True) or [(1, gap(CHIP))]
    else:
        parts = _nearest(know, nearest, end)
    return [*parts, (width - 1 - cell_len(bad), Cell(bad, role))] if bad else parts


def _calm(know: Situation) -> list[tuple[int, Cell]]:
    """Return what stands where no clock runs: that, and how the sources are."""
    role, words, _ = sources(know)
    told = Cell("no clocks run", "quiet")
    return [(1, told), (_PLACES[1] + 4, Cell(words, role))] if role == "quiet" else [(1, told)]


def _nearest(know: Situation, nearest: ClockState, end: int) -> list[tuple[int, Cell]]:
    """Return the nearest clock: how long it has, what it is for, and by when if that fits."""
    role, words = alarm(know, nearest)
    title = clip(nearest.title.replace("somebody takes ", "take ", 1), end - _WORDS)
    verb = "was" if nearest.state == "overdue" else "by"
    when = f" {verb} {nearest.due_at.astimezone(know.zone):%H:%M}"
    parts = [(1, Cell(fit(f" {words}", CHIP), role)), (_WORDS, Cell(title, "bold"))]
    after = _WORDS + cell_len(title)
    return [*parts, (after, Cell(when, "quiet"))] if after + cell_len(when) <= end else parts
