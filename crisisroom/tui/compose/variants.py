"""A statement's words for single channels: beside each other where there is room, else as tabs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll

from crisisroom.core.review import Problem, Review
from crisisroom.room.desk import Desk
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.items import Words as Text
from crisisroom.tui.compose.marked import marked, marks_in, marks_of
from crisisroom.tui.compose.said import Item, count, line
from crisisroom.tui.rows import Cell, Row
from crisisroom.tui.signs import BAD, FREE, OWNED

TEXT = ""
"""The side of the text itself, which goes wherever a channel has no words of its own."""
SOURCE = ":source"
"""The side of what is corrected or translated: it is looked at, never written on."""


class Bundle(msgspec.Struct, frozen=True):
    """A text, the words of its own that some channels get, and what both are written after."""

    text: str = ""
    variants: dict[str, str] = {}
    source: str = ""
    source_id: str = ""  # ST-1

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides there are: the text, the channels with words of their own, the source."""
        return (TEXT, *self.variants, *((SOURCE,) if self.source else ()))

    def of(self, side: str) -> str:
        """Return the words of one side."""
        if side == SOURCE:
            return self.source
        return self.variants.get(side, "") if side else self.text

    def put(self, side: str, text: str) -> Bundle:
        """Return the bundle with other words on one side."""
        if side == SOURCE:
            return self
        if side == TEXT:
            return msgspec.structs.replace(self, text=text)
        return msgspec.structs.replace(self, variants=self.variants | {side: text})

    def without(self, side: str) -> Bundle:
        """Return the bundle in which this channel gets the text again."""
        rest = {channel: text for channel, text in self.variants.items() if channel != side}
        return msgspec.structs.replace(self, variants=rest)


def problems_on(review: Review, bundle: Bundle, side: str) -> tuple[Problem, ...]:
    """Return the problems of one side of a bundle's review."""
    if side == SOURCE:
        return ()
    marks = [_on(one) for one in bundle.variants] if side == TEXT else [_on(side)]
    theirs = [one for one in review.problems if one.message.startswith(tuple(marks))]
    return tuple(one for one in review.problems if (one in theirs) == bool(side))


def _on(channel: str) -> str:
    return "on " + channel + ": "


def blocking(review: Review, bundle: Bundle, side: str) -> int:
    """Count what keeps one side from going out."""
    return sum(one.severity == "block" for one in problems_on(review, bundle, side))


def size_of(desk: Desk, side: str, text: str) -> tuple[str, bool]:
    """Return how long one side is where it goes out, and whether it fits: `212 of 500`."""
    size = desk.on(side).measure(text) if side else desk.measure(text)
    return str(size.length) + (" of " + str(size.limit) if size.limit else ""), size.fits


def named(bundle: Bundle, side: str) -> str:
    """Return what a side is called."""
    return {TEXT: "text", SOURCE: bundle.source_id}.get(side, side)


def head_row(desk: Desk, bundle: Bundle, side: str, review: Review, *, active: bool) -> Row:
    """Return the line above one side: its channel, length, problems."""
    if side == SOURCE:
        return line((bundle.source_id, "bold"), ("   only to read", "quiet"))
    told, fits = size_of(desk, side, bundle.of(side))
    wrong = blocking(review, bundle, side)
    return line(
        (named(bundle, side), "focus" if active else "bold"),
        ("   " + told, "quiet" if fits else "late"),
        ("   " + count(wrong, "problem") if wrong else "", "late"),
    )


def tabs_row(desk: Desk, bundle: Bundle, active: str, review: Review) -> Row:
    """Return all sides on one line, the active one marked."""
    return line(*_tabs(desk, bundle, active, review))


def _tabs(desk: Desk, bundle: Bundle, active: str, review: Review) -> Iterator[Cell]:
    for side in bundle.sides:
        yield Cell(" ")
        yield Cell(" " + named(bundle, side) + " ", "chip" if side == active else "quiet")
        if side != SOURCE:
            told, fits = size_of(desk, side, bundle.of(side))
            wrong = blocking(review, bundle, side)
            yield Cell(" " + told, "quiet" if fits else "late")
            yield Cell(" " + BAD + str(wrong) if wrong else "", "late")
        yield Cell(" ")


