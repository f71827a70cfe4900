"""One text that waits for a verdict, as lines: in the list, and read whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from crisisroom.core.incident import Words
from crisisroom.tui.compose.approving import Waiting
from crisisroom.tui.compose.by_message import asked_row
from crisisroom.tui.compose.differing import bundle_rows
from crisisroom.tui.compose.marked import marked, marks_in
from crisisroom.tui.compose.replying import PARTS
from crisisroom.tui.compose.said import Item, due, line, lines, short_hash
from crisisroom.tui.compose.stating import of_what
from crisisroom.tui.rows import BLANK, Cell, Row, fit, short
from crisisroom.tui.rows.times import clock
from crisisroom.tui.signs import DONE, FREE, OWNED


def item_of(one: Waiting, now: datetime, zone: tzinfo, *, several: bool) -> Item:
    """Return it as it stands in the list; with words of several incidents it names its own."""
    if one.words is None or one.step is None:
        return Item(one.key, Cell(FREE, "mine"), (line((one.id, "bold")),))
    name = (one.incident.id + " " if several else "") + one.id
    told, role = due(one.step.due_at, now, zone)
    mine = not one.why_not
    if one.agreed:
        author = (fit(short(one.words.author), 5), "quiet")
        return Item(one.key, Cell(DONE, "ok"), (line((fit("approved", 8), "ok"), author, name),))
    row = line(
        (fit(told, 8), role),
        (fit(short(one.words.author), 5), "bold" if mine else "quiet"),
        (fit(name, 13 if several else 6), "bold" if mine else "quiet"),
        (one.step.place + one.step.role, "text" if mine else "quiet"),
    )
    return Item(one.key, Cell(OWNED, "mine" if mine else "quiet"), (row,))


def head_rows(one: Waiting, now: datetime, zone: tzinfo) -> Iterator[Row]:
    """Yield what stands above the text: what an approval is of, who has a code, what is marked."""
    name = one.id if one.words is None else one.id + " version " + str(one.words.version)
    yield line(
        (name, "bold"),
        ("   " + (of_what(one.words) if one.words else "of exactly this text, "), "quiet"),
        (short_hash(one.sha256), "quiet"),
    )
    yield from (asked_row(ask, now, zone) for ask in one.asked)
    if one.words is not None:
        yield line((_what(one.words), "quiet"))
    yield BLANK


def _what(text: Words) -> str:
    used = [name for name in text.uses if name not in PARTS]
    if used:
        return ", ".join(used) + " unchanged; underlined: their own words"
    return "underlined: what is not the template's" if text.template else "their own words"


def own_rows(one: Waiting) -> Iterator[Row]:
    """Yield the words of its own that each channel gets: they are approved with the text."""
    for channel, text in one.words.variants.items() if one.words else ():
        yield BLANK
        yield line((channel, "bold"), ("   gets these words", "quiet"))
        yield from marked(text, marks_in(text, one.own.get(channel, ())))


def post_rows(one: Waiting) -> tuple[Row, ...]:
    """Return the post that a reply answers: a stranger's words."""
    asked = one.incident.mentions.get(one.words.mention) if one.words else None
    if asked is None:
        return ()
    handle = line(Cell(asked.handle or asked.name, "bold", foreign=True))
    return (handle, *lines(asked.quote, foreign=True))


def since(one: Waiting, now: datetime, zone: tzinfo) -> Iterator[Row]:
    """Yield the head of what changed since somebody approved it."""
    before = one.before
    if before is not None:
        told = next((said for said in reversed(before.verdicts) if " approved" in said), "")
        yield BLANK
        yield line(
            ("Changed since v" + str(before.version), "bold"),
            ("   " + told + ", " + clock(before.at, now, zone), "quiet"),
        )


def changed_rows(one: Waiting) -> tuple[Row, ...]:
    """Return what changed since somebody approved it, nothing where nobody did."""
    if one.before is None or one.words is None:
        return ()
    before = (one.before.text, one.before.variants)
    return bundle_rows(before, (one.words.text, one.words.variants))
