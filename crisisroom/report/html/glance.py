"""The story at a glance: what nobody may overlook, the night in a few lines, the big figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property

from crisisroom.core.incident import Verdict, Words
from crisisroom.core.postmortem import STATE_WORDS
from crisisroom.report.html import heard
from crisisroom.report.html.acts import acts, marked
from crisisroom.report.html.anchors import between
from crisisroom.report.html.blocks import Banner, Bar, Block, Para, Tile, Tiles, Volume
from crisisroom.report.html.pieces import Said, Tone, When
from crisisroom.report.metrics import Metric
from crisisroom.report.page import Page
from crisisroom.report.plain import figure, span
from crisisroom.report.redact import lacking
from crisisroom.report.story import clock, story

_MARGIN = timedelta(minutes=10)


def state_of(page: Page) -> str:
    """Return how far this report is on its way."""
    return STATE_WORDS[page.incident.review_state].removeprefix("a ").capitalize()


def banners(page: Page) -> Iterator[Block]:
    """Yield what stands above everything: a drill, and what went out without approval."""
    if page.incident.drill:
        yield Banner("DRILL: this did not happen.", "mine")
    if page.incident.hold is not None:
        yield Banner(
            ("ON HOLD: nothing may be purged or erased, since ", When(page.incident.hold.at)),
            "warn",
        )
    if page.public:
        return
    texts = lacking(page.record.entries) if page.record.profile == "internal" else 0
    if texts:
        yield Banner(f"WITHHELD: {texts} texts of entries that only Legal may read.", "warn")
    for words, verdict in releases(page):
        went = "went out" if words.sent_at else "was released"
        line = f"EMERGENCY RELEASE: {words.id} {went} without approval, by {verdict.by}, "
        yield Banner((line, When(verdict.at)))


def releases(page: Page) -> Iterator[tuple[Words, Verdict]]:
    """Yield every text of which a version was released without approval."""
    for words in (*page.incident.statements.values(), *page.incident.replies.values()):
        for verdict in words.verdicts:
            if verdict.verdict == "released":
                yield words, verdict


class Glance:
    """The figures and the words that open the report."""

    def __init__(self, page: Page, figures: dict[str, Metric]) -> None:
        self._page = page
        self._figures = figures
        self.bars = heard.bars(page)
        self.acts = acts(page)

    def blocks(self) -> Iterator[Block]:
        """Yield the story and the big figures."""
        summary = self._page.incident.review.get("summary")
        if summary and summary.words:
            yield Para((Said(summary.words),), lead=True)
            yield Para(story(self._page, self._figures), quiet=True)
        else:
            yield Para(story(self._page, self._figures), lead=True)
        yield Tiles(tuple(self._tiles()))

    def _tiles(self) -> Iterator[Tile]:
        for name, words in _TILES:
            if (metric := self._figures.get(name)) is not None:
                yield _tile(metric, words)
        incident = self._page.incident
        said = sum(one.sent_at is not None for one in incident.statements.values())
        yield Tile("statements published", f"{said}", f"{len(incident.statements)} written")
        authors = len({(one.source, one.handle) for one in incident.mentions.values()})
        yield Tile("mentions linked", f"{len(incident.mentions):,}", f"{authors:,} authors")
        if (peak := self.peak) is not None and peak.mentions:
            size = span(int((peak.end - peak.start).total_seconds()))
            yield Tile(
                f"at the peak, in {size}",
                f"{peak.mentions:,}",
                f"from {clock(self._page, peak.start)}",
            )

    @cached_property
    def peak(self) -> Bar | None:
        """Return when most was said."""
        return max(self.bars, key=lambda bar: bar.mentions, default=None)

    def volume(self) -> Iterator[Block]:
        """Yield the chart of how much was said, with the acts on it."""
        if not self.bars:
            return
        since, until = self._around()
        inside = tuple(act for act in self.acts if since <= act.at <= until)
        shown = marked(inside)
        yield Volume(self._said(), self.bars, shown, since, until)
        if len(shown) < len(inside):
            words = f"{len(shown)} of {len(inside):,} acts are marked; the timeline has them all."
            yield Para(words, quiet=True)

    def _around(self) -> tuple[datetime, datetime]:
        incident = self._page.incident
        end = incident.resolved_at or self._page.record.as_of
        since = min(self.bars[0].start, incident.declared_at - _MARGIN)
        return since, max(self.bars[-1].end, end + _MARGIN)

    def _said(self) -> str:
        what = "All mentions of us" if heard.counted(self._page) else "Mentions linked to it"
        peak = self.peak
        return f"{what}, every {_size(self.bars[0])}{self._most(peak) if peak else ''}"

    def _most(self, peak: Bar) -> str:
        bad = f", {peak.complaints:,} of them complaints" if peak.complaints else ""
        return f"; at most {peak.mentions:,} from {clock(self._page, peak.start)}{bad}"


def _size(bar: Bar) -> str:
    return {3600: "hour", 86400: "day"}.get(
        seconds := int((bar.end - bar.start).total_seconds()), span(seconds)
    )


_TILES = (
    ("time_to_detect", "to detect"),
    ("time_to_declare", "to declare"),
    ("first_statement", "to first statement"),
    ("first_reply_median", "to first reply, median"),
    ("time_to_resolve", "to resolve"),
)


def _tile(metric: Metric, words: str) -> Tile:
    tone: Tone = "late" if metric.state == "invalid" else ""
    if metric.so_far is not None:
        return Tile(words, span(metric.so_far), "so far", "warn")
    if metric.state != "recorded":
        return Tile(words, "–", figure(metric), tone or "quiet")
    return Tile(words, figure(metric), between(metric.since, metric.to), tone)
