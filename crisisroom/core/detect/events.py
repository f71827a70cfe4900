"""Expected events: which are on now, and what of the talk is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from crisisroom.core.candidate import OVERALL
from crisisroom.core.detect.crowd import MINUTES, Excused, Past
from crisisroom.core.detect.ear import minute_of
from crisisroom.core.detect.rule import Window

_NOTHING = Excused()


class Events:
    """The times in which people are expected to talk."""

    def __init__(self, windows: tuple[Window, ...]) -> None:
        self._windows = windows

    def excused(self, key: str, minute: int) -> Excused:
        """Return what the mentions of a series say that belong to an event on now."""
        if not self._windows:
            return _NOTHING
        on = [one for one in self._on(minute) if _concerns(one, key)]
        titles = (one.title for one in on if one.own_words)
        terms = (term for one in on if not one.own_words for term in one.terms)
        own = frozenset(terms) if key == OVERALL else frozenset()
        return Excused(frozenset(titles), own, tuple(self._over(key, minute)))

    def _over(self, key: str, minute: int) -> Iterator[Past]:
        """Yield the events that ended so lately that the longest sum still holds them."""
        for one in self._windows:
            first, last = minute_of(one.start), minute_of(one.end)
            if last <= minute < last + MINUTES and _concerns(one, key):
                whole = not one.own_words and (not one.terms or key in one.terms)
                terms = frozenset[str]() if one.own_words else frozenset(one.terms)
                title = one.title if one.own_words else ""
                yield Past(first, last, title, terms, whole)

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


def _concerns(one: Window, key: str) -> bool:
    return not one.terms or key in (OVERALL, *one.terms)
