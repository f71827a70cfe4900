"""A warning that was given: what it was about, how far it went, and when it is over."""

from __future__ import annotations

import msgspec

from crisisroom.core.candidate import Level

CALM = 30  # minutes back under the usual, after which a spike is over
LONGEST = 7 * 1440  # minutes after which nobody calls it a spike any more


class Told(msgspec.Struct):
    """One warning since it was raised; times are minutes since the epoch."""

    uid: str
    term: str
    raised: int
    level: Level
    observed: int
    expected: float
    spread: float
    strength: float
    authors: int
    sources: list[str]
    stories: list[str]
    words: list[str]
    voices: list[int]  # numbers of the mentions at its beginning
    top: float  # what 15 minutes hold at most when it is usual
    bar: float = 1.0
    grown: bool = False
    keys: list[str] = []  # all series that it speaks for
    calm_since: int = -1
    ended: int = -1
    muted_until: int = -1  # its volume is muted by a person

    def covers(self, stories: list[str]) -> bool:
        """Return whether it is about one of these stories; without stories all are the same."""
        mine = [one for one in self.stories if one]
        theirs = [one for one in stories if one]
        return not mine or not theirs or bool(set(mine) & set(theirs))
