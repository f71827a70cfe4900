"""What a room listens for, and when talk is expected, as the configuration says it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from crisisroom.config.settings import Brand, Campaign, Config, Expected, RoomConfig, Term
from crisisroom.core.terms import at_local, zone_of
from crisisroom.core.watchquery import flaw, phrase

BRAND = "brand"  # the term that the brand's names make where no terms are written


def terms_of(config: RoomConfig | Config) -> tuple[Term, ...]:
    """Return the watched terms: those written, or one of the brand's names, or none."""
    return config.terms or _of_brand(config.brand)


def _of_brand(brand: Brand) -> tuple[Term, ...]:
    say = ""
    for name in dict.fromkeys(one for one in (*brand.names, brand.name) if one.strip()):
        longer = f"{say} OR {phrase(name)}" if say else phrase(name)
        if not flaw(longer):  # a name without a letter, or one too many, is left out
            say = longer
    return (Term(id=BRAND, say=say, title=brand.name),) if say else ()


def expected_between(event: Expected, zone: str) -> tuple[datetime, datetime]:
    """Return from when to when an event is on, in UTC; a bare day at its end counts in full.

    Raises ValueError where the times are none.
    """
    return _moment(event.start, zone), _moment(event.end, zone, ends=True)


def campaign_between(campaign: Campaign, zone: str) -> tuple[datetime, datetime]:
    """Return from when to when a campaign runs, in UTC: its last day counts in full."""
    return _moment(campaign.start, zone), _moment(campaign.end, zone, ends=True)


def _moment(text: str, zone: str, *, ends: bool = False) -> datetime:
    day_text, _, clock = text.partition(" ")
    day, at = date.fromisoformat(day_text), time.fromisoformat(clock) if clock else time()
    if ends and not clock:
        day += timedelta(days=1)
    return at_local(day, at, zone_of(zone)).astimezone(UTC)
