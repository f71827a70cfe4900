"""What it meant and how it was seen: whom it reached, the first signs, the stories people told."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.incident import Warned
from crisisroom.report.html import anchors
from crisisroom.report.html.blocks import Block, Items, Pairs, Row, Table
from crisisroom.report.html.pieces import Code, Inline, Line, Said, Strong, When
from crisisroom.report.impact import impact as figures_of
from crisisroom.report.page import Page


def impact(page: Page) -> Iterator[Block]:
    """Yield what it meant in figures, then how it was detected."""
    rows = tuple((what, Said(how_much)) for what, how_much in figures_of(page))
    if rows:
        yield Pairs(rows)
    signs = tuple(_signs(page))
    if signs:
        yield Items(signs)


def _signs(page: Page) -> Iterator[Line]:
    mentions = page.incident.mentions.values()
    first = min(mentions, key=lambda one: (one.posted_at, one.uid), default=None)
    if first is not None:
        who: tuple[Inline, ...] = (
            " by ",
            Said(first.handle, outside=True),
            f" on {first.source}, ",
        )
        name = anchors.point(first.id, anchors.thing(first.id))
        yield (Strong("First post "), name, *who, When(first.posted_at))
    for one in page.incident.warnings:
        yield (
            Strong(f"Early warning {one.id} "),
            Said(_warned(one)),
            " ",
            When(one.at),
            *_hint(one),
        )


def _warned(one: Warned) -> str:
    usual = f"{one.expected_hundredths / 100:.2f}"
    said = f"{one.observed} mentions in {one.window_minutes} minutes, usual {usual}"
    return f"{one.level}: {one.reason} ({said})"


def _hint(one: Warned) -> tuple[Inline, ...]:
    return ("; suggested ", Code(one.suggested_playbook)) if one.suggested_playbook else ()


def stories(page: Page) -> Iterator[Block]:
    """Yield what people complained of, how many, and how it was answered."""
    incident = page.incident
    if not incident.stories:
        return
    rows = []
    for one in incident.stories.values():
        line = incident.lines.get(one.uid)
        said: Line = (f"{line.line} ", Said(line.why)) if line else ""
        many = f"{one.mentions:,} by {one.authors:,}"
        cells: tuple[Line, ...] = (
            (f"{one.id} ", Said(one.title, outside=True)),
            many,
            ", ".join(one.sources),
            When(one.first_at),
            When(one.last_at),
            said,
        )
        rows.append(Row(cells))
    head = ("Story", "Mentions", "On", "First", "Last", "Our line")
    yield Table("Stories", head, rows, len(rows), 0)
