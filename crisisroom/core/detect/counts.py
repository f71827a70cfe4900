"""The two-scale rule over counts alone: one score for each row, by that row and earlier ones."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from math import floor

import msgspec

from crisisroom.core.detect.budget import Budget
from crisisroom.core.detect.rule import Rule
from crisisroom.core.detect.twoscale import Deviation, TwoScale

COST = 0.35  # of the threshold, for each past warning
_FIRST = 3  # rows that only teach
_HELD_BACK = 0.1  # what is left of a score that the quiet keeps from speaking
SPEAKS = 0.5  # anomaly scores from here on are warnings
_GAP = 7 * 86_400  # seconds
_STEP = 0.02  # of scores: a bar set on one brand shall not split hairs on another


class Scored(msgspec.Struct, frozen=True):
    """One row: its anomaly score from 0 to 1, whether it warns, and the figures behind it."""

    score: float
    warns: bool
    escalates: bool
    strength: float  # 1 is the bar
    deviation: Deviation


class Counts:
    """Scores one series of equally spaced counts, `bucket` seconds apart."""

    def __init__(self, rule: Rule, bucket: int = 300) -> None:
        self._rule = rule
        self._model = TwoScale(bucket)
        self._budget = Budget()
        self._quiet = max(rule.quiet, bucket)
        self._peaks: deque[tuple[float, float]] = deque()  # falling scores of the quiet's length

    def score(self, count: float, second: float) -> Scored:
        """Return the score of the next row, and learn from it."""
        model, budget, rule = self._model, self._budget, self._rule
        slot = model.slot(second)
        found = model.judge(count, slot)
        model.train(count, slot)
        height = found.score / rule.threshold if model.trained > _FIRST else 0.0
        strength = height / budget.bar(COST, second)
        within = budget.quiet(second, self._quiet)
        highest = self._highest(strength, second)
        warns = strength >= 1.0 and (not within or height > rule.escalation * budget.height)
        if warns:
            budget.spoke(height, second)
        held = not warns and (within or strength >= 1.0 or strength <= highest)
        return Scored(_mapped(strength, warns, held), warns, warns and within, strength, found)

    def skip(self, last: float, second: float) -> None:
        """Pass the rows that are missing between two moments; of a week at most."""
        bucket = self._model.bucket
        gone = min(round((second - last) / bucket) - 1, _GAP // bucket)
        for step in range(gone, 0, -1):
            self._model.skip(self._model.slot(second - step * bucket))

    def _highest(self, strength: float, second: float) -> float:
        """Return the highest strength of the quiet's length before this row, and keep this one."""
        peaks = self._peaks
        while peaks and peaks[0][0] <= second - self._quiet:
            peaks.popleft()
        highest = peaks[0][1] if peaks else 0.0
        if strength > 0.0:
            while peaks and peaks[-1][1] <= strength:
                peaks.pop()
            peaks.append((second, strength))
        return highest


def _mapped(strength: float, warns: bool, held: bool) -> float:
    """Return strength / (strength + 1) in steps: SPEAKS is the bar; held back, never near it."""
    if strength <= 0.0:
        return 0.0
    score = floor(strength / (strength + 1.0) / _STEP) * _STEP
    if warns:
        return max(SPEAKS, score)
    return score * _HELD_BACK if held else min(score, SPEAKS - _STEP)


def scores(values: Iterable[tuple[float, float]], rule: Rule, bucket: int) -> Iterator[Scored]:
    """Yield the score of each (second, count), equally spaced by `bucket` seconds.

    Of rows that are missing nothing is learnt.
    """
    series = Counts(rule, bucket)
    before: float | None = None
    for second, count in values:
        if before is not None:
            series.skip(before, second)
        yield series.score(count, second)
        before = second
