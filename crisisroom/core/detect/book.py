"""The warnings that were given: raised, grown, muted by a person, and forgotten in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.candidate import Signal
from crisisroom.core.detect import telling
from crisisroom.core.detect.crowd import Gathered
from crisisroom.core.detect.finding import Finding
from crisisroom.core.detect.series import Series
from crisisroom.core.detect.told import Told

_KEPT = 40  # warnings that are remembered
_NEVER = -1


class Book:
    """Keeps what was told; `names` are what terms are called in the reasons."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.told: list[Told] = []
        self._names = names
        self._count = 0

    def begin(
        self, key: str, found: Finding, crowd: Gathered, series: Series, now: datetime
    ) -> Signal:
        """Return the signal of a new warning."""
        self._count += 1
        one = telling.begun(f"{series.minute:x}-{self._count}", key, found, crowd, series)
        self.told.append(one)
        return telling.signal("raised", one, found, crowd, now, self._names)

    def grow(self, one: Told, found: Finding, crowd: Gathered, now: datetime) -> Signal:
        """Return the signal of a warning that has grown."""
        telling.grown(one, found, crowd)
        return telling.signal("escalated", one, found, crowd, now, self._names)

    def mute(self, uid: str, until: int) -> None:
        """Mute a warning up to this minute, or for longer where it is muted already."""
        for one in self.told:
            if one.uid == uid:
                one.muted_until = max(one.muted_until, until)

    def unmute(self, uid: str) -> None:
        """Let a warning speak again."""
        for one in self.told:
            if one.uid == uid:
                one.muted_until = _NEVER

    def merged(self, into: str, gone: str) -> None:
        """Count one story as another."""
        for one in self.told:
            one.stories = [into if story == gone else story for story in one.stories]

    def rewind(self, minute: int) -> None:
        """Go back to a minute: the clock had been wrong."""
        for one in self.told:
            one.rewind(minute)

    def remembered(self, minute: int, quiet: int) -> Iterator[Told]:
        """Yield the warnings under way, muted, or younger than `quiet` minutes."""
        for one in self.told:
            if one.live or one.muted_until > minute or minute - one.raised < quiet:
                yield one

    def forget(self, minute: int, quiet: int) -> None:
        """Let go of what is not remembered."""
        self.told = list(self.remembered(minute, quiet))[-_KEPT:]

    def dump(self) -> list[Any]:
        """Return the state as plain values."""
        return [self._count, self.told]

    def restore(self, state: list[Any]) -> None:
        """Take up a state that `dump` returned."""
        self._count, told = state
        self.told = msgspec.convert(told, list[Told])


def once(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Return one signal for each warning: the last, as raised where it was raised just now."""
    found: dict[str, Signal] = {}
    for one in signals:
        first = found.get(one.uid)
        kept = one if first is None else msgspec.structs.replace(one, kind=first.kind, of=first.of)
        found[one.uid] = kept
    return tuple(found.values())
