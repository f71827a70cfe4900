"""What surrounds our words, in the Markdown report: corrections owed, promises, pauses, questions.

None of it is for the public, and nothing of it is in a public log.
"""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.questions import Question
from crisisroom.core.said import Owed, PauseState, Promise
from crisisroom.report.md import cell, link, table
from crisisroom.report.page import Page
from crisisroom.report.plain import span

_SETTLED = {"corrected": "corrected", "retracted": "taken back", "stands": "stands as it reads"}
_PAUSES = {
    "running": "still running",
    "not_needed": "not needed",
    "failed": "COULD NOT BE PAUSED",
}


def corrections(page: Page) -> Iterator[str]:
    """Return what we had said that was not true any more, and how long until it was put right."""
    names = ("Since", "Which words", "Fact", "They said", "True is", "Outcome")
    return table(names, (_owed(page, one) for one in page.incident.owed.values()))


def _owed(page: Page, one: Owed) -> list[str]:
    outcome = "**still due**"
    if one.settled_at:
        took = span(int((one.settled_at - one.at).total_seconds()))
        why = f": {cell(one.why)}" if one.why else ""
        outcome = f"{_SETTLED.get(one.how, one.how)} in {took} by {cell(one.settled_by)}{why}"
    return [
        page.when(one.at),
        cell(one.words),
        cell(one.label),
        cell(page.value(one.fact, one.was)),
        cell(page.value(one.fact, one.now)) or "not known",
        outcome,
    ]


def promises(page: Page) -> Iterator[str]:
    """Return what we promised to whom by when, and what came of it."""
    names = ("Promise", "In", "What", "Due", "Owner", "Outcome")
    return table(names, (_promise(page, one) for one in page.incident.promised.values()))


def _promise(page: Page, one: Promise) -> list[str]:
    who = f" by {cell(one.closed_by)}, {page.when(one.closed_at)}" if one.closed_at else ""
    came = f": {cell(one.outcome)}" if one.outcome else ""
    ticket = f" {link(one.ticket)}" if one.ticket else ""
    return [
        cell(one.id),
        cell(one.reply),
        cell(one.words),
        page.when(one.due_at),
        cell(one.owner),
        f"{one.state}{who}{came}{ticket}",
    ]


def pauses(page: Page) -> Iterator[str]:
    """Return what speaks for us by itself, and who made sure when that it was quiet."""
    names = ("What", "State", "When", "Who", "What they said")
    return table(names, (_pause(page, one) for one in page.incident.pauses.values()))


def _pause(page: Page, one: PauseState) -> list[str]:
    return [
        cell(one.title),
        _PAUSES.get(one.state, one.state),
        page.when(one.at),
        cell(one.by or one.owner),
        cell(one.words),
    ]


def questions(page: Page) -> Iterator[str]:
    """Return what somebody had to know before they decided, and how long they waited for it."""
    names = ("Question", "About", "Asked", "To", "What", "Answer")
    return table(names, (_question(page, one) for one in page.incident.questions.values()))


def _question(page: Page, one: Question) -> list[str]:
    answer = "*no answer*"
    if one.answered_at:
        waited = span(int((one.answered_at - one.at).total_seconds()))
        answer = f"{cell(one.answer)} ({cell(one.answered_by)}, in {waited})"
    return [
        cell(one.id),
        cell(one.words),
        f"{page.when(one.at)} by {cell(one.by)}",
        cell(page.role(one.whom)),
        cell(one.ask),
        answer,
    ]
