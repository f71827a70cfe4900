"""Our own words in the report: every version, who agreed, how long that took, where it went."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime

from crisisroom.core.approval import ladder_words, progress_words
from crisisroom.core.incident import Send, Verdict, Words
from crisisroom.core.textdiff import diff
from crisisroom.report.contract_words import standing_of
from crisisroom.report.history import Version, versions
from crisisroom.report.html import anchors
from crisisroom.report.html.blocks import (
    Block,
    Change,
    Fold,
    Group,
    Pairs,
    Para,
    Quote,
    Row,
    Step,
    Steps,
    Table,
    Tile,
    Tiles,
)
from crisisroom.report.html.glance import releases
from crisisroom.report.html.pieces import Code, Inline, Line, Link, Mark, Quiet, Said, Tone, When
from crisisroom.report.jsondoc import shown_words
from crisisroom.report.metrics import Metric
from crisisroom.report.page import Page
from crisisroom.report.plain import figure, span

_VERDICTS: dict[str, tuple[str, Tone]] = {
    "approved": ("approved", "ok"),
    "rejected": ("rejected", "late"),
    "revoked": ("approval taken back", "warn"),
    "lapsed": ("approval over", "warn"),
    "released": ("released without approval", "late"),
}
_STATES: dict[str, Tone] = {
    "sent": "ok",
    "approved": "ok",
    "failed": "late",
    "unknown": "warn",
    "rejected": "late",
    "retracted": "warn",
}


class Speech:
    """Statements and replies, with what the log still knows of their versions."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._written = versions(page.record.entries, page.incident)

    def statements(self) -> Iterator[Block]:
        """Yield each statement with its versions, approvals, waits and outcomes."""
        for words in shown_words(self._page.record, self._page.incident.statements.values()):
            yield self._statement(words)

    def _statement(self, words: Words) -> Block:
        kind = words.kind.capitalize() or "Statement"
        head: Line = (f"{words.id} ", f"{kind}, to {words.audience}")
        blocks = (*self._about(words), *self._texts(words, self._shown(words)))
        return Group(head, blocks, _state(words.state), anchors.thing(words.id))

    def _shown(self, words: Words) -> Sequence[Version]:
        every = self._written.get(words.id, ())
        if not self._page.public:
            return every
        return [one for one in every if one.sha256 == words.sha256]

    def _about(self, words: Words) -> Iterator[Block]:
        yield Steps(tuple(self._way(words)))
        rows = [*self._promised(words), *self._bound(words)]
        if rows:
            yield Pairs(tuple(rows))

    def _way(self, words: Words) -> Iterator[Step]:
        """Yield what became of a text, with how long each step took."""
        steps: list[tuple[datetime, Line, Tone]] = [
            (words.drafted_at, f"drafted by {words.author}", "")
        ]
        for version in self._shown(words)[1:]:
            steps.append((version.at, f"version {version.version} by {version.by}", ""))
        if words.submitted_at:
            steps.append((words.submitted_at, "handed in", ""))
        steps += [(one.at, *_verdict(one)) for one in words.verdicts]
        steps += [(send.at, *_went(send)) for send in words.sends.values() if send.at]
        before: datetime | None = None
        for at, line, tone in sorted(steps, key=lambda one: one[0]):
            took = int((at - before).total_seconds()) if before else 0
            yield Step(line, at, f"after {span(took)}" if before and took else "", tone)
            before = at
        if (waits := self._waits(words)) is not None:
            yield Step(waits, None, "", "warn")

    def _waits(self, words: Words) -> str | None:
        if words.state != "submitted" or self._page.public:
            return None
        standing = standing_of(self._page.incident, words, self._page.record.as_of)
        return progress_words(self._page.incident, standing) if standing else None

    def _promised(self, words: Words) -> Iterator[tuple[str, Line]]:
        if words.promises:
            yield "Promised to speak again by", When(words.promises)
        for send in words.sends.values():
            if send.remote_url:
                yield f"On {send.channel}", Link(send.remote_url)

    def _bound(self, words: Words) -> Iterator[tuple[str, Line]]:
        for what, name in (("Corrects", words.corrects), ("Translates", words.translates)):
            if name:
                yield what, anchors.point(name, anchors.thing(name))
        if words.language:
            yield "Language", words.language
        for owed in self._page.incident.owed.values():
            if owed.words == words.id and not self._page.public:
                change = f"{owed.label} moved from {owed.was} to {owed.now}"
                yield "Stood on", f"{change}: {owed.how or 'a correction is due'}"

    def _texts(self, words: Words, written: Sequence[Version]) -> Iterator[Block]:
        """Yield the words as they were last, and how each version came of the one before."""
        if not written:
            return
        last = written[-1]
        yield self._text(words, last, newest=True)
        earlier = [*itertools.pairwise(written)]
        if earlier:
            blocks = [self._text(words, written[0]), *(_change(*two) for two in earlier)]
            count = len(written)
            yield Fold(f"How it came to read so: {count} versions, word by word", tuple(blocks))

    def _text(self, words: Words, version: Version, newest: bool = False) -> Group:
        blocks: list[Block] = [Quote(version.text)]
        for channel, own in version.variants.items():
            blocks += [Para(f"On {channel}:", quiet=True), Quote(own)]
        said = "The words" if newest else f"Version {version.version}"
        if newest and version.version > 1:
            said = f"The words, version {version.version}"
        return Group((said,), tuple(blocks), self._signed(version))

    def _signed(self, version: Version) -> Line:
        digest: tuple[Inline, ...] = (" ", Code(version.sha256[:12]))
        if self._page.record.profile == "legal":
            digest = (" ", Code(version.sha256))
        return (f"{version.by}, ", When(version.at), *(digest if version.sha256 else ()))

    def replies(self, figures: dict[str, Metric]) -> Iterator[Block]:
        """Yield how replies went in figures, then each of them."""
        shown = shown_words(self._page.record, self._page.incident.replies.values())
        if not shown:
            return
        yield Tiles(tuple(_reply_tiles(shown, figures)))
        yield Table(
            "Replies",
            ("Reply", "To", "Answered", "State", "Words"),
            (self._reply(words) for words in shown),
            len(shown),
            4,
        )

    def _reply(self, words: Words) -> Row:
        mention = self._page.incident.mentions.get(words.mention)
        waited: tuple[Inline, ...] = ()
        if mention and words.sent_at:
            took = int((words.sent_at - mention.posted_at).total_seconds())
            waited = (" ", Quiet(f"after {span(took)}"))
        to: Line = (
            anchors.point(words.mention_id, anchors.thing(words.mention_id) if mention else ""),
            " ",
            Said(words.handle, outside=True),
        )
        cells: tuple[Line, ...] = (
            words.id,
            to,
            (When(words.sent_at), *waited),
            (
                Mark(words.state, _STATES.get(words.state, "quiet")),
                " ",
                Quiet(f"by {words.author}"),
            ),
            tuple(self._reply_words(words)),
        )
        return Row(cells, anchors.thing(words.id))

    def _reply_words(self, words: Words) -> Iterator[Inline]:
        written = self._shown(words)
        if written:
            yield Said(written[-1].text)
        if len(written) > 1:
            yield Quiet(f" version {written[-1].version}")
        for verdict in words.verdicts:
            said, tone = _VERDICTS.get(verdict.verdict, (verdict.verdict, ""))
            yield Mark(f"{said} by {verdict.by}", tone)
        url = next((send.remote_url for send in words.sends.values() if send.remote_url), "")
        if url:
            yield " "
            yield Link(url)

    def released(self) -> Iterator[Block]:
        """Yield who released what without approval, why, and who should have agreed."""
        if self._page.public:
            return
        found = [*releases(self._page)]
        if found:
            head = ("What", "When", "Who", "Reason", "Who should have agreed", "What came of it")
            rows = (self._release(*one) for one in found)
            yield Table("Emergency releases", head, rows, len(found), 3)

    def _release(self, words: Words, verdict: Verdict) -> Row:
        what = anchors.point(words.id, anchors.thing(words.id))
        return Row(
            (
                (what, f" version {verdict.version}"),
                When(verdict.at),
                verdict.by,
                Said(verdict.reason),
                ladder_words(self._page.incident, verdict.step),
                _outcome(words, verdict),
            )
        )


