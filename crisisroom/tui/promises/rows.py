"""Promises and talks in private in rows: how long there is, who sees to it, whom we owe it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from crisisroom.core.clocks import minutes
from crisisroom.core.incident import Incident
from crisisroom.core.promises import Thread, is_said, owed, threads, whom
from crisisroom.core.said import Promise
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, short, wrap
from crisisroom.tui.rows.times import brief_clock, clock, due
from crisisroom.tui.rows.warning import heading

NAME = 14  # cells of a stranger's handle in the list
QUOTED = 6  # lines of what they said
_NEAR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Debts:
    """What the screen shows: an incident's promises and private talks, open ones first."""

    incident: Incident
    promises: Sequence[Promise]
    talks: Sequence[Thread]
    me: str
    now: datetime
    zone: tzinfo

    def promise(self, name: str) -> Promise | None:
        """Return a promise."""
        return next((one for one in self.promises if one.id == name), None)

    def talk(self, name: str) -> Thread | None:
        """Return a talk in private, by its mention's id."""
        return next((one for one in self.talks if one.mention == name), None)


def debts_of(incident: Incident, me: str, now: datetime, zone: tzinfo) -> Debts:
    """Gather what we owe people in an incident."""
    open_ = owed(incident)
    closed = [one for one in incident.promised.values() if one not in open_]
    closed.sort(key=lambda one: one.closed_at or one.at, reverse=True)
    talks = sorted(threads(incident), key=lambda one: not one.open)
    return Debts(incident, (*open_, *closed), talks, me, now, zone)


def debt_rows(debts: Debts, width: int) -> Iterator[Row]:
    """Yield promises, then talks in private."""
    open_ = owed(debts.incident)
    late = sum(one.due_at is not None and one.due_at <= debts.now for one in open_)
    told = f"{len(open_)} open" + (f", {late} late" if late else "")
    yield heading("Promises", told, "focus")
    for promise in debts.promises:
        yield _promise_row(debts, promise, width)
    if not debts.promises:
        yield row(gap(3), Cell("None yet.   + writes down what a reply promises", "quiet"))
    yield BLANK
    yield heading("In private", f"{sum(one.open for one in debts.talks)} open")
    for talk in debts.talks:
        yield _talk_row(debts, talk, width)
    if not debts.talks:
        yield row(gap(3), Cell("Nobody was asked to go on in private.", "quiet"))


def _promise_row(debts: Debts, one: Promise, width: int) -> Row:
    still = one.state == "open"
    at, role = _due(debts, one)
    marks = {"kept": Cell(signs.DONE, "ok"), "dropped": Cell(signs.OFF, "quiet")}
    base = "text" if still else "quiet"
    mine = still and one.owner == debts.me
    late = role == "late"
    return row(
        gap(1),
        marks.get(one.state, Cell(signs.LOOK, "late") if late else Cell(signs.OWNED)),
        gap(1),
        Cell(fit(at, 8), role if still else "quiet"),
        Cell(fit(short(one.owner, 7), 8), "mine" if mine else base),
        Cell(fit(one.words, max(8, width - 22 - NAME)), "bold" if still else "quiet"),
        gap(2),
        _whom(debts, one),
        at=f"promise:{one.id}",
    )


def _whom(debts: Debts, one: Promise) -> Cell:
    name = whom(debts.incident, one)
    return Cell(clip(name, NAME), "quiet", foreign=name != one.reply)


def _due(debts: Debts, one: Promise) -> tuple[str, str]:
    if one.state != "open":
        return one.state, "quiet"
    if one.due_at is None:
        return "no time", "warn"
    if one.due_at <= debts.now:
        return due(one.due_at, debts.now, debts.zone, "overdue"), "late"
    near = one.due_at - debts.now <= _NEAR
    state = "warn" if near else "ok"
    return due(one.due_at, debts.now, debts.zone, state), "warn" if near else "text"