def marks_on(desk: Desk, side: str, text: str) -> tuple[Row, ...]:
    """Return one side as lines with its blanks and forbidden phrases marked."""
    there = desk.on(side) if side and side != SOURCE else desk
    found = () if side == SOURCE else marks_of(there.review(text).problems)
    return marked(text, (*found, *marks_in(text)))


def choices(desk: Desk, bundle: Bundle) -> list[Item]:
    """Return the channels as items: those with words of their own, those that get the text."""
    return [
        Item(
            channel,
            Cell(OWNED) if channel in bundle.variants else Cell(FREE, "mine"),
            (_choice(desk, bundle, channel, number),),
        )
        for number, channel in enumerate(desk.ways, 1)
    ]


def _choice(desk: Desk, bundle: Bundle, channel: str, number: int) -> Row:
    own = channel in bundle.variants
    told, fits = size_of(desk, channel, bundle.of(channel) if own else bundle.text)
    what = "has words of its own, " if own else "gets the text, "
    return line(
        (str(number) + "  ", "quiet"),
        (channel, "bold"),
        ("   " + what, "quiet"),
        (told, "quiet" if fits else "late"),
    )


class Side(Vertical):
    """One side that is only looked at, beside the one that is worked on."""

    DEFAULT_CSS = """
    Side {
        width: 1fr; height: auto; display: none;
        .words { height: auto; scrollbar-size: 0 0; }
    }
    """

    def __init__(self, side: str) -> None:
        super().__init__()
        self.side = side

    def compose(self) -> ComposeResult:
        """Its head, then its words."""
        yield Text()
        with VerticalScroll(classes="words", can_focus=False):
            yield Text()

    def say(self, head: Row, words: Sequence[Row]) -> None:
        """Show these."""
        first, second = self.query(Text)
        first.say(head)
        second.say(*words)


class Sides(Vertical):
    """The side that is worked on, in its editor or to read, and the others beside it."""

    SCOPED_CSS = False  # it looks at the screen's width
    DEFAULT_CSS = """
    Sides {
        height: 1fr; width: 1fr;
        #tabs { display: none; margin: 0 0 1 2; }
        #sides { height: 1fr; width: 1fr; }
        #active { width: 1fr; height: 1fr; }
        #side { display: none; padding-left: 3; }
        #pane { height: 1fr; scrollbar-size: 0 0; }
        #text { padding-left: 3; }
        #editor { margin-left: 3; height: 1fr; min-height: 3; }
        &.-many #tabs { display: block; }
    }
    .-wide Sides {
        height: auto;
        #sides, #active, #pane { height: auto; }
        #pane { max-height: 14; }
        #editor { height: auto; max-height: 14; min-height: 8; }
        Side .words { max-height: 14; }
        &.-many #tabs { display: none; }
        &.-many #side { display: block; }
        &.-many Side { display: block; padding-left: 3; }
        &.-many Side.-active { display: none; }
    }
    """

    def compose(self) -> ComposeResult:
        """Tabs above, then everything beside each other."""
        yield Text(id="tabs")
        with Horizontal(id="sides"), Vertical(id="active"):
            yield Text(id="side")
            with VerticalScroll(id="pane"):
                yield Text(id="text")
            yield Editor(id="editor")

    async def show(self, desk: Desk, bundle: Bundle, active: str, review: Review) -> None:
        """Show every side; the active one keeps its editor and its place."""
        many = len(bundle.sides) > 1
        self.set_class(many, "-many")
        await self._place(bundle.sides if many else (), active)
        if not many:
            return
        self.query_one("#tabs", Text).say(tabs_row(desk, bundle, active, review))
        self.query_one("#side", Text).say(head_row(desk, bundle, active, review, active=True))
        for one in self.query(Side):
            one.set_class(one.side == active, "-active")
            head = head_row(desk, bundle, one.side, review, active=False)
            one.say(head, marks_on(desk, one.side, bundle.of(one.side)))

    async def _place(self, sides: Sequence[str], active: str) -> None:
        """Mount a column for each side, and put the active one among them at its place."""
        row, shown = self.query_one("#sides", Horizontal), list(self.query(Side))
        if [one.side for one in shown] != list(sides):
            await row.remove_children(Side)
            shown = [Side(side) for side in sides]
            await row.mount(*shown)
        mine = self.query_one("#active")
        at = next((one for one in shown if one.side == active), None)
        if at is not None:
            row.move_child(mine, before=at)
