"""The approved words that can go into a reply: what they say, why they fit, who approved them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Literal

import msgspec

from crisisroom.core.canonical import text_hash
from crisisroom.core.placeholders import blanks_in
from crisisroom.core.playbook import Playbook
from crisisroom.room.approvals import ApprovedWords
from crisisroom.room.desk import Desk
from crisisroom.tui.compose.editor import Mark
from crisisroom.tui.compose.marked import marked
from crisisroom.tui.compose.said import Item, line
from crisisroom.tui.rows import Cell, Row
from crisisroom.tui.rows.times import clock
from crisisroom.tui.signs import DONE, FREE, OFF


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A key message or answer, as it would stand in this reply; `why_not` keeps it out."""

    id: str
    kind: Literal["key_message", "faq"]
    title: str
    text: str
    why: str = ""
    by: str = ""
    at: datetime | None = None
    why_not: str = ""

    @property
    def key(self) -> str:
        """What the list knows it by: a message and an answer may share an id."""
        return self.kind + "/" + self.id


def offers(desk: Desk, approved: Mapping[str, ApprovedWords]) -> tuple[Offer, ...]:
    """Return all key messages and answers: those that fit best first, those kept out last."""
    fits = {one.kind + "/" + one.id: one for one in desk.suggestions()}
    found = _offers(desk, approved, {key: one.why for key, one in fits.items()})
    ranks = {key: rank for rank, key in enumerate(fits)}
    return tuple(sorted(found, key=lambda one: (bool(one.why_not), ranks.get(one.key, len(ranks)))))


def _offers(
    desk: Desk, approved: Mapping[str, ApprovedWords], whys: Mapping[str, str]
) -> Iterator[Offer]:
    ready = desk.ready()
    for kind, id_, title, template, expires in _sentences(desk.incident.plan):
        filled = ready.get((kind, id_))
        held = approved.get(text_hash(template))
        yield Offer(
            id=id_,
            kind=kind,
            title=title,
            text=filled.text if filled else template,
            why=whys.get(kind + "/" + id_, ""),
            by=held.by if held else "",
            at=held.at if held else None,
            why_not="" if filled else _why_not(held, expires, desk.today),
        )


def _why_not(held: ApprovedWords | None, expires: str, today: str) -> str:
    if expires and expires < today:
        return "expired " + expires
    return "nobody approved it as it reads now" if held is None else "not to be used here"


def _sentences(
    plan: Playbook,
) -> Iterator[tuple[Literal["key_message", "faq"], str, str, str, str]]:
    for message in plan.key_messages:
        yield "key_message", message.id, message.title, message.text, message.expires
    for entry in plan.faq:
        yield "faq", entry.id, entry.question, entry.answer, ""


def offer_items(
    offered: tuple[Offer, ...], used: tuple[str, ...], now: datetime, zone: tzinfo
) -> list[Item]:
    """Return the offers as items: a digit each, the words, why they fit, who approved them."""
    return [
        Item(one.key, _mark(one, used), tuple(_body(one, number, used, now, zone)))
        for number, one in enumerate(offered, 1)
    ]


def _mark(one: Offer, used: tuple[str, ...]) -> Cell:
    if one.why_not:
        return Cell(OFF, "quiet")
    return Cell(DONE, "ok") if one.id in used else Cell(FREE, "mine")


def _body(
    one: Offer, number: int, used: tuple[str, ...], now: datetime, zone: tzinfo
) -> Iterator[Row]:
    digit = str(number) + "  " if number < 10 else "   "
    if one.why_not:
        yield line(("   " + one.id + "  " + one.why_not, "quiet"))
        return
    yield line((digit, "quiet"), (one.id, "bold"), "  ", (one.title, "bold"))
    blanks = [Mark(blank.start, blank.end, "blank") for blank in blanks_in(one.text)]
    yield from marked(one.text, blanks)
    if one.why:
        yield line(("why  " + one.why, "quiet"))
    told = ["in your reply"] if one.id in used else []
    if one.at is not None:
        told.append(one.by + " " + clock(one.at, now, zone))
    if told:
        yield line(("   ".join(told), "quiet"))
