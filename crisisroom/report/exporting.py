"""One call for every format: the files of an export, byte for byte the same for the same log."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crisisroom.core.errors import Refused, Usage
from crisisroom.report import html, ics214, jsondoc, jsonl, markdown, pdf
from crisisroom.report.csvfiles import csv_files
from crisisroom.report.model import PROFILES, Profile, Record
from crisisroom.report.redact import narrowed
from crisisroom.report.withheld import unsealed

_CHAINED = ("json", "jsonl")  # whoever has these can check every hash
Files = dict[str, bytes]
Streams = dict[str, Iterator[bytes]]


def streams(
    record: Record, format: str, *, profile: Profile = "internal", zone: str = ""
) -> dict[str, Iterator[bytes]]:
    """Return the files of an export by name, piece by piece; `format` is one of `FORMATS`.

    `zone` is for the times people read (the incident's zone if empty). Usage for an unknown format
    or profile, Refused for an unknown zone, and for a chain that cannot leave out what it should.
    """
    write = _WRITERS.get(format)
    if write is None:
        raise Usage("format", f"there is no format {format!r}", f"one of {', '.join(FORMATS)}")
    if profile not in PROFILES:
        raise Usage("profile", f"there is no profile {profile!r}", f"one of {', '.join(PROFILES)}")
    told = narrowed(record, profile)
    left_out = profile == "internal" and told.entries is not record.entries
    if left_out and format in _CHAINED and (seq := unsealed(told.entries)):
        message = f"entry {seq} is for Legal, and from before its words could leave a chain whole"
        hint = "--profile legal, for Legal alone, or another format"
        raise Refused("unsealed", message, hint)
    return write(told, zone)


def export(record: Record, format: str, *, profile: Profile = "internal", zone: str = "") -> Files:
    """Return the files of an export by name, whole; see `streams`."""
    made = streams(record, format, profile=profile, zone=zone)
    return {name: b"".join(pieces) for name, pieces in made.items()}


def _markdown(record: Record, zone: str) -> Streams:
    return {f"{record.incident.id}.md": markdown.dump(record, zone)}


def _json(record: Record, zone: str) -> Streams:
    return {f"{record.incident.id}.json": jsondoc.dump(record)}


def _jsonl(record: Record, zone: str) -> Streams:
    return {f"{record.incident.id}.jsonl": jsonl.dump(record.entries, record.profile)}


def _csv(record: Record, zone: str) -> Streams:
    return csv_files(record, zone)


def _ics214(record: Record, zone: str) -> Streams:
    return {f"{record.incident.id}-ics214.txt": ics214.dump(record, zone)}


def _html(record: Record, zone: str) -> Streams:
    return {f"{record.incident.id}.html": html.dump(record, zone)}


def _pdf(record: Record, zone: str) -> Streams:
    return {f"{record.incident.id}.pdf": pdf.dump(record, zone)}


_WRITERS: dict[str, Callable[[Record, str], Streams]] = {
    "md": _markdown,
    "json": _json,
    "jsonl": _jsonl,
    "csv": _csv,
    "ics214": _ics214,
    "html": _html,
    "pdf": _pdf,
}
FORMATS = tuple(_WRITERS)
