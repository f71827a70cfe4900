"""The timeline as rows: what is to come, the line of now, and what happened, newest on top."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from crisisroom.core.clocks import ClockState
from crisisroom.core.timeline import ROOM, Entry
from crisisroom.tui import signs
from crisisroom.tui.rows import Cell, Row, clip, fit, gap, row
from crisisroom.tui.rows.feed import one_line
from crisisroom.tui.rows.times import brief_clock
from crisisroom.tui.situation import Situation

TO_COME = 4
_LOOK = ("incident.", "clock.late", "entry.corrected")
_GOOD = ("task.done", "statement.approved", "reply.approved", "action.done")
_BAD = ("statement.rejected", "reply.rejected", "statement.failed", "reply.failed")
_DOUBT = ("statement.unknown", "reply.unknown")
_SENT = ("statement.sent", "reply.sent")


def timeline_rows(know: Situation, entries: Sequence[Entry], width: int) -> list[Row]:
    """Return all rows; `at` is `entry:SEQ`, `clock:ID`, or `now`."""
    coming = know.clocks if know.incident else ()  # of a resolved one only the law's run
    rows = [_clock_row(know, clock, width) for clock in reversed(coming[:TO_COME])]
    rows.append(now_row(know, width))
    for _, run in groupby(reversed(entries), key=_together):
        newest, *rest = run
        rows.append(entry_row(know, newest, width, more=len(rest)))
    return rows


def _together(entry: Entry) -> tuple[str, str] | int:
    """Return what entries in a row have in common that are told as one: links by one person."""
    return (entry.kind, entry.actor) if entry.kind == "mention.linked" else entry.seq


def now_row(know: Situation, width: int) -> Row:
    """Return the line that parts what is to come from what was."""
    line = signs.LINE * max(0, width - 16)
    when = f"{know.now.astimezone(know.zone):%H:%M}"
    return row(
        gap(3), Cell(fit(when, 8), "bold"), Cell("now  ", "bold"), Cell(line, "faint"), at="now"
    )


def _clock_row(know: Situation, clock: ClockState, width: int) -> Row:
    urgent = clock.state != "ok"
    role = {"overdue": "late", "warn": "warn"}.get(clock.state, "quiet")
    base = "text" if urgent else "quiet"
    who = who_of(know, clock)
    mine = who == know.me and urgent
    return row(
        gap(1),
        Cell(signs.LOOK if urgent else signs.WAITS, role),
        gap(1),
        Cell(fit(brief_clock(clock.due_at, know.now, know.zone), 8), role),
        Cell(fit(who[:4], 4), "mine" if mine else base),
        gap(1),
        Cell(clip(lower(clock.title), width - 16), base),
        at=f"clock:{clock.id}",
    )


def who_of(know: Situation, clock: ClockState) -> str:
    """Return the person a clock waits for, `free` where nobody holds the role."""
    first = clock.who.partition(",")[0]
    roles = know.incident.roles if know.incident else {}
    return "free" if first in roles else first


def lower(title: str) -> str:
    """Return a title as part of a line: its first letter small, unless it is a name like ST-1."""
    if len(title) > 1 and title[1].islower():
        return title[0].lower() + title[1:]
    return title


def entry_row(know: Situation, entry: Entry, width: int, *, more: int = 0) -> Row:
    """Return one entry: mark, time, who, words; `more` links of the same person go with it."""
    words = f"linked {more + 1} posts" if more else one_line(entry.text)
    machine = entry.actor == ROOM
    late = "later: " if put_back(entry) else ""
    mark, role = mark_of(entry.kind)
    return row(
        gap(1),
        Cell(mark, role),
        gap(1),
        Cell(fit(brief_clock(entry.at, know.now, know.zone), 8), "quiet"),
        Cell(fit(entry.actor[:4], 4), "quiet" if machine else "text"),
        gap(1),
        Cell(late, "quiet"),
        Cell(clip(words, width - 16 - len(late)), "quiet" if machine else "text", True),
        at=f"entry:{entry.seq}",
    )


def put_back(entry: Entry) -> bool:
    """Say whether an entry was written down later than what it tells of: a minute or more."""
    return entry.recorded_at - entry.at >= timedelta(minutes=1)


def mark_of(kind: str) -> tuple[str, str]:
    """Return the sign of a kind of entry, and its role: colour is only on the sign."""
    if kind in _GOOD:
        return signs.DONE, "ok"
    if kind in _SENT:
        return signs.PRIVATE, "ok"
    if kind in _BAD:
        return signs.BAD, "late"
    if kind in _DOUBT or kind.startswith(_LOOK):
        return signs.LOOK, "warn"
    return " ", "text"


def timeline_title(count: int, *, focused: bool, filtered: str) -> Row:
    """Return the pane's title on a wide screen."""
    return row(
        gap(1),
        Cell("4", "quiet"),
        gap(1),
        Cell("Timeline", "focus" if focused else "bold"),
        Cell(f"  {count} entries" if count != 1 else "  1 entry", "quiet"),
        Cell(f"   {filtered}" if filtered else "", "warn"),
    )
