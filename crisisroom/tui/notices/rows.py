"""Pages in rows: what waits for whom, by which way they were told, and who has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from crisisroom.core.notify import SORTS
from crisisroom.room.notifying_looking import Noticed, Standing
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, short, wrap
from crisisroom.tui.rows.times import brief_clock, clock
from crisisroom.tui.rows.warning import heading

_STATES = {
    "open": ("waits", "warn"),
    "unanswered": ("no answer", "late"),
    "acknowledged": ("answered", "quiet"),
    "told": ("told", "quiet"),
    "over": ("over", "quiet"),
}
_OUTCOMES = {
    "sent": ("told by", "text"),
    "sending": ("on its way by", "text"),
    "failed": ("not by", "warn"),
    "unknown": ("in doubt by", "warn"),
}


@dataclass(frozen=True, slots=True)
class Notices:
    """What the screen shows: the pages, newest first, and how telling people does."""

    pages: Sequence[Noticed]
    standing: Standing
    me: str
    now: datetime
    zone: tzinfo

    def one(self, name: str) -> Noticed | None:
        """Return a page."""
        return next((one for one in self.pages if one.page.id == name), None)


def notice_rows(seen: Notices, width: int) -> Iterator[Row]:
    """Yield what waits, this person's own first, then what is over, then what is wrong."""
    waiting = sorted(
        (one for one in seen.pages if one.waits), key=lambda one: one.page.person != seen.me
    )
    closed = [one for one in seen.pages if not one.waits]
    mine = sum(one.page.person == seen.me for one in waiting)
    told = f"{len(waiting)} wait" + (f", {mine} for you" if mine else "") if waiting else "none"
    yield heading("Pages without an answer", told, "focus")
    for one in waiting:
        yield _row(seen, one, width)
    if not waiting:
        yield row(gap(3), Cell(_nothing(seen), "quiet"))
    yield BLANK
    if trouble := list(_trouble(seen, width)):
        yield heading("What keeps people from being told", str(len(trouble)))
        yield from trouble
        yield BLANK
    yield heading("Before", str(len(closed)))
    for one in closed:
        yield _row(seen, one, width)


def _nothing(seen: Notices) -> str:
    if seen.standing.works:
        return "Nobody waits for an answer."
    return "Told on the screen only: add messengers: to crisisroom.yaml, and apply it."


def _row(seen: Notices, one: Noticed, width: int) -> Row:
    page = one.page
    words, role = _STATES[page.state]
    sign = Cell(signs.LOOK, role) if one.waits else Cell(signs.DONE, "quiet")
    if page.state == "unanswered" and not one.waits:
        words, role, sign = "not told", "warn", Cell(signs.BAD, "warn")
    mine = one.waits and page.person == seen.me
    where = " ".join(part for part in (page.incident, page.about) if part)
    said = SORTS[page.kind].one
    text = f"{said}: {where}" if where else said
    return row(
        gap(1),
        sign,
        gap(1),
        Cell(fit(brief_clock(page.at, seen.now, seen.zone), 8), "quiet"),
        Cell(fit(page.id, 10), "bold" if mine else "text"),
        Cell(fit(short(page.person, 7), 8), "mine" if mine else "text"),
        Cell(fit(words, 11), role),
        Cell(clip(text, max(8, width - 42)), "bold" if mine else "text" if one.waits else "quiet"),
        at=f"page:{page.id}",
    )


def _trouble(seen: Notices, width: int) -> Iterator[Row]:
    known = seen.standing
    for name, since in known.failing:
        yield _told(f"{name} fails since {clock(since, seen.now, seen.zone)}", "late", width)
    for page in known.missed:
        yield _told(f"{page.person} did not answer the test page {page.id}", "warn", width)
    for name, ends in known.expiring:
        yield _told(f"the token of {name} ends {clock(ends, seen.now, seen.zone)}", "warn", width)
    for place in known.outside:
        if place.reason:
            yield _told(f"{place.place}: {place.reason}", "warn", width)


def _told(words: str, role: str, width: int) -> Row:
    return row(gap(1), Cell(signs.BAD, role), gap(1), Cell(clip(words, width - 4), role))


def notice_sheet(seen: Notices, at: str, width: int) -> Iterator[Row]:
    """Yield one page: what it is of, each message, and who answered."""
    one = seen.one(at.partition(":")[2])
    if one is None:
        return
    page = one.page
    said = SORTS[page.kind].one
    yield row(gap(3), Cell(f"{page.id}: {said}", "bold"))
    whom = f"for {page.person}, {clock(page.at, seen.now, seen.zone)}"
    yield row(gap(3), Cell(whom + (f", {page.incident}" if page.incident else ""), "quiet"))
    for it in one.tries:
        told, role = _OUTCOMES[it.state]
        line = f"{told} {it.way} {clock(it.at, seen.now, seen.zone)}"
        line += ", perhaps twice" if it.tries > 1 else ""
        for part in wrap(line + (f": {it.reason}" if it.reason else ""), width - 4):
            yield row(gap(3), Cell(part, role))
    if not one.tries:
        yield row(gap(3), Cell("not told yet", "quiet"))
    if page.closed_by:
        via = f" by {page.via}" if page.via != "room" else ""
        when = clock(page.closed_at, seen.now, seen.zone) if page.closed_at else ""
        yield row(gap(3), Cell(f"{page.closed_by} has it{via}, {when}", "ok"))
    elif one.until:
        until = f"to be answered until {clock(one.until, seen.now, seen.zone)}"
        yield row(gap(3), Cell(until, "warn"))
    elif page.state == "open":
        before = {it.page.person for it in seen.pages if it.page.key == page.key}
        left = [who for who in page.after if who not in before]
        after = f", then {', '.join(left)}" if left else ""
        next_ = f"next {clock(page.due_at, seen.now, seen.zone)}{after}"
        yield row(gap(3), Cell(next_, "warn"))
    if one.waits:
        yield row(gap(3), Cell("space acknowledges it: nobody is told of it any more", "quiet"))
