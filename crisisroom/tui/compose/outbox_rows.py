"""The outbox in rows: how many stand how, then each way, what needs a person first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from crisisroom.tui.compose.on_its_way import PLACES, Way, told_of
from crisisroom.tui.compose.outcomes import MARKS
from crisisroom.tui.rows import BLANK, Cell, Row, cell_len, clip, fit, gap, row, short, wrap
from crisisroom.tui.rows.feed import safe_name
from crisisroom.tui.rows.times import brief_clock
from crisisroom.tui.rows.warning import heading

_NEXT = (
    "Nothing is on its way. A reply goes out with r on a post, a statement with c;",
    "here one sees each until it is out, and settles what is in doubt.",
)


def outbox_top(found: Sequence[Way], only: str) -> Iterator[Row]:
    """Yield how many stand how; `only` is the one incident that shows, empty for all."""
    places = [way.place for way in found]
    counts = [f"{places.count(place)} {place}" for place in PLACES if place in places]
    told = ", ".join(counts) or "empty"
    yield heading("Outbox", f"{told}{f'   only {only}' if only else ''}", "focus")
    yield BLANK


def outbox_rows(
    found: Sequence[Way], me: str, width: int, now: datetime, zone: tzinfo
) -> Iterator[Row]:
    """Yield a row for each way; with its incident where they are of several.

    Why something waits stands once, below the last of those that wait for the same.
    """
    several = len({way.incident.id for way in found}) > 1
    for number, way in enumerate(found):
        yield _way_row(way, me, width, now, zone, several=several)
        below = found[number + 1].waits if number + 1 < len(found) else ""
        if way.waits and way.waits != below:
            yield from _waits(found[: number + 1], way.waits, width)
    if not found:
        yield from (row(gap(3), Cell(words, "quiet")) for words in _NEXT)


def _way_row(way: Way, me: str, width: int, now: datetime, zone: tzinfo, *, several: bool) -> Row:
    send, text = way.send, way.words
    role = "quiet" if way.over else "text"
    mine = "mine" if text.author == me else role
    case = fit(way.incident.id, 7) if several else ""
    whom = safe_name(text.handle) if text.handle else text.audience
    to = Cell(clip(whom, max(8, width - 55 - cell_len(case))), "quiet", bool(text.handle))
    return row(
        gap(1),
        MARKS[send.state],
        gap(1),
        Cell(fit(brief_clock(send.at or text.drafted_at, now, zone), 6), role),
        Cell(case, role),
        Cell(fit(short(text.author), 5), mine),
        Cell(fit(text.id, 6), role),
        Cell(fit(send.channel, 8), role),
        gap(1),
        Cell(fit(told_of(way), 22), role),
        Cell("to ", "quiet"),
        to,
        at=f"way:{way.id}",
    )


def _waits(until: Sequence[Way], why: str, width: int) -> Iterator[Row]:
    """Yield why the last ones of a run wait."""
    run = 0
    for way in reversed(until):
        if way.waits != why:
            break
        run += 1
    told = why if run == 1 else f"these {run} wait: {why}"
    for part in wrap(told, width - 10):
        yield row(gap(9), Cell(part, "quiet"))
