"""Batches: the same outcome as one by one, told once, with their terms, and nothing twice."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from conftest import AddressOf
from engines import check_words, forget_mentions
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.clock import ManualClock
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.query import Query
from crisisroom.store import Store, Tx, changes, mention_clean, mentions
from crisisroom.store.mention_rows import tell
from crisisroom.store.mentions import Marks
from crisisroom.text import clean_line


def _post(text: str, key: str = "", source: str = "masto") -> Incoming:
    return Incoming(text=text, source=source, external_id=key, author=Author("pat"))


ITEMS = st.lists(
    st.builds(
        _post,
        st.sampled_from(("one", "two", "three \x1b[0m", "")),
        st.sampled_from(("1", "2", "3", "")),
        st.sampled_from(("masto", "forum")),
    ),
    max_size=12,
)


async def _everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that ingest writes, but for the random uids."""

    async def work(tx: Tx) -> dict[str, list[tuple[Any, ...]]]:
        asked = {
            "mention": "SELECT id, source, external_id, text, revision, handle FROM mention",
            "original": "SELECT mention, revision, text, sha256 FROM original",
            "minute": "SELECT * FROM minute",
        }
        found = {name: await tx.rows(f"{sql} ORDER BY 1, 2") for name, sql in asked.items()}
        for word in ("two", "three"):
            query = Query(text=word, limit=100)
            found[word] = [(one.id,) for one in await mentions.find(tx, query)]
        return found

    return await store.read(work)


def test_a_batch_is_what_its_items_are_one_by_one(
    address_of: AddressOf, tmp_path: Path, clock: ManualClock
) -> None:
    @settings(max_examples=60, deadline=None)
    @given(ITEMS, st.integers(0, 12))
    def compare(items: list[Incoming], cut: int) -> None:
        one_by_one, together = runner.run(_both(single, batched, items, cut))
        assert one_by_one == together

    with asyncio.Runner() as runner:
        single, batched = [
            runner.run(Store.open(address_of(tmp_path / name), clock))
            for name in ("single.db", "batched.db")
        ]
        compare()
        for one in (single, batched):
            runner.run(one.close())


async def _both(
    single: Store, batched: Store, items: list[Incoming], cut: int
) -> tuple[dict[str, list[tuple[Any, ...]]], dict[str, list[tuple[Any, ...]]]]:
    """Take items in one by one and as two batches; return what was written each way."""
    for one in (single, batched):
        await one.write(forget_mentions)
    now, outcomes = single.clock.now(), []
    for item in items:
        outcomes.append(
            await single.write(lambda tx, item=item: mentions.ingest(tx, [item], now))  # type: ignore[misc]
        )
    halves = [
        await batched.write(lambda tx, part=part: mentions.ingest(tx, part, now))  # type: ignore[misc]
        for part in (items[:cut], items[cut:])
    ]
    for name in ("added", "edited"):
        one_by_one = [number for one in outcomes for number in getattr(one, name)]
        assert [number for one in halves for number in getattr(one, name)] == one_by_one
    assert sum(one.known for one in halves) == sum(one.known for one in outcomes)
    await batched.write(check_words)
    return await _everything(single), await _everything(batched)


async def test_marks_go_with_their_items_and_change_with_an_edit(store: Store) -> None:
    marks = [Marks(("ferrow", "kettle")), Marks(("rival",), others=True), Marks()]
    items = [_post("a", "1"), _post("b", "2"), _post("c", "3")]
    await store.write(lambda tx: mentions.ingest(tx, items, store.clock.now(), marks))
    assert await _ids(store, Query(term="kettle")) == ["M-1"]
    assert await _ids(store, Query()) == ["M-3", "M-1"]
    assert await _ids(store, Query(others=True)) == ["M-2"]

    again = [_post("a, and the rival's", "1")]
    marks = [Marks(("rival",), others=True)]
    await store.write(lambda tx: mentions.ingest(tx, again, store.clock.now(), marks))
    assert await _ids(store, Query(term="kettle", others=None)) == []
    assert await _ids(store, Query(term="rival", others=None)) == ["M-2", "M-1"]
    assert await _ids(store, Query()) == ["M-3"]


async def test_an_edit_whose_words_nobody_looked_at_keeps_its_marks(store: Store) -> None:
    now = store.clock.now()
    marks = [Marks(("kettle",))]
    await store.write(lambda tx: mentions.ingest(tx, [_post("a", "1")], now, marks))
    await store.write(lambda tx: mentions.ingest(tx, [_post("b", "1")], now))
    (found,) = await store.read(lambda tx: mentions.find(tx, Query(term="kettle")))
    assert (found.text, found.terms, found.revision) == ("b", ("kettle",), 2)


