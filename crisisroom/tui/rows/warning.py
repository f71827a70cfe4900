"""Early warnings in rows: the status corner, and the line of one in a list."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.core.candidate import Candidate
from crisisroom.core.clocks import ClockState, minutes
from crisisroom.tui import signs
from crisisroom.tui.rows import Cell, Row, cell_len, clip, fit, gap, row
from crisisroom.tui.rows.times import brief_clock
from crisisroom.tui.situation import Situation

CHIP = 10
MARKS = {
    "open": Cell(signs.LOOK, "warn"),
    "watched": Cell(signs.OWNED, "mine"),
    "declared": Cell(signs.DONE, "ok"),
    "dismissed": Cell(signs.OFF, "quiet"),
    "ended": Cell(signs.WAITS, "quiet"),
}


def first_words(one: Candidate) -> str:
    """Return the beginning of the reason: `9 in 20 min, usual 0.4`."""
    return one.reason.partition(";")[0]


def waits(one: Candidate, know: Situation) -> str:
    """Return how long it has waited for a person since it was raised, or got worse."""
    return minutes(know.now - (one.escalated_at or one.at))


def in_corner(know: Situation, urgent: ClockState | None) -> bool:
    """Say whether an early warning has the corner: no clock is near that would need it."""
    return bool(know.waiting) and (urgent is None or urgent.state == "ok")


def corner(know: Situation, width: int, right: int, *, wide: bool) -> list[tuple[int, Cell]]:
    """Return the oldest early warning that waits as the alarm, filled; more of them as a count."""
    oldest, *others = know.waiting
    waited = waits(oldest, know)
    chip = " new" if waited == "now" else f" waits {waited}"
    name = f"early warning {oldest.id}" if wide or not know.clocks else f"warning {oldest.id}"
    more = f"+{len(others)}" if others else ""
    parts = [(1, Cell(fit(chip, CHIP), "near")), (13, Cell(name, "bold"))]
    column = 14 + cell_len(name)
    if more and (wide or not know.clocks):
        parts.append((column, Cell(more, "quiet")))
        column += len(more) + 1
    if not know.clocks:
        start = right if wide else column + 1
        parts.append((start, Cell(clip(first_words(oldest), width - start - 1))))
    return parts


def slot(know: Situation, place: int) -> list[tuple[int, Cell]]:
    """Return how long the oldest waits as one of the clocks, where the corner has a nearer one."""
    oldest, *others = know.waiting
    waited = waits(oldest, know)
    parts = [(place, Cell("warning", "quiet")), (place + 8, Cell(waited, "warn"))]
    if others:
        parts.append((place + 9 + len(waited), Cell(f"+{len(others)}", "quiet")))
    return parts


def list_row(one: Candidate, know: Situation, width: int) -> Row:
    """Return a warning's line in the list: mark, time, id, state or who, then the reason."""
    quiet = one.state not in ("open", "watched")
    base = "quiet" if quiet else "text"
    when = brief_clock(one.escalated_at or one.at, know.now, know.zone)
    return row(
        gap(1),
        MARKS[one.state],
        gap(1),
        Cell(fit(when, 7), base),
        Cell(fit(one.id, 6), base if quiet else "bold"),
        Cell(fit(became(one), 16), "quiet" if quiet else base),
        gap(1),
        Cell(clip(one.reason, max(1, width - 35)), base),
        at=f"warning:{one.id}",
    )


def became(one: Candidate) -> str:
    """Return what became of it in few words."""
    if one.state == "declared":
        return one.incident
    return {
        "open": f"{one.level}, waits",
        "watched": f"{one.decided_by} watches",
        "dismissed": f"no crisis, {one.decided_by}",
        "ended": "over by itself",
    }[one.state]


def heading(words: str, rest: str = "", role: str = "bold") -> Row:
    """Return the title of a part."""
    return row(gap(3), Cell(words, role), Cell(f"   {rest}" if rest else "", "quiet"))


def told(candidates: Sequence[Candidate], key: str) -> str:
    """Return what the line of keys says of warnings that have just come, the newest first."""
    newest, *others = candidates
    worse = "early warning got worse" if newest.escalated_at else "early warning"
    more = f", and {len(others)} more" if others else ""
    opens = f"   {key} opens it" if key else ""
    return f"{worse}: {first_words(newest)}{more}{opens}"
