"""What the review looks at, in the Markdown report: what was asked first, how the plan grew."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.additions import ADDED
from crisisroom.core.timeline import Entry, upcast
from crisisroom.report.md import cell, code, table
from crisisroom.report.metrics import metrics
from crisisroom.report.page import Page
from crisisroom.report.plain import figure

_FILL_IN = "*To be filled in.*"
_SORTS = {"task": "a task", "message": "a message", "answer": "an answer"}


def answers(page: Page) -> list[str]:
    """Return what was asked before the incident was declared, and what was said."""
    incident = page.incident
    asked = {question.id: question.ask for question in incident.plan.questions}
    rows = [
        [cell(asked.get(name, name)), incident.answers.get(name, "not answered")]
        for name in (asked | incident.answers)
    ]
    return table(("Question", "Answer"), rows) if incident.answers else []


def growth(page: Page) -> list[str]:
    """Return what came to the plan while it ran, by whom and when; nothing in public."""
    if page.public:
        return []
    return [
        f"- {page.when(entry.at)}, {cell(entry.actor)}: {what}"
        for entry in map(upcast, page.record.entries)
        for what in _added(entry)
    ]


def _added(entry: Entry) -> Iterator[str]:
    if entry.kind == "playbook.added":
        playbook = entry.data["playbook"]
        how = "switched to" if entry.data["switched"] else "added"
        said = "; ".join(cell(line) for line in entry.data.get("words", "").split("\n") if line)
        yield (
            f"{how} playbook {code(playbook['id'])} version {playbook['version']},"
            f" {code(playbook['sha256'])}{f': {said}' if said else ''}"
        )
    elif entry.kind in ADDED:
        sort = ADDED[entry.kind]
        thing = entry.data[sort]
        words = thing["question"] if sort == "answer" else thing["title"]
        yield f"added {_SORTS[sort]}, {code(thing['id'])}: {cell(words)}"


def review(page: Page) -> list[str]:
    """Return the headings that the playbook asks to fill in, with the figures it wants looked at.

    Nothing in public: a review is for those who were there.
    """
    plan = page.incident.plan.review
    if page.public or not (plan.sections or plan.questions):
        return []
    owner = f" by {cell(page.role(plan.owner))}" if plan.owner else ""
    lines = [f"- Due within {plan.due} of the end{owner}."]
    figures = {one.id: one for one in metrics(page.record)}
    for name in plan.metrics:
        one = figures.get(name)
        lines.append(f"- {cell(one.label)}: {cell(figure(one))}" if one else f"- {cell(name)}")
    for heading in (*plan.sections, *plan.questions):
        lines += ["", f"### {cell(heading)}", "", _FILL_IN]
    return lines
