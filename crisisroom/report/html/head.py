"""What the head of the report says of the incident and of itself, on a screen and on each sheet."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.report.history import PLANS, holdings
from crisisroom.report.html.acts import tone_of
from crisisroom.report.html.glance import state_of
from crisisroom.report.html.pieces import Code, Inline, Line, Mark, Quiet, Strong, When
from crisisroom.report.page import Page
from crisisroom.report.plain import local, one_line

_MOST = 90  # characters of a title at the top of each sheet


def heading(page: Page) -> str:
    """Return the title of the report."""
    drill = "DRILL: " if page.incident.drill else ""
    return f"{drill}{page.incident.id}: {one_line(page.incident.title)}"


def running(page: Page) -> tuple[str, str, str]:
    """Return what stands around the text of each sheet: at its head left and right, at its foot."""
    record, title = page.record, heading(page)
    short = title if len(title) <= _MOST else f"{title[:_MOST]}…"
    foot = f"as of {local(record.as_of, page.zone)} · log head {record.head_hash[:16]}"
    return short, f"{record.profile} · {state_of(page)}", foot


def chips(page: Page) -> tuple[Inline, ...]:
    """Return the words that say at once what this is."""
    incident = page.incident
    severity = incident.severity
    return (
        Strong(incident.id),
        *((incident.brand,) if incident.brand else ()),
        *((Mark("DRILL", "mine"),) if incident.drill else ()),
        Mark(page.severity(severity), tone_of(page, severity)),
        Mark(incident.status, "ok" if incident.status == "resolved" else "warn"),
        Mark(state_of(page)),
        Mark(f"{page.record.profile} profile"),
    )


def particulars(page: Page) -> Iterator[tuple[str, Line]]:
    """Yield what the head of the report says of the incident."""
    incident = page.incident
    yield "Declared", When(incident.declared_at)
    if incident.resolved_at:
        yield "Resolved", When(incident.resolved_at)
    if lead := (incident.roles.get("lead") or next(iter(incident.roles.values()), None)):
        nobody = "nobody at the end" if incident.resolved_at else "nobody yet"
        yield lead.title, lead.holder or nobody
    if len(incident.severities) > 1:
        yield "Severity", tuple(_severities(page))


def colophon(page: Page) -> Iterator[tuple[str, Line]]:
    """Yield what the report says of itself: what it was made from, as of when, in which times."""
    incident, record = page.incident, page.record
    yield "Declared by", incident.declared_by
    yield "As of", (f"entry {incident.seq:,}, ", When(record.as_of))
    utc = page.zone.key in ("UTC", "Etc/UTC")
    yield "Times", "UTC" if utc else f"{page.zone.key}, with UTC beside it"
    yield "Playbook", tuple(_playbooks(page))
    holders = (one.person for one in holdings(record.entries))
    yield "Took part", ", ".join(dict.fromkeys((*incident.people, *holders)))
    yield "Log head", Code(record.head_hash)


def _playbooks(page: Page) -> Iterator[Inline]:
    """Yield the playbook it was declared with, and those that came to it."""
    for number, entry in enumerate(page.record.entries.of(PLANS)):
        one = entry.data["playbook"]
        yield "; " if number else ""
        yield Code(one["id"])
        yield f" version {one['version']}, "
        yield Code(one["sha256"][:12])


def _severities(page: Page) -> Iterator[Inline]:
    for number, change in enumerate(page.incident.severities):
        if number:
            yield Quiet(" then ")
        yield Mark(page.severity(change.severity), tone_of(page, change.severity))
        yield Quiet(" from ")
        yield When(change.at, brief=True)
