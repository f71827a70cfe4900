"""Our own words in the Markdown report: every version, who agreed to it, and where it went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crisisroom.core.approval import progress_words
from crisisroom.core.incident import Send, Verdict, Words
from crisisroom.core.textdiff import diff, marked
from crisisroom.report.contract_words import standing_of
from crisisroom.report.history import Version, versions
from crisisroom.report.jsondoc import shown_words
from crisisroom.report.md import cell, code, link, quote, table
from crisisroom.report.page import Page
from crisisroom.report.plain import span

_SUBMITTED = frozenset({"statement.submitted", "reply.submitted"})
_CHANGED = "  What changed, \\[-went-\\] and {+came+}:"
_VERDICTS = {
    "approved": "approved",
    "rejected": "rejected",
    "revoked": "approval taken back",
    "lapsed": "approval over, noted",
}


def statements(page: Page) -> Iterator[str]:
    """Yield each statement with its versions, approvals and outcome."""
    told = _Told(page)
    for words in shown_words(page.record, page.incident.statements.values()):
        yield from (f"### {cell(words.id)}: {cell(words.kind)}, to {cell(words.audience)}", "")
        yield from told.story(words)


def replies(page: Page) -> Iterator[str]:
    """Yield who was answered when, after how long and where, then the words of each answer."""
    shown = shown_words(page.record, page.incident.replies.values())
    names = ("Reply", "To", "Posted", "Answered", "Waited", "Who", "State", "Link")
    yield from table(names, (_answer(page, words) for words in shown))
    yield ""
    told = _Told(page)
    for words in shown:
        yield from (f"### {cell(words.id)}: to {cell(words.handle)} on {cell(words.channel)}", "")
        yield from told.story(words)


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


class _Told:
    """How our texts came to read as they do, with what the log alone still knows of them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._written = versions(page.record.entries, page.incident)
        self._asked: dict[str, list[datetime]] = {}
        for entry in page.record.entries.of(_SUBMITTED):
            self._asked.setdefault(entry.data["id"], []).append(entry.at)
        spoken = (one for one in page.incident.statements.values() if one.sent_at)
        self._spoken = sorted(spoken, key=lambda one: one.sent_at or one.drafted_at)

    def story(self, words: Words) -> Iterator[str]:
        """Yield what became of a text, then its versions."""
        yield from self._became(words)
        written = self._written[words.id]
        if self._page.public:
            written = tuple(one for one in written if one.sha256 == words.sha256)
        before: Version | None = None
        for version in written:
            yield from self._version(words, version, before, newest=version is written[-1])
            before = version

    def _became(self, words: Words) -> Iterator[str]:
        page = self._page
        yield f"- State: {words.state}{_waits(page, words)}"
        for what, name in (("Corrects", words.corrects), ("Translates", words.translates)):
            if name:
                yield f"- {what} {cell(name)}"
        if words.language:
            yield f"- Language: {cell(words.language)}"
        if words.promises:
            by = page.when(words.promises)
            yield f"- Promised to speak again by {by}{self._kept(words, words.promises)}"
        if words.sent_at and not any(one.state == "sent" for one in words.sends.values()):
            yield f"- First sent {page.when(words.sent_at)}"
        yield from (_sent(page, send) for send in words.sends.values())

    def _kept(self, words: Words, promised: datetime) -> str:
        """Return whether we spoke again, to the same people or to all, by the time we had said."""
        if words.sort != "statement" or words.sent_at is None:
            return ""
        heard = (words.audience, "public")
        same = (one for one in self._spoken if one.audience in heard)
        after = (one for one in same if one.sent_at and one.sent_at > words.sent_at)
        nearest = next(after, None)
        if nearest is not None and nearest.sent_at is not None:
            late = int((nearest.sent_at - promised).total_seconds())
            return (
                f": {cell(nearest.id)} followed {f'{span(late)} late' if late > 0 else 'in time'}"
            )
        end = self._page.incident.resolved_at or self._page.record.as_of
        return ": nothing followed" if end > promised else ""

    def _version(
        self, words: Words, version: Version, before: Version | None, *, newest: bool
    ) -> Iterator[str]:
        page = self._page
        hashed = f", SHA-256 {code(version.sha256)}" if page.record.profile == "legal" else ""
        yield f"- Version {version.version}: {cell(version.by)}, {page.when(version.at)}{hashed}"
        for verdict in words.verdicts:
            if verdict.version == version.version:
                yield f"  - {_said(page, verdict)}{self._waited(words, verdict)}"
        yield ""
        changed = _changed(before.text, version.text) if before else ""
        if changed:
            yield from (_CHANGED, "", *quote(changed, "  "), "")
        if newest or not changed:
            yield from (*(["  Now:", ""] if changed else []), *quote(version.text, "  "), "")
        for channel, own in version.variants.items():
            yield from (f"  On {cell(channel)}:", "", *quote(own, "  "), "")

    def _waited(self, words: Words, verdict: Verdict) -> str:
        """Return how long an answer to the question for approval took."""
        asked = [at for at in self._asked.get(words.id, ()) if at <= verdict.at]
        if not asked or verdict.verdict not in ("approved", "rejected"):
            return ""
        return f" (in {span(int((verdict.at - asked[-1]).total_seconds()))})"


def _changed(before: str, after: str) -> str:
    """Return what became of a text, as one; nothing where little of it stayed."""
    pieces = diff(before, after)
    stayed = sum(len(one.text) for one in pieces if one.kind == "same")
    return marked(pieces) if 2 * stayed >= min(len(before), len(after)) else ""


def _waits(page: Page, words: Words) -> str:
    """Return how far a text is in its approval, while it is asked for."""
    if words.state != "submitted" or page.public:
        return ""
    standing = standing_of(page.incident, words, page.record.as_of)
    return f" ({cell(progress_words(page.incident, standing))})" if standing else ""


def _sent(page: Page, send: Send) -> str:
    url = f": {link(send.remote_url)}" if send.remote_url else ""
    reason = f" ({cell(send.reason)})" if send.reason else ""
    tries = f", {send.tries} tries" if send.tries > 1 else ""
    return f"- {send.state} on {cell(send.channel)}, {page.when(send.at)}{tries}{reason}{url}"


def _said(page: Page, verdict: Verdict) -> str:
    step = f" ({cell(verdict.step)})" if verdict.step else ""
    reason = f": {cell(verdict.reason)}" if verdict.reason else ""
    more = "" if verdict.complete else ", more had to agree"
    entered = f", recorded by {cell(verdict.recorded_by)}" if verdict.recorded_by else ""
    what = "released without approval" if page.public else "**RELEASED WITHOUT APPROVAL**"
    said = f"{_VERDICTS.get(verdict.verdict, what)} by {cell(verdict.by)}{step}"
    return f"{said}, {page.when(verdict.at)}{entered}{reason}{more}"
