"""The sections of the Markdown report, but for our own words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crisisroom.core.incident import TaskState
from crisisroom.core.postmortem import STATE_WORDS, said
from crisisroom.report.figures.catalogue import MARGIN
from crisisroom.report.history import PLANS, fact_changes
from crisisroom.report.md import cell, code, quote, table
from crisisroom.report.md_kept import held
from crisisroom.report.md_release import banner
from crisisroom.report.metrics import Metric, metrics
from crisisroom.report.page import Page
from crisisroom.report.plain import figure, span
from crisisroom.report.redact import lacking
from crisisroom.report.story import story, unfinished

_FIGURE = ("Figure", "Value", "From entries")
_KEY = (
    *("time_to_detect", "time_to_declare", "time_to_staff", "first_statement"),
    *("first_reply_median", "approval_wait", "updates_kept", "required_on_time"),
    *(MARGIN, "time_to_calm", "time_to_resolve"),
)
"""The figures that stand at the top."""

_CALLED = {"reached": "reached", "message": "left a message"}


def head(page: Page) -> list[str]:
    """Return what it was, how serious, from when to when, and who took part."""
    incident, record = page.incident, page.record
    lines = [f"# {incident.id}: {cell(incident.title)}", ""]
    if incident.drill:
        lines += ["**DRILL: this did not happen.**", ""]
    return [
        *lines,
        *banner(page),
        *held(page),
        f"- Status: {incident.status}",
        f"- Severity: {', '.join(_severities(page))}",
        *([f"- Brand: {cell(incident.brand)}"] if incident.brand else []),
        f"- Declared: {page.when(incident.declared_at)} by {cell(incident.declared_by)}",
        *([f"- Resolved: {page.when(incident.resolved_at)}"] if incident.resolved_at else []),
        *_led(page),
        f"- Took part: {', '.join(map(cell, incident.people))}",
        *_playbooks(page),
        *([] if page.public else [f"- Review: {STATE_WORDS[incident.review_state]}"]),
        f"- Times: {_zone(page)}",
        f"- Report: {record.profile}, as of {page.when(record.as_of)}, entry {incident.seq}",
        *_lacking(page),
        "",
    ]


def _severities(page: Page) -> Iterator[str]:
    for change in page.incident.severities:
        label = page.severity(change.severity).removeprefix(change.severity.upper()).strip()
        named = f" ({cell(label)})" if label else ""
        yield f"{cell(change.severity)}{named} from {page.when(change.at)}"


def _zone(page: Page) -> str:
    key = page.zone.key
    return "UTC" if key in ("UTC", "Etc/UTC") else f"{cell(key)}, with UTC beside them"


def _led(page: Page) -> Iterator[str]:
    lead = page.incident.roles.get("lead")
    if lead is not None:
        nobody = "nobody at the end" if page.incident.resolved_at else "nobody yet"
        yield f"- {cell(lead.title)}: {cell(lead.holder) or nobody}"


def _lacking(page: Page) -> Iterator[str]:
    """Yield how many texts this copy is without, where it is without any."""
    texts = lacking(page.record.entries) if page.record.profile == "internal" else 0
    if texts:
        yield f"- Withheld: {texts} texts of entries that only Legal may read"


def _playbooks(page: Page) -> Iterator[str]:
    """Yield the playbook it was declared with, and those that came to it."""
    for entry in page.record.entries.of(PLANS):
        one = entry.data["playbook"]
        switched = "Switched to" if entry.data.get("switched") else "Added"
        how = "Playbook" if entry.seq == 1 else f"{switched} while it ran"
        yield f"- {how}: {code(one['id'])} version {one['version']}, {code(one['sha256'])}"


def glance(page: Page) -> Iterator[str]:
    """Yield the story in a few sentences, what is still open, and the figures people ask for."""
    found = {one.id: one for one in metrics(page.record)}
    summary = page.incident.review.get("summary")
    if summary and summary.words and said(page.incident, "summary"):
        yield from (*quote(summary.words), "")
    yield cell(story(page, found))
    if left := unfinished(page):
        yield from ("", f"Still to do: {left}.")
    yield ""
    key = (one for name in _KEY if (one := found.get(name)) and one.state != "not applicable")
    yield from table(_FIGURE, (*map(_figure, key), *_counts(page)))


def figures(page: Page) -> Iterator[str]:
    """Return every figure, each with the entries it comes from."""
    return table(_FIGURE, map(_figure, metrics(page.record)))


def _figure(one: Metric) -> list[str]:
    return [cell(one.label), cell(figure(one)), _between(one.since, one.to)]


def _between(since: int | None, to: int | None) -> str:
    if since is None:
        return ""
    return f"from {since} on" if to is None else f"{since} to {to}"


def _counts(page: Page) -> Iterator[list[str]]:
    incident = page.incident
    authors = {(mention.source, mention.handle) for mention in incident.mentions.values()}
    answered = sum(mention.answered_at is not None for mention in incident.mentions.values())
    many = f"{len(incident.mentions)} by {len(authors)} authors, {answered} answered"
    yield ["mentions", many, ""]
    for what, words in (
        ("statements published", incident.statements),
        ("replies sent", incident.replies),
    ):
        yield [what, f"{sum(one.sent_at is not None for one in words.values())}", ""]


def checklist(page: Page) -> Iterator[str]:
    """Return every task with its due time and whether it was kept."""
    rows = (
        [
            cell(task.title) + _marks(task),
            cell(page.role(task.role)),
            page.when(task.due_at),
            page.when(task.closed_at),
            cell(task.closed_by or task.assignee),
            _outcome(page, task),
        ]
        for task in page.incident.tasks.values()
    )
    return table(("Task", "Role", "Due", "Closed", "Who", "Outcome"), rows)


def _marks(task: TaskState) -> str:
    required = " (required)" if task.required else ""
    return f"{required} (added by {cell(task.added_by)})" if task.added_by else required


def _outcome(page: Page, task: TaskState) -> str:
    given = f": {cell(task.given)}" if task.given else ""
    if task.state == "skipped":
        return f"skipped{given}"
    if task.state == "done":
        return f"done{_lateness(task.closed_at, task.due_at, ', on time')}{given}"
    if task.state == "not_needed":
        return "not needed"
    status = f"waiting for {cell(task.waiting_for)}" if task.waiting_for else task.state
    if task.repeat and task.times:
        times = "once" if task.times == 1 else f"{task.times} times"
        status = f"done {times}, every {span(task.repeat)}"
    end = page.incident.resolved_at or page.record.as_of
    return f"{status}{_lateness(end, task.due_at)}{given}"


def _lateness(at: datetime | None, due: datetime | None, otherwise: str = "") -> str:
    if at is None or due is None:
        return ""
    late = int((at - due).total_seconds())
    return f", late {span(late)}" if late > 0 else otherwise


def facts(page: Page) -> Iterator[str]:
    """Yield what was known, unknown or changed, and every change of it."""
    labels = {fact.id: fact.label for fact in page.incident.facts.values()}
    changes = fact_changes(page.record.entries, page.incident)
    rows = (
        [
            page.when(change.at),
            cell(labels.get(change.fact, change.fact)),
            change.state,
            cell(page.value(change.fact, change.value)),
            cell(change.source),
            cell(change.by),
        ]
        for change in changes
    )
    yield from table(("When", "Fact", "State", "Value", "Source", "Who"), rows)
    known = {change.fact for change in changes}
    never = [cell(label) for fact, label in labels.items() if fact not in known]
    if never:
        yield from ("", f"Never established: {', '.join(never)}.")


def calls(page: Page) -> Iterator[str]:
    """Return who was called, in which way, and whether they answered; nothing in public."""
    rows = (
        [
            page.when(call.at),
            cell(call.name),
            cell(call.way),
            _CALLED.get(call.outcome, "not reached"),
            cell(call.by),
            cell(call.note),
        ]
        for call in page.incident.calls
    )
    return table(("When", "Contact", "Way", "Outcome", "Who", "Note"), rows)


def integrity(page: Page) -> list[str]:
    """Return what this report was made from, and how to check it."""
    record = page.record
    return [
        f"- Made from {len(record.entries)} entries of the log {code(page.incident.uid)}.",
        f"- The newest has the hash {code(record.head_hash)}.",
        "- `crisisroom verify` checks the log, and its JSON and JSON-lines exports.",
    ]