async def _ids(store: Store, query: Query) -> list[str]:
    return [one.id for one in await store.read(lambda tx: mentions.find(tx, query))]


async def test_marks_have_to_be_as_many_as_items(store: Store) -> None:
    with pytest.raises(ValueError, match="marks"):
        await store.write(
            lambda tx: mentions.ingest(tx, [_post("a", "1")], store.clock.now(), [Marks(), Marks()])
        )


async def test_ten_thousand_in_one_go_are_all_there_once(store: Store) -> None:
    items = [_post(f"post {number}", str(number)) for number in range(10_000)]
    first = await store.write(lambda tx: mentions.ingest(tx, items, store.clock.now()))
    again = await store.write(lambda tx: mentions.ingest(tx, items, store.clock.now()))
    assert (first.added, first.known) == (tuple(range(1, 10_001)), 0)
    assert (again.added, again.known) == ((), 10_000)
    assert await store.read(lambda tx: mentions.count(tx, Query())) == 10_000
    assert await store.read(lambda tx: mentions.count(tx, Query(text="post"), 20_000)) == 10_000


async def test_what_the_analysis_says_is_kept_and_reposts_counted_once(store: Store) -> None:
    items = [_post(f"post {number}", str(number)) for number in range(4)]
    await store.write(lambda tx: mentions.ingest(tx, items, store.clock.now()))
    rows = [
        mentions.Analysed(1, "N-1", 0.71, 0.9, ("asks a question", 'says "refund"')),
        mentions.Analysed(2, "N-1", 0.2, copy_of=1),
        mentions.Analysed(3, "N-1", 0.2, copy_of=1),
    ]
    for _ in range(2):  # told again after a restart
        await store.write(lambda tx: mentions.analysed(tx, rows))
    first = await _get(store, 1)
    assert (first.narrative, first.priority, first.complaint) == ("N-1", 0.71, 0.9)
    assert (first.why, first.copies) == (("asks a question", 'says "refund"'), 2)
    assert (await _get(store, 2)).copy_of == "M-1"
    assert await _ids(store, Query()) == ["M-4", "M-1"]
    assert await _ids(store, Query(copies=True)) == ["M-4", "M-3", "M-2", "M-1"]

    edited = [mentions.Analysed(3, "N-2", 0.2)]  # no repost any more
    await store.write(lambda tx: mentions.analysed(tx, edited))
    assert (await _get(store, 1)).copies == 1
    assert await _ids(store, Query()) == ["M-4", "M-3", "M-1"]


async def _get(store: Store, number: int) -> Any:
    return await store.read(lambda tx: mentions.get(tx, number))


async def test_changes_are_told_as_few_ranges(store: Store) -> None:
    await store.write(_telling([5, 3, 4, 900, 40]))
    await store.write(_telling(range(0, 100_000, 1000)))
    found = await store.read(lambda tx: changes.since(tx, 0))
    assert [one.ref for one in found] == ["3-40", "900-900", "0-99000"]


def _telling(numbers: Any) -> Any:
    async def work(tx: Tx) -> None:
        tell(tx, list(numbers))

    return work


async def test_the_cursor_sees_every_mention_and_the_newest_restore(
    store: Store, clock: ManualClock
) -> None:
    marks = [Marks(("rival",), others=True), Marks()]
    items = [_post("a", "1"), _post("b", "2")]
    await store.write(lambda tx: mentions.ingest(tx, items, clock.now(), marks))
    clock.advance(7200)
    later = clock.now()
    await store.write(lambda tx: mentions.ingest(tx, [_post("c", "3")], clock.now()))
    read = store.read
    assert [one.id for one in await read(lambda tx: mentions.after(tx, 0, 2))] == ["M-1", "M-2"]
    assert [one.id for one in await read(lambda tx: mentions.after(tx, 2, 2))] == ["M-3"]
    assert [one.id for one in await read(lambda tx: mentions.recent(tx, later))] == ["M-3"]
    newest = await read(lambda tx: mentions.recent(tx, later.replace(year=2020), 2))
    assert [one.id for one in newest] == ["M-2", "M-3"]


@given(st.text(st.characters(codec=None), max_size=30) | st.text("ab \t", max_size=30))
def test_the_quick_look_at_a_line_changes_nothing(raw: str) -> None:
    for limit in (3, 20, 500):
        assert mention_clean._line(raw, limit) == clean_line(raw, limit=limit)
