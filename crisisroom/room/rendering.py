"""Whether a report says what its log says: it is made again from that log, and compared."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.report import PROFILES, Problem, record, streams
from crisisroom.report.log import Log
from crisisroom.report.verify import same_bytes
from crisisroom.room import Room
from crisisroom.room.exporting import packed
from crisisroom.store import Tx, anchors, log
from crisisroom.store.anchors import Stands
from crisisroom.store.eyes import whole

_ENDS = {".md": "md", ".html": "html", "-ics214.txt": "ics214", ".csv": "csv", ".pdf": "pdf"}
_ELSEWHERE = "it was made elsewhere, or this log was cut or written anew since"
_INSTEAD = "verify an export as json or jsonl: that says more"
_OTHERWISE = "it was changed, or made for another --tz, or by another edition of crisisroom"


class Compared(msgspec.Struct, frozen=True):
    """What is known of a report: lines to read, and what does not hold."""

    lines: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


async def compared(room: Room, head: str, data: bytes, name: str, zone: str = "") -> Compared:
    """Compare a report with what the room's log gives, as it was when it ended with this hash.

    Refused for a log that cannot be replayed, or an unknown zone.
    """

    async def work(tx: Tx) -> tuple[Stands | None, Log]:
        found = await anchors.stands(whole(tx), head)  # the entry may be Legal's, the log is not
        if found is None or found.number is None or not await log.chain_of(tx, found.number):
            return None, Log()
        return found, await packed(tx, found.chain, found.seq)

    stands, entries = await room.store.read(work)
    if stands is None:
        message = f"no log of this room has an entry with the hash {head[:12]}…"
        return Compared((), (Problem("head", name, message, _ELSEWHERE),))
    since = stands.last - stands.seq
    later = f", {since} more came since" if since else ", its newest"
    line = f"that is INC-{stands.number} entry {stands.seq}{later}"
    form = next((form for end, form in _ENDS.items() if name.endswith(end)), "")
    report = _Report(name, form, data)
    said = await asyncio.to_thread(_judged, entries, report, _zones(room, zone), stands)
    return Compared((line, said)) if isinstance(said, str) else Compared((line,), (said,))


def _judged(entries: Log, report: _Report, zones: Iterable[str], stands: Stands) -> str | Problem:
    """Return what is said of a report that is what the log gives, else what is wrong with it."""
    name = report.name
    if not report.form:
        return _unchecked(name, "of this kind of file no more can be told")
    try:
        profile = _profile_of(entries, report, zones)
    except Refused as refused:
        if refused.code != "extra":
            raise
        return _unchecked(name, refused.message)
    if profile:
        return f"byte for byte it is what that log gives, with the profile {profile}"
    if report.form == "pdf":  # it is drawn with the fonts that a machine has
        return _unchecked(name, "this machine makes another PDF of that log")
    message = f"it is not what INC-{stands.number} gives up to entry {stands.seq}"
    return Problem("differs", name, message, _OTHERWISE)


class _Report(msgspec.Struct, frozen=True):
    """A report as it was found, and in which format by its name."""

    name: str
    form: str
    data: bytes


def _unchecked(name: str, why: str) -> Problem:
    message = f"only the hash that it names was checked, not a word of it: {why}"
    return Problem("unchecked", name, message, _INSTEAD)


def _zones(room: Room, zone: str) -> tuple[str, ...]:
    return (zone,) if zone else tuple(dict.fromkeys(("", room.config.zone, "UTC")))


def _profile_of(entries: Log, report: _Report, zones: Iterable[str]) -> str:
    """Return the profile for which the log gives these bytes, empty where none does."""
    whole = record(entries)
    for zone in zones:
        for profile in PROFILES:
            made = streams(whole, report.form, profile=profile, zone=zone)
            pieces = made.get(report.name) if len(made) > 1 else next(iter(made.values()))
            if pieces is not None and same_bytes(pieces, report.data):
                return profile
    return ""
