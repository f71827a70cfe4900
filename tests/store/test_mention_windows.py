"""Windows of mentions: every filter against plain reading of the same mentions."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from conftest import START, AddressOf
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.clock import ManualClock
from crisisroom.core.mention import Author, Incoming, Mention
from crisisroom.core.query import Query
from crisisroom.store import Store, Tx, log, mentions
from crisisroom.store.mentions import Marks
from crisisroom.store.words import Said, said_in

SOURCES = ("masto", "forum", "mail")
KINDS = ("post", "review", "mail")
LANGS = ("en", "en-GB", "de", "")
STATES = ("new", "claimed", "dismissed", "answered", "offline")
VERDICTS = ("", "answer", "thank")
STORIES = ("", "N-1", "N-2", "N-3")
TERMS = ("ferrow", "kettle")
WORDS = ("charged", "twice", "refund", "kettle", "burnt", "hello")
MANY = 120


class Filled:
    """A room of many different mentions, and the loop it lives on."""

    def __init__(self, address: str) -> None:
        self.runner = asyncio.Runner()
        self.clock = ManualClock(START)
        self.store = self.runner.run(Store.open(address, self.clock))
        self._pick = random.Random(11)
        for _ in range(MANY // 10):
            self.runner.run(self.store.write(self._some))
            self.clock.advance(1800)
        self.mentions = self.runner.run(self.store.read(lambda tx: mentions.after(tx, 0, MANY)))

    async def _some(self, tx: Tx) -> None:
        pick = self._pick
        items = [
            Incoming(
                text=" ".join(pick.choices(WORDS, k=4)),
                source=pick.choice(SOURCES),
                external_id=f"{self.clock.monotonic()}-{number}",
                kind=pick.choice(KINDS),  # type: ignore[arg-type]
                lang=pick.choice(LANGS),
                author=Author(f"@pat{pick.randint(1, 4)}@social.example"),
            )
            for number in range(10)
        ]
        marks = [
            Marks(tuple(term for term in TERMS if pick.random() < 0.5), pick.random() < 0.3)
            for _ in items
        ]
        added = (await mentions.ingest(tx, items, self.clock.now(), marks)).added
        await mentions.analysed(tx, [self._said_of(number) for number in added])
        for number in added:
            state = pick.choice(STATES)
            who = pick.choice(("ada", "bo")) if state != "new" else ""
            await mentions.mark(tx, number, state=state, assignee=who)
            await mentions.tag(tx, number, pick.choice(((), ("troll",), ("satire", "troll"))))
            await mentions.set_verdict(tx, [number], pick.choice(VERDICTS))

    def _said_of(self, number: int) -> mentions.Analysed:
        pick = self._pick
        return mentions.Analysed(
            number,
            pick.choice(STORIES),
            pick.randint(0, 100) / 100,
            copy_of=1 if pick.random() < 0.2 and number > 1 else 0,
        )


@pytest.fixture(scope="module")
def filled(address_of: AddressOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    room = Filled(address_of(tmp_path_factory.mktemp("filled") / "room.db"))
    yield room
    room.runner.run(room.store.close())
    room.runner.close()


def _fits(mention: Mention, query: Query) -> bool:
    return all(
        (
            query.others is None or mention.others == query.others,
            query.copies or not mention.copy_of,
            not query.sources or mention.source in query.sources,
            not query.states or mention.state in query.states,
            query.since is None or mention.seen_at >= query.since,
            not query.assignee or mention.assignee == query.assignee,
            not query.narrative or mention.narrative == query.narrative,
            not query.term or query.term in mention.terms,
            not query.tag or query.tag in mention.tags,
            not query.verdict or mention.verdict == query.verdict,
            not query.kind or mention.kind == query.kind,
            not query.lang or f"{mention.lang}-".startswith(f"{query.lang}-"),
            not query.author or query.author in mention.author.handle,
            mention.priority >= query.least_priority,
            query.before is None or mention.number < query.before,
            query.after is None or mention.number > query.after,
            _says(mention.text, query.text),
        )
    )


def _says(text: str, typed: str) -> bool:
    """Whether every phrase is in a text, and every other word begins one of its words."""
    phrases = re.findall(r'"([^"]*)"', typed)
    words = re.sub(r'"[^"]*"', " ", typed).split()
    return all(f" {phrase} " in f" {text} " for phrase in phrases) and all(
        any(said.startswith(word) for said in text.split()) for word in words
    )


QUERIES = st.builds(
    Query,
    text=st.sampled_from(("", "", "refund", "ref", "kettle burnt", '"charged twice"', '"a b" ch')),
    sources=st.sampled_from(((), (), ("masto",), ("forum", "mail"), ("none",))),
    states=st.sampled_from(((), (), ("new",), ("claimed",), ("new", "claimed"), STATES[2:])),
    since=st.sampled_from((None, None, START + timedelta(hours=3), START + timedelta(days=9))),
    assignee=st.sampled_from(("", "", "", "ada")),
    narrative=st.sampled_from(("", "", "", "N-2", "N-9")),
    term=st.sampled_from(("", "", "", "ferrow")),
    tag=st.sampled_from(("", "", "", "troll", "satire", "tro")),
    verdict=st.sampled_from(("", "", "", "thank")),
    kind=st.sampled_from(("", "", "post", "review")),
    lang=st.sampled_from(("", "", "en", "de", "en-GB", "fr", "e%")),
    author=st.sampled_from(("", "", "", "pat2@social.example")),
    least_priority=st.sampled_from((0.0, 0.0, 0.3, 0.5, 0.7)),
    others=st.sampled_from((False, True, None)),
    copies=st.booleans(),
    before=st.sampled_from((None, None, 90)),
    after=st.sampled_from((None, None, 20)),
    limit=st.sampled_from((1, 7, 256)),
    newest_first=st.booleans(),
)


@settings(max_examples=400, deadline=None)
@given(query=QUERIES)
def test_a_window_is_what_plain_reading_gives(filled: Filled, query: Query) -> None:
    wanted = [one.number for one in filled.mentions if _fits(one, query)]
    ordered = list(reversed(wanted)) if query.newest_first else wanted
    store, run = filled.store, filled.runner.run
    found = run(store.read(lambda tx: mentions.find(tx, query)))
    assert [one.number for one in found] == ordered[: query.limit]
    assert run(store.read(lambda tx: mentions.numbers(tx, query))) == tuple(ordered[: query.limit])
    assert run(store.read(lambda tx: mentions.count(tx, query))) == len(wanted)
    assert run(store.read(lambda tx: mentions.count(tx, query, 3))) == min(3, len(wanted))


def test_every_single_filter_is_tried(filled: Filled) -> None:
    """A named index that is missing would be an error, not a slow window."""
    for name, value in (
        *(("sources", (one,)) for one in SOURCES),
        *(("states", (one,)) for one in STATES),
        *(("narrative", one) for one in STORIES),
        *(("kind", one) for one in KINDS),
        *(("lang", one) for one in LANGS),
        *(("verdict", one) for one in VERDICTS),
        *(("term", one) for one in TERMS),
        *(("text", one) for one in WORDS),
        *(("least_priority", share) for share in (0.2, 0.5, 0.9)),
        ("tag", "satire"),
        ("assignee", "bo"),
        ("author", "pat1"),
    ):
        for others in (None, True, False):
            for text in ("", "kettle"):
                fields = {"text": text, "others": others, name: value}
                query = Query(**fields)  # type: ignore[arg-type]
                wanted = [one.id for one in reversed(filled.mentions) if _fits(one, query)]
                read = filled.store.read(lambda tx, query=query: mentions.find(tx, query))  # type: ignore[misc]
                assert [one.id for one in filled.runner.run(read)] == wanted


def test_pages_make_the_whole_list(filled: Filled) -> None:
    whole = [one.number for one in filled.mentions if _fits(one, Query(states=("new", "claimed")))]
    paged: list[int] = []
    before: int | None = None
    while True:
        query = Query(states=("new", "claimed"), before=before, limit=9)
        page = filled.runner.run(
            filled.store.read(lambda tx, query=query: mentions.find(tx, query))  # type: ignore[misc]
        )
        if not page:
            break
        paged += [one.number for one in page]
        before = page[-1].number
    assert paged == list(reversed(whole))


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("refund", ["refund*"]),
        ("re fund", ["re*", "fund*"]),
        ('"charged twice" ref', ["charged twice", "ref*"]),
        ('"charged twice', ["charged*", "twice*"]),
        ('"" x', ["x"]),
        ("é", ["é*"]),
        ('a" OR text:x*', ["a", "OR*", "text*", "x"]),
        ("( ) - ^", []),
    ],
)
def test_what_is_typed_becomes_words_only(typed: str, asked: list[str]) -> None:
    said = said_in(Query(text=typed))
    assert [f"{one.words}{'*' * one.begins}" for one in said] == asked


def test_an_author_is_looked_for_among_authors_only() -> None:
    query = Query(text="refund", author="@pat@social.example")
    assert said_in(query) == (Said("refund", begins=True), Said("pat social example", by=True))


async def test_an_incident_s_mentions_are_a_window_too(store: Store) -> None:
    items = [Incoming(text="x", source="s", external_id=str(number)) for number in range(4)]

    async def fill(tx: Tx) -> None:
        await mentions.ingest(tx, items, store.clock.now())
        await log._open(tx, "chain-7", 7)
        await mentions.link(tx, 2, "chain-7")

    await store.write(fill)
    for typed in ("INC-7", "inc-7", "7"):
        query = Query(incident=typed)
        found = await store.read(lambda tx, query=query: mentions.find(tx, query))  # type: ignore[misc]
        assert [(one.id, one.incident) for one in found] == [("M-2", "INC-7")]
    assert await store.read(lambda tx: mentions.count(tx, Query(incident="INC-8"))) == 0


async def test_a_clock_put_back_hides_nothing(store: Store, clock: ManualClock) -> None:
    def item(key: str) -> Incoming:
        return Incoming(text="x", source="s", external_id=key)

    await store.write(lambda tx: mentions.ingest(tx, [item("1")], clock.now()))
    clock.advance(-1800)
    await store.write(lambda tx: mentions.ingest(tx, [item("2")], clock.now()))
    clock.advance(900)
    await store.write(lambda tx: mentions.ingest(tx, [item("3")], clock.now()))
    query = Query(since=START - timedelta(minutes=20))
    found = await store.read(lambda tx: mentions.find(tx, query))
    assert [one.id for one in found] == ["M-3", "M-1"]
