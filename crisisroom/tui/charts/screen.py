"""The chart screen: how much people say, beside what is usual, and what we did meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import ClassVar

from textual import events
from textual.containers import Vertical
from textual.widget import Widget

from crisisroom.config.terms import terms_of
from crisisroom.core.chart import SPANS
from crisisroom.room import charting, stories
from crisisroom.room.charting import Volume
from crisisroom.tui.acted import Given
from crisisroom.tui.acts import Desk
from crisisroom.tui.charts.rows import span_words, volume_rows
from crisisroom.tui.compose.base import Then, WordsScreen
from crisisroom.tui.rows.chart import Pen
from crisisroom.tui.screens.picking import Choice
from crisisroom.tui.shown import painter
from crisisroom.tui.warn.sheet import Sheet

MINUTE = 5.0  # seconds between two looks whether the minute is over
STORIES = 20  # that can be chosen


class VolumeScreen(WordsScreen):
    """Drawn anew when the minute is over or another time is asked for, and never in between."""

    place = "volume"

    DEFAULT_CSS = "VolumeScreen.-wide #columns { layout: vertical; }"
    topics: ClassVar[frozenset[str]] = frozenset({"candidate", "entry"})

    def __init__(self, desk: Desk, series: str = charting.ALL) -> None:
        super().__init__(desk.room, "")
        self.desk = desk
        self.series = series
        self.span = SPANS[0][0]
        self.seen: Volume | None = None
        self._minute = ""

    def panes(self) -> Iterable[Widget]:
        """One sheet."""
        with Vertical(id="columns"):
            yield Sheet(id="right")

    def on_mount(self) -> None:
        """Read it, and again with every minute."""
        super().on_mount()
        self._minute = f"{self.now:%H:%M}"
        self.set_interval(MINUTE, self.tick)

    def tick(self) -> None:
        """Read again when the clock shows another minute."""
        minute = f"{self.now:%H:%M}"
        if minute != self._minute:
            self._minute = minute
            self.reload()

    async def load(self) -> Then:
        """Read the counts."""
        span, series = self.span, self.series
        seen = await charting.volume(self.room, span, series=series)
        return lambda: self.show(seen)

    def show(self, seen: Volume) -> None:
        """Put what was read on the screen; nothing is painted where nothing differs."""
        self.seen = seen
        self.draw()

    def draw(self, *, anew: bool = False) -> None:
        """Make the rows for the width there is."""
        sheet = self.query_one(Sheet)
        if self.seen is None or not sheet.size.width:
            return
        paints = painter(self.app)
        pen = Pen(
            self.zone,
            height=8 if self.wide else 5,
            tinted=paints.palette.tints,
            ascii_only=paints.ascii_only,
        )
        sheet.put(volume_rows(self.seen, self.now, pen, sheet.size.width), anew=anew)
        self.show_keys()

    def on_resize(self, event: events.Resize) -> None:
        """Make the rows anew once the pane has its width."""
        super().on_resize(event)
        self.call_after_refresh(self.draw)

    def keys(self) -> list[tuple[str, str]]:
        """The spans, and what it is of."""
        spans = [(str(number), span_words(span)) for number, (span, _) in enumerate(SPANS, 1)]
        return [*spans, ("t", "term, story"), ("esc", "room"), ("?", "keys")]

    def action_span(self, index: int) -> None:
        """Show another time."""
        self.span = SPANS[index][0]
        self.query_one(Sheet).top = 0
        self.reload()

    def action_of(self) -> None:
        """Choose a term or a story, or everything again."""
        self.do(self._choose, name="choose")

    async def _choose(self) -> Then:
        since = self.now - timedelta(days=7)
        terms = [
            Choice(f"term:{one.id}", one.title or one.id, "a watched term")
            for one in terms_of(self.room.config)
            if one.ours
        ]
        told = await stories.narratives(self.room, since, STORIES)
        named = [Choice(f"narrative:{one.id}", one.id, one.title) for one in told]
        everything = Choice(_ALL, "everything about us")
        try:
            chosen = await self.desk.pick("Chart of what?", [everything, *terms, *named])
        except Given:
            return lambda: None
        return partial(self._turn_to, charting.ALL if chosen == _ALL else chosen)

    def _turn_to(self, series: str) -> None:
        self.series = series
        self.query_one(Sheet).top = 0
        self.reload()

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(Sheet).move(by)

    def action_page(self, by: int) -> None:
        """Scroll by pages."""
        self.query_one(Sheet).page(by)


_ALL = ":everything"
