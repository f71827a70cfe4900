"""The crisis in a few sentences, made of what the log tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice, pairwise

from crisisroom.core.truth import corrections_due
from crisisroom.report.metrics import Metric
from crisisroom.report.page import Page
from crisisroom.report.plain import span

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_TURNS = 3  # changes of the severity: more are no story


def story(page: Page, figures: Mapping[str, Metric]) -> str:
    """Return what happened in a few sentences; `figures` are those of the record, by id."""
    return " ".join(_sentences(page, figures))


def _sentences(page: Page, figures: Mapping[str, Metric]) -> Iterator[str]:
    incident = page.incident
    severities = incident.severities
    how = f" as {page.severity(severities[0].severity)}" if severities else ""
    yield f"Declared on {_moment(page, incident.declared_at)}{how}{_warning(page)}."
    turns = ", ".join(islice(_turns(page), _TURNS))
    if turns:
        yield f"{turns[0].upper()}{turns[1:]}."
    yield from _spoken(page, figures)
    if incident.resolved_at:
        took = span(int((incident.resolved_at - incident.declared_at).total_seconds()))
        yield f"Resolved at {clock(page, incident.resolved_at)}, after {took}."
    else:
        yield f"Still open as of {clock(page, page.record.as_of)}."


def _turns(page: Page) -> Iterator[str]:
    for before, after in pairwise(page.incident.severities):
        worse = page.rank(after.severity) < page.rank(before.severity)
        named = page.severity(after.severity)
        yield f"{'raised' if worse else 'lowered'} to {named} at {clock(page, after.at)}"


def _warning(page: Page) -> str:
    warned = next(iter(page.incident.warnings), None)
    if warned is None or not warned.observed:
        return ""
    usual = f"{warned.expected_hundredths / 100:.2f}".rstrip("0").rstrip(".")
    posts = f"{warned.observed:,} posts in {warned.window_minutes} minutes"
    return f", after {posts} where {usual} are usual"


def _spoken(page: Page, figures: Mapping[str, Metric]) -> Iterator[str]:
    wait = figures.get("first_statement")
    if wait is not None and wait.seconds is not None:
        sent = sum(one.sent_at is not None for one in page.incident.statements.values())
        more = f", {sent:,} in all" if sent > 1 else ""
        yield f"First statement after {span(wait.seconds)}{more}."
    mentions = page.incident.mentions.values()
    if mentions:
        answered = sum(one.answered_at is not None for one in mentions)
        half = figures.get("first_reply_median")
        within = ""
        if half is not None and half.seconds is not None and answered > 1:
            within = f", half of them within {span(half.seconds)}"
        yield f"{answered:,} of {len(mentions):,} mentions answered{within}."


def _moment(page: Page, at: datetime) -> str:
    here = at.astimezone(page.zone)
    return f"{_day(here)} {here:%Y at %H:%M}"


def clock(page: Page, at: datetime) -> str:
    """Return a time of the day, with its day where that is another than it began on."""
    here, first = (one.astimezone(page.zone) for one in (at, page.incident.declared_at))
    return f"{here:%H:%M}" if here.date() == first.date() else f"{here:%H:%M} on {_day(here)}"


def _day(here: datetime) -> str:
    return f"{_DAYS[here.weekday()]}, {here.day} {_MONTHS[here.month - 1]}"


def unfinished(page: Page) -> str:
    """Return what is open in one line: `3 tasks, 1 legal duty`; nothing where nothing is."""
    incident = page.incident
    open_tasks = ("open", "waiting") if incident.status == "open" else ()
    counts = (
        (sum(one.state in open_tasks for one in incident.tasks.values()), "task"),
        (sum(one.state == "running" for one in incident.deadlines.values()), "legal duty"),
        (sum(one.state == "open" for one in incident.enquiries.values()), "enquiry"),
        (len({one.words for one in corrections_due(incident)}), "correction"),
        (sum(one.state == "open" for one in incident.promised.values()), "promise"),
        (sum(one.open for one in incident.questions.values()), "question"),
        (sum(one.state == "open" for one in incident.actions.values()), "corrective action"),
    )
    return ", ".join(
        f"{many} {what if many == 1 else _many(what)}" for many, what in counts if many
    )


def _many(what: str) -> str:
    return f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
