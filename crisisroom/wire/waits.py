"""How long a server asks to be left alone."""

from __future__ import annotations

from collections.abc import Mapping

from crisisroom.wire.dates import parse

LONGEST = 900.0
_EPOCH = 1_000_000_000  # a reset above this is a date in seconds since 1970, not a distance


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds asked for, within [0, 900]; None where nothing readable was said.

    Dates are measured against the answer's own Date, so that our clock does not matter.
    """
    said = headers.get("retry-after", "")
    number = _number(said)
    wait = _within(number) if number is not None else _until(_moment(said), headers)
    return wait if wait is not None else spent_until(headers)


def spent_until(headers: Mapping[str, str]) -> float | None:
    """Return the seconds until a spent request budget is full again; None where there is one."""
    for prefix in ("x-ratelimit-", "ratelimit-", "x-rate-limit-"):
        if _number(headers.get(f"{prefix}remaining", "")) == 0:
            said = headers.get(f"{prefix}reset", "")
            number = _number(said)
            if number is not None and number < _EPOCH:
                return _within(number)
            return _until(number if number is not None else _moment(said), headers)
    return None


def _number(said: str) -> float | None:
    said = said.strip()[:24]
    digits = said.removeprefix("-")
    return float(said) if digits.isascii() and digits.isdigit() else None


def _moment(said: str) -> float | None:
    moment = parse(said)
    return None if moment is None else moment.timestamp()


def _until(moment: float | None, headers: Mapping[str, str]) -> float | None:
    sent_at = _moment(headers.get("date", ""))
    if moment is None or sent_at is None:
        return None
    return _within(moment - sent_at)


def _within(seconds: float) -> float:
    return min(LONGEST, max(0.0, seconds))
