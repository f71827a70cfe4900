"""What others asked of us by a time: legal duties and enquiries."""

from __future__ import annotations

from datetime import datetime

from crisisroom.core.timeline import Entry
from crisisroom.report.figures.points import Point, Span

_BEGINS = {"deadline.started": "deadline", "enquiry.added": "enquiry"}
_ENDS = {"deadline.met": "deadline", "enquiry.answered": "enquiry"}


class Owed:
    """When each duty and each enquiry began, and when it was met or answered."""

    kinds = frozenset({*_BEGINS, *_ENDS})

    def __init__(self) -> None:
        self._begun: dict[str, dict[str, Point]] = {"deadline": {}, "enquiry": {}}
        self._ended: dict[str, dict[str, Point]] = {"deadline": {}, "enquiry": {}}

    def take(self, entry: Entry, at: datetime) -> None:
        """Take the beginning or the end of one."""
        sort = _BEGINS.get(entry.kind) or _ENDS[entry.kind]
        held = self._begun if entry.kind in _BEGINS else self._ended
        held[sort][entry.data[sort]] = Point(at, entry.seq)

    def closed(self, sort: str) -> dict[str, Point]:
        """Return when each `deadline` was met, or each `enquiry` answered, by its id."""
        return self._ended[sort]

    def spans(self, sort: str) -> dict[str, Span]:
        """Return from when to when each of a sort ran that was closed, by its id."""
        begun = self._begun[sort]
        return {
            name: Span(begun[name], end) for name, end in self._ended[sort].items() if name in begun
        }
