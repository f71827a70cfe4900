"""A post as it was each time it was seen, with its pictures by their hashes: nothing is opened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from crisisroom.room.evidence import Item, OfMention
from crisisroom.room.pictures import size_words
from crisisroom.store.originals import Revision
from crisisroom.store.pictures import Picture
from crisisroom.text import clean, clean_line
from crisisroom.tui import signs
from crisisroom.tui.rows import BLANK, Cell, Row, gap, row, wrap
from crisisroom.tui.rows.timeline import SHORT
from crisisroom.tui.rows.times import clock

_STATES = {
    "kept": "kept",
    "wanted": "being fetched",
    "seen": "not fetched: evidence.pictures in crisisroom.yaml, or the post is not linked",
    "gone": "gone at its source",
    "refused": "not taken",
    "dropped": "was kept, and let go for want of room",
}


def seen_rows(seen: OfMention, now: datetime, zone: tzinfo, width: int) -> list[Row]:
    """Return what is kept of a post: each version of its words, its pictures, files about it."""
    rows: list[Row] = []
    for one in seen.revisions:
        rows += [*_version(one, len(seen.revisions), now, zone, width), BLANK]
    if not seen.revisions:
        rows += [_quiet("its words are not kept here"), BLANK]
    if link := clean_line(seen.mention.url, limit=400):
        rows += [row(gap(3), Cell("link  ", "quiet"), Cell(link, "text", True)), BLANK]
    for picture in seen.pictures:
        rows.append(_picture(picture, seen.items.get(picture.sha256)))
    about = [one for one in seen.items.values() if one.cited and one.cited.sort == "file"]
    rows += [_file(one) for one in about]
    if not seen.pictures:
        rows.append(_quiet("it shows no pictures"))
    return rows


def _version(one: Revision, count: int, now: datetime, zone: tzinfo, width: int) -> Iterator[Row]:
    sound = "as it was seen" if one.sound else "NOT as it was seen: use a backup"
    which = f"version {one.number}, " if count > 1 else ""
    yield row(
        gap(3),
        Cell(f"{which}seen {clock(one.at, now, zone)}   sha256 {one.sha256[:SHORT]}   ", "quiet"),
        Cell(sound, "ok" if one.sound else "late"),
    )
    author = clean_line(one.name or one.handle, limit=80)
    words = clean(one.text.decode("utf-8", "replace"))
    for line in (author, *wrap(words, max(20, width - 7))):
        yield row(gap(3), Cell(signs.QUOTE, "faint"), gap(1), Cell(line, "text", True))


def _picture(one: Picture, item: Item | None) -> Row:
    told = _STATES[one.state]
    if one.state == "kept" and item is not None:
        size = f", {item.media}, {size_words(item.size)}" if item.size is not None else ""
        told = f"kept{size}   sha256 {item.sha256[:SHORT]}"
    others = item.shown.posts - 1 if item is not None and item.shown else 0
    far = f"   in {others} more posts" if others > 1 else "   in 1 more post" if others else ""
    why = f": {one.reason}" if one.reason else ""
    mark = Cell(signs.DONE, "ok") if one.state == "kept" else Cell(signs.FREE, "mine")
    return row(
        gap(1), mark, gap(1), Cell(f"picture {one.number}   "), Cell(told + far, "quiet"), Cell(why)
    )


def _file(one: Item) -> Row:
    name = clean_line(one.cited.name, limit=80) if one.cited else ""
    told = f"file   sha256 {one.sha256[:SHORT]}   "
    return row(
        gap(1), Cell(signs.DONE, "ok"), gap(1), Cell(told, "quiet"), Cell(name, "text", True)
    )


def _quiet(words: str) -> Row:
    return row(gap(3), Cell(words, "quiet"))
