"""What stands out: a window of a series with the usual beside it."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """A window above the usual; `spread` is 0 where none is known yet.

    `score` is in standard deviations, or -log10 of the chance; `height` in thresholds; `strength`
    is 1 where it is to be told, past warnings counted in.
    """

    score: float
    height: float
    strength: float
    observed: int
    expected: float
    spread: float
    minutes: int
    by_hour: bool
    story: bool = False  # one new story, next to what new stories usually bring
