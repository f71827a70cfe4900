"""One call for every format: the files of an export, byte for byte the same for the same log."""

from __future__ import annotations

from collections.abc import Callable

from crisisroom.core.errors import Usage
from crisisroom.report import ics214, jsondoc, jsonl, markdown
from crisisroom.report.csvfiles import csv_files
from crisisroom.report.model import PROFILES, Profile, Record
from crisisroom.report.redact import narrowed

Files = dict[str, bytes]


def export(record: Record, format: str, *, profile: Profile = "internal", zone: str = "") -> Files:
    """Return the files of an export by name; `format` is one of `FORMATS`.

    `zone` is for the times people read (the incident's zone if empty). Usage for an unknown format
    or profile, Refused for an unknown zone.
    """
    write = _WRITERS.get(format)
    if write is None:
        raise Usage("format", f"there is no format {format!r}", f"one of {', '.join(FORMATS)}")
    if profile not in PROFILES:
        raise Usage("profile", f"there is no profile {profile!r}", f"one of {', '.join(PROFILES)}")
    return write(narrowed(record, profile), zone)


def _markdown(record: Record, zone: str) -> Files:
    return {f"{record.incident.id}.md": markdown.dump(record, zone)}


def _json(record: Record, zone: str) -> Files:
    return {f"{record.incident.id}.json": jsondoc.dump(record)}


def _jsonl(record: Record, zone: str) -> Files:
    return {f"{record.incident.id}.jsonl": jsonl.dump(record.entries, record.profile)}


def _csv(record: Record, zone: str) -> Files:
    return {name: text.encode() for name, text in csv_files(record, zone).items()}


def _ics214(record: Record, zone: str) -> Files:
    return {f"{record.incident.id}-ics214.txt": ics214.dump(record, zone)}


_WRITERS: dict[str, Callable[[Record, str], Files]] = {
    "md": _markdown,
    "json": _json,
    "jsonl": _jsonl,
    "csv": _csv,
    "ics214": _ics214,
}
FORMATS = tuple(_WRITERS)
