"""The activity log in the layout of form ICS 214, as plain text for authorities."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.corrected import back_dated
from crisisroom.core.timeline import Entry
from crisisroom.report.history import holdings
from crisisroom.report.model import Record
from crisisroom.report.page import Page
from crisisroom.report.plain import local, one_line, utc

_RULE = "-" * 72


def dump(record: Record, zone: str = "") -> Iterator[bytes]:
    """Return the log in UTF-8, line by line; times are of `zone` (the incident's), with offset."""
    return (f"{line.rstrip()}\n".encode() for line in _lines(Page.of(record, zone)))


def _lines(page: Page) -> Iterator[str]:
    record = page.record
    yield from (
        "ACTIVITY LOG (ICS 214)",
        _RULE,
        *_head(page),
        _RULE,
        "6. Resources assigned",
        *_resources(page),
        _RULE,
        "7. Activity log (local time with its offset, UTC beside it)",
    )
    yield from _activities(page)
    yield from (
        _RULE,
        f"8. Prepared by: crisisroom, from {len(record.entries)} entries of the incident's log",
        f"   As of {local(record.as_of, page.zone)} ({utc(record.as_of)})",
        f"   Hash of the newest entry: {record.head_hash}",
    )


def _head(page: Page) -> list[str]:
    incident = page.incident
    drill = " (DRILL)" if incident.drill else ""
    end = incident.resolved_at or page.record.as_of
    return [
        f"1. Incident name: {incident.id} {one_line(incident.title)}{drill}",
        f"2. Operational period: {page.when(incident.declared_at)} to {page.when(end)}",
        f"3. Name: {one_line(incident.declared_by)}",
        "4. ICS position: declared the incident",
        f"5. Home agency: {one_line(incident.brand)}",
    ]


def _resources(page: Page) -> list[str]:
    held = holdings(page.record.entries, page.incident)
    return [
        f"   {one_line(one.person)}, {one_line(page.role(one.role))}, from"
        f" {page.when(one.since)}{f' to {page.when(one.until)}' if one.until else ''}"
        for one in held
    ] or ["   none"]


def _activities(page: Page) -> Iterator[str]:
    for entry in page.told:
        when, who = page.when(page.happened(entry)), one_line(page.who(entry))
        yield f"   {when}  {who}: {one_line(entry.text)}{_remarks(page, entry)}"


def _remarks(page: Page, entry: Entry) -> str:
    """Return what the form has no column for: when it was entered, and what corrects it."""
    told: list[str] = []
    if back_dated(entry):
        told.append(f"entered {local(entry.recorded_at, page.zone)}")
    if wrong := page.correction(entry):
        was = f" from {local(entry.at, page.zone)}" if wrong.at else ""
        right = f": {one_line(wrong.words)}" if wrong.words else ""
        told.append(f"corrected{was} by entry {wrong.entry}{right}")
    return f" ({'; '.join(told)})" if told else ""
