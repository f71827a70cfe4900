"""The evidence of an incident as rows: files, pictures and posts, each by its hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from crisisroom.core.incident import Incident, LinkedMention
from crisisroom.room.evidence import Item
from crisisroom.room.pictures import size_words
from crisisroom.store.pictures import Picture
from crisisroom.text import clean, clean_line
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, clip, fit, gap, row, wrap
from crisisroom.tui.rows.feed import one_line
from crisisroom.tui.rows.timeline import SHORT, SHORTER
from crisisroom.tui.rows.times import clock

POSTS = 500  # linked posts that are listed
_AT = 38  # column at which names begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What an incident has as evidence, and what hashing it again came to."""

    state: Incident
    items: Sequence[Item]
    waits: Sequence[Picture]
    now: datetime
    zone: tzinfo
    checked_at: datetime | None = None
    flaws: Mapping[str, str] = field(default_factory=dict)  # by sha256 or M-12

    @property
    def posts(self) -> list[LinkedMention]:
        """Return the linked posts, the newest first."""
        return sorted(self.state.mentions.values(), key=lambda one: one.posted_at, reverse=True)


def kept_top(kept: Kept, width: int) -> Row:
    """Return the title: how much there is, and whether it is as it was."""
    things, posts = len(kept.items), len(kept.posts)
    count = f"{things} file{'s' * (things != 1)}, {posts} post{'s' * (posts != 1)}"
    told = ("not hashed again yet", "quiet")
    if kept.checked_at:
        when = clock(kept.checked_at, kept.now, kept.zone)
        told = (f"all as kept, hashed {when}", "ok")
        if kept.flaws:
            told = (f"{len(kept.flaws)} NOT as kept, hashed {when}", "late")
    cells = [Cell("Evidence", "focus"), Cell(f"  {kept.state.id}   {count}   ", "quiet")]
    return row(gap(3), *cells, Cell(*told))


def kept_rows(kept: Kept, width: int) -> Iterator[Row]:
    """Yield a row for each thing: state, hash, what it is, its name or author."""
    for one in kept.items:
        name = one_line(one.cited.name) if one.cited else ""
        yield _row(
            kept, f"item:{one.sha256}", one.sha256, _what(one), name or _of(kept, one), width
        )
    for picture in kept.waits:
        what = f"picture {picture.state}"
        yield _row(kept, "", "", what, f"of M-{picture.mention}: {picture.reason}", width)
    for post in kept.posts[:POSTS]:
        words = f"{one_line(post.handle)}  {one_line(post.quote)}"
        yield _row(kept, f"post:{post.id}", post.sha256, f"post {post.id}", words, width)
    if len(kept.posts) > POSTS:
        older = f"and {len(kept.posts) - POSTS} older posts: crisisroom mentions"
        yield row(gap(3), Cell(older, "quiet"))
    if not kept.items and not kept.posts:
        yield row(
            gap(3), Cell("Nothing is kept yet: + takes a file, Y on a post keeps it", "quiet")
        )


def _what(one: Item) -> str:
    size = size_words(one.size) if one.size is not None else ""
    return f"{one.media.partition('/')[2] or one.media} {size}".strip()


def _of(kept: Kept, one: Item) -> str:
    """Return which posts a picture is of."""
    uids = one.cited.mentions if one.cited else ()
    ids = [kept.state.mentions[uid].id for uid in uids if uid in kept.state.mentions]
    return f"of {', '.join(ids)}" if ids else ""


def _row(kept: Kept, at: str, sha256: str, what: str, name: str, width: int) -> Row:
    mark, role = _mark(kept, at)
    return row(
        gap(1),
        Cell(mark, role),
        gap(1),
        Cell(fit(sha256[:SHORTER], 10), "quiet"),
        Cell(fit(what, _AT - 15), "text"),
        gap(2),
        Cell(clip(name, width - _AT), "text", True),
        at=at,
    )


def _mark(kept: Kept, at: str) -> tuple[str, str]:
    kind, _, name = at.partition(":")
    if not kind:
        return signs.FREE, "mine"
    if name in kept.flaws:
        return signs.BAD, "late"
    missing = any(one.sha256 == name and one.state == "missing" for one in kept.items)
    if missing:
        return signs.BAD, "late"
    return (signs.DONE, "ok") if kept.checked_at else (signs.WAITS, "quiet")


def kept_sheet(kept: Kept, at: str, width: int) -> list[Row]:
    """Return what is told of the row under the cursor."""
    kind, _, name = at.partition(":")
    if kind == "item":
        item = next((one for one in kept.items if one.sha256 == name), None)
        return list(_item_sheet(kept, item, width)) if item else []
    post = next((one for one in kept.posts if one.id == name), None)
    return list(_post_sheet(kept, post, width)) if post else []


def _item_sheet(kept: Kept, one: Item, width: int) -> Iterator[Row]:
    yield _line("sha256", one.sha256)
    yield _line("state", *_state(kept, one.sha256, one.state))
    if one.size is not None:
        yield _line("is", f"{one.media}, {size_words(one.size)}, as its first bytes say")
    if one.cited:
        when = clock(one.cited.at, kept.now, kept.zone)
        yield _line("kept", f"{when} by {one.cited.by}")
        if one.cited.name:
            yield _line("called", clean_line(one.cited.name, limit=200), foreign=True)
        if one.cited.url:
            yield _line("was at", clean_line(one.cited.url, limit=400), foreign=True)
    if ids := _of(kept, one):
        yield _line("shown", ids)
    if one.shown:
        first = clock(one.shown.first_at, kept.now, kept.zone)
        posts = "1 post" if one.shown.posts == 1 else f"{one.shown.posts} posts"
        yield _line("in all", f"{posts} on {', '.join(one.shown.sources)}, first {first}")
    yield BLANK
    told = (
        f"crisisroom evidence save {one.sha256[:SHORT]} -o FILE writes it; it is never opened here"
    )
    yield row(gap(3), Cell(clip(told, width - 3), "quiet"))


def _post_sheet(kept: Kept, post: LinkedMention, width: int) -> Iterator[Row]:
    yield _line("sha256", post.sha256 or "none: it was linked before words had one")
    yield _line("state", *_state(kept, post.id, "kept"))
    yield _line("posted", f"{clock(post.posted_at, kept.now, kept.zone)} on {post.source}")
    if post.url:
        yield _line("was at", clean_line(post.url, limit=400), foreign=True)
    yield BLANK
    for line in (post.handle, *wrap(clean(post.quote), max(20, width - 7))):
        yield row(gap(3), Cell(signs.QUOTE, "faint"), gap(1), Cell(one_line(line), "text", True))


def _state(kept: Kept, name: str, state: str) -> tuple[str, str]:
    if name in kept.flaws:
        return kept.flaws[name], "late"
    if state == "missing":
        return "its bytes are not in this room: use a backup", "late"
    if kept.checked_at is None:
        return "not hashed again yet: v does", "quiet"
    return f"as it was kept, hashed {clock(kept.checked_at, kept.now, kept.zone)}", "ok"


def _line(name: str, told: str, role: str = "text", *, foreign: bool = False) -> Row:
    return row(gap(3), Cell(fit(name, 8), "quiet"), Cell(told, role, foreign))
