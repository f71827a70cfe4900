"""From the change feed to messages: the first at once, then at a pace the line can carry."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.message import Message

from crisisroom.core.errors import Unavailable
from crisisroom.room import Change, Room, reading
from crisisroom.tui.feed_bridge import (
    FLOOD,
    FLOODED,
    NEAR,
    SLOW,
    Bridge,
    CaseChanged,
    DraftsChanged,
    Heard,
    ListenFailed,
    MentionsChanged,
    PeopleChanged,
    RoomChanged,
    merged,
    messages,
)


def test_a_handful_becomes_one_message_of_a_kind() -> None:
    changes = [
        Change(1, "mention", "1-3"),
        Change(2, "mention", "4-4"),
        Change(3, "entry", "7", "chain"),
        Change(4, "entry", "8", "chain"),
        Change(5, "presence", "ada"),
        Change(6, "config"),
    ]
    assert messages(changes) == [
        MentionsChanged(((1, 4),)),
        CaseChanged(frozenset({"chain"})),
        RoomChanged(settings=True),
        PeopleChanged(),
    ]


def test_a_reset_reads_everything_anew() -> None:
    assert MentionsChanged(()) in messages([Change(1, "mention", "1-1"), Change(2, "reset")])


def test_whoever_begins_to_write_is_told_of() -> None:
    told = messages([Change(1, "draft", "reply/INC-1/M-2/bo"), Change(2, "presence", "bo")])
    assert told == [PeopleChanged(), DraftsChanged(frozenset({"reply/INC-1/M-2/bo"}))]


def test_a_click_is_a_change_of_its_post() -> None:
    assert messages([Change(1, "click", "M-7")]) == [MentionsChanged(((7, 7),))]


async def test_what_people_do_is_told_soon_beside_a_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    rests, told = Rests(), list[Message]()
    monkeypatch.setattr(asyncio, "sleep", rests)
    bridge = Bridge(cast(Room, None), told.append, slow=True)
    rests.during = lambda: bridge.note(Change(1, "mention", "1-1"), Change(2, "entry", "3", "c"))
    bridge.note(Change(1, "entry", "3", "c"))
    telling = asyncio.ensure_future(bridge.tell())
    while len(rests.taken) < 30:
        await rests._sleep(0)
    telling.cancel()
    assert set(rests.taken) == {NEAR, SLOW}
    acts = sum(isinstance(one, CaseChanged) for one in told)
    assert acts == rests.taken.count(NEAR) or acts == rests.taken.count(NEAR) + 1


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(0, 9)), max_size=20))
def test_merged_ranges_hold_the_same_numbers(pairs: list[tuple[int, int]]) -> None:
    refs = [f"{low}-{low + more}" for low, more in pairs]
    ranges = merged(refs)
    wanted = {number for low, more in pairs for number in range(low, low + more + 1)}
    assert {number for low, high in ranges for number in range(low, high + 1)} == wanted
    assert all(one[1] + 1 < two[0] for one, two in pairwise(ranges))


class Rests:
    """Stands in for sleeping: remembers how long, and lets others run; `during` happens in it."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.during: Callable[[], None] = lambda: None
        self._sleep = asyncio.sleep

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self.during()
        await self._sleep(0)


async def flood(rounds: int, *, slow: bool, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let changes come without a pause; return how long was rested between tellings."""
    rests, told = Rests(), list[Message]()
    monkeypatch.setattr(asyncio, "sleep", rests)
    bridge = Bridge(cast(Room, None), told.append, slow=slow)
    rests.during = lambda: bridge.note(Change(1, "mention", "1-1"))
    bridge.note(Change(1, "mention", "1-1"))
    telling = asyncio.ensure_future(bridge.tell())
    while len(rests.taken) < rounds:
        await rests._sleep(0)
    telling.cancel()
    assert len(told) >= rounds
    return rests.taken[:rounds]


async def test_a_flood_slows_the_telling(monkeypatch: pytest.MonkeyPatch) -> None:
    rested = await flood(FLOOD + 3, slow=False, monkeypatch=monkeypatch)
    assert rested == [NEAR] * FLOOD + [FLOODED] * 3


async def test_a_far_line_is_told_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(await flood(6, slow=True, monkeypatch=monkeypatch)) == {SLOW}


async def test_after_a_pause_it_is_quick_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rests, told = Rests(), list[Message]()
    monkeypatch.setattr(asyncio, "sleep", rests)
    bridge = Bridge(cast(Room, None), told.append, slow=False)
    telling = asyncio.ensure_future(bridge.tell())
    for _ in range(FLOOD + 3):
        before = len(rests.taken)
        bridge.note(Change(1, "mention", "1-1"))
        while len(rests.taken) == before:
            await rests._sleep(0)
        await rests._sleep(0)
    telling.cancel()
    assert set(rests.taken) == {NEAR}


async def test_a_feed_that_breaks_off_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rests, told = Rests(), list[Message]()
    monkeypatch.setattr(asyncio, "sleep", rests)

    class Broken:
        calls = 0

        async def changes(self, after: int | None = None) -> Any:
            Broken.calls += 1
            if Broken.calls == 1:
                raise Unavailable("locked", "the room is locked")
            yield (Change(1, "presence"),)
            await asyncio.Event().wait()

    async def newest(room: Room) -> int:
        return 7

    monkeypatch.setattr(reading, "latest_change", newest)
    bridge = Bridge(cast(Room, Broken()), told.append, slow=False)
    listening = asyncio.ensure_future(bridge.listen())
    while Broken.calls < 2 or len(bridge._acts._changes) < 2:
        await rests._sleep(0)
    listening.cancel()
    assert [type(one) for one in told] == [ListenFailed, Heard]
    assert [change.topic for change in bridge._acts._changes] == ["reset", "presence"]
