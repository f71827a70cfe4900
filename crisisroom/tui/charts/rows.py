"""The chart screen in rows: mentions and the usual, what was done, complaints, sources, stories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from crisisroom.core.chart import DAYS, on_chart
from crisisroom.core.clocks import minutes
from crisisroom.room.charting import Volume
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row
from crisisroom.tui.rows.chart import (
    Pen,
    act_row,
    axis,
    bar,
    columns,
    legend,
    newest,
    shares,
    usual_words,
    widened,
)
from crisisroom.tui.rows.feed import one_line
from crisisroom.tui.rows.times import clock
from crisisroom.tui.rows.warning import heading

BAR = 24  # columns of the longest bar
_BARS = 60  # cells of a line from which there is room for it
SOURCES = 6
LEGEND = 4


def volume_rows(volume: Volume, now: datetime, pen: Pen, width: int) -> list[Row]:
    """Return the whole screen, from the chart to the stories."""
    volume = _fitting(volume, width)
    pen = replace(pen, cell=pen.cells_for(width, len(volume.chart.bins)), width=width)
    bar_of = BAR if width >= _BARS else BAR // 2
    return [
        *_mentions(volume, now, pen),
        BLANK,
        *_complaints(volume, replace(pen, height=2)),
        *_sources(volume, pen, bar_of),
        *_stories(volume, pen, width, bar_of // 2),
    ]


def _fitting(volume: Volume, width: int) -> Volume:
    """Return it with the newest part of the chart that there is room for, and the acts on that."""
    chart = newest(volume.chart, width)
    acts = on_chart(chart, [act for _, act in volume.acts])
    return msgspec.structs.replace(volume, chart=chart, acts=acts)


def span_words(span: timedelta) -> str:
    """Return a span as it is asked for: `4 h`, `7 days`."""
    hours = span // timedelta(hours=1)
    return f"{hours} h" if hours <= 48 else f"{hours // 24} days"


def _mentions(volume: Volume, now: datetime, pen: Pen) -> Iterator[Row]:
    chart = volume.chart
    of = (
        f" of {one_line(volume.about)}" if volume.about and volume.series.startswith("term") else ""
    )
    span = span_words(chart.size * len(chart.bins))
    told = f"{chart.mentions:,} in {span}, every {minutes(chart.size)}"
    yield heading(f"Mentions{of}", f"{told}   {known_words(volume, now, pen)}", "focus")
    if volume.series.startswith("narrative"):
        label = f"{volume.series.partition(':')[2]}  "
        yield row(gap(3), Cell(label, "quiet"), Cell(one_line(volume.about), foreign=True))
    yield BLANK
    yield from widened(columns(chart, pen), 1 if pen.ascii_only else pen.cell)
    if not pen.ascii_only:
        yield axis(chart, pen)
        if volume.acts:
            yield act_row(volume.acts, pen)
    when = [clock(act.at, now, pen.zone) for _, act in volume.acts]
    yield from legend(volume.acts, when, LEGEND)


def known_words(volume: Volume, now: datetime, pen: Pen) -> str:
    """Return what is usual now, and of how many days that is known."""
    chart = volume.chart
    if chart.days >= DAYS:
        return f"now {usual_words(chart.usual)}"
    if chart.days:
        days = "1 day" if chart.days == 1 else f"{chart.days} days"
        return f"now {usual_words(chart.usual)}, known of {days} only"
    if volume.heard_since is None:
        return "nothing was heard yet"
    return f"no usual yet: heard since {clock(volume.heard_since, now, pen.zone)}"


def _complaints(volume: Volume, pen: Pen) -> Iterator[Row]:
    chart = volume.chart
    told = f"{chart.complaints:,} of {chart.mentions:,} mentions, as the words say"
    yield heading("Likely complaints", told)
    if chart.complaints:
        yield from widened(shares(chart, pen), 1 if pen.ascii_only else pen.cell)


def _sources(volume: Volume, pen: Pen, bar_of: int) -> Iterator[Row]:
    if not volume.sources:
        return
    yield BLANK
    more = len(volume.sources) - SOURCES
    yield heading("Sources", f"and {more} more" if more > 0 else "")
    most = max(one.mentions for one in volume.sources)
    for one in volume.sources[:SOURCES]:
        narrow = bar_of < BAR
        told = f" {one.mentions:>{5 if narrow else 7},}"
        bad = f"  {one.complaints:>{4 if narrow else 6},} complain" if one.complaints else ""
        parts = bar(one.mentions / most, bar_of, pen)
        name = fit(one.name, 9 if narrow else 14)
        yield row(gap(3), Cell(name), *parts, Cell(told), Cell(bad, "quiet"))


def _stories(volume: Volume, pen: Pen, width: int, size: int) -> Iterator[Row]:
    if not volume.stories:
        return
    yield BLANK
    yield heading("Stories", "the largest of this time")
    most = max(one.mentions for one in volume.stories)
    for one in volume.stories:
        free = f"{one.story.free} free" if one.story.free else ""
        label = [
            Cell(fit(one.story.id, 7), "quiet"),
            *bar(one.mentions / most, size, pen),
            Cell(f" {one.mentions:>6,}  "),
            Cell(fit(free, 9), "mine"),
        ]
        words = clip(one_line(one.story.title), max(8, width - size - 29))
        yield row(gap(3), *label, Cell(words, foreign=not one.story.named_by))
