"""How the early warning is set, and when people are expected to talk."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of the early warning; the figures are those found best on real mentions.

    `threshold` is in standard deviations. Fewer than `people` different authors never warn. After
    a warning the same story stays quiet for `quiet` seconds, unless it grows `escalation` times.
    """

    threshold: float = 4.36
    people: int = 3
    quiet: int = 86_400
    escalation: float = 3.0


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which people are expected to talk: their volume then does not warn.

    With `own_words`, only mentions handed in as fitting `title` belong to it. No `terms`: all.
    """

    title: str
    start: datetime
    end: datetime
    terms: tuple[str, ...] = ()
    own_words: bool = False
