"""What is news whatever the volume: a new story that many tell, a risk term hardly ever said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crisisroom.core.candidate import OVERALL, Signal
from crisisroom.core.detect.book import Book
from crisisroom.core.detect.crowd import Gathered, Voice, gathered
from crisisroom.core.detect.finding import Finding
from crisisroom.core.detect.rule import Rule
from crisisroom.core.detect.scene import Scene
from crisisroom.core.detect.stories import HOUR
from crisisroom.core.detect.telling import stories_of
from crisisroom.core.detect.told import Told

_SHARE = 0.25  # of a crowd: less is a part of what is under way, as much is shared
_WORD_WINDOWS = (15, 60)  # minutes


class News:
    """Speaks of new stories and of risk terms, each once."""

    def __init__(self, scene: Scene, book: Book, rule: Rule) -> None:
        self._scene = scene
        self._book = book
        self._rule = rule

    def told(self, now: datetime) -> list[Signal]:
        """Return what is news at this moment."""
        return [*self._new_stories(now), *self._risk(now)]

    def _begin(self, found: Finding, crowd: Gathered, now: datetime) -> Signal:
        """Return a new warning, of the term that most of them say."""
        key = next((name for name, _ in crowd.terms.most_common(1)), OVERALL)
        series = self._scene.ear.series
        return self._book.begin(key, found, crowd, series.get(key) or series[OVERALL], now)

    # --- new stories ----------------------------------------------------------------------------

    def _new_stories(self, now: datetime) -> Iterator[Signal]:
        """Yield stories first heard today that are far larger than new stories here ever are."""
        known = {story for one in self._book.told for story in one.stories}
        for story in self._scene.large_stories():
            part = self._scene.part(OVERALL, story, HOUR)
            found = None if story in known else self._scene.new_story(part)
            if found is None or self._in_a_storm(part):
                continue
            yield self._begin(found, part, now)
            self._scene.ear.stories.budget.spoke(found.height, self._scene.seconds)

    def _in_a_storm(self, part: Gathered) -> bool:
        """Return whether it is a small part of what is under way already."""
        whole = self._scene.crowd(OVERALL, HOUR).mentions
        return any(one.live for one in self._book.told) and part.mentions < _SHARE * whole

    # --- risk terms -----------------------------------------------------------------------------

    def _risk(self, now: datetime) -> Iterator[Signal]:
        """Yield risk terms that several people say, where hardly anybody ever says them."""
        minute, quiet = self._scene.ear.minute, self._rule.quiet // 60
        told = self._book.remembered(minute, quiet)
        recent = {word for one in told for word in one.words}
        for word in sorted(self._scene.ear.fresh_words - recent):
            for minutes in _WORD_WINDOWS:
                signal = self._word(word, minutes, now)
                if signal is not None:
                    yield signal
                    break

    def _word(self, word: str, minutes: int, now: datetime) -> Signal | None:
        ear, minute = self._scene.ear, self._scene.ear.minute
        voices = [one for one in self._scene.voices(minutes) if word in one.risk]
        crowd = gathered(voices)
        if crowd.authors < self._scene.fewer:
            return None
        found = ear.words.judge(word, crowd, minutes, minute)
        if found.strength < 1.0:
            return None
        under_way = [one for one in self._book.told if one.live]
        stories = stories_of(crowd)
        told = (one for one in under_way if one.covers(stories) or self._shared(one, voices))
        live = next(told, None)
        if live is not None:
            return self._book.grow(live, found, crowd, now)
        return self._begin(found, crowd, now)

    def _shared(self, one: Told, voices: list[Voice]) -> bool:
        """Return whether these mentions tell its stories or say its words too."""
        stories, words = set(one.stories) - {""}, set(one.words)
        shared = sum(v.narrative in stories or not words.isdisjoint(v.risk) for v in voices)
        return shared >= _SHARE * len(voices)
