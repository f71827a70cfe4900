"""Buckets, early warnings, what was learnt, filters and actions on disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from conftest import START
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.clock import ManualClock
from crisisroom.core.candidate import Candidate
from crisisroom.core.mention import Incoming
from crisisroom.store import (
    Store,
    buckets,
    candidates,
    changes,
    clicks,
    filters,
    improvements,
    mentions,
    models,
)

FIVE = timedelta(minutes=5)


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_bucket_begins_at_most_five_minutes_earlier(moment: datetime) -> None:
    start = buckets.start_of(moment)
    assert timedelta(0) <= moment - start < FIVE
    assert (start.minute % 5, start.second, start.microsecond) == (0, 0, 0)
    assert buckets.start_of(start) == start


async def test_buckets_add_up_and_are_read_by_time(store: Store) -> None:
    counts = {("", START): (2, 1), ("", START + FIVE): (1, 0), ("term:kettle", START): (5, 5)}
    for _ in range(2):
        await store.write(lambda tx: buckets.add(tx, counts))
    read = store.read
    assert await read(lambda tx: buckets.window(tx, "", START)) == (
        (START, 4, 2),
        (START + FIVE, 2, 0),
    )
    assert await read(lambda tx: buckets.window(tx, "", START, START + FIVE)) == ((START, 4, 2),)
    assert await read(lambda tx: buckets.window(tx, "", START + 2 * FIVE)) == ()
    both = await read(lambda tx: buckets.several(tx, ("term:kettle", "term:none"), START))
    assert both == {"term:kettle": ((START, 10, 10),), "term:none": ()}


async def test_a_kind_of_series_is_listed_the_largest_first(store: Store) -> None:
    counts = {
        ("term:a", START): (1, 0),
        ("term:b", START): (3, 1),
        ("term:b", START - FIVE): (50, 0),
        ("terms", START): (9, 0),
        ("source:x", START): (9, 0),
    }
    await store.write(lambda tx: buckets.add(tx, counts))
    found = await store.read(lambda tx: buckets.starts_with(tx, "term:", START))
    assert found == (("term:b", 3, 1), ("term:a", 1, 0))


def _warning(**changed: object) -> Candidate:
    made = Candidate(
        id="",
        uid="uid",
        at=START,
        term="kettle",
        level="early",
        reason="9 in 20 min",
        observed=9,
        expected=0.4,
        window_minutes=20,
        signal="s-1",
    )
    return msgspec.structs.replace(made, **changed)


async def test_early_warnings_are_numbered_listed_and_replaced(store: Store) -> None:
    write, read = store.write, store.read
    first = await write(lambda tx: candidates.add(tx, _warning()))
    second = await write(lambda tx: candidates.add(tx, _warning(uid="b", signal="s-2")))
    assert (first.id, second.id, await read(candidates.next_number)) == ("C-1", "C-2", 3)
    dismissed = msgspec.structs.replace(first, state="dismissed", decision="a test")
    await write(lambda tx: candidates.replace(tx, dismissed))
    assert await read(lambda tx: candidates.get(tx, 1)) == dismissed
    assert await read(lambda tx: candidates.get(tx, 9)) is None
    assert await read(lambda tx: candidates.by_signal(tx, "s-2")) == second
    assert await read(lambda tx: candidates.by_signal(tx, "s-9")) is None
    assert await read(candidates.recent) == (second, dismissed)
    assert await read(lambda tx: candidates.recent(tx, ("open", "watched"))) == (second,)
    assert await read(lambda tx: candidates.recent(tx, (), 1)) == (second,)
    told = await read(lambda tx: changes.since(tx, 0))
    assert [(one.topic, one.ref) for one in told] == [
        ("candidate", "C-1"),
        ("candidate", "C-2"),
        ("candidate", "C-1"),
    ]


async def test_what_was_learnt_is_bytes_by_name(store: Store, clock: ManualClock) -> None:
    assert await store.read(lambda tx: models.get(tx, "warning")) == b""
    for body in (b"\x00one", b"two"):
        await store.write(lambda tx, body=body: models.put(tx, "warning", body, clock.now()))  # type: ignore[misc]
    assert await store.read(lambda tx: models.get(tx, "warning")) == b"two"


async def test_decisions_come_back_in_their_order_with_the_words(
    store: Store, clock: ManualClock
) -> None:
    items = [Incoming(text=f"post {number}", external_id=str(number)) for number in range(3)]
    await store.write(lambda tx: mentions.ingest(tx, items, clock.now()))

    async def click(mention: int, wanted: bool) -> int:
        return await store.write(lambda tx: clicks.set(tx, mention, wanted, "ada", clock.now()))

    assert [await click(1, True), await click(2, False), await click(3, True)] == [1, 2, 3]
    assert await click(1, False) == 4  # thought better of it
    found = await store.read(clicks.all)
    assert [(one.number, one.mention.text, one.wanted) for one in found] == [
        (2, "post 1", False),
        (3, "post 2", True),
        (4, "post 0", False),
    ]
    assert [one.number for one in await store.read(lambda tx: clicks.all(tx, 2))] == [3, 4]
    assert await store.write(lambda tx: clicks.clear(tx, 3))
    assert not await store.write(lambda tx: clicks.clear(tx, 3))
    assert await store.read(lambda tx: clicks.get(tx, 3)) is None
    assert await store.read(lambda tx: clicks.get(tx, 2)) is False
    assert await store.read(clicks.latest) == 4


async def test_filters_are_kept_by_name(store: Store, clock: ManualClock) -> None:
    async def save(name: str, typed: str) -> filters.SavedFilter:
        return await store.write(lambda tx: filters.save(tx, name, typed, "ada", clock.now()))

    await save("night", "state:new")
    await save("angry", "refund")
    last = await save("night", "state:new priority:0.5")
    assert [one.name for one in await store.read(filters.all)] == ["angry", "night"]
    assert (await store.read(filters.all))[1] == last
    assert await store.write(lambda tx: filters.remove(tx, "angry"))
    assert not await store.write(lambda tx: filters.remove(tx, "angry"))


async def test_actions_are_owned_and_come_to_an_end(store: Store, clock: ManualClock) -> None:
    made = await store.write(
        lambda tx: improvements.add(
            tx, "print the check-out hour", "bo", "2026-12-01", "N-3", "ada", clock.now()
        )
    )
    assert (made.id, made.state, made.done_at, made.outcome) == ("ACT-1", "open", None, "")
    assert await store.read(lambda tx: improvements.get(tx, 1)) == made
    clock.advance(60)
    await store.write(lambda tx: improvements.done(tx, 1, "half the complaints", clock.now()))
    (done,) = await store.read(improvements.all)
    assert (done.state, done.outcome, done.done_at) == ("done", "half the complaints", clock.now())
    assert await store.read(lambda tx: improvements.all(tx, "open")) == ()
    assert await store.read(lambda tx: improvements.get(tx, 2)) is None


@pytest.mark.parametrize("words", ["reached many", ""])
async def test_a_campaign_has_one_result(store: Store, clock: ManualClock, words: str) -> None:
    for said in ("too early to say", words):
        await store.write(
            lambda tx, said=said: improvements.put_result(tx, "spring", said, "ada", clock.now())  # type: ignore[misc]
        )
    found = await store.read(improvements.results)
    assert {name: one.words for name, one in found.items()} == {"spring": words}
