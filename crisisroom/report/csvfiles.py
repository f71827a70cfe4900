"""The record as spreadsheets: RFC 4180, UTF-8, a row a thing, and no cell that computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from crisisroom.core.incident import Words
from crisisroom.core.timeline import stamp
from crisisroom.report.history import versions
from crisisroom.report.jsondoc import shown_words
from crisisroom.report.model import Record
from crisisroom.report.page import Page
from crisisroom.report.plain import local_iso, visible
from crisisroom.text import csv_cell

_COLUMNS = {
    "timeline": "entry,at,at_utc,recorded_at_utc,kind,actor,role,source,text,corrects",
    "tasks": (
        "id,phase,title,role,assignee,state,required,due_at,due_at_utc,closed_at,closed_at_utc,"
        "closed_by,given"
    ),
    "mentions": (
        "id,source,author,name,posted_at,posted_at_utc,linked_at,linked_at_utc,answered_at,"
        "answered_at_utc,state,assignee,text,url"
    ),
    "statements": (
        "id,version,kind,audience,written_at,written_at_utc,author,approved_by,state,sent_at,"
        "sent_at_utc,sha256,url,text"
    ),
    "replies": (
        "id,version,to,mention,channel,posted_at,posted_at_utc,sent_at,sent_at_utc,"
        "waited_seconds,author,approved_by,state,sha256,url,text"
    ),
}


def csv_files(record: Record, zone: str = "") -> dict[str, str]:
    """Return the files by name: timeline, tasks, mentions, statements, replies.

    Times are ISO 8601 with the offset of `zone` (else the incident's), with UTC beside.
    """
    page = Page.of(record, zone)
    tables = {
        "timeline": _timeline(page),
        "tasks": _tasks(page),
        "mentions": _mentions(page),
        "statements": _statements(page),
        "replies": _replies(page),
    }
    return {f"{record.incident.id}-{name}.csv": _csv(rows) for name, rows in tables.items()}


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([csv_cell(visible(cell)) for cell in row] for row in rows)
    return out.getvalue()


def _times(page: Page, at: datetime | None) -> tuple[str, str]:
    return ("", "") if at is None else (local_iso(at, page.zone), stamp(at))


def _timeline(page: Page) -> Iterable[Sequence[str]]:
    legal = page.record.profile == "legal"
    yield _COLUMNS["timeline"].split(",") + (["uid", "prev_hash", "hash"] if legal else [])
    for entry in page.told:
        yield [
            f"{entry.seq}",
            *_times(page, entry.at),
            stamp(entry.recorded_at),
            entry.kind,
            entry.actor,
            entry.role,
            entry.source,
            entry.text,
            "" if entry.corrects is None else f"{entry.corrects}",
            *([entry.uid, entry.prev_hash, entry.hash] if legal else []),
        ]


def _tasks(page: Page) -> Iterable[Sequence[str]]:
    yield _COLUMNS["tasks"].split(",")
    for task in page.incident.tasks.values():
        yield [
            task.id,
            task.phase,
            task.title,
            task.role,
            task.assignee,
            task.state,
            _yes(task.required),
            *_times(page, task.due_at),
            *_times(page, task.closed_at),
            task.closed_by,
            task.given,
        ]


def _mentions(page: Page) -> Iterable[Sequence[str]]:
    yield _COLUMNS["mentions"].split(",")
    for one in sorted(page.incident.mentions.values(), key=lambda one: (one.posted_at, one.uid)):
        yield [
            one.id,
            one.source,
            one.handle,
            one.name,
            *_times(page, one.posted_at),
            *_times(page, one.linked_at),
            *_times(page, one.answered_at),
            one.state,
            one.assignee,
            one.quote,
            one.url,
        ]


def _statements(page: Page) -> Iterable[Sequence[str]]:
    """Yield a row a version: what stood in it, and what became of it."""
    yield _COLUMNS["statements"].split(",")
    for words in shown_words(page.record, page.incident.statements.values()):
        for version in versions(page.record.entries, words.id):
            last = version.version == words.version
            if not last and page.public:
                continue
            yield [
                words.id,
                f"{version.version}",
                words.kind,
                words.audience,
                *_times(page, version.at),
                version.by,
                _approver(words, version.version),
                words.state if last else "replaced",
                *(_times(page, words.sent_at) if last else ("", "")),
                version.sha256,
                _url(words) if last else "",
                version.text,
            ]


def _replies(page: Page) -> Iterable[Sequence[str]]:
    yield _COLUMNS["replies"].split(",")
    for words in shown_words(page.record, page.incident.replies.values()):
        mention = page.incident.mentions.get(words.mention)
        posted = mention.posted_at if mention else None
        yield [
            words.id,
            f"{words.version}",
            words.handle,
            words.mention_id,
            words.channel,
            *_times(page, posted),
            *_times(page, words.sent_at),
            _seconds(posted, words.sent_at),
            words.author,
            _approver(words, words.version),
            words.state,
            words.sha256,
            _url(words),
            words.text,
        ]


def _seconds(start: datetime | None, end: datetime | None) -> str:
    """Return whole seconds; nothing where the end is missing or before the start."""
    if start is None or end is None or end < start:
        return ""
    return f"{int((end - start).total_seconds())}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _url(words: Words) -> str:
    return next((send.remote_url for send in words.sends.values() if send.remote_url), "")


def _approver(words: Words, version: int) -> str:
    names = [v.by for v in words.verdicts if v.version == version and v.verdict == "approved"]
    return ", ".join(names)