def _talk_row(debts: Debts, one: Thread, width: int) -> Row:
    base = "text" if one.open else "quiet"
    mark = Cell(signs.PRIVATE, "text") if one.open else Cell(signs.DONE, "ok")
    waited = minutes(debts.now - one.since) if one.since else "now"
    waits = f"open {waited}".removesuffix(" now") if one.open else "closed"
    outcome = one.outcome or "goes on; nobody noted what came of it"
    return row(
        gap(1),
        mark,
        gap(1),
        Cell(fit(waits, 10), "warn" if one.open else "quiet"),
        Cell(fit(short(one.by), 6), "mine" if one.open and one.by == debts.me else base),
        Cell(fit(outcome, max(8, width - 22 - NAME)), base),
        gap(2),
        Cell(clip(one.handle or one.mention, NAME), "quiet", foreign=bool(one.handle)),
        at=f"talk:{one.mention}",
    )


def debt_sheet(debts: Debts, at: str, width: int, most: int = QUOTED) -> Iterator[Row]:
    """Yield one promise or talk, and at most so many lines of what was said to us."""
    kind, _, name = at.partition(":")
    if kind == "promise" and (promise := debts.promise(name)) is not None:
        yield from _promise(debts, promise, width)
        yield BLANK
        yield from _said(debts, promise.mention, promise.reply, width, most)
    elif kind == "talk" and (talk := debts.talk(name)) is not None:
        yield from _talk(debts, talk, width)
        yield BLANK
        yield from _said(debts, talk.uid, talk.reply, width, most)


def _promise(debts: Debts, one: Promise, width: int) -> Iterator[Row]:
    for line in wrap(one.words, width - 4):
        yield row(gap(3), Cell(line, "bold"))
    by = f", by {clock(one.due_at, debts.now, debts.zone)}" if one.due_at else ", no time named"
    yield row(gap(3), Cell(f"{one.owner} sees to it{by}"))
    made = clock(one.at, debts.now, debts.zone)
    yield row(gap(3), Cell(f"{one.id} in {one.reply}, written down by {one.by} {made}", "quiet"))
    if one.state == "open" and not is_said(debts.incident, one):
        yield row(gap(3), Cell("the reply is not out yet", "warn"))
    if one.ticket:
        yield row(gap(3), Cell("ticket  ", "quiet"), Cell(clip(one.ticket, width - 12)))
    if one.closed_at is not None:
        when = clock(one.closed_at, debts.now, debts.zone)
        yield row(gap(3), Cell(f"{one.state} by {one.closed_by} {when}", "ok"))
        for line in wrap(one.outcome, width - 4) if one.outcome else ():
            yield row(gap(3), Cell(line))


def _talk(debts: Debts, one: Thread, width: int) -> Iterator[Row]:
    since = f" {clock(one.since, debts.now, debts.zone)}" if one.since else ""
    moved = f", by {one.reply}" if one.reply else ""
    yield row(gap(3), Cell(f"{one.by or 'somebody'} moved it to private{since}{moved}", "bold"))
    if one.open:
        words = "It stays open until somebody notes what came of it."
        yield row(gap(3), Cell(words, "warn"), Cell("   space does", "quiet"))
    else:
        yield row(gap(3), Cell("what came of it", "quiet"))
        for line in wrap(one.outcome, width - 4):
            yield row(gap(3), Cell(line))


def _said(debts: Debts, uid: str, reply_id: str, width: int, most: int) -> Iterator[Row]:
    """Yield what they said, behind the bar, and what we answered."""
    post = debts.incident.mentions.get(uid)
    if post is not None:
        bar = Cell(signs.QUOTE, "faint")
        at = brief_clock(post.posted_at, debts.now, debts.zone)
        name = clip(post.handle or post.name or post.id, width - 14)
        yield row(gap(1), bar, gap(1), Cell(f"{at}  ", "quiet"), Cell(name, "bold", True))
        lines = wrap(post.quote, width - 4)
        for line in lines[:most]:
            yield row(gap(1), bar, gap(1), Cell(line, "text", True))
        if len(lines) > most:
            yield row(gap(3), Cell(f"{len(lines) - most} more lines, enter shows it", "quiet"))
        yield BLANK
    reply = debts.incident.replies.get(reply_id)
    if reply is not None:
        yield row(gap(3), Cell(f"{reply.author} in {reply.id}, {reply.state}", "quiet"))
        for line in wrap(reply.text, width - 4):
            yield row(gap(3), Cell(line))
