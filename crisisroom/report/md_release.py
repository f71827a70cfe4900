"""Emergency releases in the Markdown report: what went out, or could have, without approval."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.approval import ladder_words
from crisisroom.core.incident import Verdict, Words
from crisisroom.report.md import cell, code, table
from crisisroom.report.page import Page


def banner(page: Page) -> list[str]:
    """Return the lines that nobody who opens the report can miss; none in public."""
    if page.public:
        return []
    lines = []
    for words, verdict in _released(page):
        what = "went out" if words.sent_at else "was released"
        lines += [
            f"**EMERGENCY RELEASE: {words.id} {what} WITHOUT APPROVAL,"
            f" by {cell(verdict.by)}, {page.when(verdict.at)}.**",
            "",
        ]
    return lines


def releases(page: Page) -> Iterator[str]:
    """Return who released what without approval, why, and who should have agreed.

    Nothing in public.
    """
    rows = [
        [
            f"{words.id} version {verdict.version}",
            page.when(verdict.at),
            cell(verdict.by),
            cell(verdict.reason),
            cell(ladder_words(page.incident, verdict.step)),
            _outcome(page, words, verdict),
            code(verdict.sha256[:12]),
        ]
        for words, verdict in (() if page.public else _released(page))
    ]
    names = (
        "What",
        "When",
        "Who",
        "Reason",
        "Who should have agreed",
        "What came of it",
        "SHA-256",
    )
    return table(names, rows)


def _released(page: Page) -> Iterator[tuple[Words, Verdict]]:
    for words in (*page.incident.statements.values(), *page.incident.replies.values()):
        for verdict in words.verdicts:
            if verdict.verdict == "released":
                yield words, verdict


def _outcome(page: Page, words: Words, verdict: Verdict) -> str:
    after = words.verdicts[words.verdicts.index(verdict) + 1 :]
    back = next((one for one in after if one.verdict == "revoked"), None)
    if back is not None:
        return f"taken back by {cell(back.by)}, {page.when(back.at)}"
    if words.sent_at and words.sha256 == verdict.sha256:
        return f"sent, {page.when(words.sent_at)}"
    return words.state
