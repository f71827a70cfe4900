"""When things really were: corrected times, and how far back a time may be set.

An entry keeps the time it was written with for ever. What figures and lists go by is the newest
correction of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from crisisroom.core.errors import Refused
from crisisroom.core.factvalue import on_the_clock
from crisisroom.core.incident import Incident
from crisisroom.core.recorded import Correction, Visibility
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Entry

BEFORE = timedelta(days=30)  # earlier than the first sign of a crisis, nothing happened in it
AHEAD = timedelta(minutes=1)  # how far an event time may seem to lie in the future: clocks differ


def correction(incident: Incident, entry: Entry) -> Correction | None:
    """Return the newest word on what an entry should have said, None where it stands."""
    return incident.corrected.get(f"{entry.seq}")


def at(incident: Incident, entry: Entry) -> datetime:
    """Return when the thing happened that an entry tells of, by the newest correction of it."""
    made = correction(incident, entry)
    return made.at if made and made.at else entry.at


def back_dated(entry: Entry) -> bool:
    """Tell whether an entry was written down a minute or more after it happened."""
    return entry.recorded_at - entry.at >= timedelta(minutes=1)


def visibility(incident: Incident, entry: Entry) -> Visibility:
    """Return who may read an entry: as it was marked last, else as it was written.

    Why something is for Legal is for Legal too.
    """
    return readers(incident.marked, entry)


def readers(marked: Mapping[str, Visibility], entry: Entry) -> Visibility:
    """Return who may read an entry by what was marked later, by the entry's number."""
    written: Visibility = entry.data.get("visibility") or "internal"
    if entry.kind == "entry.marked" and written != "legal":
        written = "internal"
    return marked.get(f"{entry.seq}", written)


def earliest(incident: Incident) -> datetime:
    """Return the earliest moment at which something of an incident may have happened.

    That is 30 days before its first sign: it was declared, warned of, or posted about.
    """
    signs = [incident.declared_at]
    signs += [one.posted_at for one in incident.mentions.values()]
    signs += [one.first_at for one in incident.stories.values()]
    signs += [one.at for one in incident.warnings]
    return min(signs) - BEFORE


def plausible(incident: Incident, given: datetime | None, now: datetime) -> datetime | None:
    """Return when somebody says a thing was, never later than now; Refused where it cannot be."""
    if given is None:
        return None
    zone = zone_of(incident.zone)
    if given > now + AHEAD:
        message = f"{on_the_clock(given, now, zone)} lies in the future"
        raise Refused("future", message, "times are when it happened")
    if given < (first := earliest(incident)):
        message = f"{given.astimezone(zone):%Y-%m-%d %H:%M} is long before {incident.id} began"
        hint = f"from {first.astimezone(zone):%Y-%m-%d %H:%M} on; say earlier times in words"
        raise Refused("too-early", message, hint)
    return min(given, now)


_OF_THE_RECORD = ("entry.pinned", "entry.unpinned", "entry.marked", "words.erased", "volume.")
"""What says nothing of its own that could be wrong."""

_DECIDED = ("approved", "rejected", "revoked", "released", "lapsed", "submitted", "suspended")
_ON_THE_WAY = ("queued", "sending", "unknown", "failed", "part", "retracting", "kept")
_CHAIN = (
    "access.",
    "evidence.",
    "hold.",
    "approval.",
    "entry.corrected",
    "outgoing.",
    "review.",
    "person.",
)
"""What took place in the room itself, at the moment it was written down."""


def words_flaw(entry: Entry) -> str:
    """Return why nothing an entry says can be corrected, empty where it can."""
    if entry.kind.startswith(_OF_THE_RECORD):
        return "it says nothing of its own that could be wrong"
    return ""


def time_flaw(entry: Entry) -> str:
    """Return why the time of an entry cannot be corrected, empty where it can."""
    if flaw := words_flaw(entry):
        return flaw
    if entry.source in ("system", "rule"):
        return "the room itself wrote it, at its second"
    act = entry.kind.rpartition(".")[2]
    ours = entry.kind.startswith(("statement.", "reply."))
    if entry.kind.startswith(_CHAIN) or (ours and act in (*_DECIDED, *_ON_THE_WAY)):
        return "it took place in the room, when it was written down"
    return ""
