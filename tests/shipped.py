"""The playbooks that come with the program, loaded once, and their words as they would go out."""

from __future__ import annotations

from functools import cache

from crisisroom import library
from crisisroom.core.placeholders import fill
from crisisroom.core.playbook import Playbook
from crisisroom.core.playbook_load import load_playbook

COMPLETE = (
    "billing-error",
    "data-breach",
    "hoax",
    "offensive-post",
    "product-defect",
    "service-outage",
)
NAMES = tuple(sorted(path.stem for path in library.shipped_dir().glob("*.yaml")))
EVENT_DRIVEN = frozenset({"hoax", "offensive-post"})  # they speak on news, not by the clock

_ROOM_VALUES = {
    "handle": "@somebody@mastodon.example.org",
    "me": "Ada",
    "brand": "Example Ltd",
    "next_update": "14:20",
    "time": "14:00",
}
_FACTS = {
    "affected": "lamps with a batch number from 4410 to 4460",
    "cause": "a charging chip from one supplier lets too much current through",
    "contact": "0800 000 000",
    "correct": "that lamps of every colour are affected",
    "mistake": "that only blue lamps are affected",
    "said_since": "ten past two this afternoon",
    "remedy": "a full refund or a new one, as you choose",
    "since": "at ten to eight this morning",
}
_USUAL = "a few words about it"


@cache
def shipped(name: str) -> Playbook:
    """Return a shipped playbook; it has no problems."""
    playbook, problems = load_playbook(*library.find(name, []))
    assert not problems, "\n".join(map(str, problems))
    assert playbook is not None
    return playbook


def values(playbook: Playbook) -> dict[str, str]:
    """Return what fills the blanks: the drill's facts, and usual ones for the others."""
    facts = {fact.id: _FACTS.get(fact.id, _USUAL) for fact in playbook.facts}
    for step in reversed(playbook.drill):
        facts |= step.fact
    room = _ROOM_VALUES | {"source_of_truth": playbook.source_of_truth}
    return room | {f"fact.{id_}": value for id_, value in facts.items()}


def filled(playbook: Playbook, text: str) -> str:
    """Return a text with its blanks filled; none is left open."""
    whole = fill(text.strip(), values(playbook))
    assert not whole.blanks, whole.text
    return whole.text
