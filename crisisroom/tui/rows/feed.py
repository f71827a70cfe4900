"""A mention in the feed: one line, ours on the left, the stranger's words last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from crisisroom.core.mention import Mention
from crisisroom.room.desk import BY_HAND
from crisisroom.text import clean_line
from crisisroom.tui import signs
from crisisroom.tui.rows import Cell, Row, fit, gap, row
from crisisroom.tui.rows.times import brief_clock, number

PATIENCE = timedelta(minutes=10)
WIDE_REACH = 10_000
HANDLED = ("answered", "offline", "dismissed")
_MARKS = {
    "new": signs.FREE,
    "claimed": signs.OWNED,
    "answered": signs.DONE,
    "offline": signs.PRIVATE,
    "dismissed": signs.OFF,
}


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks, and when: what a row depends on besides the mention."""

    me: str
    now: datetime
    zone: tzinfo


def feed_row(mention: Mention, eyes: Eyes, width: int) -> Row:
    """Return the mention's line: mark, time, flag, source, reach, owner, handle, text."""
    quiet = mention.state in HANDLED
    base = "quiet" if quiet else "text"
    wider = width >= 100
    source, handle = (8, 14) if wider else (5, 9)
    mine = mention.assignee == eyes.me and not quiet
    left = (
        gap(1),
        Cell(_MARKS[mention.state], _mark_role(mention, mine)),
        gap(1),
        Cell(fit(brief_clock(mention.posted_at, eyes.now, eyes.zone), 5), base),
        Cell("!" if flagged(mention, eyes.now) else " ", "warn"),
        gap(1),
        Cell(fit(source_name(mention.source, source), source), "quiet"),
        gap(1),
        Cell(fit(number(mention.author.reach), 4, right=True), base),
        gap(1),
        Cell(fit(mention.assignee[:4], 4), "mine" if mine else base),
        gap(1),
    )
    taken = 21 + source
    words = Cell(fit(one_line(mention.text), max(1, width - taken - handle - 1)), base, True)
    name = Cell(fit(near_handle(mention), handle), "bold" if mention.state == "new" else base, True)
    return row(*left, name, gap(1), words, at=mention.id)


def _mark_role(mention: Mention, mine: bool) -> str:
    if mention.state in ("answered", "offline"):
        return "ok"
    if mention.state == "new" or mine:
        return "mine"
    return "quiet" if mention.state == "dismissed" else "text"


def flagged(mention: Mention, now: datetime) -> bool:
    """Say whether it needs a look: press or wide reach, or it waits too long in an incident."""
    if mention.state not in ("new", "claimed"):
        return False
    wide = (mention.author.reach or 0) >= WIDE_REACH or mention.kind == "article"
    return wide or (bool(mention.incident) and now - mention.posted_at >= PATIENCE)


def source_name(source: str, width: int) -> str:
    """Return a source's short name: its first letters, no clip sign; `hand` for by-hand."""
    return "hand" if source == BY_HAND else source[:width]


def handle_of(mention: Mention) -> str:
    """Return how the author is shown, on one line."""
    return one_line(mention.author.handle or mention.author.name or "somebody")


def near_handle(mention: Mention) -> str:
    """Return the handle as its own network writes it: without the server; the thread has it."""
    handle = handle_of(mention)
    sign = "@" if handle.startswith("@") else ""
    name = handle.removeprefix("@").partition("@")[0]
    return f"{sign}{name}" if name else handle


def one_line(text: str) -> str:
    """Return words on one line, emoji folded, so that their width is certain."""
    return clean_line(text, limit=300)


def safe_name(handle: str) -> str:
    """Return a stranger's name for our left column: plain ASCII of twelve cells, or `a post`."""
    plain = handle.isascii() and handle.isprintable() and 0 < len(handle) <= 12
    return handle if plain else "a post"


def feed_title(total: int, free: int, *, filtered: str, focused: bool, pane: str = "1") -> Row:
    """Return the title of the pane on a wide screen, with what it counts."""
    posts = "1 post" if total == 1 else f"{total:,} posts"
    return row(
        gap(1),
        Cell(pane, "quiet"),
        gap(1),
        Cell("Feed", "focus" if focused else "bold"),
        Cell(f"  {posts}, {free:,} free"),
        Cell(f"   {filtered or 'newest first'}", "warn" if filtered else "quiet"),
    )


def newer_row(newer: int) -> Row:
    """Return the notice that posts have come while somebody reads."""
    return row(
        gap(3), Cell(f"{newer:,} newer", "mine"), Cell("   g shows them, F follows", "quiet")
    )


def empty_rows(filtered: str) -> Sequence[Row]:
    """Return what stands in an empty feed: why, and the way out."""
    if filtered:
        return (row(gap(3), Cell("nothing matches", "text"), Cell("   esc shows all", "quiet")),)
    return (
        row(gap(3), Cell("No posts yet.")),
        row(gap(3), Cell("+ adds one by hand; crisisroom ingest takes them from a pipe.", "quiet")),
    )
