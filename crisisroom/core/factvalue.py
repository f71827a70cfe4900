"""What a line of the fact sheet may say: numbers, yes or no, choices, times, as people type them.

Values are kept as text: a number as it was written, yes or no and choices in the plan's own
spelling, a time as the log writes times.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from crisisroom.core.errors import Usage
from crisisroom.core.incident import FactState
from crisisroom.core.kinds import span
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.problems import shown
from crisisroom.core.terms import DAY, at_local
from crisisroom.core.timeline import stamp, unstamp

_YES = frozenset(["yes", "y", "true", "ja", "j", "oui", "sí", "si", "sim", "tak"])
_NO = frozenset(["no", "n", "false", "nein", "non", "não", "nao", "nee", "nej", "nie"])
_GROUPS = " ,_\u00a0"
_NUMBER = re.compile(rf"[+-]?(?:[0-9]+|[0-9]{{1,3}}(?:[{_GROUPS}][0-9]{{3}})+)(?:\.[0-9]+)?")
_TWO_WAYS = re.compile(r"[+-]?[0-9]{1,3}\.[0-9]{3}")  # 1.200 is one thousand to half of Europe
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LONGEST = 40
_FARTHEST = timedelta(days=36_525)


def read_value(fact: FactState, text: str, now: datetime, zone: tzinfo) -> str:
    """Return the value as it is kept; Usage says what fits where this does not."""
    if fact.type == "text":
        return text
    given = text.strip()
    if fact.type == "number":
        return _number(fact, given)
    if fact.type == "yes-no":
        return _yes_no(fact, given)
    if fact.type == "choice":
        return _choice(fact, given)
    return stamp(_moment(fact, given, now, zone))


def said_value(fact: FactState, now: datetime, zone: tzinfo) -> str:
    """Return a value as people read it: times on the clock of `zone`, numbers with their unit."""
    if fact.type == "number" and fact.unit and fact.value:
        return f"{fact.value} {fact.unit}"
    if fact.type != "time" or not fact.value:
        return fact.value
    try:
        return on_the_clock(unstamp(fact.value), now, zone)
    except ValueError:  # it was set before it became a time
        return fact.value


def written_value(fact: FactState, zone: tzinfo) -> str:
    """Return a value as it stands in words that go out: times with their day, so that they stay.

    `09:12` would mean another moment to whoever reads it tomorrow.
    """
    if fact.type != "time" or not fact.value:
        return fact.value
    try:
        return f"{unstamp(fact.value).astimezone(zone):%Y-%m-%d %H:%M}"
    except ValueError:
        return fact.value


def on_the_clock(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a moment as clocks show it: `09:12` today, `2026-11-21 09:12` on other days."""
    there = moment.astimezone(zone)
    today = there.date() == now.astimezone(zone).date()
    return f"{there:%H:%M}" if today else f"{there:%Y-%m-%d %H:%M}"


def _refusal(fact: FactState, given: str, kind: str, hint: str) -> Usage:
    return Usage("value", f"{fact.label} is {kind}, not {shown(given, _LONGEST)}", hint)


def _number(fact: FactState, given: str) -> str:
    plain = given
    if fact.unit and given.casefold().endswith(fact.unit.casefold()):
        plain = given[: -len(fact.unit)].rstrip()
    whole = plain.replace(".", "")
    if _TWO_WAYS.fullmatch(plain):
        raise _refusal(fact, given, "a number", f"write {whole}, or {float(plain):g} with a point")
    if not _NUMBER.fullmatch(plain):
        unit = f" ({fact.unit})" if fact.unit else ""
        raise _refusal(fact, given, f"a number{unit}", "write it like 1200, 1,200 or 3.5")
    return plain


def yes_or_no(text: str) -> str:
    """Return `yes` or `no` for what people say for it, empty for anything else."""
    word = text.strip().casefold().rstrip(".!")
    if word in _YES:
        return "yes"
    return "no" if word in _NO else ""


def _yes_no(fact: FactState, given: str) -> str:
    if word := yes_or_no(given):
        return word
    hint = "what nobody knows yet stays unknown, what somebody looks at is being checked"
    raise _refusal(fact, given, "yes or no", hint)


def _choice(fact: FactState, given: str) -> str:
    for option in fact.options:
        if option.casefold() == given.casefold():
            return option
    hint = did_you_mean(given.casefold(), fact.options, "one of")
    raise _refusal(fact, given, "one of a few", hint)


def _moment(fact: FactState, given: str, now: datetime, zone: tzinfo) -> datetime:
    try:
        moment = read_moment(given, now, zone)
        if abs(moment - now) > _FARTHEST:
            raise ValueError(given)
    except (ValueError, OverflowError):
        hint = "write it like 03:10, -20m, 2026-11-22 03:10 or 2026-11-22T03:10:00+01:00"
        raise _refusal(fact, given, "a time", hint) from None
    return moment


def read_moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return what `03:10` (the last such), `-20m`, `+2h` or RFC 3339 means, in UTC.

    Without an offset it is on the clock of `zone`. Raises ValueError or OverflowError for others.
    """
    if text[:1] in ("-", "+"):
        seconds = span(text[1:])
        if seconds is None:
            raise ValueError(text)
        moment = now + timedelta(seconds=seconds if text[0] == "+" else -seconds)
    elif _CLOCK.fullmatch(text):
        moment = _last(text, now, zone)
    else:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = at_local(moment.date(), moment.time(), zone)
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def _last(clock: str, now: datetime, zone: tzinfo) -> datetime:
    today = now.astimezone(zone).date()
    hours = time.fromisoformat(clock)
    moment = at_local(today, hours, zone)
    return moment if moment <= now else at_local(today - DAY, hours, zone)
