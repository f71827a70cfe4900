"""Reviews of Apple's store, against a stand-in made from its documentation."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from sources.network import Asked, T, asked
from standins.appstore import AppStore

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.fetch import Fetcher
from crisisroom.sources import make


@pytest.fixture
def store(httpserver: HTTPServer) -> AppStore:
    return AppStore(httpserver)


@pytest.fixture
def source(store: AppStore, clock: ManualClock, fetch: Fetcher) -> Asked:
    return asked("appstore", store.url, clock, fetch, app="284882215", country="de")


async def test_a_review_in_full(store: AppStore, source: Asked) -> None:
    store.review(9, T - 60, "2", "No login", "Since <today> & so on")
    (review,) = (await source.poll()).mentions
    assert review.text == "★★☆☆☆ No login\n\nSince <today> & so on\n\n(version 4.2, de)"
    assert (review.kind, review.external_id, review.direct) == ("review", "9", True)
    assert review.url == "https://apps.apple.com/de/app/id284882215?see-all=reviews"
    assert review.author.handle == "pat"
    assert review.posted_at is not None
    assert review.posted_at.timestamp() == T - 60


async def test_none_one_and_the_app_itself(store: AppStore, source: Asked) -> None:
    assert await source.ids() == []
    store.review(1, T - 60, "1", "a", "b")
    store.app_first = True
    batch = await source.poll()
    assert ([one.external_id for one in batch.mentions], batch.note) == (["1"], "")


async def test_the_first_look_is_one_page_of_a_month_and_what_follows_is_whole(
    store: AppStore, source: Asked
) -> None:
    for number in range(60):
        store.review(number, T - (60 - number) * 86_400 + 5, "3", "a", "b")
    assert len(await source.ids()) == 30
    for number in range(100, 400):
        store.review(number, T - 4000 + number, "1", "a", "b")
    assert sorted(await source.all_ids()) == [str(number) for number in range(100, 400)]
    assert await source.ids() == []


async def test_a_list_that_is_empty_for_once_forgets_nothing(
    store: AppStore, source: Asked
) -> None:
    store.review(1, T - 60, "1", "a", "b")
    await source.poll()
    kept, store.reviews = store.reviews, []
    assert await source.ids() == []
    store.reviews = kept
    assert await source.ids() == []


async def test_an_edited_review_comes_again(store: AppStore, source: Asked) -> None:
    store.review(1, T - 60, "1", "bad", "b")
    await source.poll()
    store.reviews = []
    store.review(1, T - 5, "5", "good after all", "b")
    (review,) = (await source.poll()).mentions
    assert review.text.startswith("★★★★★ good after all")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"app": "com.acme.app"}, "no app's number"),
        ({"app": "1/../../x"}, "no app's number"),
        ({"app": "1", "country": "deu"}, "two letters"),
        ({"country": "de"}, "app"),
    ],
)
def test_options(options: dict[str, Any], words: str, clock: ManualClock) -> None:
    with pytest.raises(Refused, match=words):
        make("appstore", "a", options, clock=clock)
