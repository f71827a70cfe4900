"""Pictures on disk: counted across posts as plain reading of the same posts counts them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
from conftest import START, AddressOf
from engines import forget_mentions
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisroom.clock import ManualClock
from crisisroom.core.mention import Incoming, Media
from crisisroom.core.query import Query
from crisisroom.store import Store, Tx, evidence, mentions, pictures
from crisisroom.store.pictures import Due

URLS = ("", "https://a.test/1.png", "https://a.test/2.png", "http://b.test:8080/1.png")
HASHES = tuple(digit * 64 for digit in "abc")
Posts = list[tuple[str, list[tuple[str, str, bool]]]]  # source, and address, hash, fetched

_PICTURE = st.tuples(st.sampled_from(URLS), st.sampled_from(("", *HASHES)), st.booleans())
_POST = st.tuples(st.sampled_from(("masto", "web", "a,b")), st.lists(_PICTURE, max_size=3))


class Filled:
    """A store that is emptied for each example, and the loop it lives on."""

    def __init__(self, address: str) -> None:
        self.runner = asyncio.Runner()
        self.clock = ManualClock(START)
        self.store = self.runner.run(Store.open(address, self.clock))

    def fill(self, posts: Posts) -> None:
        """Let these posts be all there are."""
        self.runner.run(self.store.write(lambda tx: self._fill(tx, posts)))

    async def _fill(self, tx: Tx, posts: Posts) -> None:
        await forget_mentions(tx)
        for number, (source, shown) in enumerate(posts, 1):
            media = tuple(Media(url=url, sha256=sha256) for url, sha256, _ in shown)
            item = Incoming(text="x", source=source, external_id=f"{number}", media=media)
            now = START + timedelta(minutes=number)
            (row,) = (await mentions.ingest(tx, [item], now)).added
            for one in await pictures.of(tx, row):
                if shown[one.number - 1][2] and one.url and one.sha256:
                    await pictures.put(tx, msgspec.structs.replace(one, state="kept", kept_at=now))


@pytest.fixture(scope="module")
def filled(address_of: AddressOf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    made = Filled(address_of(tmp_path_factory.mktemp("pictures") / "room.db"))
    yield made
    made.runner.run(made.store.close())
    made.runner.close()


def shows(posts: Posts, sha256: str) -> list[int]:
    """Return which posts show a picture, by reading them one after the other."""
    whole = [(number, one) for number, (_, shown) in enumerate(posts) for one in shown]
    places = {url for _, (url, given, fetched) in whole if given == sha256 and fetched and url}
    return sorted(
        {
            number
            for number, (url, given, _) in whole
            if given == sha256 or (not given and url in places)
        }
    )


@settings(max_examples=60)
@given(posts=st.lists(_POST, max_size=8))
def test_the_same_picture_is_counted_once_a_post(filled: Filled, posts: Posts) -> None:
    filled.fill(posts)
    found = filled.runner.run(filled.store.read(lambda tx: pictures.shown(tx, HASHES)))
    for sha256 in HASHES:
        wanted = shows(posts, sha256)
        assert (sha256 in found) == bool(wanted)
        query = Query(picture=sha256[:8], newest_first=False, others=None, copies=True)
        listed = filled.runner.run(
            filled.store.read(lambda tx, query=query: mentions.find(tx, query))  # type: ignore[misc]
        )
        assert [int(one.external_id) - 1 for one in listed] == wanted
        if wanted:
            one = found[sha256]
            assert one.posts == len(wanted)
            assert one.sources == tuple(sorted({posts[number][0] for number in wanted}))
            assert one.first_at == START + timedelta(minutes=wanted[0] + 1)
            assert one.last_at == START + timedelta(minutes=wanted[-1] + 1)


def test_what_is_no_picture_is_not_written_down(filled: Filled) -> None:
    media = (
        Media("video", "https://a.test/v.mp4"),
        Media("image", "data:image/png;base64,AA=="),
        Media("image", "file:///etc/passwd"),
        Media("image", "", sha256="short"),
        Media("IMAGE", "https://a.test/\x1b[31m1.png"),
        *(Media("image", f"https://a.test/{number}") for number in range(40)),
    )

    async def work(tx: Tx) -> tuple[pictures.Picture, ...]:
        item = Incoming(text="x", source="s", external_id="odd", media=media)
        (row,) = (await mentions.ingest(tx, [item], START)).added
        return await pictures.of(tx, row)

    shown = filled.runner.run(filled.store.write(work))
    assert [one.number for one in shown] == list(range(5, pictures.MOST + 1))
    assert "\x1b" not in shown[0].url
    assert {one.state for one in shown} == {"seen"}


async def taken(store: Store, *urls: str) -> list[int]:
    """Take in a post a picture; returns their rows."""
    items = [
        Incoming(text="x", source="s", external_id=url, media=(Media(url=url),)) for url in urls
    ]
    return [*(await store.write(lambda tx: mentions.ingest(tx, items, START))).added]


async def due(store: Store) -> list[str]:
    found: tuple[Due, ...] = await store.read(lambda tx: pictures.due(tx, START, 99))
    return [one.picture.url for one in found]


async def test_a_server_rests_and_is_given_up_as_one(store: Store) -> None:
    ours = ("https://A.test/1", "http://a.test?2", "https://a.test")
    others = ("https://a.test:8443/1", "https://a.test.evil/1", "https://b.test/a.test/1")
    numbers = await taken(store, *ours, *others)
    for number in numbers:
        await store.write(lambda tx, number=number: pictures.want(tx, number))  # type: ignore[misc]
    assert await due(store) == [*ours, *others]
    later = START + timedelta(hours=1)
    await store.write(lambda tx: pictures.rest(tx, "a.test", later))
    assert await due(store) == [*others]
    await store.write(lambda tx: pictures.give_up(tx, "a.test", "gone", "no answer"))
    states = [await store.read(lambda tx, n=n: pictures.of(tx, n)) for n in numbers]  # type: ignore[misc]
    assert [one[0].state for one in states] == ["gone"] * 3 + ["wanted"] * 3
    assert states[0][0].reason == "no answer"


async def test_bytes_go_with_the_post_and_hashes_are_found_by_how_they_begin(store: Store) -> None:
    async def keep(tx: Tx) -> None:
        for name in ("a" * 64, "ab" + "0" * 62, "b" * 64):
            await evidence.keep(tx, name.encode(), name, "text/plain", START)

    await store.write(keep)
    assert await store.read(lambda tx: evidence.named(tx, "a")) == ("a" * 64, "ab" + "0" * 62)
    assert await store.read(lambda tx: evidence.named(tx, "c")) == ()
    assert await store.read(lambda tx: evidence.named(tx, "f" * 64)) == ()
    stay = frozenset({"b" * 64})
    gone = ["a" * 64, "b" * 64]
    assert await store.write(lambda tx: evidence.forget_unshown(tx, gone, stay)) == 1
    assert await store.read(evidence.hashes) == ("ab" + "0" * 62, "b" * 64)
