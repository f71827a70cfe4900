"""What is known, and how a statement came to read as it does: the left side of its screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

import msgspec

from crisisroom.core.factvalue import said_value
from crisisroom.core.incident import FactState, FactStatus, Words
from crisisroom.core.timeline import Entry
from crisisroom.tui.compose.marked import changed
from crisisroom.tui.compose.said import Item, line
from crisisroom.tui.rows import Cell, Row, clip, fit, short
from crisisroom.tui.rows.times import brief_clock, clock
from crisisroom.tui.signs import BAD, DONE, FREE, LOOK, OFF, OWNED

_FACT_MARKS: dict[FactStatus, Cell] = {
    "known": Cell(DONE, "ok"),
    "checking": Cell(OWNED),
    "unknown": Cell(FREE, "mine"),
    "changed": Cell(LOOK, "warn"),
}
_LABEL = 10  # cells


class Version(msgspec.Struct, frozen=True):
    """One version of a statement, as the timeline has it."""

    number: int
    at: datetime
    by: str
    text: str


def facts_title(facts: Iterable[FactState]) -> Row:
    """Count what is known."""
    states = [fact.state for fact in facts]
    order: tuple[FactStatus, ...] = ("known", "changed", "checking", "unknown")
    told = ", ".join(f"{states.count(state)} {state}" for state in order if state in states)
    return line(("Facts", "bold"), ("   " + told, "quiet"))


def fact_items(facts: Iterable[FactState], now: datetime, zone: tzinfo) -> list[Item]:
    """Return the facts as items: what is known, since when, from whom."""
    return [
        Item(
            fact.id,
            _FACT_MARKS[fact.state],
            tuple(_fact(fact, now, zone)),
            label=fit(fact.label, _LABEL),
        )
        for fact in facts
    ]


def _fact(fact: FactState, now: datetime, zone: tzinfo) -> Iterator[Row]:
    settled = fact.state in ("known", "changed")
    value = said_value(fact, now, zone) if settled else fact.state
    yield line((value, "text" if settled else "quiet"))
    if fact.at is not None:
        source = ", " + fact.source if fact.source else ""
        yield line((fact.by + " " + clock(fact.at, now, zone) + source, "quiet"))


def versions_of(entries: Iterable[Entry], words_id: str) -> list[Version]:
    """Return all versions of a statement, the newest first."""
    found = [
        Version(entry.data.get("version", 1), entry.at, entry.actor, entry.data["words"])
        for entry in entries
        if entry.kind in ("statement.drafted", "statement.edited") and entry.data["id"] == words_id
    ]
    return found[::-1]


def version_items(
    versions: Sequence[Version], words: Words, now: datetime, zone: tzinfo
) -> list[Item]:
    """Return the versions as items: who wrote what into it."""
    rejected = {said.version for said in words.verdicts if said.verdict == "rejected"}
    agreed = [said for said in words.verdicts if said.verdict in ("approved", "released")]
    approved = {said.version for said in agreed if said.complete}
    items = []
    for at, one in enumerate(versions):
        before = versions[at + 1].text if at + 1 < len(versions) else ""
        fresh = " … ".join(span.text for span in changed(before, one.text)) if before else ""
        told = clip(" ".join(fresh.split()), 20) or ("first draft" if not before else "words cut")
        mark = Cell(OWNED) if at == 0 else Cell(OFF, "quiet")
        mark = Cell(BAD, "late") if one.number in rejected else mark
        mark = Cell(DONE, "ok") if one.number in approved else mark
        row = line(
            ("v" + str(one.number) + "  ", "text" if at == 0 else "quiet"),
            (fit(brief_clock(one.at, now, zone), 7), "quiet"),
            (fit(short(one.by), 5), "quiet"),
            (told, "said" if at == 0 and before else "quiet"),
        )
        items.append(Item("v" + str(one.number), mark, (row,)))
    return items
