"""Texts, times and spans as people read them in a report."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crisisroom.core.clocks import minutes
from crisisroom.core.errors import Refused
from crisisroom.core.kinds import zone_flaw
from crisisroom.report.metrics import Metric
from crisisroom.text import chars

_HIDDEN = re.compile(
    f"[{chars.CONTROLS}{chars.BIDI}{chars.TAGS}{chars.LINE_ENDS}{chars.ANNOTATIONS}"
    f"{chars.INVISIBLE}{chars.SURROGATES}{chars.NONCHARACTERS}]"
)


def visible(text: str) -> str:
    """Return a text with what is hidden in it named, as `[U+202E]`; tabs and line ends stay."""
    lines = text.replace("\r\n", "\n")
    return _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", lines)


def one_line(text: str) -> str:
    """Return a text on one line, what is hidden in it named."""
    return " ".join(visible(text).split())


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name, as Europe/Berlin; Refused where there is none."""
    zone = _known(name)
    if zone is None:
        hint = "a time zone is written like Europe/Berlin"
        raise Refused("zone", f"there is no time zone {one_line(name)!r}", hint)
    return zone


def zone_or_utc(name: str) -> ZoneInfo:
    """Return a time zone by its name, UTC where this machine does not know it."""
    return _known(name) or ZoneInfo("UTC")


def _known(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name and not zone_flaw(name) else None
    except (LookupError, ValueError, OSError):  # a folder of the zone database is an OSError
        return None


def local(at: datetime, zone: ZoneInfo) -> str:
    """Return a time as `2026-11-22 03:08:12 +01:00`."""
    here = at.astimezone(zone)
    return f"{here:%Y-%m-%d %H:%M:%S} {_offset(here)}"


def local_iso(at: datetime, zone: ZoneInfo) -> str:
    """Return a time as `2026-11-22T03:08:12+01:00`."""
    here = at.astimezone(zone)
    return f"{here:%Y-%m-%dT%H:%M:%S}{_offset(here)}"


def utc(at: datetime) -> str:
    """Return a time as `2026-11-22 02:08:12Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"


def _offset(here: datetime) -> str:
    digits = f"{here:%z}"
    return f"{digits[:3]}:{digits[3:5]}"


def span(seconds: int) -> str:
    """Return a span in whole minutes: `12m`, `3h35`."""
    return minutes(timedelta(seconds=seconds)) if seconds >= 60 else "under 1m"


def figure(metric: Metric) -> str:
    """Return what a figure says: `12m`, `4 of 5`, `pending, 3h so far`, or why there is none."""
    if metric.of is not None:
        more = ", more to come" if metric.state == "pending" else ""
        return f"{metric.met} of {metric.of}{more}"
    if metric.seconds is not None:
        late = " late" if metric.seconds < 0 else ""
        return f"{span(abs(metric.seconds))}{late}"
    if metric.so_far is not None:
        return f"{metric.state}, {span(metric.so_far)} so far"
    return "the end is before the start" if metric.state == "invalid" else metric.state
