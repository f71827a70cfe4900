"""Stories on disk: counted by the machine, put right by hand, merged without a long wait."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from conftest import START

from crisisroom.clock import ManualClock
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.narrative import Narrative
from crisisroom.core.query import Query
from crisisroom.store import Store, buckets, mentions, narratives
from crisisroom.store.mentions import Analysed


def _story(number: int, size: int = 1, **changed: object) -> Narrative:
    made = Narrative(
        id=f"N-{number}",
        uid=f"uid-{number}",
        title=f"story {number}",
        mentions=size,
        authors=size,
        sources=("masto",),
        first_at=START,
        last_at=START,
    )
    return msgspec.structs.replace(made, **changed)


async def _tell(store: Store, number: int, size: int) -> list[int]:
    """Let so many people tell a story."""
    items = [
        Incoming(
            text=f"story {number}, post {index}",
            source="masto" if index % 2 else "forum",
            external_id=f"{number}-{index}",
            author=Author(f"p{index % 3}", "", 10 + index),
        )
        for index in range(size)
    ]
    now = store.clock.now()
    added = (await store.write(lambda tx: mentions.ingest(tx, items, now))).added
    said = [Analysed(one, f"N-{number}", 0.1, 0.9 if one % 2 else 0.1) for one in added]
    await store.write(lambda tx: mentions.analysed(tx, said))
    await store.write(lambda tx: narratives.put(tx, [_story(number, size)]))
    return list(added)


async def _get(store: Store, number: int) -> Narrative:
    found = await store.read(lambda tx: narratives.get(tx, number))
    assert found is not None
    return found


async def test_counts_run_on_and_what_people_decided_stays(store: Store) -> None:
    write = store.write
    await write(lambda tx: narratives.put(tx, [_story(1), _story(2, 7)]))
    await write(lambda tx: narratives.rename(tx, 1, "Charged twice", "ada"))
    await write(lambda tx: narratives.set_state(tx, 1, "dismissed"))
    later = START + timedelta(hours=1)
    changed = _story(1, 9, title="another title", last_at=later, reach=50, complaints=3)
    await write(lambda tx: narratives.put(tx, [changed, _story(2, 8, title="told anew")]))
    first, second = await _get(store, 1), await _get(store, 2)
    assert (first.title, first.named_by, first.state) == ("Charged twice", "ada", "dismissed")
    assert (first.mentions, first.reach, first.complaints) == (9, 50, 3)
    assert (first.first_at, first.last_at) == (START, later)
    assert (second.title, second.mentions) == ("told anew", 8)
    assert await store.read(narratives.next_number) == 3
    assert await store.read(lambda tx: narratives.get(tx, 3)) is None


async def test_a_list_has_the_largest_first_within_its_states_and_time(store: Store) -> None:
    late = START + timedelta(hours=2)
    stories = [_story(1, 5), _story(2, 9), _story(3, 7, last_at=late), _story(4, 99, last_at=late)]
    await store.write(lambda tx: narratives.put(tx, stories))
    await store.write(lambda tx: narratives.set_state(tx, 4, "dismissed"))

    async def listed(*args: object) -> list[str]:
        found = await store.read(lambda tx: narratives.recent(tx, *args))  # type: ignore[arg-type]
        return [one.id for one in found]

    assert await listed() == ["N-2", "N-3", "N-1"]
    assert await listed(late) == ["N-3"]
    assert await listed(None, 1) == ["N-2"]
    assert await listed(None, 9, ("dismissed",)) == ["N-4"]
    assert await listed(None, 9, ()) == ["N-4", "N-2", "N-3", "N-1"]


async def test_free_are_those_that_nobody_has_taken_reposts_left_out(store: Store) -> None:
    posts = await _tell(store, 1, 5)
    await store.write(lambda tx: mentions.mark(tx, posts[0], state="claimed", assignee="bo"))
    repost = [Analysed(posts[4], "N-1", 0.1, copy_of=posts[1])]
    await store.write(lambda tx: mentions.analysed(tx, repost))
    assert (await _get(store, 1)).free == 3


async def test_the_trend_is_of_the_last_day_hour_by_hour(store: Store, clock: ManualClock) -> None:
    await _tell(store, 1, 1)
    await _tell(store, 2, 1)
    now = clock.now()
    counts = {
        ("narrative:N-1", now - timedelta(minutes=5)): (4, 1),
        ("narrative:N-1", now - timedelta(minutes=50)): (3, 0),
        ("narrative:N-1", now - timedelta(hours=23, minutes=30)): (2, 0),
        ("narrative:N-1", now - timedelta(hours=30)): (100, 0),
        ("narrative:N-11", now - timedelta(minutes=5)): (100, 0),
    }
    await store.write(lambda tx: buckets.add(tx, counts))
    found = await store.read(lambda tx: narratives.recent(tx, None, 9, ("open",), now))
    trends = {one.id: one.trend for one in found}
    assert trends["N-1"] == (2, *([0] * 22), 7)
    assert trends["N-2"] == (0,) * 24


async def test_a_merge_adds_up_and_leaves_its_way(store: Store, clock: ManualClock) -> None:
    await _tell(store, 1, 3)
    await _tell(store, 2, 4)
    await _tell(store, 3, 2)
    now = clock.now()
    counts = {(f"narrative:N-{number}", now): (number, 0) for number in (1, 2, 3)}
    await store.write(lambda tx: buckets.add(tx, counts))
    await store.write(lambda tx: narratives.merge(tx, 2, 3))
    await store.write(lambda tx: narratives.merge(tx, 1, 2))
    kept, gone, first = await _get(store, 1), await _get(store, 2), await _get(store, 3)
    assert (kept.mentions, kept.by_hand, kept.free) == (9, True, 9)
    assert (gone.state, gone.into, first.into, gone.mentions) == ("merged", "N-1", "N-1", 0)
    windows = await store.read(lambda tx: buckets.window(tx, "narrative:N-1", START))
    assert [many for _, many, _ in windows] == [6]
    assert await store.read(lambda tx: mentions.count(tx, Query(narrative="N-1"))) == 9
    assert await store.read(lambda tx: mentions.count(tx, Query(narrative="N-2"))) == 0


async def test_a_large_merge_moves_bit_by_bit_and_shows_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narratives, "MOVED", 4)
    await _tell(store, 1, 3)
    await _tell(store, 2, 11)
    await store.write(lambda tx: narratives.merge(tx, 1, 2))
    moved: list[int] = []
    while not moved or moved[-1]:
        whole = await store.read(lambda tx: mentions.find(tx, Query(narrative="N-1", limit=99)))
        assert [one.number for one in whole] == list(range(14, 0, -1))
        assert await store.read(lambda tx: mentions.count(tx, Query(narrative="N-1"))) == 14
        moved.append(await store.write(lambda tx: narratives.move_on(tx, 5)))
    assert moved == [5, 2, 0]
    assert {one.narrative for one in await store.read(lambda tx: mentions.after(tx, 0))} == {"N-1"}


async def test_a_split_is_counted_from_its_posts(store: Store) -> None:
    posts = await _tell(store, 1, 6)
    made = await store.write(
        lambda tx: narratives.split(tx, 1, posts[:4], "Refunds", "ada", "uid-new")
    )
    new, old = await _get(store, made), await _get(store, 1)
    assert (new.title, new.named_by, new.by_hand, new.uid) == ("Refunds", "ada", True, "uid-new")
    assert (new.mentions, new.authors, new.complaints) == (4, 4, 2)
    assert (new.sources, new.reach) == (("forum", "masto"), 10 + 11 + 12 + 13)
    assert (old.mentions, old.by_hand) == (2, True)
    assert await store.read(lambda tx: mentions.count(tx, Query(narrative=new.id))) == 4
