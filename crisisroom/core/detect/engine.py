"""The early warning: what stands out in the crowd becomes a signal, once, with its reason.

Quiet periods, a dismissal and an expected event mute the volume of one story. Another story, a
risk term that was not said before, or a much wider crowd speaks all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from crisisroom.core.candidate import OVERALL, Heard, Signal
from crisisroom.core.detect import telling
from crisisroom.core.detect.book import Book, once
from crisisroom.core.detect.crowd import Gathered
from crisisroom.core.detect.ear import Ear, minute_of
from crisisroom.core.detect.events import Events
from crisisroom.core.detect.finding import Finding
from crisisroom.core.detect.news import News
from crisisroom.core.detect.rule import Rule, Window
from crisisroom.core.detect.scene import Scene
from crisisroom.core.detect.telling import stories_of
from crisisroom.core.detect.told import Told

_VERSION = 2
_BACK = 5  # minutes that a clock may be set back without our going with it
_AGAIN = 5  # minutes between two looks at what is muted
_SAME = 0.5  # of the larger crowd: two series that share so much are one spike
_WIDER = 3  # times as many authors
_SHARE = 0.25  # of a crowd: from which on a new source counts
_STORY_MINUTES = 15
_UNREADABLE = (msgspec.DecodeError, KeyError, IndexError, TypeError, ValueError, AttributeError)


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
        self._book = Book(self._names)
        self._listen(Ear())
        self._looked = -1  # minute of the last look at what is muted
        if state:
            self._restore(state)

    def _listen(self, ear: Ear) -> None:
        self._ear = ear
        self._scene = Scene(ear, self._rule, self._events)
        self._news = News(self._scene, self._book, self._rule)

    @property
    def under_way(self) -> bool:
        """Return whether a spike has not ended yet, so that silence too has something to say."""
        return any(one.live for one in self._book.told)

    def hear(self, one: Heard, fits: tuple[str, ...] = ()) -> None:
        """Take a mention in; `fits` are titles of expected events whose words it says."""
        self._ear.hear(one, fits)

    def gap(self, start: datetime, end: datetime) -> None:
        """Say that nobody listened from one moment to another; before the tick that passes it."""
        self._ear.gap(start, end)

    def dismissed(self, uid: str, now: datetime) -> None:
        """Mute a warning's story for as long as a warning is quiet: it is no crisis."""
        self._book.mute(uid, int(now.timestamp() + self._rule.quiet) // 60)

    def muted(self, uid: str, until: datetime) -> None:
        """Mute the volume of a warning's story up to a moment."""
        self._book.mute(uid, int(until.timestamp()) // 60)

    def unmuted(self, uid: str) -> None:
        """Let a warning's story speak again: a person took the dismissal back."""
        self._book.unmute(uid)

    def merged(self, into: str, gone: str) -> None:
        """Say that two stories turned out to be one."""
        self._ear.merged(into, gone)
        self._book.merged(into, gone)

    def tick(self, now: datetime) -> tuple[Signal, ...]:
        """Return what there is to say at this moment, a signal a warning; at least once a minute.

        A clock that goes back by more than five minutes is believed: it had been wrong before.
        """
        ear, minute = self._ear, minute_of(now)
        if minute < ear.minute - _BACK:
            self._set_back(minute)
        ear.go(now)
        signals = [*self._ends(now), *self._volume(now)]
        if ear.minute - self._looked >= _AGAIN:
            self._looked = ear.minute
            signals += self._beside(now)
        signals += self._news.told(now)
        ear.told()
        self._book.forget(ear.minute, self._quiet)
        return once(signals)

    # --- volume ---------------------------------------------------------------------------------

    def _volume(self, now: datetime) -> Iterator[Signal]:
        """Yield the spikes, narrower terms first, so that the whole does not say it again."""
        for key in sorted(self._ear.fresh, key=lambda one: (one == OVERALL, one)):
            found = self._scene.stands_out(key)
            if found is None or found.strength < 1.0 or self._scene.explained(key):
                continue
            crowd = self._scene.crowd(key, found.minutes)
            if not self._scene.enough(crowd) or self._scene.shouted(key, crowd):
                continue
            if (other := self._same_spike(key, crowd, found.minutes)) is not None:
                self._joins(other, key, found)
                continue
            yield from self._speak(key, found, crowd, now)

    def _same_spike(self, key: str, crowd: Gathered, minutes: int) -> Told | None:
        """Return the warning that another series gave about the same mentions.

        That is so too where they are only a part of that spike, and its story is known.
        """
        main = stories_of(crowd)[:1]
        for one in self._book.told:
            if not one.live or key in one.keys:
                continue
            other = self._scene.crowd(one.term, minutes).numbers
            whole = len(crowd.numbers) if one.covers(main) else max(len(other), len(crowd.numbers))
            if len(other & crowd.numbers) >= _SAME * max(whole, 1):
                return one
        return None

    def _joins(self, one: Told, key: str, found: Finding) -> None:
        one.keys.append(key)
        self._ear.series[key].budget.spoke(found.height, self._scene.seconds)

    def _speak(self, key: str, found: Finding, crowd: Gathered, now: datetime) -> Iterator[Signal]:
        """Yield the signal of a spike, unless its story is quiet."""
        series, rule = self._ear.series[key], self._rule
        quiet, growth = series.quiet(rule), rule.escalation
        if not series.budget.speaks(found.height, self._scene.seconds, quiet, growth):
            return
        stories = stories_of(crowd)
        mine = [one for one in self._book.told if key in one.keys]
        if any(one.muted_until > self._ear.minute and one.covers(stories) for one in mine):
            return
        live = next((one for one in reversed(mine) if one.live), None)
        if live is None:
            yield self._book.begin(key, found, crowd, series, now)
        elif not series.young or self._broader(live, found, crowd):
            yield self._book.grow(live, found, crowd, now)
        series.budget.spoke(found.height, self._scene.seconds)

    def _broader(self, live: Told, found: Finding, crowd: Gathered) -> bool:
        """Return whether a spike outgrew the largest so far: a new stream knows no usual yet."""
        last = live.spoken
        if last is None:
            return True
        larger = found.observed >= self._rule.escalation * last.observed
        return larger and crowd.authors > last.authors

    # --- what is muted has something new --------------------------------------------------------

    def _beside(self, now: datetime) -> Iterator[Signal]:
        """Yield other stories and wider crowds, where a story's volume is muted."""
        for key in sorted(self._ear.series, key=lambda one: (one == OVERALL, one)):
            series = self._ear.series[key]
            told = [one for one in self._book.told if key in one.keys]
            quiet = series.budget.quiet(self._scene.seconds, series.quiet(self._rule))
            muted = any(one.muted_until > self._ear.minute for one in told)
            if not (quiet or muted or self._scene.explained(key)):
                continue
            crowd = self._scene.crowd(key, _STORY_MINUTES)
            if crowd.mentions >= self._rule.people:
                yield from self._other_story(key, told, crowd, now)
                yield from self._wider(key, told, crowd, now)

    def _other_story(
        self, key: str, told: list[Told], crowd: Gathered, now: datetime
    ) -> Iterator[Signal]:
        series = self._ear.series[key]
        known = {story for one in self._book.told for story in one.stories}
        if not told:  # of an expected event the largest story is its own
            known |= set(stories_of(crowd)[:1])
        spread = min((one.spread for one in told), default=series.usual()[1])
        for story in stories_of(crowd):
            if not story or story in known:
                continue
            part = self._scene.part(key, story, _STORY_MINUTES)
            count = part.mentions - part.loud
            found = series.alone(count, _STORY_MINUTES, self._rule, spread)
            if found.strength < 1.0 or not self._scene.enough(part):
                continue
            yield self._book.begin(key, found, part, series, now)
            series.budget.spoke(found.height, self._scene.seconds)
            return

    def _wider(
        self, key: str, told: list[Told], crowd: Gathered, now: datetime
    ) -> Iterator[Signal]:
        live = next((one for one in reversed(told) if one.live and one.term == key), None)
        found = self._scene.stands_out(key) if live else None
        if live is None or found is None or found.strength < 1.0:
            return
        whole = self._scene.crowd(key, found.minutes)
        least = max(self._rule.people, _SHARE * whole.mentions)
        new = [name for name, count in whole.sources.items() if count >= least]
        if self._ear.series[key].young and len(live.sources) > 1:
            new = []  # a new stream: which sources speak of us is not known yet
        many = len(whole.people) >= _WIDER * max(live.authors, self._rule.people)
        if (many or set(new) - set(live.sources)) and self._scene.enough(whole):
            yield self._book.grow(live, found, whole, now)

    # --- the end ----------------------------------------------------------------------------------

    def _ends(self, now: datetime) -> Iterator[Signal]:
        """Yield the spikes that have been back under the usual for long enough."""
        for one in self._book.told:
            series = self._ear.series.get(one.term) or self._ear.series[OVERALL]
            if one.live and one.calmer(series.count(), series.usual()[0], self._ear.minute):
                crowd = self._scene.crowd(one.term, _STORY_MINUTES)
                yield telling.ended(one, crowd, series, now)

    # --- remembering ----------------------------------------------------------------------------

    @property
    def _quiet(self) -> int:
        return self._rule.quiet // 60

    def _set_back(self, minute: int) -> None:
        """Go back with a clock that had been wrong: what was learnt is kept."""
        self._ear.rewind(minute)
        self._book.rewind(minute)
        self._looked = min(self._looked, minute)

    def dump(self) -> bytes:
        """Return the whole state; a new one made with it goes on as if nothing had happened."""
        state = {
            "version": _VERSION,
            "ear": self._ear.dump(),
            "told": self._book.dump(),
            "looked": self._looked,
        }
        return msgspec.msgpack.encode(state)

    def _restore(self, state: bytes) -> None:
        """Take up a state; one that cannot be read, or is of another program, begins anew."""
        ear, book = Ear(), Book(self._names)
        try:
            found = msgspec.msgpack.decode(state)
            if found["version"] != _VERSION:
                return
            ear.restore(found["ear"])
            book.restore(found["told"])
            looked = int(found["looked"])
        except _UNREADABLE:
            return
        self._book, self._looked = book, looked
        self._listen(ear)
