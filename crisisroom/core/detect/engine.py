"""The early warning: what stands out in the crowd becomes a signal, once, with its reason.

Quiet periods, a dismissal and an expected event mute the volume of one story. Another story, a
risk term that was not said before, or a much wider crowd speaks all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from math import ceil

import msgspec

from crisisroom.core.candidate import OVERALL, Heard, Level, Signal, SignalKind
from crisisroom.core.detect import reason as say
from crisisroom.core.detect.cold import RARE
from crisisroom.core.detect.crowd import Gathered, gathered
from crisisroom.core.detect.ear import Ear
from crisisroom.core.detect.rule import Rule, Window
from crisisroom.core.detect.series import Finding, Series
from crisisroom.core.detect.told import Told

_VERSION = 1
_AGAIN = 5  # minutes between two looks at what is muted
_SAME = 0.5  # of the larger crowd: two series that share so much are one spike
_WIDER = 3  # times as many authors
_SHARE = 0.25  # of a crowd: from which on a new source counts
_STORIES, _WORDS = 5, 5  # that a signal names
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
        self._expected = expected
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
            if found is None or found.strength < 1.0 or self._is_expected(key):
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
        titles = self._titles(key)
        return self._ear.crowd.excused(self._ear.minute, key, titles) if titles else {}

    def _titles(self, key: str) -> frozenset[str]:
        return frozenset(one.title for one in self._on_now(key) if one.own_words)

    def _on_now(self, key: str) -> Iterator[Window]:
        now = datetime.fromtimestamp(self._ear.minute * 60, UTC)
        for one in self._expected:
            if one.start <= now < one.end and (not one.terms or key in one.terms):
                yield one

    def _is_expected(self, key: str) -> bool:
        """Return whether an event explains all of the volume."""
        return any(not one.own_words for one in self._on_now(key))

    def _crowd(self, key: str, minutes: int) -> Gathered:
        return self._ear.crowd.gather(self._ear.minute - minutes + 1, key, self._titles(key))

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
        """Return the warning that another series gave about the same mentions."""
        for one in self._told:
            if not one.live or key in one.keys:
                continue
            other = self._crowd(one.term, minutes).numbers
            if len(other & crowd.numbers) >= _SAME * max(len(other), len(crowd.numbers), 1):
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
        stories = [story for story, _ in crowd.stories.most_common(_STORIES)]
        mine = [one for one in self._told if key in one.keys]
        if any(one.muted_until > self._ear.minute and one.covers(stories) for one in mine):
            return
        live = next((one for one in reversed(mine) if one.live), None)
        if live is not None:
            yield self._escalate(live, found, crowd, now)
        else:
            yield self._raise(key, found, crowd, stories, now)
        series.budget.spoke(found.height, self._seconds)

    # --- what is muted has something new --------------------------------------------------------

    def _beside(self, now: datetime) -> Iterator[Signal]:
        """Yield other stories and wider crowds, where a story's volume is muted."""
        for key in sorted(self._ear.series, key=lambda one: (one == OVERALL, one)):
            series = self._ear.series[key]
            told = [one for one in self._told if key in one.keys]
            quiet = series.budget.quiet(self._seconds, series.quiet(self._rule))
            muted = any(one.muted_until > self._ear.minute for one in told)
            if not (quiet or muted or self._is_expected(key)):
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
            known |= {story for story, _ in crowd.stories.most_common(1)}
        spread = min((one.spread for one in told), default=series.usual()[1])
        for story, _ in crowd.stories.most_common(_STORIES):
            if not story or story in known:
                continue
            part = self._part(key, story)
            count = part.mentions - part.loud
            strength = series.alone(count, _STORY_MINUTES, self._rule, spread)
            if strength < 1.0 or not self._enough(part):
                continue
            found = self._finding(series, strength, part.mentions)
            yield self._raise(key, found, part, [story], now)
            series.budget.spoke(found.height, self._seconds)
            return

    def _part(self, key: str, story: str) -> Gathered:
        since = self._ear.minute - _STORY_MINUTES + 1
        voices = self._ear.crowd.voices(since, key)
        return gathered([one for one in voices if one.narrative == story])

    def _finding(self, series: Series, strength: float, count: int) -> Finding:
        return Finding(
            score=strength * self._rule.threshold,
            height=strength * series.bar(),
            strength=strength,
            observed=count,
            expected=0.0,
            spread=0.0,
            minutes=_STORY_MINUTES,
            by_hour=False,
        )

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
        count = crowd.mentions
        odds = ear.words.surprise(word, crowd.authors, minutes, count, minute)
        if odds < RARE:
            return None
        expected = ear.words.expected(word, minutes, count, minute)
        found = Finding(
            score=odds,
            height=odds / RARE,
            strength=odds / RARE,
            observed=count,
            expected=expected,
            spread=0.0,
            minutes=minutes,
            by_hour=False,
        )
        stories = [story for story, _ in crowd.stories.most_common(_STORIES)]
        live = next((one for one in self._told if one.live and one.covers(stories)), None)
        if live is not None:
            return self._escalate(live, found, crowd, now)
        term = next((name for name, _ in crowd.terms.most_common(1)), OVERALL)
        return self._raise(term, found, crowd, stories, now)

    # --- telling --------------------------------------------------------------------------------

    def _raise(
        self, key: str, found: Finding, crowd: Gathered, stories: list[str], now: datetime
    ) -> Signal:
        self._count += 1
        series = self._ear.series.get(key) or self._ear.series[OVERALL]
        usual, spread = series.usual()
        one = Told(
            uid=f"{self._ear.minute:x}-{self._count}",
            term=key,
            raised=self._ear.minute,
            level=_level(found, crowd),
            observed=found.observed,
            strength=found.strength,
            authors=len(crowd.people),
            sources=sorted(crowd.sources),
            stories=stories,
            words=_most_said(crowd),
            keys=[key],
            top=usual + spread,
            spread=spread,
        )
        self._told.append(one)
        return self._signal("raised", one, found, crowd, now)

    def _escalate(self, one: Told, found: Finding, crowd: Gathered, now: datetime) -> Signal:
        one.grown = True
        one.level = max(one.level, _level(found, crowd), "rising", key=_LEVELS.index)
        one.authors = max(one.authors, len(crowd.people))
        one.sources = sorted({*one.sources, *crowd.sources})
        one.stories = list(dict.fromkeys([*one.stories, *crowd.stories]))[: 4 * _STORIES]
        one.words = list(dict.fromkeys([*one.words, *_most_said(crowd)]))[: 4 * _WORDS]
        return self._signal("escalated", one, found, crowd, now)

    def _signal(
        self, kind: SignalKind, one: Told, found: Finding, crowd: Gathered, now: datetime
    ) -> Signal:
        words = tuple(_most_said(crowd))
        normal = say.usual(found.expected, found.spread, by_hour=found.by_hour)
        name = self._names.get(one.term, one.term)
        return Signal(
            kind=kind,
            term=one.term,
            at=now,
            level=one.level,
            reason=say.reason(found.observed, found.minutes, normal, crowd, words, name),
            observed=found.observed,
            expected=found.expected,
            spread=found.spread,
            window_minutes=found.minutes,
            authors=crowd.authors,
            sources=len(crowd.sources),
            reach=crowd.reach,
            narratives=tuple(name for name, _ in crowd.stories.most_common(_STORIES) if name),
            words=words,
            score=found.score,
            of="" if kind == "raised" else one.uid,
            uid=one.uid,
        )

    def _ends(self, now: datetime) -> Iterator[Signal]:
        """Yield the spikes that have been back under the usual for long enough."""
        for one in self._told:
            series = self._ear.series.get(one.term) or self._ear.series[OVERALL]
            usual, spread = series.usual()
            if one.live and one.calmer(series.count(), usual, self._ear.minute):
                crowd = self._crowd(one.term, _STORY_MINUTES)
                yield Signal(
                    kind="ended",
                    term=one.term,
                    at=now,
                    level=one.level,
                    reason=say.ended(series.count(), usual, spread, by_hour=series.grown),
                    observed=series.count(),
                    expected=usual,
                    spread=spread,
                    window_minutes=_STORY_MINUTES,
                    authors=crowd.authors,
                    sources=len(crowd.sources),
                    of=one.uid,
                    uid=one.uid,
                )

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


_LEVELS: tuple[Level, ...] = ("early", "rising", "storm")


def _level(found: Finding, crowd: Gathered) -> Level:
    """Return how far it went: by how many times it is over the bar, and by how many people."""
    if found.strength >= 5.0 and crowd.authors >= 30:
        return "storm"
    if found.strength >= 2.0 and crowd.authors >= 10:
        return "rising"
    return "early"


def _most_said(crowd: Gathered) -> list[str]:
    return [word for word, _ in crowd.words.most_common(_WORDS)]
