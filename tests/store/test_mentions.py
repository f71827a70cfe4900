"""Mentions on disk: known ones counted, edits kept, hostile text tamed, words found."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.clock import ManualClock
from crisisroom.core.mention import Author, Incoming, Media, Mention
from crisisroom.core.query import Query
from crisisroom.store import Store, Tx, changes, mentions
from crisisroom.text import check_own, from_lossless


def _post(text: str, key: str = "", source: str = "masto", **more: object) -> Incoming:
    fields = {"author": Author("pat@social.example", "Pat"), "reply_to": ""} | more
    return Incoming(text=text, source=source, external_id=key, **fields)  # type: ignore[arg-type]


async def _take(store: Store, *items: Incoming) -> mentions.Ingested:
    return await store.write(lambda tx: mentions.ingest(tx, items, store.clock.now()))


async def _find(store: Store, query: Query) -> list[str]:
    found = await store.read(lambda tx: mentions.find(tx, query))
    return [mention.id for mention in found]


async def test_a_mention_is_known_by_its_source_and_its_id_there(store: Store) -> None:
    first = await _take(store, _post("one", "1"), _post("one", "1"), _post("one", "1", "forum"))
    assert first == mentions.Ingested(added=(1, 2), known=1)
    assert await _take(store, _post("one", "1")) == mentions.Ingested(known=1)
    assert await store.read(lambda tx: mentions.count(tx, Query())) == 2


async def test_without_an_id_the_text_and_its_author_tell(store: Store) -> None:
    other = Author("lee@social.example")
    outcome = await _take(store, _post("same"), _post("same"), _post("same", author=other))
    assert outcome == mentions.Ingested(added=(1, 2), known=1)


async def test_an_edit_is_kept_beside_what_it_changed(store: Store, clock: ManualClock) -> None:
    await _take(store, _post("my kettel burns", "1"))
    clock.advance(60)
    assert (await _take(store, _post("my kettle burns", "1"))).edited == (1,)
    assert (await _take(store, _post("my kettle burns", "1"))).known == 1
    clock.advance(60)
    await _take(store, _post("my kettel burns", "1"))
    mention = await _get(store, 1)
    assert (mention.text, mention.revision) == ("my kettel burns", 3)
    versions = await store.read(lambda tx: mentions.history(tx, 1))
    assert [text for _, text in versions] == [
        b"my kettel burns",
        b"my kettle burns",
        b"my kettel burns",
    ]
    assert versions[1][0] - versions[0][0] == timedelta(seconds=60)
    assert await _find(store, Query(text="kettle")) == []
    assert await _find(store, Query(text="kettel")) == ["M-1"]


async def _get(store: Store, number: int) -> Mention:
    mention = await store.read(lambda tx: mentions.get(tx, number))
    assert mention is not None
    return mention


async def test_words_are_found_with_and_without_accents_in_any_part(store: Store) -> None:
    await _take(
        store,
        _post("Das Gerät überhitzt im Café", "1"),
        _post("cafe\u0301 closed", "2"),
        _post("nothing here", "3", author=Author("zoë@social.example", "Zoë Ångström")),
        _post("ΤΟ ΤΡΑΙΝΟ άργησε", "4"),
    )
    assert await _find(store, Query(text="cafe")) == ["M-2", "M-1"]
    assert await _find(store, Query(text="CAFÉ gerat")) == ["M-1"]
    assert await _find(store, Query(text="uberh")) == ["M-1"]
    assert await _find(store, Query(text="zoe")) == ["M-3"]
    assert await _find(store, Query(text="angstrom")) == ["M-3"]
    assert await _find(store, Query(text="τραινο άργησε")) == ["M-4"]


@pytest.mark.parametrize(
    "text", ['"', "a OR b", "NEAR(", "text:x", "*", "^a", "-a", "a AND", "_", "a_b", "{x}", "''"]
)
async def test_a_search_is_words_and_never_a_language(store: Store, text: str) -> None:
    await _take(store, _post("plain words", "1"))
    assert await _find(store, Query(text=text)) in ([], ["M-1"])


def test_no_search_breaks(address: str, clock: ManualClock) -> None:
    @settings(max_examples=150, deadline=None)
    @given(st.text(max_size=60))
    def search(text: str) -> None:
        assert runner.run(_find(store, Query(text=text))) in ([], ["M-1"])

    with asyncio.Runner() as runner:
        store = runner.run(Store.open(address, clock))
        runner.run(_take(store, _post("Ein Gerät brennt", "1")))
        search()
        runner.run(store.close())


HOSTILE = "\x1b]52;c;ZWNobw==\x07\x1b[2Jred\u202eevil\u2066\ud800\x00\u200b tail\r\nline\U000e0041"


async def test_hostile_text_is_tame_in_the_row_and_whole_in_the_original(store: Store) -> None:
    author = Author("pa\u202et\x1b[0m", "P\nat\x07")
    media = (Media("image", "https://x.example/\x1b[0m", "a\u202eb", "0" * 64),)
    item = _post(HOSTILE, "id\x1b[0m", author=author, media=media, url="https://e.example/\x07")
    await _take(store, item)
    mention = await _get(store, 1)
    shown = (
        *(mention.author.handle, mention.author.name, mention.external_id, mention.url),
        *(mention.media[0].url, mention.media[0].alt),
    )
    assert not any(char < " " for text in shown for char in text)
    assert not any(check_own(text) for text in (mention.text, *shown))
    original = await store.read(lambda tx: mentions.original(tx, 1))
    assert from_lossless(original) == HOSTILE


def test_any_text_is_cleaned_in_the_row_and_lossless_in_the_original(
    address: str, clock: ManualClock
) -> None:
    anything, keys = st.text(st.characters(codec=None), max_size=80), itertools.count()

    @settings(max_examples=100, deadline=None)
    @given(anything, anything)
    def keep(text: str, handle: str) -> None:
        item = _post(text, f"key-{next(keys)}", author=Author(handle, handle))
        added = runner.run(_take(store, item)).added
        mention = runner.run(_get(store, added[0]))
        original = runner.run(store.read(lambda tx: mentions.original(tx, added[0])))
        assert from_lossless(original) == text
        assert "\x1b" not in mention.text + mention.author.handle
        assert runner.run(_take(store, item)).known == 1

    with asyncio.Runner() as runner:
        store = runner.run(Store.open(address, clock))
        keep()
        runner.run(store.close())


async def test_windows_page_by_number_in_both_directions(store: Store) -> None:
    await _take(store, *(_post(f"post {number}", str(number)) for number in range(1, 31)))
    newest = await _find(store, Query(limit=10))
    assert newest == [f"M-{number}" for number in range(30, 20, -1)]
    assert await _find(store, Query(limit=10, before=21)) == [
        f"M-{number}" for number in range(20, 10, -1)
    ]
    later = await _find(store, Query(limit=3, after=10, newest_first=False))
    assert later == ["M-11", "M-12", "M-13"]
    assert await store.read(lambda tx: mentions.count(tx, Query(), cap=7)) == 7


async def test_filters_narrow(store: Store, clock: ManualClock) -> None:
    await _take(store, _post("a", "1"), _post("b", "2", "forum"))
    clock.advance(100)
    middle = clock.now()
    await _take(store, _post("c", "3"))
    await store.write(lambda tx: mentions.mark(tx, 2, state="claimed", assignee="bo"))
    assert await _find(store, Query(sources=("forum",))) == ["M-2"]
    assert await _find(store, Query(states=("new",), sources=("masto",))) == ["M-3", "M-1"]
    assert await _find(store, Query(assignee="bo")) == ["M-2"]
    assert await _find(store, Query(since=middle)) == ["M-3"]
    assert await _find(store, Query(incident="INC-1")) == []
    assert await _find(store, Query(incident="no such thing")) == []
    assert await _find(store, Query(incident="INC-" + "9" * 5000)) == []


async def test_a_thread_is_the_conversation_at_one_source(store: Store) -> None:
    await _take(
        store,
        _post("root", "1"),
        _post("first", "2", reply_to="1"),
        _post("second", "3", reply_to="2"),
        _post("beside", "4", reply_to="1"),
        _post("elsewhere", "5", "forum", reply_to="1"),
        _post("alone", "6"),
    )
    middle = await _get(store, 3)
    found = await store.read(lambda tx: mentions.thread(tx, middle))
    assert [one.text for one in found] == ["root", "first", "second", "beside"]


async def test_a_thread_that_bites_its_tail_ends(store: Store) -> None:
    await _take(store, _post("a", "1", reply_to="2"), _post("b", "2", reply_to="1"))
    first = await _get(store, 1)
    found = await store.read(lambda tx: mentions.thread(tx, first))
    assert {one.text for one in found} == {"a", "b"}


async def test_a_time_in_the_future_is_not_believed(store: Store) -> None:
    later = store.clock.now() + timedelta(days=9)
    await _take(store, _post("from tomorrow", "1", posted_at=later))
    assert (await _get(store, 1)).posted_at == store.clock.now()


async def test_minutes_count_what_was_seen(store: Store, clock: ManualClock) -> None:
    await _take(store, _post("a", "1"), _post("b", "2", "forum"))
    clock.advance(60)
    await _take(store, _post("c", "3"), _post("a", "1"))
    rows = await store.read(lambda tx: mentions.per_minute(tx, clock.now() - timedelta(minutes=5)))
    assert [count for _, count in rows] == [2, 1]


async def test_a_batch_is_one_change_and_what_is_known_none(store: Store) -> None:
    await _take(store, _post("a", "1"), _post("b", "2"), _post("c", "3"))
    await _take(store, _post("a", "1"))
    found = await store.read(lambda tx: changes.since(tx, 0))
    assert [(one.topic, one.ref) for one in found] == [("mention", "1-3")]


async def test_a_failing_batch_adds_nothing(store: Store) -> None:
    async def work(tx: Tx) -> None:
        await mentions.ingest(tx, [_post("a", "1"), _post("b", "2")], store.clock.now())
        raise LookupError("on purpose")

    with pytest.raises(LookupError):
        await store.write(work)
    assert await _find(store, Query()) == []
    assert await _find(store, Query(text="a")) == []
