"""Watchers share what there is to ask: fairly, each source with one, and fast enough."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from room.people import as_
from watch.fakes import Fake, batch, until, with_sources
from watch.watching import count_is, held_elsewhere, log, source_is, watcher

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.room import Room
from crisisroom.room.settings import apply_config
from crisisroom.store import leases
from crisisroom.watch import watcher as module
from crisisroom.watch.lease import BEAT, MEMBER, PROMPT, SOURCE, TTL, pace_for
from crisisroom.watch.sharing import Held, Sharing, may_take, surplus
from crisisroom.watch.start import ensure_watcher
from crisisroom.wire.answer import FetchError

Sources = dict[str, Fake]
NAMES = [f"s{number}" for number in range(7)]


@given(st.lists(st.floats(2.0, 86_400.0), max_size=5))
def test_a_death_is_noticed_before_the_next_poll_but_one(periods: list[float]) -> None:
    pace = pace_for(periods)
    shortest = min(periods, default=TTL * 10)
    assert pace.ttl + pace.beat < shortest  # silence, and the look that finds it
    assert PROMPT <= pace.ttl <= TTL
    assert pace.beat <= min(BEAT, pace.ttl / 4)


@given(st.integers(0, 40), st.lists(st.integers(0, 9), min_size=1, max_size=6), st.randoms())
def test_shares_become_fair_and_nothing_moves_any_more(
    free: int, begun: list[int], dice: random.Random
) -> None:
    """Whoever looks takes its share, or gives back a little later, when others have looked too."""
    loads = {str(number): load for number, load in enumerate(begun)}
    for _ in range(50):
        giving = dict.fromkeys(loads, 0)
        for who in dice.sample(sorted(loads), len(loads)):
            taken = may_take(who, loads, free)
            loads[who], free = loads[who] + taken, free - taken
            giving[who] = 0 if free else surplus(who, loads)
        for who, number in giving.items():
            loads[who], free = loads[who] - number, free + number
    assert free == 0
    assert max(loads.values()) - min(loads.values()) <= 1


def _sharing(room: Room, *, with_screens: bool = False) -> Sharing:
    return Sharing(as_(room, "watch"), lambda name: True, with_screens=with_screens)


async def _shared(room: Room, *every: Sharing) -> list[Held]:
    """Let each look until nothing moves any more; returns what each holds."""
    for _ in range(10):
        held = [await one.beat() for one in every]
        for one, has in zip(every, held, strict=True):
            for name in has.give:
                await one.give_back(has.sources[name])
    return [await one.beat() for one in every]


async def test_who_comes_gets_a_share_and_who_dies_leaves_one(
    room: Room, clock: ManualClock
) -> None:
    await apply_config(room, with_sources(*NAMES), "x")
    first, second, third = (_sharing(room) for _ in range(3))
    for one in (first, second, third):
        await one.join(alone=False)
    held = await _shared(room, first, second, third)
    assert sorted(len(one.sources) for one in held) == [2, 2, 3]
    assert sorted(name for one in held for name in one.sources) == NAMES
    assert [one.lead is not None for one in held] == [True, False, False]
    clock.advance(first.pace.ttl - 1)
    await second.beat()
    await third.beat()
    clock.advance(2)  # the first has been silent for too long
    held = await _shared(room, second, third)
    assert sorted(len(one.sources) for one in held) == [3, 4]
    assert [one.lead is not None for one in held] == [True, False]
    assert held[0].others == (third.who,)
    await second.leave()
    (last,) = await _shared(room, third)
    assert list(last.sources) == NAMES
    known = await room.store.read(lambda tx: leases.held(tx, clock, MEMBER))
    assert [one.holder for one in known] == [third.who]


async def test_sources_that_are_not_watched_any_more_are_let_go(
    room: Room, clock: ManualClock
) -> None:
    await apply_config(room, with_sources("a", "b"), "x")
    one = _sharing(room)
    await one.join(alone=False)
    assert list((await one.beat()).sources) == ["a", "b"]
    await apply_config(one._room, with_sources("b"), "x")
    assert list((await one.beat()).sources) == ["b"]
    known = await room.store.read(lambda tx: leases.held(tx, clock, SOURCE))
    assert [lease.name for lease in known] == ["source b"]


async def test_alone_means_beside_nobody(room: Room, clock: ManualClock) -> None:
    one, other = _sharing(room), _sharing(room, with_screens=True)
    await one.join(alone=True)
    with pytest.raises(Refused, match="another watcher"):
        await other.join(alone=True)
    assert not await ensure_watcher(room)
    await one.leave()
    await other.join(alone=True)
    await other.leave()
    await held_elsewhere(room, clock)
    with pytest.raises(Refused, match="another watcher"):
        await one.join(alone=True)


async def test_two_watchers_ask_every_source_once(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    await apply_config(room, with_sources(*NAMES), "x")
    sources |= {name: Fake(name, batch(name)) for name in NAMES}
    workers = [watcher(room, clock), watcher(room, clock)]
    running = [asyncio.ensure_future(one.run()) for one in workers]

    async def shared() -> bool:
        return sorted(one.asks for one in workers) == [3, 4]

    await until(shared)
    await count_is(room, len(NAMES))
    for one in workers:
        one.stop()
    await asyncio.gather(*running)
    assert [len(sources[name].cursors) for name in NAMES] == [1] * len(NAMES)


async def test_what_fails_here_is_tried_from_elsewhere(
    room: Room, clock: ManualClock, sources: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One machine may reach a network, or have a token, that another has not."""
    monkeypatch.setattr(module, "FAILS", 1)
    sources["a"] = Fake("a", FetchError("refused", "no route"), batch("one"))
    workers = [watcher(room, clock), watcher(room, clock)]
    running = [asyncio.ensure_future(one.run()) for one in workers]

    async def both_live() -> bool:
        return len(await room.store.read(lambda tx: leases.held(tx, clock, MEMBER))) == 2

    await until(both_live)
    await apply_config(room, with_sources("a", every=2), "x")
    await source_is(room, "a", "failing")
    await count_is(room, 1)
    for one in workers:
        one.stop()
    await asyncio.gather(*running)
    assert "handed-on" in log()


async def test_one_that_a_screen_started_makes_room_for_one_that_stays(
    room: Room, clock: ManualClock, sources: Sources
) -> None:
    passing, staying = watcher(room, clock, with_screens=True), watcher(room, clock)
    first = asyncio.ensure_future(passing.run(wait=False))

    async def leads() -> bool:
        return passing.leads

    await until(leads)
    second = asyncio.ensure_future(staying.run())
    await asyncio.wait_for(first, 20)

    async def taken_over() -> bool:
        return staying.leads

    await until(taken_over)
    staying.stop()
    await second
