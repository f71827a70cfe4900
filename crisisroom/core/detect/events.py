"""Expected events: which are on now, and what of the talk is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from crisisroom.core.candidate import OVERALL
from crisisroom.core.detect.crowd import Excused
from crisisroom.core.detect.rule import Window


class Events:
    """The times in which people are expected to talk."""

    def __init__(self, windows: tuple[Window, ...]) -> None:
        self._windows = windows

    def excused(self, key: str, minute: int) -> Excused:
        """Return what the mentions of a series say that belong to an event on now."""
        on = [one for one in self._on(minute) if not one.terms or key in (OVERALL, *one.terms)]
        titles = (one.title for one in on if one.own_words)
        terms = (term for one in on if not one.own_words for term in one.terms)
        return Excused(frozenset(titles), frozenset(terms) if key == OVERALL else frozenset())

    def explain(self, key: str, minute: int) -> bool:
        """Return whether an event on now explains all of a series' volume."""
        return any(
            not one.own_words and (not one.terms or key in one.terms) for one in self._on(minute)
        )

    def _on(self, minute: int) -> Iterator[Window]:
        if not self._windows:
            return
        now = datetime.fromtimestamp(minute * 60, UTC)
        yield from (one for one in self._windows if one.start <= now < one.end)
