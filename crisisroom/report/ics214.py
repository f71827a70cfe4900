"""The activity log in the layout of form ICS 214, as plain text for authorities."""

from __future__ import annotations

from crisisroom.report.history import holdings
from crisisroom.report.model import Record
from crisisroom.report.page import Page
from crisisroom.report.plain import local, one_line, utc

_RULE = "-" * 72


def dump(record: Record, zone: str = "") -> bytes:
    """Return the log in UTF-8; times are of `zone`, or else of the incident's, with offset."""
    page = Page.of(record, zone)
    lines = [
        "ACTIVITY LOG (ICS 214)",
        _RULE,
        *_head(page),
        _RULE,
        "6. Resources assigned",
        *_resources(page),
        _RULE,
        "7. Activity log",
        *_activities(page),
        _RULE,
        f"8. Prepared by: crisisroom, from {len(record.entries)} entries of the incident's log",
        f"   As of {local(record.as_of, page.zone)} ({utc(record.as_of)})",
        f"   Hash of the newest entry: {record.head_hash}",
    ]
    return ("\n".join(line.rstrip() for line in lines) + "\n").encode()


def _head(page: Page) -> list[str]:
    incident = page.incident
    drill = " (DRILL)" if incident.drill else ""
    end = incident.resolved_at or page.record.as_of
    return [
        f"1. Incident name: {incident.id} {one_line(incident.title)}{drill}",
        f"2. Operational period: {local(incident.declared_at, page.zone)}"
        f" to {local(end, page.zone)}",
        f"3. Name: {one_line(incident.declared_by)}",
        "4. ICS position: declared the incident",
        f"5. Home agency: {one_line(incident.brand)}",
    ]


def _resources(page: Page) -> list[str]:
    held = holdings(page.record.entries)
    return [
        f"   {one_line(one.person)}, {one_line(page.role(one.role))}, from"
        f" {local(one.since, page.zone)}{f' to {local(one.until, page.zone)}' if one.until else ''}"
        for one in held
    ] or ["   none"]


def _activities(page: Page) -> list[str]:
    return [
        f"   {local(entry.at, page.zone)}  {one_line(page.who(entry))}: {one_line(entry.text)}"
        for entry in page.told
    ]
