"""Every time in JSON has one form: RFC 3339 in UTC with milliseconds, whatever the clock knows."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import room_file
from cli.driver import Cli
from cli.test_contract import TIME
from cli.test_stating import approved, published

from crisisroom import cli as family
from crisisroom.cli.examples import EXAMPLES
from crisisroom.cli.verbs import SUMMARIES
from crisisroom.clock import ManualClock
from crisisroom.core.drafts import SavedDraft
from crisisroom.room import Actor, Room, drafting

_TIME_LIKE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")
_LOCAL = ("local_time",)  # of a place, to be read there
_READING = (
    *("status", "incidents", "mentions", "narratives", "candidates", "brief", "timeline"),
    *("volume", "digest", "statement owed --all", "outgoing status", "draft list --gone", "asks"),
    *("statement show ST-1", "statement diff ST-2", "reply show R-1"),
    *("mention show M-1", "fact history affected", "export INC-1 --format json", "team", "oncall"),
    *("message list", "bulk list", "private list --all", "verify"),
)


def times(thing: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield what looks like a time in JSON, with the key it stands under."""
    if isinstance(thing, dict):
        for name, value in thing.items():
            yield from times(value, name)
    elif isinstance(thing, list):
        for value in thing:
            yield from times(value, key)
    elif isinstance(thing, str) and _TIME_LIKE.fullmatch(thing) and key not in _LOCAL:
        yield key, thing


@pytest.fixture
def busy(crisis: Cli, facts: None, clock: ManualClock) -> Cli:
    """A room in which of everything there is one, on a clock that counts microseconds."""
    clock.advance(61.123456)
    published(crisis)
    crisis.ok("fact", "set", "INC-1", "affected", "all kettles of batch 8")
    crisis.ok("statement", "draft", "INC-1", "holding", "It is 40 kettles. We are sorry.")
    crisis.ok("statement", "edit", "INC-1", "ST-2", "It is 70 kettles. We are sorry.")
    approved(crisis, "ST-2")
    crisis.ok("mention", "link", "INC-1", "M-1", "M-2")
    crisis.ok("reply", "draft", "INC-1", "M-1", "We call you.")
    crisis.ok("promise", "add", "INC-1", "R-1", "a call", "--due", "+2h")
    crisis.ok("mention", "offline", "M-2")
    crisis.ok("line", "set", "INC-1", "all", "monitor", "a hoax")
    crisis.ok("enquiry", "add", "INC-1", "Why?", "--outlet", "The Daily", "--due", "+2h")
    crisis.ok("action", "add", "INC-1", "a better fuse")
    crisis.ok("question", "ask", "INC-1", "ST-2", "sure?", "--to", "bo")
    crisis.ok("outgoing", "stop", "INC-1", "wait")
    crisis.ok("filter", "save", "press", "is:free")
    return crisis


def _lists() -> list[str]:
    named = [name for name in SUMMARIES if name.endswith(" list") and name in EXAMPLES]
    every = {*named, *(one for one in _READING if _verb(one) in SUMMARIES)}
    return sorted(every)


def _verb(line: str) -> str:
    words = line.split()
    pair = " ".join(words[:2])
    return pair if pair in SUMMARIES else words[0] if words[0] in SUMMARIES else f"{words[0]} list"


def test_the_lists_are_not_forgotten() -> None:
    shown = {_verb(line) for line in _lists()}
    assert {name for name in SUMMARIES if name.endswith(" list")} <= shown | {"playbook list"}


def test_every_list_writes_times_in_the_one_form(busy: Cli) -> None:
    found: set[str] = set()
    for line in _lists():
        said = busy(*line.split(), "--json")
        assert said.code in (0, 1), (line, said)
        for document in filter(None, [said.out]):
            for key, value in times(json.loads(document)):
                assert TIME.fullmatch(value), (line, key, value)
                found.add(f"{_verb(line)} {key}")
    assert len(found) > 60, sorted(found)


def test_drafts_have_their_times(busy: Cli, clock: ManualClock) -> None:
    asyncio.run(_left(clock))
    for line in ("draft list", "draft list --gone", "draft history reply/INC-1/M-2/ada"):
        found = [value for _, value in times(busy.json(*line.split()))]
        assert found, line
        assert all(TIME.fullmatch(value) for value in found), (line, found)


async def _left(clock: ManualClock) -> None:
    """Leave one draft, and throw another one away."""
    async with await Room.open(str(room_file()), actor=Actor("ada"), clock=clock) as room:
        for mention in ("M-1", "M-2"):
            for text in ("We look into it, and write again.", "No."):
                await drafting.autosave(room, _draft(mention, text, clock))
        await drafting.discard(room, "reply/INC-1/M-1/ada")


def _draft(mention: str, text: str, clock: ManualClock) -> SavedDraft:
    return SavedDraft(
        id=f"reply/INC-1/{mention}/ada", incident="INC-1", kind="reply", mention=mention,
        actor="ada", text=text, cursor=len(text), updated_at=clock.now(),
    )  # fmt: skip


def test_no_verb_writes_times_by_itself() -> None:
    folder = Path(family.__file__).parent
    assert [one.name for one in folder.glob("*.py") if "to_builtins" in one.read_text()] == []
