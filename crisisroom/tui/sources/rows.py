"""Sources in rows: state, age, what they brought, and one of them whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from crisisroom.core.clocks import minutes
from crisisroom.room.listening import Heard, Listening
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, wrap
from crisisroom.tui.rows.story import trend
from crisisroom.tui.rows.times import clock, number
from crisisroom.tui.rows.warning import heading

_MARKS = {
    "ok": (signs.DONE, "ok"),
    "stale": (signs.LOOK, "warn"),
    "failing": (signs.BAD, "late"),
    "new": (signs.WAITS, "quiet"),
}
_WORDS = {"ok": "ok", "stale": "stale", "failing": "fails", "new": "not asked yet"}
HOURS = 24


@dataclass(frozen=True, slots=True)
class Sources:
    """What the screen shows, and when and where one is."""

    told: Listening
    now: datetime
    zone: tzinfo

    def one(self, name: str) -> Heard | None:
        """Return a source."""
        return next((heard for heard in self.told.sources if heard.source.id == name), None)

    def at(self, moment: datetime | None) -> str:
        """Return a time as rows show it."""
        return clock(moment, self.now, self.zone) if moment else "never"


def source_rows(seen: Sources, width: int) -> Iterator[Row]:
    """Yield the list: every source, then the accounts that none listens to."""
    told = seen.told
    states = [one.state for one in told.sources]
    bad = sum(state in ("failing", "stale") for state in states)
    rest = f"{len(states)}, {bad} need a look" if bad else f"{len(states)}, all well"
    yield heading("Sources", rest if states else "none yet", "focus")
    if not told.watched and states:
        yield row(
            gap(1),
            Cell(signs.LOOK, "warn"),
            Cell(" nobody asks them now", "warn"),
            Cell("   crisisroom watch does, around the clock", "quiet"),
        )
    for one in told.sources:
        yield _source_row(one, seen, width)
    if not states:
        yield from _none()
    if told.unwatched:
        yield BLANK
        yield heading("Not listened to", "silence there is not calm")
    for account in told.unwatched:
        yield row(
            gap(1),
            Cell(signs.LOOK, "warn"),
            gap(1),
            Cell(fit(account.id, 14)),
            Cell(fit(account.type, 14), "quiet"),
            Cell(clip(account.handle or account.server, max(8, width - 32)), "quiet"),
            at=f"account:{account.id}",
        )


def _none() -> Iterator[Row]:
    yield row(gap(3), Cell("The room hears nothing by itself yet."))
    yield row(
        gap(3), Cell("crisisroom init", "key"), Cell("   writes a crisisroom.yaml with examples")
    )
    yield row(
        gap(3), Cell("crisisroom doctor", "key"), Cell(" says what is missing, and what to do")
    )


def _source_row(one: Heard, seen: Sources, width: int) -> Row:
    sign, role = _MARKS.get(one.state, (signs.LOOK, "warn"))
    state = _WORDS.get(one.state, one.state)
    if one.state in ("stale", "failing") and one.last_ok_at is not None:
        state += f" {minutes(seen.now - one.last_ok_at)}"
    elif one.state == "failing":
        state = "never worked"
    base = "text" if one.state == "ok" else role
    why = one.missing or one.reason if one.state != "ok" else ""
    return row(
        gap(1),
        Cell(sign, role),
        gap(1),
        Cell(fit(one.source.id, 14), "bold" if one.state != "ok" else "text"),
        Cell(fit(state, 14), base),
        Cell(fit(f"{number(one.mentions)} in 24h", 12), "text" if one.mentions else "quiet"),
        Cell("" if why else f"{trend(one.hourly, 12)}  ", "quiet"),
        Cell(
            clip(why or one.source.type, max(4, width - (44 if why else 58))),
            "text" if why else "quiet",
        ),
        at=f"source:{one.source.id}",
    )


def source_sheet(seen: Sources, at: str, width: int) -> Iterator[Row]:
    """Yield what is told of one row of the list."""
    kind, _, name = at.partition(":")
    one = seen.one(name) if kind == "source" else None
    if one is not None:
        yield from _whole(one, seen, width)
    elif kind == "account":
        yield row(gap(3), Cell(f"No source listens to {name}.", "bold"))
        told = (
            "What people say there does not come in, so that silence there says nothing. Add a"
            f" source with account: {name} to crisisroom.yaml; crisisroom doctor then tries it."
        )
        yield from (row(gap(3), Cell(line)) for line in wrap(told, min(80, width - 4)))
    elif not seen.told.terms and seen.told.sources:
        yield row(gap(3), Cell("No watched terms", "warn"))


def _whole(one: Heard, seen: Sources, width: int) -> Iterator[Row]:
    source = one.source
    via = f", account {one.account.id}" if one.account else ""
    yield row(gap(3), Cell(source.id, "bold"), Cell(f"   {source.type}{via}", "quiet"))
    if one.missing:
        yield from _told("lacks", one.missing, width, "late")
    if one.reason:
        yield from _told("because", one.reason, width, "warn" if one.state != "ok" else "quiet")
    yield from _told("last ok", seen.at(one.last_ok_at), width)
    if one.fails:
        tries = "1 try" if one.fails == 1 else f"{one.fails} tries"
        yield from _told("since", f"{tries} in vain, the last {seen.at(one.last_try_at)}", width)
    if one.next_at is not None:
        yield from _told("next", seen.at(max(one.next_at, seen.now)), width)
    yield from _told("asked", f"every {_every(source.every)}", width)
    for what, value in (("url", source.url), ("server", source.server), ("listens", source.listen)):
        if value:
            yield from _told(what, value, width)
    bad = f", {one.complaints:,} of them complaints" if one.complaints else ""
    yield from _told("brought", f"{one.mentions:,} posts in 24 hours{bad}", width)
    if one.mentions:
        yield row(gap(3), Cell(fit("", 9)), Cell(trend(one.hourly, HOURS), "quiet"))


def _every(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 120 else f"{seconds // 60} minutes"


def _told(what: str, words: str, width: int, role: str = "text") -> Iterator[Row]:
    for index, line in enumerate(wrap(words, max(20, width - 13))):
        yield row(gap(3), Cell(fit("" if index else what, 9), "quiet"), Cell(line, role))
