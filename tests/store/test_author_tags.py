"""Tags of authors on disk."""

from __future__ import annotations

from conftest import START
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.store import Store, author_tags
from crisisroom.store.author_tags import AuthorTag, key

PAT = "@Pat@Social.example"


async def _put(store: Store, source: str, handle: str, *tags: str, actor: str = "ada") -> None:
    await store.write(lambda tx: author_tags.put(tx, source, handle, tags, actor, START))


async def _of(store: Store, sources: tuple[str, ...], handle: str) -> tuple[str, ...]:
    return await store.read(lambda tx: author_tags.of(tx, sources, handle))


async def test_an_author_is_known_however_the_handle_is_written(store: Store) -> None:
    await _put(store, "masto", PAT, "press", "influencer")
    assert await _of(store, ("masto",), "pat@social.EXAMPLE") == ("influencer", "press")
    assert await _of(store, ("masto", "other"), f" {PAT}") == ("influencer", "press")
    assert await _of(store, ("other",), PAT) == ()
    assert await _of(store, ("masto",), "pat") == ()


async def test_nobody_is_no_author(store: Store) -> None:
    await _put(store, "masto", "", "press")
    assert await _of(store, ("masto",), "") == ()
    assert await _of(store, ("masto",), "@") == ()


async def test_who_said_it_first_stays_and_it_is_taken_off(store: Store) -> None:
    await _put(store, "masto", PAT, "press")
    await _put(store, "masto", PAT, "press", actor="bo")
    await _put(store, "forum", PAT, "press")
    found = await store.read(author_tags.known)
    assert found[1] == AuthorTag("masto", "pat@social.example", "press", "ada", START)
    assert [one.source for one in found] == ["forum", "masto"]
    await store.write(lambda tx: author_tags.remove(tx, ("masto",), PAT, ("press", "minor")))
    assert [one.source for one in await store.read(author_tags.known)] == ["forum"]
    assert await store.read(lambda tx: author_tags.known(tx, tag="minor")) == ()
    assert len(await store.read(lambda tx: author_tags.known(tx, "pat@social.example"))) == 1


@given(st.text(max_size=40))
def test_a_handle_is_compared_as_one_thing(handle: str) -> None:
    assert key(f"@{handle.strip()}") == key(handle.strip()) or handle.strip().startswith("@")
