"""A story in the feed: how much of it waits, how wide it is, how it goes on, then its title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crisisroom.core.incident import Incident
from crisisroom.core.narrative import Narrative
from crisisroom.core.said import Line
from crisisroom.firstpaint.feed import WIDE
from crisisroom.tui import signs
from crisisroom.tui.rows import Cell, Row, cell_len, fit, gap, row
from crisisroom.tui.rows.feed import one_line
from crisisroom.tui.rows.times import number

COUNTS = 13  # cells of "11 free of 38"
MANY = 2_000  # free posts that are counted; from there on it is "at least"
_LINES: Mapping[Line, str] = {
    "answer": "answer",
    "questions": "questions",
    "point": "point",
    "monitor": "monitor",
    "legal": "Legal",
}
_NARROW, _WIDE = 4, 16  # hours of the trend, a cell each


def story_row(story: Narrative, width: int, *, opened: bool, line: str = "") -> Row:
    """Return the head of a story: fold mark, counts, reach, trend, its line, its title last."""
    wider = width >= WIDE
    source = 8 if wider else 5
    hours = _WIDE if wider else _NARROW
    waits = story.free > 0
    reach = rough(story.reach)
    told = counts(story.free, story.mentions, COUNTS - (len(reach) == 4))
    left = (
        gap(1),
        Cell(signs.OPEN if opened else signs.CLOSED, "quiet"),
        gap(1),
        Cell(fit(told, COUNTS), "text" if waits else "quiet"),
        gap(source - 5),
        Cell(fit(reach, 4, right=True), "quiet"),
        gap(1),
        Cell(f"{line} " if line else "", "warn"),
        Cell(trend(story.trend, hours), "quiet"),
        gap(1),
    )
    used = sum(cell_len(cell.text) for cell in left)
    title = Cell(fit(one_line(story.title), max(1, width - used)), "bold" if waits else "quiet")
    ours = Cell(title.text, title.role, not story.named_by)
    return row(*left, ours, at=f"story:{story.id}")


def counts(free: int, total: int, width: int = COUNTS) -> str:
    """Return how many posts of a story wait, in so many cells."""
    waiting = f"{number(free)}+" if free >= MANY else number(free)
    words = f"{waiting} free of {number(total)}"
    return words if len(words) <= width else f"{waiting} of {number(total)}"


def rough(reach: int) -> str:
    """Return a reach in four cells, mostly three: `640`, `57k`, `2M`; nothing for none."""
    if reach < 1000:
        return str(reach) if reach else ""
    return f"{round(reach / 1000)}k" if reach < 999_500 else f"{round(reach / 1_000_000)}M"


def trend(hourly: Sequence[int], hours: int) -> str:
    """Return the last hours as bars of one cell each, the newest last; blank where none is told."""
    shown = list(hourly)[-hours:]
    top = max(shown, default=0)
    steps = len(signs.RISING) - 1
    bars = [signs.RISING[max(1, round(many / top * steps)) if many else 0] for many in shown]
    return "".join(bars).rjust(hours)


def others_row(posts: int, free: int, width: int, *, opened: bool, more: bool) -> Row:
    """Return the head of the posts that belong to no story."""
    sign = "+" if more else ""
    words = f"{free}{sign} free of {posts}{sign}"
    source = 8 if width >= WIDE else 5
    hours = _WIDE if width >= WIDE else _NARROW
    return row(
        gap(1),
        Cell(signs.OPEN if opened else signs.CLOSED, "quiet"),
        gap(1),
        Cell(fit(words, COUNTS + source - 5 + 4 + 1 + hours + 1), "text" if free else "quiet"),
        Cell("others, of no story", "bold" if free else "quiet"),
        at="others:",
    )


def more_row(story: str, more: int, *, at_least: bool) -> Row:
    """Return the line below the posts of a story that are shown."""
    words = f"and {more:,}{'+' if at_least else ''} more"
    return row(gap(3), Cell(words, "mine"), Cell(": enter", "quiet"), at=f"more:{story}")


def line_word(incident: Incident | None, narrative_uid: str) -> str:
    """Return the line that was set for exactly this story in one word, empty for none."""
    held = incident.lines.get(narrative_uid) if incident and narrative_uid else None
    return _LINES[held.line] if held else ""
