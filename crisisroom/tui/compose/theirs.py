"""Drafts of colleagues to the same post, and the earlier states of one's own, as one reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from crisisroom.core.drafts import DraftVersion, SavedDraft
from crisisroom.tui.compose.said import Item, ago, line
from crisisroom.tui.rows import Cell, Row, clip, fit
from crisisroom.tui.rows.times import brief_clock, clock
from crisisroom.tui.signs import FREE, OWNED

_LINE = 72  # cells
WRITING = timedelta(minutes=2)  # since the last key: somebody still writes


class State(msgspec.Struct, frozen=True):
    """A text that one can go on from: a colleague's draft, or what one's own said earlier."""

    id: str
    by: str
    at: datetime
    text: str
    number: int = 0  # of the earlier state; 0: a draft as it stands now


def states(
    drafts: Iterable[SavedDraft], earlier: Iterable[DraftVersion], text: str
) -> tuple[State, ...]:
    """Return what one can go on from instead of `text`: colleagues' drafts first."""
    found = [State("draft/" + one.id, one.actor, one.updated_at, one.text) for one in drafts]
    found += [
        State("state/" + str(one.number), one.actor, one.at, one.text, one.number)
        for one in earlier
    ]
    return tuple(one for one in found if one.text.strip() and one.text != text)


def state_items(found: Sequence[State], me: str, now: datetime, zone: tzinfo) -> list[Item]:
    """Return the states as items: whose, when, how each begins."""
    items = []
    for one in found:
        whose = "yours" if one.by == me else one.by + "'s draft"
        row = line(
            (fit(whose, 14), "bold"),
            (fit(brief_clock(one.at, now, zone), 11), "quiet"),
            clip(" ".join(one.text.split()), 40),
        )
        mark = Cell(FREE, "mine") if one.number else Cell(OWNED)
        items.append(Item(one.id, mark, (row,)))
    return items


def their_rows(
    drafts: Sequence[SavedDraft], now: datetime, zone: tzinfo, most: int
) -> Iterator[Row]:
    """Say who writes to the same post, and show what they have written, `most` lines of it."""
    for one in drafts:
        writes = now - one.updated_at < WRITING
        if writes:
            told = " writes here too, saved " + ago(one.updated_at, now)
        else:
            told = "'s draft of " + clock(one.updated_at, now, zone) + ", go on from it"
        yield line(
            (one.actor, "bold"), (told, "warn"), "   ", ("ctrl+r", "key"), (" compare", "quiet")
        )
        if writes:
            yield from _body(one.text, most)


def _body(text: str, most: int) -> Iterator[Row]:
    said = [part for part in text.split("\n") if part.strip()]
    if not most:
        return
    if most < len(said):
        said = [*said[: most - 1], clip(" ".join(said[most - 1 :]), _LINE)]
    for part in said:
        yield line(("  " + part, "quiet"))
