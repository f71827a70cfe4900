"""A mention in the feed: one line, ours on the left, the stranger's words last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from crisisroom.core.mention import Mention
from crisisroom.firstpaint.feed import HANDLED, LETTERS, SHORT, WIDE, WIDE_REACH
from crisisroom.room.addressing import BY_HAND
from crisisroom.room.looks import on_mention
from crisisroom.store.places import Presence
from crisisroom.text import clean_line
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, cell_len, fit, gap, row
from crisisroom.tui.rows.folding import PHONE
from crisisroom.tui.rows.times import brief_clock, number

PATIENCE = timedelta(minutes=10)
LOUD = 0.6  # the priority from which a post needs a look
_MARKS = {
    "new": signs.FREE,
    "claimed": signs.OWNED,
    "answered": signs.DONE,
    "offline": signs.PRIVATE,
    "dismissed": signs.OFF,
}


class Eyes(msgspec.Struct, frozen=True):
    """Who looks, and when: what a row depends on besides the mention."""

    me: str
    now: datetime
    zone: tzinfo
    people: Sequence[Presence] = ()


def feed_row(mention: Mention, eyes: Eyes, width: int, *, marked: bool = False) -> Row:
    """Return the mention's line: mark, time, flag, source, reach, owner, handle, text.

    A decision stands where the flag was, or as a word where the line is wide; `marked` rows were
    chosen for an act on several.
    """
    if width < PHONE:
        return _phone_row(mention, eyes, width, marked=marked)
    quiet = mention.state in HANDLED
    base = "quiet" if quiet else "text"
    wider = width >= WIDE
    source, handle = (8, 14) if wider else (5, 9)
    mine = mention.assignee == eyes.me and not quiet
    left = (
        gap(1),
        Cell(_MARKS[mention.state], _mark_role(mention, mine)),
        gap(1),
        Cell(
            fit(brief_clock(mention.posted_at, eyes.now, eyes.zone), 5), "chip" if marked else base
        ),
        _flag(mention, eyes, wider=wider),
        gap(1),
        Cell(fit(source_name(mention.source, source), source), "quiet"),
        gap(1),
        Cell(fit(number(mention.author.reach), 4, right=True), base),
        gap(1),
        _owner(mention, eyes, "mine" if mine else base),
        gap(1),
    )
    copies = Cell(_copies(mention), "quiet")
    decided = (Cell(fit(SHORT.get(mention.verdict, ""), 7), base),) if wider else ()
    if wider:
        before: tuple[Cell, ...] = (Cell(fit(copies.text, 5), "quiet"), *decided)
    else:
        before = (copies, gap(1)) if copies.text else ()
        handle -= sum(len(cell.text) for cell in before)
    taken = 21 + source + (12 if wider else 0)
    used = 9 if not wider else handle
    words = Cell(fit(one_line(mention.text), max(1, width - taken - used - 1)), base, True)
    name = Cell(fit(near_handle(mention), handle), "bold" if mention.state == "new" else base, True)
    return row(*left, *before, name, gap(1), words, at=mention.id)


def _phone_row(mention: Mention, eyes: Eyes, width: int, *, marked: bool) -> Row:
    """Return the line of a narrow screen: who wrote and where they did are told by the thread."""
    quiet = mention.state in HANDLED
    base = "quiet" if quiet else "text"
    mine = mention.assignee == eyes.me and not quiet
    when = fit(brief_clock(mention.posted_at, eyes.now, eyes.zone), 5)
    left = (
        gap(1),
        Cell(_MARKS[mention.state], _mark_role(mention, mine)),
        gap(1),
        Cell(when, "chip" if marked else base),
        _flag(mention, eyes, wider=False),
        gap(1),
        Cell(fit(number(mention.author.reach), 4, right=True), base),
        gap(1),
        _owner(mention, eyes, "mine" if mine else base),
        gap(1),
        Cell(f"{_copies(mention)} " if mention.copies else "", "quiet"),
    )
    room = max(1, width - sum(cell_len(cell.text) for cell in left))
    words = Cell(fit(one_line(mention.text), room), base, True)
    return row(*left, words, at=mention.id)


def _owner(mention: Mention, eyes: Eyes, role: str) -> Cell:
    """Return whose it is; of a free post who looks at it, in quiet, or writes to it."""
    if mention.assignee or not eyes.people:
        return Cell(fit(mention.assignee[:4], 4), role)
    there = on_mention(eyes.people, mention.id, eyes.me)
    if not there:
        return Cell(fit("", 4), role)
    return Cell(fit(there[0].actor[:4], 4), "warn" if there[0].doing == "reply" else "quiet")


def _flag(mention: Mention, eyes: Eyes, *, wider: bool) -> Cell:
    """Return the flag of what needs a look; where somebody decided, the letter of what."""
    if mention.verdict and not wider:
        return Cell(LETTERS[mention.verdict], "mine" if mention.state == "new" else "quiet")
    return Cell(signs.LOOK if flagged(mention, eyes.now) else " ", "warn")


def _copies(mention: Mention) -> str:
    """Return how often it was posted, where near-identical ones are left out of the list."""
    return f"{signs.TIMES}{number(mention.copies + 1)}" if mention.copies else ""


def _mark_role(mention: Mention, mine: bool) -> str:
    if mention.state in ("answered", "offline"):
        return "ok"
    if mention.state == "new" or mine:
        return "mine"
    return "quiet" if mention.state == "dismissed" else "text"


def flagged(mention: Mention, now: datetime) -> bool:
    """Say whether it needs a look: it is urgent, press or of wide reach, or it waits too long."""
    if mention.state not in ("new", "claimed"):
        return False
    wide = (mention.author.reach or 0) >= WIDE_REACH or mention.kind == "article"
    wide = wide or mention.priority >= LOUD
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


class FeedHead(msgspec.Struct, frozen=True):
    """What the lines above the feed say: counts, order, filter, what came, what was marked."""

    total: int
    free: int
    newer: int = 0
    typed: str = ""
    flaw: str = ""
    follows: bool = False
    by_story: bool = False
    marked: int = 0
    focused: bool = False

    @property
    def posts(self) -> str:
        """Return how many there are in words."""
        return "1 post" if self.total == 1 else f"{self.total:,} posts"

    @property
    def order(self) -> Cell:
        """Return in which order they stand, or what narrows them."""
        order = "by story" if self.by_story else "newest first"
        if self.typed:
            shown = f"{order}, only" if self.by_story else "only"
            return Cell(f"   {shown} {self.typed}", "warn")
        return Cell(f"   {order}", "quiet")


def feed_head(told: FeedHead, *, wide: bool) -> list[Row]:
    """Return title and notice; the notice's line is always there, so that no row moves."""
    counts = f"{told.posts}, {told.free:,} free"
    if wide:
        title = row(
            gap(1),
            Cell("1", "quiet"),
            gap(1),
            Cell("Feed", "focus" if told.focused else "bold"),
            Cell(f"  {counts}"),
            told.order,
        )
        return [title, _notice(told) or BLANK]
    order = Cell("   follows the newest", "mine") if told.follows else told.order
    return [_notice(told, over=True) or row(gap(3), Cell(counts, "quiet"), order)]


def _notice(told: FeedHead, *, over: bool = False) -> Row | None:
    """Return what needs to be said now; `over` leaves out what the counts' own line says."""
    if told.marked:
        chosen = f"{told.marked} marked"
        return row(
            gap(3), Cell(chosen, "mine"), Cell("   a key acts on them, esc lets go", "quiet")
        )
    if told.flaw:
        return row(gap(3), Cell(told.flaw, "warn"))
    if told.newer:
        return newer_row(told.newer)
    if told.follows and not over:
        return row(gap(3), Cell("follows the newest", "mine"))
    return None


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
