"""Times that have been, as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crisisroom.core.errors import Usage
from crisisroom.core.kinds import span
from crisisroom.core.terms import zone_of


def earlier(text: str, now: datetime, zone_name: str) -> datetime:
    """Return the time meant by `-12m`, `12m ago`, `09:12` (the last such) or RFC 3339, in UTC.

    Usage for anything else; a time without a zone is meant in the zone named.
    """
    try:
        at = _ago(ago, now) if (ago := _span_of(text)) else _on_the_clock(text, now, zone_name)
        utc = at.astimezone(UTC)
    except (ValueError, OverflowError):
        hint = "write it as -12m, 12m ago, 09:12 or 2026-11-22T03:07:00+01:00"
        raise Usage("time", f"{text[:40]} is no time", hint) from None
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def _span_of(text: str) -> str:
    """Return the span of `-12m` and `12m ago`, empty where it is neither."""
    return text[1:] if text.startswith("-") else text.removesuffix(" ago") * text.endswith(" ago")


def _ago(text: str, now: datetime) -> datetime:
    seconds = span(text)
    if seconds is None:
        raise ValueError(text)
    return now - timedelta(seconds=seconds)


def _on_the_clock(text: str, now: datetime, zone_name: str) -> datetime:
    here = now.astimezone(zone_of(zone_name))
    if len(text) == 5 and text[2] == ":":
        at = here.replace(hour=int(text[:2]), minute=int(text[3:]), second=0, microsecond=0)
        return at if at <= here else at - timedelta(days=1)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=here.tzinfo)
