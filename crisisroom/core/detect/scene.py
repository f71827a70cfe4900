"""What is to be seen at this moment: the crowds and the series, without what was expected."""

from __future__ import annotations

from math import ceil

from crisisroom.core.candidate import OVERALL
from crisisroom.core.detect import stories
from crisisroom.core.detect.counts import COST
from crisisroom.core.detect.crowd import MINUTES, Excused, Gathered, Voice, gathered
from crisisroom.core.detect.ear import Ear
from crisisroom.core.detect.events import Events
from crisisroom.core.detect.finding import Finding
from crisisroom.core.detect.rule import Rule

_SIZES = (5, 10, 15, 30, 60, MINUTES)
_DEFAULT = Rule().threshold
_CROWDED = 3  # times the people that a warning takes: from then on one new story is looked at


class Scene:
    """Looks at what an ear has heard, by the rule and the expected events."""

    def __init__(self, ear: Ear, rule: Rule, events: Events) -> None:
        self.ear = ear
        self._rule = rule
        self._events = events

    @property
    def seconds(self) -> float:
        """Return the moment in seconds since the epoch."""
        return self.ear.minute * 60.0

    @property
    def fewer(self) -> int:
        """Return how many people are enough where they say a risk term."""
        return min(self._rule.people, max(2, ceil(self._rule.people / 2)))

    def explained(self, key: str) -> bool:
        """Return whether an expected event explains the volume of a series."""
        return self._events.explain(key, self.ear.minute)

    def stands_out(self, key: str, less: int = 0) -> Finding | None:
        """Return what stands out of a series, without `less` mentions and those expected."""
        excused = self._excused(key)
        if less:
            excused = {size: excused.get(size, 0) + less for size in _SIZES}
        return self.ear.series[key].judge(self._rule, excused)

    def _excused(self, key: str) -> dict[int, int]:
        excused = self._of_events(key)
        if not excused.any:
            return {}
        found = self.ear.crowd.excused(self.ear.minute, key, excused)
        for one in excused.past:
            if one.whole:  # of a large event the crowd knows the last mentions only
                counts = self.ear.series[key].during(one.first, one.last)
                found = {size: max(count, counts[size]) for size, count in found.items()}
        return found

    def _of_events(self, key: str) -> Excused:
        return self._events.excused(key, self.ear.minute)

    def crowd(self, key: str, minutes: int) -> Gathered:
        """Return who spoke in the last minutes."""
        return self.ear.crowd.gather(self.ear.minute - minutes + 1, key, self._of_events(key))

    def part(self, key: str, story: str, minutes: int) -> Gathered:
        """Return who told a story in the last minutes."""
        excused = self._of_events(key)
        voices = self.voices(minutes, key)
        return gathered([v for v in voices if v.narrative == story and not excused.covers(v)])

    def voices(self, minutes: int, key: str = OVERALL) -> list[Voice]:
        """Return the mentions of the last minutes."""
        return self.ear.crowd.voices(self.ear.minute - minutes + 1, key)

    def enough(self, crowd: Gathered) -> bool:
        """Return whether it is people enough; a risk term said by two of them lowers the bar."""
        floor = self._rule.people
        if crowd.words and crowd.words.most_common(1)[0][1] >= 2:
            floor = self.fewer
        return crowd.authors >= floor

    def shouted(self, key: str, crowd: Gathered) -> bool:
        """Return whether a spike is one only because somebody posts again and again."""
        if not crowd.loud:
            return False
        left = self.stands_out(key, crowd.loud)
        return left is None or left.strength < 1.0

    def large_stories(self) -> list[str]:
        """Return the new stories with something new that may be worth a look."""
        ear, least = self.ear, _CROWDED * self._rule.people
        if self.explained(OVERALL):
            return []
        fresh = sorted(ear.fresh_stories)
        return [one for one in fresh if ear.stories.most(one, ear.minute) >= least]

    def new_story(self, part: Gathered) -> Finding | None:
        """Return a new story as a finding, if it is far larger than new stories of this room."""
        if part.authors < _CROWDED * self._rule.people:
            return None
        known = self.ear.stories
        odds = known.surprise(part.authors)
        height = odds / (stories.RARE * self._rule.threshold / _DEFAULT)
        strength = height / known.budget.bar(COST, self.seconds)
        if strength < 1.0:
            return None
        return Finding(
            score=odds,
            height=height,
            strength=strength,
            observed=part.mentions,
            expected=known.usual,
            spread=0.0,
            minutes=stories.HOUR,
            by_hour=False,
            story=True,
        )
