"""One series of mentions, all of ours or one term's: its minutes, its usual, its bar."""

from __future__ import annotations

from array import array
from typing import Any

from crisisroom.core.detect import cold
from crisisroom.core.detect.budget import Budget
from crisisroom.core.detect.cold import Rate
from crisisroom.core.detect.counts import COST
from crisisroom.core.detect.finding import Finding
from crisisroom.core.detect.rule import Rule
from crisisroom.core.detect.tail import surprise
from crisisroom.core.detect.twoscale import DAY, LONG, SHORT, Deviation, TwoScale

BUCKET = 5  # minutes
_MINUTES = cold.GUARD  # whose counts are kept one by one
_UNHEARD = -1
_VISITS = 2  # days after which the profile of the day is good for something
_BUSY = 6.0  # mentions in 15 min from which on a warning is quiet for the whole time
_SPARSE_QUIET = 0.25  # else for this share of it
_FEW = 20  # counts below are judged by the exact tail as well
_FEW_RARE = 3.0  # -log10 of the chance from which on their score counts in full
_DEFAULT = Rule().threshold


class Series:
    """Counts by the minute; what is over trains the usual, what is under way is judged."""

    def __init__(self, minute: int) -> None:
        self.minute = minute  # the one that is filling
        self.budget = Budget()
        self._ring = array("i", [_UNHEARD]) * _MINUTES
        self._ring[minute % _MINUTES] = 0
        self._bucket = 0
        self._heard = True  # whether somebody listened all through the bucket
        self._model = TwoScale(BUCKET * 60)
        self._rate = Rate()

    def silent_as_long_as(self, other: Series) -> None:
        """Know that nothing was said here while the other listened."""
        self._rate.silence_of(other._rate)

    @property
    def young(self) -> bool:
        """Whether it has not been listened to for a day yet."""
        return self._rate.reach < DAY // 60 - cold.GUARD

    @property
    def grown(self) -> bool:
        """Whether the two-scale rule has taken over."""
        return self._model.trained * BUCKET * 60 >= _VISITS * DAY

    def quiet(self, rule: Rule) -> float:
        """Return for how many seconds a story told is quiet."""
        busy = self.grown and self._model.mean >= _BUSY
        return rule.quiet if busy else rule.quiet * _SPARSE_QUIET

    def step(self, heard: bool = True) -> None:
        """Go on by a minute; `heard`: whether somebody listens in the one that begins."""
        self.minute += 1
        place = self.minute % _MINUTES
        self._rate.pass_minute(self._ring[place])
        self._ring[place] = 0 if heard else _UNHEARD
        if self.minute % BUCKET == 0:
            self._close()
            self._heard = True
        self._heard = self._heard and heard

    def _close(self) -> None:
        slot = self._model.slot((self.minute - BUCKET) * 60)
        if self._heard:
            self._model.train(self._bucket, slot)
        else:
            self._model.skip(slot)
        self._bucket = 0

    def leap(self, minute: int) -> None:
        """Go on over a time too long to say anything: only what was learnt is kept."""
        self.minute = minute
        self._ring = array("i", [_UNHEARD]) * _MINUTES
        self._ring[minute % _MINUTES] = 0
        self._bucket, self._heard = 0, True

    def rewind(self, minute: int) -> None:
        """Go back to a minute: the clock had been wrong. What was learnt is kept."""
        self.leap(minute)
        self.budget.rewind(minute * 60.0)

    def during(self, first: int, last: int) -> dict[int, int]:
        """Return how much of the last minutes' counts fell from `first` up to before `last`."""
        found, total, now = {}, 0, self.minute
        for ago in range(_MINUTES):
            if first <= now - ago < last:
                total += max(0, self._ring[(now - ago) % _MINUTES])
            found[ago + 1] = total
        begins = now // BUCKET
        far = self._model.between(begins - last // BUCKET, begins - first // BUCKET)
        return {**found, LONG // 60: max(total, round(far))}

    def add(self, minute: int) -> None:
        """Count a mention of this minute or one before; what is older than the guard trains."""
        ago = self.minute - minute
        if ago >= _MINUTES:
            self.learn(minute)
            return
        place = minute % _MINUTES
        self._ring[place] = max(0, self._ring[place]) + 1
        buckets = self.minute // BUCKET - minute // BUCKET
        if buckets:
            self._model.straggler(buckets)
        else:
            self._bucket += 1

    def learn(self, minute: int) -> None:
        """Learn of a mention that comes too late to warn."""
        ago = max(0, self.minute - minute)
        self._rate.late(ago)
        self._model.late(max(1, ago // BUCKET))

    def sums(self) -> dict[int, int]:
        """Return the counts of the last minutes, by how many they are."""
        found, total, ring, now = {}, 0, self._ring, self.minute
        for ago in range(_MINUTES):
            total += max(0, ring[(now - ago) % _MINUTES])
            if ago + 1 in cold.WINDOWS:
                found[ago + 1] = total
        return found

    def usual(self) -> tuple[float, float]:
        """Return what 15 minutes usually hold now, and the deviation."""
        if self.grown:
            return self._model.usual(self._slot())
        expected = self._rate.expected(SHORT // 60)
        return expected, max(expected, 1.0) ** 0.5

    def count(self) -> int:
        """Return the count of the last 15 minutes."""
        ring, now = self._ring, self.minute
        return sum(max(0, ring[(now - ago) % _MINUTES]) for ago in range(SHORT // 60))

    def _slot(self) -> int:
        return self._model.slot(self.minute * 60)

    def judge(self, rule: Rule, excused: dict[int, int]) -> Finding | None:
        """Return what stands out now, whether or not it reaches the bar.

        `excused` says how many of the last minutes' mentions were expected, by how many minutes.
        """
        return self._by_hour(rule, excused) if self.grown else self._cold(rule, excused)

    def _by_hour(self, rule: Rule, excused: dict[int, int]) -> Finding | None:
        less = excused.get(SHORT // 60, 0), excused.get(LONG // 60, 0)
        scales = list(self._model.scales(self._bucket, self._slot(), less))
        if scales[0].observed < rule.people:  # the long one only while it goes on
            scales = scales[:1]
        score, found = max(((_exact(one), one) for one in scales), key=lambda pair: pair[0])
        if score <= 0.0:
            return None
        height = score / rule.threshold
        return Finding(
            score=score,
            height=height,
            strength=height / self.bar(),
            observed=round(found.observed),
            expected=found.expected,
            spread=found.spread,
            minutes=found.seconds // 60,
            by_hour=True,
        )

    def _cold(self, rule: Rule, excused: dict[int, int]) -> Finding | None:
        sums = {size: count - excused.get(size, 0) for size, count in self.sums().items()}
        found = self._rate.judge(sums, 2)
        if found is None:
            return None
        height = found.score / (cold.RARE * rule.threshold / _DEFAULT)
        return Finding(
            score=found.score,
            height=height,
            strength=height / self.bar(),
            observed=found.observed,
            expected=found.expected,
            spread=0.0,
            minutes=found.minutes,
            by_hour=False,
        )

    def bar(self) -> float:
        """Return how many thresholds it takes now to be told."""
        cost = COST if self.grown else cold.COST
        return self.budget.bar(cost, self.minute * 60.0)

    def alone(self, count: int, minutes: int, rule: Rule, spread: float) -> Finding:
        """Return one story alone, on top of the usual, as a finding; `spread` is that before it."""
        if self.grown:
            height = count / max(spread, 1.0) / rule.threshold
        else:
            usual = self._rate.expected(minutes)
            odds = self._rate.surprise(count, minutes, less=usual)
            height = odds / (cold.RARE * rule.threshold / _DEFAULT)
        return Finding(
            score=height * rule.threshold,
            height=height,
            strength=height / self.bar(),
            observed=count,
            expected=0.0,
            spread=0.0,
            minutes=minutes,
            by_hour=False,
        )

    def dump(self) -> list[Any]:
        """Return the state as plain values."""
        return [
            self.minute,
            self._ring.tobytes(),
            self._bucket,
            self._heard,
            self._model.dump(),
            self._rate.dump(),
            self.budget.dump(),
        ]

    @classmethod
    def restored(cls, state: list[Any]) -> Series:
        """Return a series in the state that `dump` returned."""
        made = cls(state[0])
        made._ring = array("i", state[1])
        made._bucket, made._heard = state[2], state[3]
        made._model.restore(state[4])
        made._rate.restore(state[5])
        made.budget.restore(state[6])
        return made


def _exact(one: Deviation) -> float:
    """Return the score of a deviation; of few mentions less, where the exact tail finds it likely.

    A few more than next to none are soon many standard deviations.
    """
    count = round(one.observed)
    if count >= _FEW or one.score <= 0.0:
        return one.score
    odds = surprise(count, one.expected, cold.SHAPE)
    return one.score * min(1.0, odds / _FEW_RARE)
