"""What the review looks at, in the Markdown report: what was asked first, how the plan grew."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.additions import ADDED
from crisisroom.core.postmortem import STATE_WORDS, Heading, all_headings, said
from crisisroom.core.timeline import Entry
from crisisroom.report.md import cell, code, quote, table
from crisisroom.report.metrics import metrics
from crisisroom.report.page import Page
from crisisroom.report.plain import figure

_FILL_IN = "*To be filled in.*"
_FACTORS = {
    "contributed": "What contributed",
    "well": "What went well",
    "badly": "What went badly",
    "lucky": "Where we were lucky",
}
_SORTS = {"task": "a task", "message": "a message", "answer": "an answer"}


def answers(page: Page) -> Iterator[str]:
    """Return what was asked before the incident was declared, and what was said."""
    incident = page.incident
    asked = {question.id: question.ask for question in incident.plan.questions}
    rows = [
        [cell(asked.get(name, name)), incident.answers.get(name, "not answered")]
        for name in (asked | incident.answers)
    ]
    return table(("Question", "Answer"), rows if incident.answers else ())


def growth(page: Page) -> list[str]:
    """Return what came to the plan while it ran, by whom and when; nothing in public."""
    if page.public:
        return []
    return [
        f"- {page.when(entry.at)}, {cell(entry.actor)}: {what}"
        for entry in page.record.entries.of(("playbook.added", *ADDED))
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


def review(page: Page) -> Iterator[str]:
    """Yield the headings that the playbook asks for, with what stands under each.

    First the figures it wants looked at. In public only what was marked for everybody.
    """
    incident = page.incident
    plan = incident.plan.review
    if not page.public and (plan.sections or plan.questions or incident.review):
        owner = f" by {cell(page.role(plan.owner))}" if plan.owner else ""
        yield f"- Due within {plan.due} of the end{owner}."
        yield f"- State: {STATE_WORDS[incident.review_state]}"
        figures = {one.id: one for one in metrics(page.record)}
        for name in plan.metrics:
            one = figures.get(name)
            yield f"- {cell(one.label)}: {cell(figure(one))}" if one else f"- {cell(name)}"
    for heading in _headings(page):
        yield from ("", f"### {cell(heading.title)}", "", *_under(page, heading))


def _headings(page: Page) -> tuple[Heading, ...]:
    incident = page.incident
    if page.public:
        return tuple(one for one in all_headings(incident) if said(incident, one.id))
    plan = incident.plan.review
    asked = bool(plan.sections or plan.questions or incident.review)
    return all_headings(incident) if asked else ()


def _under(page: Page, heading: Heading) -> list[str]:
    held = page.incident.review.get(heading.id)
    if held is None or not said(page.incident, heading.id):
        return [_FILL_IN if heading.required else "*Left empty.*"]
    return [f"{cell(held.by)}, {page.when(held.at)}:", "", *quote(held.words)]


def factors(page: Page) -> Iterator[str]:
    """Yield what contributed, what went well or badly, and where it was luck: never a person."""
    for sort, title in _FACTORS.items():
        found = [one for one in page.incident.factors.values() if one.sort == sort]
        if found:
            yield from ("", f"### {title}", "")
        for one in found:
            yield f"- {cell(one.id)}: {cell(one.words)}"
