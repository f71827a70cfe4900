"""Blocks as HTML, a chunk at a time, so that no list is ever whole in memory."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from crisisroom.report.html import chart
from crisisroom.report.html.blocks import (
    FOLD,
    LONG_LINE,
    Bands,
    Banner,
    Bar,
    Block,
    Change,
    Fold,
    Group,
    Items,
    Pairs,
    Para,
    Quote,
    Row,
    Section,
    Steps,
    Table,
    Tile,
    Tiles,
    Timeline,
    Volume,
)
from crisisroom.report.html.inline import Writer, text
from crisisroom.report.html.listing import Listing
from crisisroom.report.html.pieces import Line, When

_DIFF = {"same": "", "gone": "del", "new": "ins"}
_DIFF_SAID = {"del": "removed", "ins": "added"}


class Renderer:
    """Writes blocks; `level` is that of the heading a group has, `told` as of a `Writer`."""

    def __init__(self, zone: ZoneInfo, told: Container[str] | None = None) -> None:
        self._zone = zone
        self._write = Writer(zone, told)
        self._numbers = itertools.count(1)

    def section(self, section: Section) -> Iterator[str]:
        """Yield a section with its heading."""
        yield f'<section id="{section.id}" aria-labelledby="h-{section.id}">'
        yield f'<h2 id="h-{section.id}">{text(section.title)}</h2>\n'
        if section.intro:
            yield f'<p class="intro">{text(section.intro)}</p>'
        for block in section.blocks:
            yield from self.block(block, 3)
        yield "</section>\n"

    def block(self, block: Block, level: int) -> Iterator[str]:
        """Yield one block."""
        match block:
            case Para(line, lead, quiet):
                kind = ' class="lead"' if lead else ' class="quiet"' if quiet else ""
                yield f"<p{kind}>{self._write.line(line)}</p>"
            case Banner(line, tone):
                yield f'<p class="banner {tone}">{self._write.line(line)}</p>'
            case Pairs(rows):
                yield self.pairs(rows)
            case Tiles(tiles):
                yield f'<ul class="tiles">{"".join(map(self._tile, tiles))}</ul>'
            case Quote(words, outside):
                kind = "quote them" if outside else "quote"
                yield f'<blockquote class="{kind}" dir="auto">{text(words)}</blockquote>'
            case Items(lines):
                items = "".join(f"<li>{self._write.line(line)}</li>" for line in lines)
                yield f'<ul class="items">{items}</ul>'
            case _:
                yield from self._larger(block, level)

    def _larger(self, block: Block, level: int) -> Iterator[str]:
        match block:
            case Table():
                yield from self._table(block)
            case Change():
                yield self._change(block)
            case Steps():
                yield self._steps(block)
            case Volume():
                yield from self._volume(block)
            case Bands():
                yield from self._bands(block)
            case Group():
                yield from self._group(block, level)
            case Fold(summary, blocks):
                yield f"<details><summary>{text(summary)}</summary>"
                for one in blocks:
                    yield from self.block(one, level)
                yield "</details>"
            case Timeline():
                yield from Listing(self._zone, self._write, next(self._numbers)).chunks(block)

    def pairs(self, rows: Iterable[tuple[str, Line]], kind: str = "pairs") -> str:
        """Return names and what they stand for; `kind` is the class of the list."""
        parts = (
            f"<div{_full(line)}><dt>{text(name)}</dt><dd>{self._write.line(line)}</dd></div>"
            for name, line in rows
        )
        return f'<dl class="{kind}">{"".join(parts)}</dl>'

    def _tile(self, tile: Tile) -> str:
        note = self._write.line(tile.note)
        small = f'<span class="note">{note}</span>' if note else ""
        kind = f' class="{tile.tone}"' if tile.tone else ""
        return (
            f'<li{kind}><span class="big">{text(tile.value)}</span>'
            f' <span class="what">{text(tile.label)}</span> {small}</li>'
        )

    def _table(self, table: Table) -> Iterator[str]:
        if table.size <= FOLD:
            yield from self._rows(table, table.rows, "")
            return
        rows = iter(table.rows)
        for start in range(0, table.size, FOLD):
            end = min(start + FOLD, table.size)
            named = f"{start + 1:,} to {end:,} of {table.size:,}"
            yield f'<details class="part"{" open" if start == 0 else ""}>'
            yield f"<summary>{text(table.caption)}, {named}</summary>"
            yield from self._rows(table, itertools.islice(rows, FOLD), f", {named}")
            yield "</details>"

    def _rows(self, table: Table, rows: Iterable[Row], named: str) -> Iterator[str]:
        heads = "".join(
            f'<th scope="col"{_wide(number, table)}>{text(head)}</th>'
            for number, head in enumerate(table.head)
        )
        yield f"<table><caption>{text(table.caption)}{named}</caption>"
        yield f"<thead><tr>{heads}</tr></thead><tbody>\n"
        labels = [f' data-l="{text(head)}"' for head in table.head]
        for row in rows:
            anchor = f' id="{row.anchor}"' if row.anchor else ""
            first = f'<th scope="row"{labels[0]}>{self._write.line(row.cells[0])}</th>'
            rest = "".join(
                f"<td{label}>{_cell(self._write.line(cell))}</td>"
                for label, cell in zip(labels[1:], row.cells[1:], strict=True)
            )
            yield f"<tr{anchor}>{first}{rest}</tr>\n"
        yield "</tbody></table>"

    def _change(self, change: Change) -> str:
        parts = []
        for piece in change.pieces:
            name = _DIFF[piece.kind]
            words = text(piece.text)
            said = f'<span class="hush">[{_DIFF_SAID[name]}: </span>' if name else ""
            close = '<span class="hush">]</span>' if name else ""
            parts.append(f"<{name}>{said}{words}{close}</{name}>" if name else words)
        return f'<blockquote class="quote diff" dir="auto">{"".join(parts)}</blockquote>'

    def _steps(self, block: Steps) -> str:
        parts = []
        for step in block.steps:
            when = self._write.when(step.at) if step.at else ""
            wait = f'<span class="wait">{text(step.wait)}</span>' if step.wait else ""
            kind = f' class="{step.tone}"' if step.tone else ""
            words = f'<span class="did">{self._write.line(step.line)}</span>'
            parts.append(f"<li{kind}>{when} {words} {wait}</li>")
        return f'<ol class="steps">{"".join(parts)}</ol>'

    def _group(self, group: Group, level: int) -> Iterator[str]:
        anchor = f' id="{group.anchor}"' if group.anchor else ""
        heading = f"h{min(level, 6)}"
        aside = f'<p class="aside">{self._write.line(group.aside)}</p>' if group.aside else ""
        title = self._write.line(group.title) or "–"
        yield f"<article{anchor}><header><{heading}>{title}</{heading}>{aside}</header>"
        for block in group.blocks:
            yield from self.block(block, level + 1)
        yield "</article>\n"

    def _volume(self, block: Volume) -> Iterator[str]:
        yield '<figure class="chart">'
        yield f"<figcaption>{text(block.caption)}</figcaption>"
        yield _legend(block)
        desc = "; ".join(f"{n} {act.words}" for n, act in enumerate(block.acts, 1))
        for width, kind in ((chart.WIDE, "wide"), (chart.NARROW, "narrow")):
            drawn = chart.volume(block, self._zone, width)
            more = f' class="{kind}"'
            yield drawn.svg(block.caption, desc, next(self._numbers), more=more)
        yield self._acts(block)
        yield "<details><summary>The chart as a table</summary>"
        yield from self._counts(block)
        yield "</details></figure>"

    def _acts(self, block: Volume) -> str:
        items = "".join(
            f'<li><span class="no {act.tone or "plain"}" aria-hidden="true">{number}</span>'
            f' <a href="#e{act.seq}">{text(act.words)}</a> {self._write.when(act.at)}</li>'
            for number, act in enumerate(block.acts, 1)
        )
        return f'<ol class="acts">{items}</ol>' if items else ""

    def _counts(self, block: Volume) -> Iterator[str]:
        head = ("From", "Mentions", "Complaints", "Usual")
        rows = [Row(_count(bar)) for bar in block.bars]
        yield from self._rows(Table(block.caption, head, rows, len(rows)), rows, "")

    def _bands(self, block: Bands) -> Iterator[str]:
        yield '<figure class="chart">'
        desc = "; ".join(
            f"{label}: {', '.join(self._stretch(one.since, one.words) for one in some)}"
            for label, some in block.lines
        )
        for width, kind in ((chart.WIDE, "wide"), (chart.NARROW, "narrow")):
            drawn = chart.bands(block, self._zone, width)
            more = f' class="{kind}"'
            yield drawn.svg(block.caption, desc, next(self._numbers), more=more)
        yield "</figure>"

    def _stretch(self, since: datetime, words: str) -> str:
        return f"{words} from {since.astimezone(self._zone):%H:%M}"


def _count(bar: Bar) -> tuple[Line, ...]:
    complaints = "" if bar.complaints is None else f"{bar.complaints:,}"
    usual = "" if bar.usual is None else f"{bar.usual:.1f}"
    return (When(bar.start), f"{bar.mentions:,}", complaints, usual)


def _cell(words: str) -> str:
    """Return a cell whose words stay together beside its label on a narrow screen."""
    return f'<span class="cell">{words}</span>' if words else ""


def _wide(number: int, table: Table) -> str:
    return ' class="wide-col"' if number == table.wide else ""


def _full(line: Line) -> str:
    """Return what gives a longer line the whole width."""
    return ' class="full"' if isinstance(line, tuple) and len(line) > LONG_LINE else ""


def _legend(block: Volume) -> str:
    items = "".join(f'<li class="key-{kind}">{words}</li>' for kind, words in chart.keys(block))
    return f'<ul class="legend">{items}</ul>'
