"""What was decided, kept and handed on, in the Markdown report."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.incident import ActionItem, Decision
from crisisroom.core.programme import Change, changes
from crisisroom.core.timeline import Entry
from crisisroom.report.history import holdings
from crisisroom.report.md import cell, code, link, table
from crisisroom.report.page import Page
from crisisroom.report.redact import LEFT_OUT


def decisions(page: Page) -> Iterator[str]:
    """Yield what was decided, why and by whom, and what else could have been done.

    In public only what was marked for everybody.
    """
    for made in page.incident.decisions:
        if not (page.public and made.words in ("", LEFT_OUT)):
            yield _decided(page, made)
            yield from (f"  - or: {cell(other)}" for other in made.options)


def _decided(page: Page, made: Decision) -> str:
    entry = f" (entry {made.entry})" if made.entry else ""
    words = cell(made.words)
    because = f" Because: {cell(made.reason)}" if made.reason else ""
    stop = "" if words.endswith((".", "!", "?", "…")) or not because else "."
    return f"- {page.when(made.at)}, {cell(made.by)}: {words}{stop}{because}{entry}"


def roles(page: Page) -> Iterator[str]:
    """Yield who held which role from when to when, then who offered one to whom."""
    rows = (
        [
            cell(page.role(held.role)),
            cell(held.person),
            page.when(held.since),
            page.when(held.until) or "to the end",
        ]
        for held in holdings(page.record.entries, page.incident)
    )
    yield from table(("Role", "Who", "From", "To"), rows)
    yield ""
    for entry in page.record.entries.of(("role.offered", "role.declined", "role.handed")):
        yield f"- {page.when(page.happened(entry))}, {_handed(page, entry)}"


def _handed(page: Page, entry: Entry) -> str:
    data = entry.data
    who, role = cell(entry.actor), cell(page.role(data["role"]))
    words = f": {cell(data['words'])}" if data.get("words") else ""
    tasks = ", ".join(_task(page, one) for one in data.get("tasks", ()))
    with_tasks = f", with {tasks}" if tasks else ""
    if entry.kind == "role.offered":
        return f"{who} offered {role} to {cell(data['person'])}{with_tasks}{words}"
    if entry.kind == "role.declined":
        return f"{who} did not take {role}{words}"
    if entry.actor == data["person"]:
        return f"{who} accepted {role} from {cell(data['was'])}{with_tasks}{words}"
    return f"{who} handed {role} to {cell(data['person'])}{with_tasks}{words}"


def _task(page: Page, task_id: str) -> str:
    task = page.incident.tasks.get(task_id)
    return cell(task.title if task else task_id)


def evidence(page: Page) -> Iterator[str]:
    """Return what was kept, by the hash of its bytes; never a picture, and no link to follow."""
    posts = {one.uid: one.id for one in page.incident.mentions.values()}
    rows = (
        [
            code(one.sha256),
            f"{one.size} bytes",
            cell(one.media),
            cell(", ".join(posts.get(uid, "a post") for uid in one.mentions)),
            page.when(one.at),
            cell(one.by),
            cell(one.name),
            cell(one.url),
        ]
        for one in page.incident.evidence.values()
    )
    return table(("SHA-256", "Size", "Media", "Posts", "When", "Who", "Name", "From"), rows)


def holds(page: Page) -> Iterator[str]:
    """Yield since when nothing may be purged or erased, and why; and when that was lifted."""
    for entry in page.record.entries.of(("hold.set", "hold.lifted")):
        what = "nothing may be purged or erased" if entry.kind == "hold.set" else "lifted"
        words = f": {cell(entry.data['words'])}" if entry.data.get("words") else ""
        yield f"- {page.when(entry.at)}, {cell(entry.actor)}: {what}{words}"


def held(page: Page) -> list[str]:
    """Return the line that tells everybody of a hold; none where there is none."""
    hold = page.incident.hold
    if hold is None:
        return []
    return [f"**ON HOLD since {page.when(hold.at)}: nothing may be purged or erased.**", ""]


def actions(page: Page) -> Iterator[str]:
    """Return what should change, who sees to it and by when, and what came of it."""
    names = (
        "Action",
        "What changes",
        "Owner",
        "Due",
        "State",
        "Kind",
        "Story",
        "Ticket",
        "Outcome",
    )
    rows = (
        [
            cell(one.id),
            cell(one.title),
            cell(one.owner),
            cell(one.due),
            one.state,
            one.kind,
            cell(one.narrative),
            link(one.link) if one.link else "",
            _outcome(page, one),
        ]
        for one in page.incident.actions.values()
    )
    return table(names, rows)


def _outcome(page: Page, one: ActionItem) -> str:
    return ", ".join(part for part in (page.when(one.closed_at), cell(one.outcome)) if part)


def programme(page: Page) -> Iterator[str]:
    """Return what people complained of, what we promised, and who mends it; nothing in public."""
    names = ("Story", "What", "Mentions", "Promised", "Action")
    found = () if page.public else changes(page.incident)
    return table(names, (_change(one) for one in found))


def _change(one: Change) -> list[str]:
    count = "" if not one.narrative else f"{one.mentions}"
    complaints = "" if one.complaints is None else f", {one.complaints} complaints"
    action = one.action
    mended = f"{cell(action.id)}: {cell(action.title)}" if action else ""
    nobody = (
        "nobody yet"
        if one.unowned and action is None
        else "nobody owns it: "
        if one.unowned
        else ""
    )
    return [
        cell(one.narrative),
        cell(one.title),
        f"{count}{complaints}",
        "; ".join(f"{cell(promise.id)} {cell(promise.words)}" for promise in one.promised),
        f"{nobody}{mended}",
    ]
