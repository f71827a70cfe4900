"""A room finds the same posts wherever it lies: a file and a server are asked alike."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import pytest
from conftest import START
from engines import Databases, check_words, forget_mentions
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.clock import ManualClock
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.query import Query
from crisisroom.store import Store, Tx, mentions

SAID = (
    *("café", "CAFE\N{COMBINING ACUTE ACCENT}", "Straße", "STRASSE", "İstanbul", "ışık", "naïve"),
    *(
        "日本語の苦情",
        "苦情",
        "カフェ",
        "한국어",
        "жалоба",
        "ёж",
        "Ελλάδα",
        "ελλαδα",
        "मराठी",
        "ภาษาไทย",
    ),
    *(
        "👍🏽",
        "🔥fire🔥",
        "e-mail",
        "state-of-the-art",
        "it's",
        "O’Neil",
        "C++",
        "x_y",
        "@pat",
        "#burnt",
    ),
    *("https://shop.example/a-b?c=1&d=é", "www.example.org", "a.b.c", "1,200.50", "٣٤", "²", "Ⅷ"),
    *(
        "kettle",
        "kettles",
        "KETTLE",
        "charged",
        "twice",
        "x",
        "a",
        "é",
        "ﬁre",
        "\u200d",
        "א",
        "مرحبا",
    ),
)
NO_WORDS = ("👍🏽", "\u200d")
TEXT = st.lists(st.sampled_from(SAID) | st.text(max_size=6), max_size=6).map(" ".join)
HANDLE = st.sampled_from(("@pat@social.example", "kim", "Zoë.Ö", "", "日本", "x-y")) | st.text(
    max_size=5
)
POST = st.tuples(TEXT, HANDLE)
ASKED = st.builds(
    Query,
    text=TEXT
    | TEXT.map(lambda text: f'"{text}"')
    | st.sampled_from(SAID).map(lambda word: word[: max(1, len(word) // 2)]),
    author=st.just("") | HANDLE,
    limit=st.just(100),
    newest_first=st.booleans(),
)


class Both:
    """The same room twice: in a file and at a server."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.runner = asyncio.Runner()
        clock = ManualClock(START)
        self.stores = [self.runner.run(Store.open(one, clock)) for one in addresses]

    def fill(self, posts: Sequence[tuple[str, str]]) -> None:
        """Let these posts be all there are; each second one is edited."""
        items = [
            Incoming(text=text, source="s", external_id=str(at), author=Author(handle, handle[:3]))
            for at, (text, handle) in enumerate(posts)
        ]
        edited = [
            Incoming(text=f"{one.text} edited", source="s", external_id=one.external_id)
            for one in items[::2]
        ]

        async def work(tx: Tx) -> None:
            await forget_mentions(tx)
            await mentions.ingest(tx, items, START)
            await mentions.ingest(tx, edited, START)
            await check_words(tx)

        for store in self.stores:
            self.runner.run(store.write(work, durable=False))

    def find(self, query: Query) -> tuple[list[str], list[str]]:
        """Return what each of them finds."""
        file, server = [
            [one.id for one in self.runner.run(store.read(lambda tx: mentions.find(tx, query)))]
            for store in self.stores
        ]
        return file, server


@pytest.fixture(scope="module")
def both(databases: Databases | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    if databases is None:
        pytest.skip("needs a server: --engine postgres")
    made = Both([str(tmp_path_factory.mktemp("both") / "room.db"), databases.fresh()])
    yield made
    for store in made.stores:
        made.runner.run(store.close())
    made.runner.close()


@given(st.lists(POST, max_size=8), st.lists(ASKED, min_size=1, max_size=6))
@settings(max_examples=120)
def test_the_same_words_find_the_same_posts(
    both: Both, posts: list[tuple[str, str]], asked: list[Query]
) -> None:
    both.fill(posts)
    for query in asked:
        file, server = both.find(query)
        assert server == file


def test_each_word_finds_its_own_post(both: Both) -> None:
    both.fill([(word, "kim") for word in SAID])
    for at, word in enumerate(SAID, 1):
        file, server = both.find(Query(text=word, limit=100))
        assert server == file
        assert (f"M-{at}" in file) or word in NO_WORDS
