"""A warning that was given: what it was about, how far it went, and when it is over."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from crisisroom.core.candidate import Level, Signal

CALM = 30  # minutes back under the usual, after which a spike is over
LONGEST = 7 * 1440  # minutes after which it is the new usual


class Told(msgspec.Struct):
    """One warning since it was raised; times are minutes since the epoch, -1 for never."""

    uid: str
    term: str
    raised: int
    level: Level
    authors: int  # known ones
    sources: list[str]
    stories: list[str]  # largest first, "" for mentions of no story
    words: list[str]
    keys: list[str]  # all series that it speaks for
    top: float  # what 15 minutes hold at most when it is usual
    spread: float
    calm_since: int = -1
    ended: int = -1
    muted_until: int = -1  # its volume, by a person
    spoken: Signal | None = None  # with the largest figures so far

    @property
    def live(self) -> bool:
        """Whether it is still under way."""
        return self.ended < 0

    def rewind(self, minute: int) -> None:
        """Go back to a minute: the clock had been wrong. What it told in between is moved along."""
        ahead = max(0, self.raised - minute)
        self.raised -= ahead
        if self.muted_until >= 0:
            self.muted_until -= ahead
        self.calm_since = -1
        self.ended = min(self.ended, minute)

    def covers(self, stories: Iterable[str]) -> bool:
        """Return whether it is about one of these stories; what has none is about all."""
        mine = {one for one in self.stories if one}
        theirs = {one for one in stories if one}
        return not mine or not theirs or bool(mine & theirs)

    def calmer(self, count: int, usual: float, minute: int) -> bool:
        """Note how the last 15 minutes were; return whether it is over with this."""
        if count > self.top and count > usual and minute - self.raised < LONGEST:
            self.calm_since = -1
            return False
        if self.calm_since < 0:
            self.calm_since = minute
        if minute - self.calm_since < CALM:
            return False
        self.ended = minute
        return True
