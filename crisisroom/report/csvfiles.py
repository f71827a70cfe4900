"""The record as spreadsheets: RFC 4180, UTF-8, a row a thing, and no cell that computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from crisisroom.core.approval import TAKEN_BACK
from crisisroom.core.corrected import visibility
from crisisroom.core.incident import Words
from crisisroom.core.timeline import Entry, stamp
from crisisroom.report import csv_kept, csv_owed
from crisisroom.report.csv_owed import seconds
from crisisroom.report.history import versions
from crisisroom.report.jsondoc import shown_words
from crisisroom.report.model import Record
from crisisroom.report.page import Page
from crisisroom.report.plain import visible
from crisisroom.text.escape import csv_cell

_COLUMNS = {
    "timeline": (
        "entry,at,at_utc,recorded_at_utc,kind,actor,role,source,text,corrects,corrected_by,"
        "corrected_at,corrected_at_utc,pinned,visibility"
    ),
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
        "sent_at_utc,sha256,url,text,own_channel"
    ),
    "replies": (
        "id,version,to,mention,channel,posted_at,posted_at_utc,sent_at,sent_at_utc,"
        "waited_seconds,author,approved_by,state,sha256,url,text"
    ),
}


def csv_files(record: Record, zone: str = "") -> dict[str, Iterator[bytes]]:
    """Return the files by name: timeline, tasks, mentions, statements, replies, metrics, actions.

    Then deadlines, enquiries, decisions, evidence and volume, but not in public. Times are ISO
    8601 with the offset of `zone` (else the incident's), with UTC beside. Every row says of which
    incident it is, and whether that was a drill: so rows of several can be put together, and
    drills left out of statistics.
    """
    page = Page.of(record, zone)
    tables = {
        "timeline": _timeline(page),
        "tasks": _tasks(page),
        "mentions": _mentions(page),
        "statements": _statements(page),
        "replies": _replies(page),
        "metrics": csv_owed.figures(page),
        "actions": csv_kept.actions(page),
        "log": csv_kept.log(page),
    }
    if not page.public:
        tables |= {
            "deadlines": csv_owed.deadlines(page),
            "enquiries": csv_owed.enquiries(page),
            "decisions": csv_kept.decisions(page),
            "evidence": csv_kept.evidence(page),
            "volume": csv_kept.volume(page),
        }
    return {
        f"{record.incident.id}-{name}.csv": _csv(_marked(page, rows))
        for name, rows in tables.items()
    }


def _marked(page: Page, rows: Iterable[Sequence[str]]) -> Iterable[Sequence[str]]:
    """Add to each row which incident it is of, and whether it was a drill."""
    for number, row in enumerate(rows):
        own = (page.incident.id, _yes(page.incident.drill))
        yield [*row, *(own if number else ("incident", "drill"))]


def _csv(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([csv_cell(visible(cell)) for cell in row])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()


def _timeline(page: Page) -> Iterable[Sequence[str]]:
    legal = page.record.profile == "legal"
    pinned = frozenset(page.incident.pinned)
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
            *_righted(page, entry.seq),
            _yes(entry.seq in pinned),
            _readers(page, entry),
            *([entry.uid, entry.prev_hash, entry.hash] if legal else []),
        ]


def _readers(page: Page, entry: Entry) -> str:
    """Return who may read an entry, where that is not just the team."""
    seen_by = visibility(page.incident, entry)
    return "" if seen_by == "internal" else seen_by


def _righted(page: Page, seq: int) -> tuple[str, str, str]:
    """Return which entry corrects one, and when it really was, where that was wrong."""
    righted = page.incident.corrected.get(f"{seq}")
    return ("", "", "") if righted is None else (f"{righted.entry}", *page.times(righted.at))


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
    """Yield a row a version, and one for each channel with words of its own."""
    yield _COLUMNS["statements"].split(",")
    written = versions(page.record.entries, page.incident)
    for words in shown_words(page.record, page.incident.statements.values()):
        for version in written[words.id]:
            last = version.version == words.version
            if not last and page.public:
                continue
            told = [
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
            ]
            yield [*told, version.text, ""]
            for channel, own in version.variants.items():
                yield [*told, own, channel]


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
