"""Times as strangers write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_PAST = timedelta(days=3653)
_FUTURE = timedelta(minutes=5)
_LONGEST = 80  # characters; no date is longer


def parse(text: str) -> datetime | None:
    """Return an RFC 3339 or RFC 822 time in UTC; None where it is no time.

    A time without a zone is taken as UTC, a leap second as the second before.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text.replace(":60", ":59"))
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def clamp(moment: datetime, now: datetime) -> datetime:
    """Return the time, moved into the ten years before and the five minutes after `now`."""
    return max(now - _PAST, min(moment, now + _FUTURE))
