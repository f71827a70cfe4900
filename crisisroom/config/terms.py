"""What a room listens for, and when talk is expected, as the configuration says it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from crisisroom.config.settings import Brand, Campaign, Config, Expected, RoomConfig, Term
from crisisroom.core.terms import at_local, zone_of
from crisisroom.core.watchquery import Atom, flaw, parse, phrase

BRAND = "brand"  # the term that the brand's names make where no terms are written


def terms_of(config: RoomConfig | Config) -> tuple[Term, ...]:
    """Return the watched terms: those written, or one of the brand's names, or none."""
    return config.terms or _of_brand(config.brand)


def looked_for(config: RoomConfig | Config) -> tuple[str, ...]:
    """Return the words that mentions of us are found by: in all of them, so they tell no story."""
    every = (atom for term in terms_of(config) for said in parse(term.say).any_of for atom in said)
    return (config.brand.name, *config.brand.names, *(atom.text for atom in every))


def _of_brand(brand: Brand) -> tuple[Term, ...]:
    say = ""
    for name in dict.fromkeys(one for one in (*brand.names, brand.name) if one.strip()):
        longer = f"{say} OR {phrase(name)}" if say else phrase(name)
        if not flaw(longer):  # a name without a letter, or one too many, is left out
            say = longer
    return (Term(id=BRAND, say=say, title=brand.name),) if say else ()


def swallows(exclude: str, say: str) -> bool:
    """Tell whether an exclusion leaves out all that a query finds; queries that are none do not."""
    if not (exclude and say) or flaw(exclude) or flaw(say):
        return False
    left_out, wanted = parse(exclude), parse(say)
    if not set(left_out.without) <= set(wanted.without):
        return False
    return all(
        any(
            all(any(_implies(one, out) for one in every) for out in outs)
            for outs in left_out.any_of
        )
        for every in wanted.any_of
    )


def _implies(one: Atom, other: Atom) -> bool:
    """Tell whether a text that says one thing says the other as well."""
    if one == other:
        return True
    if "handle" in (one.kind, other.kind) or one.kind != other.kind:
        return False
    whole = f" {one.text}" if one.prefix else f" {one.text} "
    return (f" {other.text}" if other.prefix else f" {other.text} ") in whole


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
