"""The timeline as rows: what is to come, the line of now, and what happened, newest on top."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from crisisroom.core.clocks import ClockState
from crisisroom.core.corrected import at, back_dated, correction, visibility
from crisisroom.core.recorded import Visibility
from crisisroom.core.timeline import ROOM, Entry
from crisisroom.tui import signs
from crisisroom.tui.rows import Cell, Row, cell_len, clip, fit, gap, row
from crisisroom.tui.rows.feed import one_line
from crisisroom.tui.rows.times import brief_clock
from crisisroom.tui.situation import Situation

TO_COME = 4
SHORT, SHORTER = 12, 8  # digits of a hash by which people compare it
_LOOK = ("incident.", "clock.late", "entry.corrected", "hold.")
_GOOD = ("task.done", "statement.approved", "reply.approved", "action.done")
_BAD = ("statement.rejected", "reply.rejected", "statement.failed", "reply.failed")
_DOUBT = ("statement.unknown", "reply.unknown")
_SENT = ("statement.sent", "reply.sent")
READERS: dict[Visibility, tuple[str, str]] = {
    "internal": ("", "quiet"),
    "legal": ("legal", "warn"),
    "public": ("public", "ok"),
}
"""Who may read an entry: the word before it, and its colour."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What stands above the timeline: how long it is, where its chain ends, what narrows it."""

    total: int
    head_hash: str = ""
    anchored_at: datetime | None = None
    typed: str = ""
    flaw: str = ""
    hits: int = 0
    left: int = 0  # entries that have yet to be looked at
    focused: bool = False


def head_rows(know: Situation, told: Head, width: int, *, wide: bool) -> list[Row]:
    """Return the rows above the list: how long, the end of the chain, and what narrows it."""
    name = [gap(1), Cell("4", "quiet"), gap(1)] if wide else [gap(3)]
    if wide:
        name += [Cell("Timeline", "focus" if told.focused else "bold"), gap(2)]
    entries = "1 entry" if told.total == 1 else f"{told.total} entries"
    rows = [row(*_fitting([*name, Cell(entries, "quiet")], _ends(know, told, wide), width))]
    if told.typed:
        hits = f"   {told.hits} of {told.total}"
        looking = f", {told.left} to look at" if told.left else ""
        words = clip(told.typed, width - 8 - cell_len(hits + looking))
        rows.append(row(gap(3), Cell(f"only {words}", "warn"), Cell(hits + looking, "quiet")))
    if told.flaw:
        rows.append(row(gap(3), Cell(clip(told.flaw, width - 3), "warn")))
    return rows


def _ends(know: Situation, told: Head, wide: bool) -> Iterator[Cell]:
    """Yield what is told of the end of the chain, what matters most first."""
    between = "  " if wide else "   "
    if told.head_hash:
        yield Cell(f"{between}head {told.head_hash[: SHORTER if wide else SHORT]}", "quiet")
    if know.incident and know.incident.hold:
        yield Cell(f"{between}on hold", "warn")
    if told.anchored_at:
        when = brief_clock(told.anchored_at, know.now, know.zone)
        yield Cell(f"{between}anchored {when}", "quiet")


def _fitting(cells: list[Cell], more: Iterator[Cell], width: int) -> list[Cell]:
    for cell in more:
        if sum(cell_len(one.text) for one in [*cells, cell]) <= width:
            cells = [*cells, cell]
    return cells


def coming_rows(know: Situation, width: int) -> list[Row]:
    """Return what is to come, soonest lowest; each row's `at` is `clock:ID`."""
    coming = know.clocks if know.incident else ()  # of a resolved one only the law's run
    return [_clock_row(know, clock, width) for clock in reversed(coming[:TO_COME])]


def now_row(know: Situation, width: int) -> Row:
    """Return the line that parts what is to come from what was."""
    line = signs.NOW[: max(0, width - 16)]
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
    """Return one entry: mark, time, pin, who, words; `more` links of one person go with it.

    Time and words are those of its newest correction, which a word before them says.
    """
    state, machine = know.incident, entry.actor == ROOM
    made = correction(state, entry) if state else None
    words = f"linked {more + 1} posts" if more else one_line(made.words if made else "")
    when = at(state, entry) if state else entry.at
    mark, role = mark_of(entry.kind)
    pinned = state is not None and entry.seq in state.pinned
    tags = list(_tags(know, entry, corrected=made is not None))
    room = width - 16 - sum(cell_len(tag.text) for tag in tags)
    return row(
        gap(1),
        Cell(mark, role),
        gap(1),
        Cell(fit(brief_clock(when, know.now, know.zone), 5), "quiet"),
        Cell(signs.PINNED if pinned else " ", "mine"),
        gap(2),
        Cell(fit(entry.actor[:4], 4), "quiet" if machine else "text"),
        gap(1),
        *tags,
        Cell(clip(words or one_line(entry.text), room), "quiet" if machine else "text", True),
        at=f"entry:{entry.seq}",
    )


def _tags(know: Situation, entry: Entry, *, corrected: bool) -> Iterator[Cell]:
    """Yield what was said of an entry beside its words."""
    if back_dated(entry):
        yield Cell("later: ", "quiet")
    if corrected:
        yield Cell("corrected: ", "quiet")
    word, role = READERS[visibility(know.incident, entry) if know.incident else "internal"]
    if word:
        yield Cell(f"{word}: ", role)


def unread_row(seq: int) -> Row:
    """Return the row of an entry that is being read."""
    return row(gap(3), Cell(signs.CLIPPED, "faint"), at=f"entry:{seq}")


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
