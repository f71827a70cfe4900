"""The record as spreadsheets: RFC 4180, UTF-8, a row a thing, and no cell that computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from crisisroom.core.approval import TAKEN_BACK
from crisisroom.core.incident import Words
from crisisroom.core.timeline import stamp
from crisisroom.report import csv_owed
from crisisroom.report.csv_owed import seconds
from crisisroom.report.history import versions
from crisisroom.report.jsondoc import shown_words
from crisisroom.report.model import Record
from crisisroom.report.page import Page
from crisisroom.report.plain import visible
from crisisroom.text import csv_cell

_COLUMNS = {
    "timeline": "entry,at,at_utc,recorded_at_utc,kind,actor,role,source,text,corrects",
    "tasks": (
        "id,phase,title,role,assignee,state,required,due_at,due_at_utc,closed_at,closed_at_utc,"
        "closed_by,given,waiting_for,opened_at,opened_at_utc,repeat_seconds,times,added_by"
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
    """Return the files by name: timeline, tasks, mentions, statements, replies, metrics.

    Then deadlines and enquiries, but not in public. Times are ISO 8601 with the offset of `zone`
    (else the incident's), with UTC beside. Every row says of which incident it is, and whether
    that was a drill: so rows of several can be put together, and drills left out of statistics.
    """
    page = Page.of(record, zone)
    tables = {
        "timeline": _timeline(page),
        "tasks": _tasks(page),
        "mentions": _mentions(page),
        "statements": _statements(page),
        "replies": _replies(page),
        "metrics": csv_owed.figures(page),
    }
    if not page.public:
        tables |= {"deadlines": csv_owed.deadlines(page), "enquiries": csv_owed.enquiries(page)}
    return {
        f"{record.incident.id}-{name}.csv": _csv(_marked(page, rows))
        for name, rows in tables.items()
    }


def _marked(page: Page, rows: Iterable[Sequence[str]]) -> Iterable[Sequence[str]]:
    """Add to each row which incident it is of, and whether it was a drill."""
    for number, row in enumerate(rows):
        own = (page.incident.id, _yes(page.incident.drill))
        yield [*row, *(own if number else ("incident", "drill"))]


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([csv_cell(visible(cell)) for cell in row] for row in rows)
    return out.getvalue()


def _timeline(page: Page) -> Iterable[Sequence[str]]:
    legal = page.record.profile == "legal"
    yield _COLUMNS["timeline"].split(",") + (["uid", "prev_hash", "hash"] if legal else [])
    for entry in page.told:
        yield [
            f"{entry.seq}",
            *page.times(entry.at),
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
            *page.times(task.due_at),
            *page.times(task.closed_at),
            task.closed_by,
            task.given,
            task.waiting_for,
            *page.times(task.opened_at),
            f"{task.repeat or ''}",
            f"{task.times}",
            task.added_by,
        ]


def _mentions(page: Page) -> Iterable[Sequence[str]]:
    yield _COLUMNS["mentions"].split(",")
    for one in sorted(page.incident.mentions.values(), key=lambda one: (one.posted_at, one.uid)):
        yield [
            one.id,
            one.source,
            one.handle,
            one.name,
            *page.times(one.posted_at),
            *page.times(one.linked_at),
            *page.times(one.answered_at),
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
                *page.times(version.at),
                version.by,
                _approver(words, version.version),
                words.state if last else "replaced",
                *(page.times(words.sent_at) if last else ("", "")),
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
            *page.times(posted),
            *page.times(words.sent_at),
            seconds(posted, words.sent_at),
            words.author,
            _approver(words, words.version),
            words.state,
            words.sha256,
            _url(words),
            words.text,
        ]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _url(words: Words) -> str:
    return next((send.remote_url for send in words.sends.values() if send.remote_url), "")


def _approver(words: Words, version: int) -> str:
    """Return who agreed to a version, and whose word nothing took back."""
    names: list[str] = []
    for verdict in words.verdicts:
        if verdict.version != version:
            continue
        if verdict.verdict in TAKEN_BACK:
            names.clear()
        else:
            alone = " (without approval)" if verdict.verdict == "released" else ""
            names.append(f"{verdict.by}{alone}")
    return ", ".join(names)
