"""Our own words in the Markdown report: every version, who agreed to it, and where it went."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.approval import progress_words
from crisisroom.core.incident import Send, Verdict, Words
from crisisroom.report.contract_words import standing_of
from crisisroom.report.history import Version, versions
from crisisroom.report.jsondoc import shown_words
from crisisroom.report.md import cell, code, link, quote, table
from crisisroom.report.page import Page
from crisisroom.report.plain import span

_VERDICTS = {
    "approved": "approved",
    "rejected": "rejected",
    "revoked": "approval taken back",
    "lapsed": "approval over, noted",
}


def statements(page: Page) -> list[str]:
    """Return each statement with its versions, approvals and outcome."""
    shown = shown_words(page.record, page.incident.statements.values())
    lines: list[str] = []
    for words in shown:
        lines += [f"### {cell(words.id)}: {cell(words.kind)}, to {cell(words.audience)}", ""]
        lines += _story(page, words)
    return lines[:-1]


def replies(page: Page) -> list[str]:
    """Return who was answered when, after how long and where, then the words of each answer."""
    shown = shown_words(page.record, page.incident.replies.values())
    if not shown:
        return []
    names = ("Reply", "To", "Posted", "Answered", "Waited", "Who", "State", "Link")
    lines = [*table(names, [_answer(page, words) for words in shown]), ""]
    for words in shown:
        lines += [f"### {cell(words.id)}: to {cell(words.handle)} on {cell(words.channel)}", ""]
        lines += _story(page, words)
    return lines[:-1]


def _answer(page: Page, words: Words) -> list[str]:
    mention = page.incident.mentions.get(words.mention)
    posted = mention.posted_at if mention else None
    waited = ""
    if posted and words.sent_at:
        waited = span(int((words.sent_at - posted).total_seconds()))
    url = next((send.remote_url for send in words.sends.values() if send.remote_url), "")
    return [
        cell(words.id),
        cell(f"{words.handle}, {words.mention_id}"),
        page.when(posted),
        page.when(words.sent_at),
        waited,
        cell(words.author),
        words.state,
        link(url),
    ]


def _story(page: Page, words: Words) -> list[str]:
    lines = [f"- State: {words.state}{_waits(page, words)}"]
    if words.promises:
        lines.append(f"- Promised to speak again by {page.when(words.promises)}")
    lines += [_sent(page, send) for send in words.sends.values()]
    for version in versions(page.record.entries, words.id):
        if not page.public or version.sha256 == words.sha256:
            lines += _version(page, words, version)
    return lines


def _waits(page: Page, words: Words) -> str:
    """Return how far a text is in its approval, while it is asked for."""
    if words.state != "submitted" or page.public:
        return ""
    standing = standing_of(page.incident, words, page.record.as_of)
    return f" ({cell(progress_words(page.incident, standing))})" if standing else ""


def _sent(page: Page, send: Send) -> str:
    url = f": {link(send.remote_url)}" if send.remote_url else ""
    reason = f" ({cell(send.reason)})" if send.reason else ""
    return f"- {send.state} on {cell(send.channel)}, {page.when(send.at)}{reason}{url}"


def _version(page: Page, words: Words, version: Version) -> list[str]:
    hashed = f", SHA-256 {code(version.sha256)}" if page.record.profile == "legal" else ""
    head = f"- Version {version.version}: {cell(version.by)}, {page.when(version.at)}{hashed}"
    lines = [head, *_verdicts(page, words, version), "", *quote(version.text, "  "), ""]
    for channel, own in version.variants.items():
        lines += [f"  On {cell(channel)}:", "", *quote(own, "  "), ""]
    return lines


def _verdicts(page: Page, words: Words, version: Version) -> Iterator[str]:
    for verdict in words.verdicts:
        if verdict.version == version.version:
            yield f"  - {_said(page, verdict)}"


def _said(page: Page, verdict: Verdict) -> str:
    step = f" ({cell(verdict.step)})" if verdict.step else ""
    reason = f": {cell(verdict.reason)}" if verdict.reason else ""
    more = "" if verdict.complete else ", more had to agree"
    what = "released without approval" if page.public else "**RELEASED WITHOUT APPROVAL**"
    said = f"{_VERDICTS.get(verdict.verdict, what)} by {cell(verdict.by)}{step}"
    return f"{said}, {page.when(verdict.at)}{reason}{more}"
