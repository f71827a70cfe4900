"""The sections of the Markdown report, but for our own words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crisisroom.core.incident import TaskState
from crisisroom.core.timeline import Entry
from crisisroom.report.history import PLANS, fact_changes, holdings
from crisisroom.report.md import cell, code, link, table
from crisisroom.report.md_release import banner
from crisisroom.report.metrics import metrics
from crisisroom.report.page import Page
from crisisroom.report.plain import figure, local, span, utc

_CALLED = {"reached": "reached", "message": "left a message"}
_LATE_ENTRY = 60  # seconds after which an entry says when it was written down


def head(page: Page) -> list[str]:
    """Return what it was, how serious, from when to when, and who took part."""
    incident, record = page.incident, page.record
    severity = ", ".join(
        f"{cell(change.severity)} from {page.when(change.at)}" for change in incident.severities
    )
    lines = [f"# {incident.id}: {cell(incident.title)}", ""]
    if incident.drill:
        lines += ["**DRILL: this did not happen.**", ""]
    lines += banner(page)
    lines += [
        f"- Status: {incident.status}",
        f"- Severity: {severity}",
        f"- Declared: {page.when(incident.declared_at)} by {cell(incident.declared_by)}",
    ]
    if incident.resolved_at:
        lines.append(f"- Resolved: {page.when(incident.resolved_at)}")
    lines += [
        *_playbooks(page),
        f"- Took part: {', '.join(map(cell, incident.people))}",
        f"- Report: {record.profile}, as of {page.when(record.as_of)}, entry {incident.seq}",
        "",
    ]
    return lines


def _playbooks(page: Page) -> Iterator[str]:
    """Yield the playbook it was declared with, and those that came to it."""
    for entry in page.record.entries:
        if entry.kind in PLANS:
            one = entry.data["playbook"]
            switched = "Switched to" if entry.data.get("switched") else "Added"
            how = "Playbook" if entry.seq == 1 else f"{switched} while it ran"
            yield f"- {how}: {code(one['id'])} version {one['version']}, {code(one['sha256'])}"


def glance(page: Page) -> list[str]:
    """Return the figures, each with the entries it comes from."""
    incident = page.incident
    authors = {(mention.source, mention.handle) for mention in incident.mentions.values()}
    answered = sum(mention.answered_at is not None for mention in incident.mentions.values())
    rows = [
        [cell(one.label), cell(figure(one)), _between(one.since, one.to)]
        for one in metrics(page.record)
    ]
    rows += [
        [
            "mentions",
            f"{len(incident.mentions)} by {len(authors)} authors, {answered} answered",
            "",
        ],
        ["statements published", f"{_sent(page, 'statement')}", ""],
        ["replies sent", f"{_sent(page, 'reply')}", ""],
    ]
    return table(("Figure", "Value", "From entries"), rows)


def _between(since: int | None, to: int | None) -> str:
    return "" if since is None or to is None else f"{since} to {to}"


def _sent(page: Page, sort: str) -> int:
    incident = page.incident
    words = incident.statements if sort == "statement" else incident.replies
    return sum(one.sent_at is not None for one in words.values())


def checklist(page: Page) -> list[str]:
    """Return every task with its due time and whether it was kept."""
    rows = [
        [
            cell(task.title) + _marks(task),
            cell(page.role(task.role)),
            page.when(task.due_at),
            page.when(task.closed_at),
            cell(task.closed_by or task.assignee),
            _outcome(page, task),
        ]
        for task in page.incident.tasks.values()
    ]
    return table(("Task", "Role", "Due", "Closed", "Who", "Outcome"), rows) if rows else []


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


def facts(page: Page) -> list[str]:
    """Return what was known, unknown or changed, and every change of it."""
    labels = {fact.id: fact.label for fact in page.incident.facts.values()}
    changes = [
        [
            page.when(change.at),
            cell(labels.get(change.fact, change.fact)),
            change.state,
            cell(page.value(change.fact, change.value)),
            cell(change.source),
            cell(change.by),
        ]
        for change in fact_changes(page.record.entries)
    ]
    known = {change.fact for change in fact_changes(page.record.entries)}
    lines = table(("When", "Fact", "State", "Value", "Source", "Who"), changes) if changes else []
    never = [cell(label) for fact, label in labels.items() if fact not in known]
    return [*lines, "", f"Never established: {', '.join(never)}."] if never else lines


def decisions(page: Page) -> list[str]:
    """Return what was decided, why and by whom; nothing in public."""
    if page.public:
        return []
    return [
        f"- {page.when(made.at)}, {cell(made.by)}: {cell(made.words)}. Because: {cell(made.reason)}"
        for made in page.incident.decisions
    ]


def roles(page: Page) -> list[str]:
    """Return who held which role from when to when."""
    rows = [
        [
            cell(page.role(held.role)),
            cell(held.person),
            page.when(held.since),
            page.when(held.until) or "to the end",
        ]
        for held in holdings(page.record.entries)
    ]
    return table(("Role", "Who", "From", "To"), rows) if rows else []


def mentions(page: Page) -> list[str]:
    """Return the mentions that belong to the incident, in the order they were posted."""
    linked = sorted(page.incident.mentions.values(), key=lambda one: (one.posted_at, one.uid))
    rows = [
        [
            cell(one.id),
            page.when(one.posted_at),
            cell(one.source),
            cell(one.handle),
            one.state,
            cell(one.quote),
            link(one.url),
        ]
        for one in linked
    ]
    names = ("Mention", "Posted", "Source", "Author", "State", "Words", "Link")
    return table(names, rows) if rows else []


def calls(page: Page) -> list[str]:
    """Return who was called, in which way, and whether they answered; nothing in public."""
    if page.public:
        return []
    rows = [
        [
            page.when(call.at),
            cell(call.name),
            cell(call.way),
            _CALLED.get(call.outcome, "not reached"),
            cell(call.by),
            cell(call.note),
        ]
        for call in page.incident.calls
    ]
    return table(("When", "Contact", "Way", "Outcome", "Who", "Note"), rows) if rows else []


def actions(page: Page) -> list[str]:
    """Return what should change, who sees to it and by when."""
    rows = [
        [cell(one.id), cell(one.title), cell(one.owner), cell(one.due), one.state]
        for one in page.incident.actions.values()
    ]
    return table(("Action", "What changes", "Owner", "Due", "State"), rows) if rows else []


def timeline(page: Page) -> list[str]:
    """Return what happened, entry by entry; in the legal profile with each entry's hash."""
    corrected = {
        entry.corrects: entry.seq for entry in page.record.entries if entry.corrects is not None
    }
    legal = page.record.profile == "legal"
    rows = [
        [
            f"{entry.seq}",
            local(entry.at, page.zone),
            utc(entry.at),
            cell(page.who(entry)),
            cell(entry.text) + _remarks(page, entry, corrected.get(entry.seq)),
            *([code(entry.hash)] if legal else []),
        ]
        for entry in page.told
    ]
    names = ["Entry", "When", "UTC", "Who", "What", *(["Hash"] if legal else [])]
    lines = table(names, rows)
    left_out = len(page.record.entries) - len(rows)
    return [*lines, "", f"{left_out} entries are not for the public."] if left_out else lines


def _remarks(page: Page, entry: Entry, corrected_by: int | None) -> str:
    remarks = []
    if (entry.recorded_at - entry.at).total_seconds() >= _LATE_ENTRY:
        remarks.append(f"entered {local(entry.recorded_at, page.zone)}")
    if entry.corrects is not None:
        remarks.append(f"corrects entry {entry.corrects}")
    if corrected_by is not None:
        remarks.append(f"corrected by entry {corrected_by}")
    return f" ({'; '.join(remarks)})" if remarks else ""


def integrity(page: Page) -> list[str]:
    """Return what this report was made from, and how to check it."""
    record = page.record
    return [
        f"- Made from {len(record.entries)} entries of the log {code(page.incident.uid)}.",
        f"- The newest has the hash {code(record.head_hash)}.",
        "- `crisisroom verify` checks the log, and its JSON and JSON-lines exports.",
    ]
