"""When we spoke: the first words, the answers, the silences between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Entry
from crisisroom.report.figures.points import Point, Span

_LIFE = {"incident.declared": True, "incident.reopened": True, "incident.resolved": False}


class Voice:
    """What went out when, to others than colleagues."""

    kinds = frozenset({*_LIFE, "statement.sent", "reply.sent"})

    def __init__(self, incident: Incident) -> None:
        self._incident = incident
        self._said: list[Point] = []
        self._events: list[tuple[Point, str]] = []  # open, over, word, last word
        self._replies: dict[str, Point] = {}

    def take(self, entry: Entry, at: datetime) -> None:
        """Take what went out, and when the incident began and ended."""
        point = Point(at, entry.seq)
        if entry.kind == "reply.sent":
            mention = self._incident.replies[entry.data["id"]].mention
            self._replies[mention] = min(self._replies.get(mention, point), point)
        elif entry.kind == "statement.sent":
            self._statement(self._incident.statements[entry.data["id"]].kind, point)
        else:
            self._events.append((point, "open" if _LIFE[entry.kind] else "over"))

    def _statement(self, kind: str, point: Point) -> None:
        if kind != "internal":
            self._said.append(point)
            self._events.append((point, "last word" if kind == "resolution" else "word"))

    @property
    def first(self) -> Point | None:
        """Return when words of ours first went out to others than colleagues."""
        return min(self._said, default=None)

    def waits(self, linked: dict[str, Point]) -> list[Span]:
        """Return how long each linked post waited for its first answer."""
        return [
            Span(linked[mention], sent)
            for mention, sent in self._replies.items()
            if mention in linked
        ]

    def silences(self) -> Iterator[tuple[Point, Point | None]]:
        """Yield the stretches without words while it was open; the one that lasts has no end.

        After a resolution nothing is owed: that silence is none, until we speak again.
        """
        open_ = False
        since: Point | None = None
        for point, what in sorted(self._events):
            if since is not None:
                yield since, point
            if what in ("open", "over"):
                open_ = what == "open"
            since = point if open_ and what in ("open", "word") else None
        if since is not None:
            yield since, None
