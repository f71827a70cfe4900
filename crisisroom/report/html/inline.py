"""Pieces of text as HTML, in which every text is literal."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

from crisisroom.report.html.anchors import entry_at
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
from crisisroom.report.html.scale import MONTHS
from crisisroom.report.plain import local_iso, visible
from crisisroom.text.links import safe_url

_REL = "noopener noreferrer nofollow external"


def text(words: str) -> str:
    """Return words for HTML, what is hidden in them named; also good inside quotation marks."""
    return escape(visible(words))


class Writer:
    """Writes pieces of text with the times of one zone.

    Of entries only those in `told` (by their anchors) can be led to; None stands for all.
    """

    def __init__(self, zone: ZoneInfo, told: Container[str] | None = None) -> None:
        self.zone = zone
        self._told = told

    def line(self, line: Line) -> str:
        """Return a line as HTML."""
        if isinstance(line, tuple):
            return "".join(map(self.piece, line))
        return self.piece(line)

    def piece(self, piece: Inline) -> str:
        """Return one piece as HTML."""
        match piece:
            case str():
                return text(piece)
            case When(at, brief):
                return self.when(at, brief) if at else ""
            case Said(words, outside):
                kind = ' class="them"' if outside else ""
                return f"<bdi{kind}>{text(words)}</bdi>" if words else ""
            case Mark(words, tone):
                return f'<span class="mark {tone or "plain"}">{text(words)}</span>'
            case Ref(anchor, words):
                if self._told is not None and entry_at(anchor) and anchor not in self._told:
                    return text(words)
                return f'<a href="#{text(anchor)}">{text(words)}</a>'
            case Code(words):
                return f"<code>{text(words)}</code>"
            case Link(url, words):
                return link(url, words)
            case Strong(words):
                return f"<strong>{text(words)}</strong>"
            case Quiet(words):
                return f'<span class="quiet">{text(words)}</span>'

    def when(self, at: datetime, brief: bool = False) -> str:
        """Return a moment with its offset, its day and UTC, said once where they are one.

        In brief it is without its day.
        """
        here = at.astimezone(self.zone)
        iso = local_iso(at, self.zone)
        day = () if brief else (f"{_day(here)} {here.year}",)
        parts = (offset(here), *day, utc_beside(here))
        spans = " ".join(f"<span>{one}</span>" for one in parts if one)
        return f'<time datetime="{iso}"><b>{iso[11:19]}</b> <small>{spans}</small></time>'


def offset(here: datetime) -> str:
    """Return how far a moment's clock is from UTC, `+02:00`, or that it is UTC."""
    return here.isoformat(timespec="seconds")[19:] if here.utcoffset() else "UTC"


def utc_beside(here: datetime) -> str:
    """Return a moment in UTC, with its day where that is another one: `30 Sep 23:12:00 UTC`.

    Nothing where it is told in UTC already.
    """
    if not here.utcoffset():
        return ""
    there = here.astimezone(UTC)
    other = "" if there.date() == here.date() else f"{_day(there)} "
    return f"{other}{there:%H:%M:%S} UTC"


def _day(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]}"


def link(url: str, words: str = "") -> str:
    """Return a web link that gives nothing away when it is followed; else literal words."""
    safe = safe_url(url)
    if safe is None:
        return f'<bdi class="them">{text(words or url)}</bdi>'
    shown = text(words or safe.partition("://")[2])
    return f'<a class="out" href="{escape(safe)}" rel="{_REL}"><bdi>{shown}</bdi></a>'
