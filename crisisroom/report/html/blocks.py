"""What a report for people is made of, whatever it is written as: sections, blocks, pieces of text.

Every text in here is literal: who writes it out escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from crisisroom.core.textdiff import Piece
from crisisroom.report.html.pieces import Line, Tone

LONG_LINE = 8  # pieces of a line from which on it takes the whole width
FOLD = 200  # rows of a table that are shown at once


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `lead` makes it the one to read if no other."""

    line: Line
    lead: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Banner:
    """A line that nobody can miss."""

    line: Line
    tone: Tone = "late"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and what they stand for."""

    rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One big figure: its value, what it is, and what it is made of."""

    label: str
    value: str
    note: Line = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Big figures side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; its first cell names it."""

    cells: tuple[Line, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; many of them are written and folded in parts, one after another.

    `wide` is the number of the column that takes what room there is, from 0.
    """

    caption: str
    head: tuple[str, ...]
    rows: Iterable[Row]
    size: int
    wide: int = -1


@dataclass(frozen=True, slots=True)
class Quote:
    """A text to the letter."""

    text: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """How a text came of the one before, word by word."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something on the way of a text; `wait` is how long it took since the step before."""

    line: Line
    at: datetime | None = None
    wait: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """The way of a text, step after step."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """How much was said in one stretch of time; `usual` is what is said at that hour."""

    start: datetime
    end: datetime
    mentions: int
    complaints: int | None = None
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is marked on a chart, with the entry that tells of it."""

    at: datetime
    words: str
    seq: int
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Volume:
    """A chart of how much was said, with the acts on it."""

    caption: str
    bars: tuple[Bar, ...]
    acts: tuple[Act, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time in a chart of bands."""

    since: datetime
    until: datetime
    words: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Bands:
    """A chart of who or what was when, a line for each."""

    caption: str
    lines: tuple[tuple[str, tuple[Band, ...]], ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """Something with a heading of its own."""

    title: Line
    blocks: tuple[Block, ...]
    aside: Line = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Fold:
    """What is shown when somebody wants to see it, and on paper."""

    summary: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the timeline as it is told."""

    seq: int
    at: datetime
    lane: str
    who: str
    role: str
    text: str
    remarks: tuple[Line, ...] = ()
    key: bool = False
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Hour:
    """A stretch of the timeline, and how many of each lane it has."""

    start: datetime
    end: datetime
    counts: dict[str, int]

    @property
    def size(self) -> int:
        """Return how many entries it has."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that happened: hours in their order, entries in theirs."""

    hours: tuple[Hour, ...]
    told: Iterable[Told]
    size: int
    people: tuple[str, ...] = ()
    spread: dict[str, tuple[int, ...]] = field(default_factory=dict)  # by lane, in `since`-`until`
    since: datetime | None = None
    until: datetime | None = None
    left_out: int = 0


Block: TypeAlias = (
    Para
    | Banner
    | Pairs
    | Tiles
    | Table
    | Quote
    | Change
    | Items
    | Steps
    | Volume
    | Bands
    | Group
    | Fold
    | Timeline
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report with its own place in the list of contents."""

    id: str
    title: str
    blocks: Iterable[Block]
    intro: str = ""
