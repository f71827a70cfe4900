"""The approved words that can go into a reply: what they say, why they fit, who approved them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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
from crisisroom.tui.compose.tongues import language_name
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
    note: str = ""

    @property
    def key(self) -> str:
        """What the list knows it by: a message and an answer may share an id."""
        return self.kind + "/" + self.id


def offers(desk: Desk, approved: Mapping[str, ApprovedWords]) -> tuple[Offer, ...]:
    """Return all key messages and answers: those that fit best first, those kept out last."""
    fits = {one.kind + "/" + one.id: one for one in desk.suggestions()}
    found = _offers(desk, approved, {key: one.why for key, one in fits.items()})
    ranks = {key: rank for rank, key in enumerate(fits)}

    def place(one: Offer) -> tuple[bool, int]:
        base = one.key if one.kind == "faq" else one.key.rpartition("/")[0]
        known = ranks.get(one.key, ranks.get(base, len(ranks)))
        return bool(one.why_not), known

    return tuple(sorted(found, key=place))


def _offers(
    desk: Desk, approved: Mapping[str, ApprovedWords], whys: Mapping[str, str]
) -> Iterator[Offer]:
    own, theirs = desk.ready(), desk.ready(desk.language)
    for kind, id_, title, template, expires in _sentences(desk.incident.plan):
        filled = theirs.get((kind, id_)) or own.get((kind, id_))
        held = approved.get(text_hash(template))
        strange = desk.language != "" and (kind, id_) not in theirs
        yield Offer(
            id=id_,
            kind=kind,
            title=title,
            text=filled.text if filled else template,
            why=whys.get(kind + "/" + id_, ""),
            note="not in " + language_name(desk.language) if strange and filled else "",
            by=held.by if held else "",
            at=held.at if held else None,
            why_not="" if filled else _why_not(desk, id_, held, expires),
        )


def _why_not(desk: Desk, id_: str, held: ApprovedWords | None, expires: str) -> str:
    if expires and expires < desk.today:
        return "expired " + expires
    if id_.partition("/")[0] in desk.suspended:
        return "held back: a fact it stands on moved"
    return "nobody approved it as it reads now" if held is None else "not to be used here"


def _sentences(
    plan: Playbook,
) -> Iterator[tuple[Literal["key_message", "faq"], str, str, str, str]]:
    for message in plan.key_messages:
        yield "key_message", message.id, message.title, message.text, message.expires
        for number, text in enumerate(message.also, 2):
            name, title = message.id + "/" + str(number), message.title + ", in other words"
            yield "key_message", name, title, text, message.expires
    for entry in plan.faq:
        yield "faq", entry.id, entry.question, entry.answer, entry.expires


def holds(used: Collection[str], offer: Offer) -> bool:
    """Tell whether a text with these approved sentences has the offered one, in any tongue."""
    return offer.id in {one.partition("@")[0] for one in used}


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
    return Cell(DONE, "ok") if holds(used, one) else Cell(FREE, "mine")


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
    told = ["in your reply"] if holds(used, one) else []
    if one.at is not None:
        told.append(one.by + " " + clock(one.at, now, zone))
    if one.note:
        told.append(one.note)
    if told:
        yield line(("   ".join(told), "quiet"))