def _change(before: Version, after: Version) -> Group:
    blocks: list[Block] = [Change(diff(before.text, after.text))]
    for channel, own in after.variants.items():
        was = before.variants.get(channel, "")
        if own != was:
            blocks += [Para(f"On {channel}:", quiet=True), Change(diff(was, own))]
    return Group((f"Version {after.version}",), tuple(blocks), (f"{after.by}, ", When(after.at)))


def _verdict(one: Verdict) -> tuple[Line, Tone]:
    said, tone = _VERDICTS.get(one.verdict, (one.verdict, ""))
    line: list[Inline] = [Mark(said, tone), f" by {one.by}"]
    if one.roles:
        line.append(f" as {', '.join(one.roles)}")
    if one.recorded_by:
        line.append(f", recorded by {one.recorded_by}")
    if not one.complete:
        line.append(", more had to agree")
    if one.reason:
        line += [": ", Said(one.reason)]
    return tuple(line), tone


def _went(send: Send) -> tuple[Line, Tone]:
    tone = _STATES.get(send.state, "")
    line: list[Inline] = [Mark(send.state, tone), f" on {send.channel}"]
    if send.tries > 1:
        line.append(f", {send.tries} tries")
    if send.reason:
        line += [": ", Said(send.reason)]
    return tuple(line), tone


def _state(state: str) -> Line:
    return (Mark(state, _STATES.get(state, "quiet")),)


def _outcome(words: Words, verdict: Verdict) -> Line:
    after = words.verdicts[words.verdicts.index(verdict) + 1 :]
    back = next((one for one in after if one.verdict == "revoked"), None)
    if back is not None:
        return (f"taken back by {back.by}, ", When(back.at))
    if words.sent_at and words.sha256 == verdict.sha256:
        return ("sent ", When(words.sent_at))
    return words.state


def _reply_tiles(shown: Sequence[Words], figures: dict[str, Metric]) -> Iterator[Tile]:
    sent = sum(one.sent_at is not None for one in shown)
    yield Tile("replies sent", f"{sent:,}", f"of {len(shown):,} written")
    for name, words in (
        ("first_reply_median", "median wait"),
        ("first_reply_p90", "nine in ten within"),
    ):
        metric = figures.get(name)
        if metric is not None and metric.state == "recorded":
            yield Tile(words, figure(metric), anchors.between(metric.since, metric.to))
    private = sum(one.form == "private" for one in shown)
    if private:
        yield Tile("in private", f"{private:,}")
