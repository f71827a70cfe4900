"""Facts that moved since words were written on them, and the words with the new values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import tzinfo

import msgspec

from crisisroom.core.factvalue import written_value
from crisisroom.core.incident import FactState, Incident, Words
from crisisroom.core.placeholders import CLOSE, OPEN
from crisisroom.core.settle import KNOWN
from crisisroom.core.truth import stands_on
from crisisroom.tui.compose.editor import Mark
from crisisroom.tui.compose.said import Item, line
from crisisroom.tui.rows import Cell
from crisisroom.tui.signs import LOOK

_WORDS = ("yes-no", "choice")  # types whose values stand in a text by chance


class Moved(msgspec.Struct, frozen=True):
    """A fact that a text still gives with its value of before; `now` is empty: not known any more.

    `held` says that the words on the timeline are kept from going out because of it.
    """

    fact: str
    label: str
    before: str
    now: str
    held: bool = False
    plain: bool = True  # the value stands in the text as it is written
    sure: bool = True  # the new value is confirmed

    @property
    def fresh(self) -> str:
        """What comes where the old value stood: the new one, or a blank."""
        return self.now or OPEN + self.label + CLOSE


def moved_in(
    text: str, words: Words | None, before: Incident, after: Incident, zone: tzinfo
) -> tuple[Moved, ...]:
    """Return the facts that moved under a text: under the words on the timeline, or since `before`.

    Words that were changed since are held back only by the values that still stand in them.
    """
    held = {one.fact: one for one in _held(text, words, after, zone)} if words else {}
    since = (one for one in _since(text, before, after, zone) if one.fact not in held)
    return (*held.values(), *since)


def _held(text: str, words: Words, after: Incident, zone: tzinfo) -> Iterator[Moved]:
    for fact_id in words.suspended:
        fact, said = after.facts.get(fact_id), words.facts.get(fact_id, "")
        if fact is None:
            continue
        plain = fact.type not in _WORDS and _places(text, said) != []
        if plain or text == words.text:
            yield Moved(fact.id, fact.label, said, _now(fact, zone), True, plain, _sure(fact))


def _since(text: str, before: Incident, after: Incident, zone: tzinfo) -> Iterator[Moved]:
    for fact_id, said in stands_on([text], before.facts.values(), (), zone).items():
        fact = after.facts.get(fact_id)
        if fact is not None and _now(fact, zone) != said:
            yield Moved(fact.id, fact.label, said, _now(fact, zone), sure=_sure(fact))


def _now(fact: FactState, zone: tzinfo) -> str:
    return written_value(fact, zone) if fact.state in KNOWN else ""


def _sure(fact: FactState) -> bool:
    return fact.state != "changed"


def _places(text: str, value: str) -> list[tuple[int, int]]:
    """Return where a value stands in a text as whole words."""
    if not value.strip():
        return []
    pattern = rf"(?<!\w){re.escape(value)}(?!\w)"
    return [found.span() for found in re.finditer(pattern, text, re.IGNORECASE)]


def anew(text: str, one: Moved) -> str:
    """Return a text with the new value wherever the old one stood, and nowhere else."""
    for start, end in reversed(_places(text, one.before) if one.plain else []):
        text = text[:start] + one.fresh + text[end:]
    return text


def moved_marks(text: str, moved: Collection[Moved]) -> tuple[Mark, ...]:
    """Return the places of old values, to be underlined and walked to."""
    return tuple(
        Mark(start, end, "asked")
        for one in moved
        if one.plain
        for start, end in _places(text, one.before)
    )


def moved_items(moved: Collection[Moved]) -> list[Item]:
    """Say what moved, a line each."""
    return [
        Item(
            one.fact,
            Cell(LOOK, "warn"),
            (
                line(
                    (one.label + " moved: ", "bold"),
                    one.before,
                    (", now " + one.now if one.now else ", not known any more", "warn"),
                    ("" if one.sure else ", to be confirmed", "quiet"),
                ),
            ),
        )
        for one in moved
    ]
