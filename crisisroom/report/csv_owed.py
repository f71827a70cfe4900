"""What was owed as spreadsheets: legal duties, enquiries, and the figures of an incident."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from crisisroom.report.contract_people import margin
from crisisroom.report.metrics import metrics
from crisisroom.report.page import Page

_DEADLINES = (
    "id,title,law,role,state,waiting_for,started_at,started_at_utc,due_at,due_at_utc,closed_at,"
    "closed_at_utc,closed_by,seconds_before,seconds_late,words"
)
_ENQUIRIES = (
    "id,sort,outlet,name,reach,asked_at,asked_at_utc,due_at,due_at_utc,owner,state,answered_at,"
    "answered_at_utc,answered_by,waited_seconds,question,answer"
)
_METRICS = (
    "id,label,state,unit,seconds,seconds_late,so_far,target,met,of,from,from_at,from_at_utc,to,to_at,"
    "to_at_utc"
)

Rows = Iterable[Sequence[str]]


def deadlines(page: Page) -> Rows:
    """Yield a row a legal duty, with how long before its time it was met, or how late."""
    yield _DEADLINES.split(",")
    for one in page.incident.deadlines.values():
        yield [
            one.id,
            one.title,
            one.law,
            one.role,
            one.state,
            one.waiting_for,
            *page.times(one.started_at),
            *page.times(one.due_at),
            *page.times(one.closed_at),
            one.closed_by,
            *_margin(margin(one)),
            one.words,
        ]


def enquiries(page: Page) -> Rows:
    """Yield a row a question, with the answer."""
    yield _ENQUIRIES.split(",")
    for one in page.incident.enquiries.values():
        yield [
            one.id,
            one.sort,
            one.outlet,
            one.name,
            one.reach,
            *page.times(one.asked_at),
            *page.times(one.due_at),
            one.owner,
            one.state,
            *page.times(one.answered_at),
            one.answered_by,
            seconds(one.asked_at, one.answered_at),
            one.question,
            one.answer,
        ]


def figures(page: Page) -> Rows:
    """Yield a row a figure, with the entries it comes from."""
    yield _METRICS.split(",")
    for one in metrics(page.record):
        numbers = (one.so_far, one.target, one.met, one.of, one.since)
        yield [
            *(one.id, one.label, one.state, one.unit),
            *_margin(one.seconds),
            *map(_number, numbers),
            *page.times(one.since_at),
            _number(one.to),
            *page.times(one.to_at),
        ]


def seconds(start: datetime | None, end: datetime | None) -> str:
    """Return whole seconds; nothing where the end is missing or before the start."""
    if start is None or end is None or end < start:
        return ""
    return f"{int((end - start).total_seconds())}"


def _margin(left: int | None) -> tuple[str, str]:
    """Return the time left and the time too late: a cell with a minus sign could compute."""
    if left is None:
        return "", ""
    return (_number(left), "") if left >= 0 else ("", _number(-left))


def _number(value: int | None) -> str:
    return "" if value is None else f"{value}"
