"""The early warning: what stands out in the crowd becomes a signal, once, with its reason.

Quiet periods, a dismissal and an expected event mute the volume of one story. Another story, a
risk term that was not said before, or a much wider crowd speaks all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from math import ceil

import msgspec

from crisisroom.core.candidate import OVERALL, Heard, Signal
from crisisroom.core.detect import telling
from crisisroom.core.detect.crowd import Gathered, gathered
from crisisroom.core.detect.ear import Ear
from crisisroom.core.detect.events import Events
from crisisroom.core.detect.finding import Finding
from crisisroom.core.detect.rule import Rule, Window
from crisisroom.core.detect.telling import stories_of
from crisisroom.core.detect.told import Told

_VERSION = 1
_AGAIN = 5  # minutes between two looks at what is muted
_SAME = 0.5  # of the larger crowd: two series that share so much are one spike
_WIDER = 3  # times as many authors
_SHARE = 0.25  # of a crowd: from which on a new source counts
_KEPT = 40  # warnings that are remembered
_WORD_WINDOWS = (15, 60)  # minutes
_STORY_MINUTES = 15


class EarlyWarning:
    """Listens to one room; the same mentions and ticks give the same signals.

    `names` are what terms are called in the reasons; `state` is what `dump` returned.
    """

    def __init__(
        self,
        rule: Rule | None = None,
        expected: tuple[Window, ...] = (),
        state: bytes = b"",
        *,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._rule = rule or Rule()
        self._events = Events(expected)
        self._names = names or {}
        self._ear = Ear()
        self._told: list[Told] = []
        self._count = 0
        self._looked = -1  # minute of the last look at what is muted
        if state:
            self._restore(state)

    @property
    def under_way(self) -> bool:
        """Return whether a spike has not ended yet, so that silence too has something to say."""
        return any(one.live for one in self._told)

    def hear(self, one: Heard, fits: tuple[str, ...] = ()) -> None:
        """Take a mention in; `fits` are titles of expected events whose words it says."""
        self._ear.hear(one, fits)

    def gap(self, start: datetime, end: datetime) -> None:
        """Say that nobody listened from one moment to another; before the tick that passes it."""
        self._ear.gap(start, end)

    def dismissed(self, uid: str, now: datetime) -> None:
        """Mute a warning's story for as long as a warning is quiet: it is no crisis."""
        self._mute(uid, int(now.timestamp() + self._rule.quiet) // 60)

    def muted(self, uid: str, until: datetime) -> None:
        """Mute the volume of a warning's story up to a moment."""
        self._mute(uid, int(until.timestamp()) // 60)

    def merged(self, into: str, gone: str) -> None:
        """Say that two stories turned out to be one."""
        self._ear.crowd.merged(into, gone)
        for one in self._told:
            one.stories = [into if story == gone else story for story in one.stories]

    def _mute(self, uid: str, until: int) -> None:
        for one in self._told:
            if one.uid == uid:
                one.muted_until = max(one.muted_until, until)

    def tick(self, now: datetime) -> tuple[Signal, ...]:
        """Return what there is to say at this moment; at least once a minute."""
        ear = self._ear
        ear.go(now)
        signals = [*self._ends(now), *self._volume(now)]
        if ear.minute - self._looked >= _AGAIN:
            self._looked = ear.minute
            signals += self._beside(now)
        signals += self._risk(now)
        ear.fresh.clear()
        ear.fresh_words.clear()
        self._forget()
        return tuple(signals)

    # --- volume ---------------------------------------------------------------------------------

    def _volume(self, now: datetime) -> Iterator[Signal]:
        """Yield the spikes, narrower terms first, so that the whole does not say it again."""
        for key in sorted(self._ear.fresh, key=lambda one: (one == OVERALL, one)):
            found = self._stands_out(key)
            if found is None or found.strength < 1.0 or self._events.explain(key, self._ear.minute):
                continue
            crowd = self._crowd(key, found.minutes)
            if not self._enough(crowd) or self._shouted(key, crowd):
                continue
            if (other := self._same_spike(key, crowd, found.minutes)) is not None:
                self._joins(other, key, found)
                continue
            yield from self._speak(key, found, crowd, now)

    def _stands_out(self, key: str, less: int = 0) -> Finding | None:
        """Return what stands out of a series, without `less` mentions and those expected."""
        excused = self._excused(key)
        if less:
            excused = {size: excused.get(size, 0) + less for size in (5, 10, 15, 30, 60, 240)}
        return self._ear.series[key].judge(self._rule, excused)

    def _excused(self, key: str) -> dict[int, int]:
        minute = self._ear.minute
        excused = self._events.excused(key, minute)
        return self._ear.crowd.excused(minute, key, excused) if excused.any else {}

    def _crowd(self, key: str, minutes: int) -> Gathered:
        excused = self._events.excused(key, self._ear.minute)
        return self._ear.crowd.gather(self._ear.minute - minutes + 1, key, excused)

    def _enough(self, crowd: Gathered) -> bool:
        """Return whether it is people enough; a risk term said by two of them lowers the bar."""
        floor = self._rule.people
        if crowd.words and crowd.words.most_common(1)[0][1] >= 2:
            floor = self._fewer()
        return crowd.authors >= floor

    def _fewer(self) -> int:
        return min(self._rule.people, max(2, ceil(self._rule.people / 2)))

    def _shouted(self, key: str, crowd: Gathered) -> bool:
        """Return whether a spike is one only because somebody posts again and again."""
        if not crowd.loud:
            return False
        left = self._stands_out(key, crowd.loud)
        return left is None or left.strength < 1.0

    def _same_spike(self, key: str, crowd: Gathered, minutes: int) -> Told | None:
        """Return the warning that another series gave about the same mentions.

        That is so too where they are only a part of that spike, and its story is known.
        """
        main = stories_of(crowd)[:1]
        for one in self._told:
            if not one.live or key in one.keys:
                continue
            other = self._crowd(one.term, minutes).numbers
            whole = len(crowd.numbers) if one.covers(main) else max(len(other), len(crowd.numbers))
            if len(other & crowd.numbers) >= _SAME * max(whole, 1):
                return one
        return None

    def _joins(self, one: Told, key: str, found: Finding) -> None:
        one.keys.append(key)
        self._ear.series[key].budget.spoke(found.height, self._seconds)

    @property
    def _seconds(self) -> float:
        return self._ear.minute * 60.0

    def _speak(self, key: str, found: Finding, crowd: Gathered, now: datetime) -> Iterator[Signal]:
        """Yield the signal of a spike, unless its story is quiet."""
        series, rule = self._ear.series[key], self._rule
        quiet, growth = series.quiet(rule), rule.escalation
        if not series.budget.speaks(found.height, self._seconds, quiet, growth):
            return
        stories = stories_of(crowd)
        mine = [one for one in self._told if key in one.keys]
        if any(one.muted_until > self._ear.minute and one.covers(stories) for one in mine):
            return
        live = next((one for one in reversed(mine) if one.live), None)
        if live is not None:
            yield self._escalate(live, found, crowd, now)
        else:
            yield self._raise(key, found, crowd, now)
        series.budget.spoke(found.height, self._seconds)

    # --- what is muted has something new --------------------------------------------------------

    def _beside(self, now: datetime) -> Iterator[Signal]:
        """Yield other stories and wider crowds, where a story's volume is muted."""
        for key in sorted(self._ear.series, key=lambda one: (one == OVERALL, one)):
            series = self._ear.series[key]
            told = [one for one in self._told if key in one.keys]
            quiet = series.budget.quiet(self._seconds, series.quiet(self._rule))
            muted = any(one.muted_until > self._ear.minute for one in told)
            if not (quiet or muted or self._events.explain(key, self._ear.minute)):
                continue
            crowd = self._crowd(key, _STORY_MINUTES)
            if crowd.mentions >= self._rule.people:
                yield from self._other_story(key, told, crowd, now)
                yield from self._wider(key, told, crowd, now)

    def _other_story(
        self, key: str, told: list[Told], crowd: Gathered, now: datetime
    ) -> Iterator[Signal]:
        series = self._ear.series[key]
        known = {story for one in self._told for story in one.stories}
        if not told:  # of an expected event the largest story is its own
            known |= set(stories_of(crowd)[:1])
        spread = min((one.spread for one in told), default=series.usual()[1])
        for story in stories_of(crowd):
            if not story or story in known:
                continue
            part = self._part(key, story)
            count = part.mentions - part.loud
            found = series.alone(count, _STORY_MINUTES, self._rule, spread)
            if found.strength < 1.0 or not self._enough(part):
                continue
            yield self._raise(key, found, part, now)
            series.budget.spoke(found.height, self._seconds)
            return

    def _part(self, key: str, story: str) -> Gathered:
        since = self._ear.minute - _STORY_MINUTES + 1
        voices = self._ear.crowd.voices(since, key)
        return gathered([one for one in voices if one.narrative == story])

    def _wider(
        self, key: str, told: list[Told], crowd: Gathered, now: datetime
    ) -> Iterator[Signal]:
        live = next((one for one in reversed(told) if one.live and one.term == key), None)
        found = self._stands_out(key) if live else None
        if live is None or found is None or found.strength < 1.0:
            return
        whole = self._crowd(key, found.minutes)
        least = max(self._rule.people, _SHARE * whole.mentions)
        new = [name for name, count in whole.sources.items() if count >= least]
        many = len(whole.people) >= _WIDER * max(live.authors, self._rule.people)
        if (many or set(new) - set(live.sources)) and self._enough(whole):
            yield self._escalate(live, found, whole, now)

    # --- risk terms -----------------------------------------------------------------------------

    def _risk(self, now: datetime) -> Iterator[Signal]:
        """Yield risk terms that several people say, where hardly anybody ever says them."""
        recent = {word for one in self._remembered() for word in one.words}
        for word in sorted(self._ear.fresh_words - recent):
            for minutes in _WORD_WINDOWS:
                signal = self._word(word, minutes, now)
                if signal is not None:
                    yield signal
                    break

    def _word(self, word: str, minutes: int, now: datetime) -> Signal | None:
        ear, minute = self._ear, self._ear.minute
        voices = [one for one in ear.crowd.voices(minute - minutes + 1) if word in one.risk]
        crowd = gathered(voices)
        if crowd.authors < self._fewer():
            return None
        found = ear.words.judge(word, crowd, minutes, minute)
        if found.strength < 1.0:
            return None
        stories = stories_of(crowd)
        live = next((one for one in self._told if one.live and one.covers(stories)), None)
        if live is not None:
            return self._escalate(live, found, crowd, now)
        term = next((name for name, _ in crowd.terms.most_common(1)), OVERALL)
        return self._raise(term, found, crowd, now)

    # --- telling --------------------------------------------------------------------------------

    def _raise(self, key: str, found: Finding, crowd: Gathered, now: datetime) -> Signal:
        self._count += 1
        series = self._ear.series.get(key) or self._ear.series[OVERALL]
        one = telling.begun(f"{self._ear.minute:x}-{self._count}", key, found, crowd, series)
        self._told.append(one)
        return telling.signal("raised", one, found, crowd, now, self._names)

    def _escalate(self, one: Told, found: Finding, crowd: Gathered, now: datetime) -> Signal:
        telling.grown(one, found, crowd)
        return telling.signal("escalated", one, found, crowd, now, self._names)

    def _ends(self, now: datetime) -> Iterator[Signal]:
        """Yield the spikes that have been back under the usual for long enough."""
        for one in self._told:
            series = self._ear.series.get(one.term) or self._ear.series[OVERALL]
            if one.live and one.calmer(series.count(), series.usual()[0], self._ear.minute):
                crowd = self._crowd(one.term, _STORY_MINUTES)
                yield telling.ended(one, crowd, series, now)

    # --- remembering ----------------------------------------------------------------------------

    def _remembered(self) -> Iterable[Told]:
        """Return the warnings that are under way, muted, or younger than the quiet."""
        minute, quiet = self._ear.minute, self._rule.quiet // 60
        for one in self._told:
            if one.live or one.muted_until > minute or minute - one.raised < quiet:
                yield one

    def _forget(self) -> None:
        self._told = list(self._remembered())[-_KEPT:]

    def dump(self) -> bytes:
        """Return the whole state; a new one made with it goes on as if nothing had happened."""
        state = {
            "version": _VERSION,
            "ear": self._ear.dump(),
            "told": self._told,
            "count": self._count,
            "looked": self._looked,
        }
        return msgspec.msgpack.encode(state)

    def _restore(self, state: bytes) -> None:
        found = msgspec.msgpack.decode(state)
        if found["version"] != _VERSION:
            return  # of another program: begin anew rather than misread it
        self._ear.restore(found["ear"])
        self._told = msgspec.convert(found["told"], list[Told])
        self._count, self._looked = found["count"], found["looked"]
