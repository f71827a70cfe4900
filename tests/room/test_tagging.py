"""Authors that are known: what is said of one post holds for all that they write."""

from __future__ import annotations

import msgspec
import pytest
from room.people import SETTINGS, declared, post

from crisisroom.config import Source
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.timeline import ROOM
from crisisroom.room import Room, reading, tagging, triage
from crisisroom.store import log

TWO = msgspec.structs.replace(
    SETTINGS,
    sources=(
        *SETTINGS.sources,
        Source(id="masto-tags", type="mastodon"),
        Source(id="forum", type="discourse"),
        Source(id="board", type="discourse"),
    ),
)


async def _counts_as(room: Room, mention_id: str) -> tuple[str, ...]:
    mention = await reading.mention(room, mention_id)
    return await room.store.read(lambda tx: tagging.tags_of(tx, room, mention))


async def _said(room: Room) -> list[tuple[str, str]]:
    entries = await room.store.read(lambda tx: log.entries(tx, ROOM))
    return [(one.kind, one.text) for one in entries if one.kind == "author.tagged"]


async def test_press_is_the_author_and_not_the_post(room: Room) -> None:
    await declared(room, texts=("one", "two"))
    tagged = await tagging.tag(room, "M-1", ["press"])
    assert tagged.tags == ("press",)
    await triage.ingest(room, [post("three", "p3", handle="@Pat@Social.example")])
    assert await _counts_as(room, "M-2") == ("press",), "an older one"
    assert await _counts_as(room, "M-3") == ("press",), "one to come"
    await triage.ingest(room, [post("four", "p4", handle="kim@social.example")])
    assert await _counts_as(room, "M-4") == ()
    assert await _said(room) == [("author.tagged", "tagged author pat@social.example press")]


async def test_other_tags_stay_with_the_post_unless_asked(room: Room) -> None:
    await declared(room, texts=("one", "two"))
    await tagging.tag(room, "M-1", ["troll", "minor"])
    assert await _counts_as(room, "M-2") == ("minor",)
    await tagging.tag(room, "M-1", ["troll"], author=True)
    assert await _counts_as(room, "M-2") == ("minor", "troll")
    await tagging.tag(room, "M-2", ["minor"], off=True)
    assert await _counts_as(room, "M-2") == ("troll",)
    assert await _counts_as(room, "M-1") == ("troll", "minor"), "the post was tagged itself"


async def test_a_network_s_author_is_the_same_at_each_of_its_sources(room: Room) -> None:
    await declared(room, TWO)

    async def heard(source: str, key: str) -> str:
        said = Incoming(
            text=key, source=source, external_id=key, author=Author("PAT@social.example")
        )
        added = (await triage.ingest(room, [said])).added
        return f"M-{added[0]}"

    await tagging.tag(room, "M-1", ["regulator"])
    assert await _counts_as(room, await heard("masto-tags", "t1")) == ("regulator",)
    assert await _counts_as(room, await heard("forum", "f1")) == ()
    await tagging.tag(room, await heard("forum", "f2"), ["employee"])
    assert await _counts_as(room, await heard("board", "b1")) == (), "another Pat, for all we know"
    assert await _counts_as(room, await heard("elsewhere", "e1")) == ()
    await tagging.tag(room, await heard("masto-tags", "t2"), ["regulator"], off=True)
    assert await _counts_as(room, await heard("masto-in", "t3")) == ()


async def test_nobody_s_post_is_tagged_alone(room: Room) -> None:
    await declared(room)
    said = Incoming(text="x", source="store", external_id="s1", author=Author("", "Kim"))
    await triage.ingest(room, [said, msgspec.structs.replace(said, external_id="s2")])
    assert (await tagging.tag(room, "M-2", ["minor"])).tags == ("minor",)
    assert await _counts_as(room, "M-3") == ()
    with pytest.raises(Refused, match="nobody knows who wrote M-2"):
        await tagging.tag(room, "M-2", ["troll"], author=True)
    assert (await reading.mention(room, "M-2")).tags == ("minor",)


async def test_authors_are_listed_and_untagged(room: Room) -> None:
    await declared(room, TWO)
    await tagging.tag(room, "M-1", ["press", "influencer"], command_id="c1")
    await tagging.tag(room, "M-1", ["press", "influencer"], command_id="c1")
    found = await tagging.authors(room)
    assert [(one.handle, one.source, one.tag, one.actor) for one in found] == [
        ("pat@social.example", "masto-in", "influencer", "ada"),
        ("pat@social.example", "masto-in", "press", "ada"),
    ]
    assert len(await tagging.authors(room, "Press")) == 1
    with pytest.raises(Refused, match="no such author has that tag"):
        await tagging.untag(room, "pat@social.example", ["press"], source="forum")
    gone = await tagging.untag(room, "@PAT@social.example", ["press", "minor"], command_id="c2")
    assert [one.tag for one in gone] == ["press"]
    assert await tagging.untag(room, "@PAT@social.example", ["press"], command_id="c2") == ()
    assert [one.tag for one in await tagging.authors(room)] == ["influencer"]
    with pytest.raises(Usage, match="whose tag"):
        await tagging.untag(room, "@", ["press"])
    assert (await _said(room))[-1][1] == "pat@social.example is not press"
