"""Blocks as plain values for the PDF's template, which takes every text as text and never as code.

What a screen folds a sheet of paper cannot: of very long lists the beginning is printed, with a
line that says where the rest is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from crisisroom.report.html import chart
from crisisroom.report.html.blocks import (
    LONG_LINE,
    Bands,
    Banner,
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
    Tiles,
    Timeline,
    Told,
    Volume,
)
from crisisroom.report.html.ink import STYLE
from crisisroom.report.html.inline import offset, utc_beside
from crisisroom.report.html.lanes import LANES
from crisisroom.report.html.pieces import (
    Code,
    Inline,
    Line,
    Link,
    Mark,
    Quiet,
    Ref,
    Said,
    Strong,
    When,
)
from crisisroom.report.html.scale import MONTHS, day
from crisisroom.report.plain import local_iso, visible
from crisisroom.text.links import safe_url

Json = dict[str, Any]
LONG = 2_000  # entries of a log from which on not every row of it is printed
_SHORT_CODE = 32  # signs of an id or hash that a third of the width has room for
_ROWS = 40  # of one list of such a log
_THINGS = 8  # with a heading of their own, in one section of it


class Paper:
    """Turns blocks into values; `drawings` are the charts met on the way, by file name."""

    def __init__(self, zone: ZoneInfo, entries: int) -> None:
        self._zone = zone
        self._rows, self._things = (_ROWS, _THINGS) if entries > LONG else (LONG, LONG)
        self._places: list[Json] = []
        self._refs: list[Json] = []
        self.drawings: dict[str, bytes] = {}

    def lead(self) -> None:
        """Keep the links whose place is on paper, and the places that a link leads to.

        Call it at the end: each of them costs the typesetter time and memory.
        """
        here = {one["anchor"] for one in self._places} & {one["anchor"] for one in self._refs}
        for one in (*self._places, *self._refs):
            if one["anchor"] not in here:
                one["anchor"] = ""

    def _place(self, anchor: str, **more: Any) -> Json:
        made = {"anchor": anchor, **more}
        self._places.append(made)
        return made

    def _ref(self, words: str, anchor: str) -> Json:
        made = {"is": "ref", "text": visible(words), "anchor": anchor}
        self._refs.append(made)
        return made

    def section(self, section: Section) -> Json:
        """Return a section."""
        return {
            "id": section.id,
            "title": visible(section.title),
            "intro": visible(section.intro),
            "blocks": self._beginning(section.blocks),
        }

    def _beginning(self, blocks: Iterable[Block]) -> list[Json]:
        """Return the first things of a section that has very many."""
        rest = iter(blocks)
        kept = self.blocks(itertools.islice(rest, self._things))
        left = sum(1 for _ in rest)
        return [*kept, _quiet(f"{left:,} more are in the other exports.")] if left else kept

    def blocks(self, blocks: Iterable[Block]) -> list[Json]:
        """Return blocks in their order."""
        return [one for block in blocks for one in self._block(block)]

    def _block(self, block: Block) -> Iterator[Json]:
        match block:
            case Para(line, lead, quiet):
                yield {"is": "para", "line": self.line(line), "lead": lead, "quiet": quiet}
            case Banner(line, tone):
                yield {"is": "banner", "line": self.line(line), "tone": tone}
            case Pairs(rows):
                yield {"is": "pairs", "rows": [self._pair(*one) for one in rows]}
            case Tiles(tiles):
                yield {"is": "tiles", "tiles": [self._tile(one) for one in tiles]}
            case Quote(words, outside):
                yield {"is": "quote", "text": visible(words), "outside": outside}
            case Change(pieces):
                parts = [{"kind": one.kind, "text": visible(one.text)} for one in pieces]
                yield {"is": "change", "pieces": parts}
            case Items(lines):
                yield {"is": "items", "lines": [self.line(line) for line in lines]}
            case Group(title, blocks, aside, anchor):
                yield self._group(title, blocks, aside, anchor)
            case _:
                yield from self._longer(block)

    def _group(self, title: Line, blocks: Iterable[Block], aside: Line, anchor: str) -> Json:
        lines = {"title": self.line(title), "aside": self.line(aside)}
        made = self._place(anchor, **lines, blocks=self.blocks(blocks))
        made["is"] = "group"
        return made

    def _pair(self, name: str, line: Line) -> Json:
        hashed = isinstance(line, Code) and len(line.text) > _SHORT_CODE
        full = hashed or (isinstance(line, tuple) and len(line) > LONG_LINE)
        return {"name": visible(name), "line": self.line(line), "full": full}

    def _tile(self, tile: Any) -> Json:
        note = self.line(tile.note)
        return {
            "label": visible(tile.label),
            "value": visible(tile.value),
            "note": note,
            "tone": tile.tone,
        }

    def _longer(self, block: Block) -> Iterator[Json]:
        match block:
            case Fold(summary, blocks):
                line = [{"is": "strong", "text": visible(summary)}]
                yield {"is": "para", "line": line, "lead": False, "quiet": False}
                yield from self.blocks(blocks)
            case Table():
                yield from self._table(block)
            case Steps(steps):
                rows = [
                    {
                        "at": self._when(one.at) if one.at else None,
                        "line": self.line(one.line),
                        "wait": visible(one.wait),
                        "tone": one.tone,
                    }
                    for one in steps
                ]
                yield {"is": "steps", "steps": rows}
            case Volume():
                drawn = chart.volume(block, self._zone, chart.WIDE)
                yield self._drawn(drawn, block.caption, chart.keys(block))
                yield {"is": "acts", "acts": [self._act(one) for one in enumerate(block.acts, 1)]}
            case Bands():
                yield self._drawn(chart.bands(block, self._zone, chart.WIDE), block.caption)
            case Timeline():
                yield from self._timeline(block)

    def _act(self, numbered: tuple[int, Any]) -> Json:
        number, act = numbered
        words = self._ref(act.words, f"e{act.seq}")
        return {"number": number, "words": words, "tone": act.tone, "at": self._when(act.at)}

    def _table(self, table: Table) -> Iterator[Json]:
        rows = [self._row(row) for row in itertools.islice(table.rows, self._rows)]
        yield {
            "is": "table",
            "caption": visible(table.caption),
            "head": [visible(one) for one in table.head],
            "rows": rows,
            "wide": table.wide,
        }
        yield from self._rest(table.size)

    def _rest(self, size: int) -> Iterator[Json]:
        if size > self._rows:
            yield _quiet(f"{size - self._rows:,} more are in the other exports.")

    def _row(self, row: Row) -> Json:
        return self._place(row.anchor, cells=[self.line(cell) for cell in row.cells])

    def _drawn(
        self, drawing: chart.Drawing, caption: str, keys: Sequence[tuple[str, str]] = ()
    ) -> Json:
        name = f"chart-{len(self.drawings) + 1}.svg"
        self.drawings[name] = drawing.svg(caption, caption, 1, STYLE).encode()
        return {"is": "drawing", "file": name, "caption": visible(caption), "keys": keys}

    def _timeline(self, block: Timeline) -> Iterator[Json]:
        yield self._drawn(chart.lanes(block, self._zone, chart.WIDE), "How much happened when")
        long = block.size > self._rows
        told = (one for one in block.told if one.key or not long)
        yield {"is": "timeline", "days": [*self._days(told)]}
        if long:
            words = (
                f"These are the key moments; all {block.size:,} entries are in the other exports."
            )
            yield _quiet(words)

    def _days(self, told: Iterable[Told]) -> Iterator[Json]:
        for here, some in itertools.groupby(told, lambda one: one.at.astimezone(self._zone).date()):
            rows = [self._told(one) for one in some]
            at = datetime(here.year, here.month, here.day, tzinfo=UTC)
            yield {"day": f"{day(at)} {here.year}", "rows": rows}

    def _told(self, one: Told) -> Json:
        notes: list[Json] = []
        for line in one.remarks:
            notes += [*([{"is": "text", "text": "; "}] if notes else []), *self.line(_named(line))]
        return self._place(
            f"e{one.seq}",
            seq=one.seq,
            at=self._when(one.at),
            lane=LANES[one.lane],
            who=visible(one.who),
            role=visible(one.role),
            text=visible(one.text),
            notes=notes,
            key=one.key,
        )

    def line(self, line: Line) -> list[Json]:
        """Return the pieces of a line."""
        return [self._piece(one) for one in (line if isinstance(line, tuple) else (line,)) if one]

    def _piece(self, piece: Inline) -> Json:
        match piece:
            case When(at, brief):
                shown = self._when(at, brief) if at else None
                return {"is": "when", "at": shown} if shown else {"is": "text", "text": ""}
            case Mark(words, tone):
                return {"is": "mark", "text": visible(words), "tone": tone}
            case Ref(anchor, words):
                return self._ref(words, anchor)
            case Link(url, words):
                safe = safe_url(url) or ""
                return {"is": "link", "text": visible(words or safe or url), "url": safe}
            case Code(words):
                return {"is": "code", "text": visible(words)}
            case Strong(words):
                return {"is": "strong", "text": visible(words)}
            case Quiet(words):
                return {"is": "quiet", "text": visible(words)}
            case Said(words, outside):
                return {"is": "said", "text": visible(words), "outside": outside}
            case _:
                return {"is": "text", "text": visible(piece)}

    def _when(self, at: datetime, brief: bool = False) -> Json:
        here, iso = at.astimezone(self._zone), local_iso(at, self._zone)
        return {
            "clock": iso[11:19],
            "day": "" if brief else f"{here.day} {MONTHS[here.month - 1]} {here.year}",
            "offset": offset(here),
            "utc": utc_beside(here),
        }


def _named(line: Line) -> Line:
    """Return a line whose links only say where they lead."""
    pieces = line if isinstance(line, tuple) else (line,)
    return tuple(Quiet(one.words) if isinstance(one, Ref) else one for one in pieces)


def _quiet(words: str) -> Json:
    line = [{"is": "text", "text": words}]
    return {"is": "para", "line": line, "lead": False, "quiet": True}
