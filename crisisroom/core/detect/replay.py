"""The past again: mentions in order of time, and the clock that would have ticked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from crisisroom.core.candidate import Heard, Signal
from crisisroom.core.detect.ear import minute_of
from crisisroom.core.detect.engine import EarlyWarning

_IDLE_TICK = 5  # minutes, while a spike that is under way goes quiet
_AFTER = 24 * 60  # minutes after the last mention in which a spike may still end


def replay(
    warning: EarlyWarning, heard: Iterable[tuple[Heard, tuple[str, ...]]]
) -> Iterator[Signal]:
    """Yield what would have been said, of mentions in order of time with the events they fit.

    Each minute with a mention is ticked at its end; silent ones only while a spike is under way.
    """
    minute: int | None = None
    for one, fits in heard:
        now = minute_of(one.posted_at)
        if minute is not None and now > minute:
            yield from _until(warning, minute, now)
        minute = now
        warning.hear(one, fits)
    if minute is not None:
        yield from _until(warning, minute, minute + _AFTER)


def _until(warning: EarlyWarning, minute: int, end: int) -> Iterator[Signal]:
    yield from warning.tick(_end_of(minute))
    minute += _IDLE_TICK
    while minute < end and warning.under_way:
        yield from warning.tick(_end_of(minute))
        minute += _IDLE_TICK


def _end_of(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60 + 59, UTC)
