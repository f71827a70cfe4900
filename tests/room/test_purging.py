"""Letting old mentions go: what is needed stays, what goes is gone everywhere, and on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from conftest import START
from engines import check_words, kept_bytes
from room.people import PLAN

from crisisroom.clock import ManualClock
from crisisroom.core.errors import Usage
from crisisroom.core.mention import Author, Incoming
from crisisroom.core.narrative import Narrative
from crisisroom.core.query import Query
from crisisroom.room import Room, lifecycle, linking, purging, reading, triage, verifying
from crisisroom.store import Tx, author_tags, buckets, clicks, mentions, narratives
from crisisroom.store import purge as rows
from crisisroom.store.mentions import Analysed, Marks

OLD = 20
DAY = 86_400


@pytest.fixture
async def before(room: Room, clock: ManualClock) -> datetime:
    """Twenty mentions came in 100 days ago, three today; returns a moment between them."""
    await _take(room, range(OLD))
    clock.advance(100 * DAY)
    await _take(room, range(100, 103))
    return clock.now() - timedelta(days=90)


async def _take(room: Room, numbers: range) -> tuple[int, ...]:
    items = [
        Incoming(
            text=f"secret{number} words",
            source="masto",
            external_id=f"post-{number}",
            author=Author(f"pat{number}"),
        )
        for number in numbers
    ]
    marks = [Marks(("kettle",))] * len(items)
    now = room.clock.now()
    return (await room.store.write(lambda tx: mentions.ingest(tx, items, now, marks))).added


async def _ids(room: Room, **asked: Any) -> list[str]:
    return [one.id for one in await reading.mentions(room, Query(**asked))]


async def test_what_is_old_is_gone_everywhere(room: Room, before: datetime) -> None:
    await room.store.write(lambda tx: clicks.set(tx, 2, True, "ada", room.clock.now()))
    counts = {("", START): (20, 0), ("", room.clock.now()): (3, 0)}
    await room.store.write(lambda tx: buckets.add(tx, counts))
    done = await purging.purge(room, before)
    assert (done.mentions, done.cited, done.clicks, done.counts) == (20, 0, 1, 2)
    assert await _ids(room) == ["M-23", "M-22", "M-21"]
    assert await _ids(room, text="secret2") == []
    assert await _ids(room, term="kettle") == ["M-23", "M-22", "M-21"]
    left = await room.store.read(_left)
    assert left == {"original": 3, "click": 0, "said": 3, "minute": 1, "bucket": 1}
    await room.store.under.write(check_words)


async def _left(tx: Tx) -> dict[str, int]:
    found = {}
    for table in ("original", "click", "said", "minute", "bucket"):
        row = await tx.row(f"SELECT count(*) FROM {table}")
        assert row is not None
        found[table] = row[0]
    return found


async def test_the_words_are_nowhere_in_the_file(room: Room, before: datetime) -> None:
    assert b"secret7" in await kept_bytes(room.address)
    await purging.purge(room, before, compact=True)
    left = await kept_bytes(room.address, swept=True)
    assert b"secret7" not in left
    assert b"secret101" in left


async def test_what_an_incident_cites_or_cited_stays(room: Room, before: datetime) -> None:
    acted = await lifecycle.declare(room, "Kettles", playbook=PLAN, mentions=["M-3", "M-4"])
    await linking.unlink(room, acted.incident.id, "M-4")
    done = await purging.purge(room, before)
    assert (done.mentions, done.cited) == (18, 2)
    assert await _ids(room) == ["M-23", "M-22", "M-21", "M-4", "M-3"]
    assert await reading.raw(room, "M-3") == "'secret2 words'"
    assert all(not chain.problems for chain in await verifying.verify(room))


async def test_what_somebody_works_on_stays(room: Room, before: datetime) -> None:
    await triage.claim(room, "M-5")
    mention = await reading.mention(room, "M-6")
    await room.store.write(
        lambda tx: tx.run(
            "INSERT INTO draft VALUES ('d', '', 'reply', ?, '', 'bo', 'We', 0, '')", (mention.uid,)
        )
    )
    done = await purging.purge(room, before)
    assert (done.mentions, done.cited) == (18, 2)
    assert await _ids(room) == ["M-23", "M-22", "M-21", "M-6", "M-5"]


async def test_a_dry_run_says_the_same_and_does_nothing(room: Room, before: datetime) -> None:
    await lifecycle.declare(room, "Kettles", playbook=PLAN, mentions=["M-3"])
    said = await purging.purge(room, before, dry_run=True)
    assert (said.mentions, said.cited, said.entry) == (19, 1, 0)
    assert len(await _ids(room)) == OLD + 3
    assert (await reading.room_log(room))[-1].kind != "room.purged"
    assert (await purging.purge(room, before)).mentions == 19


async def test_it_is_on_record_with_its_counts(room: Room, before: datetime) -> None:
    done = await purging.purge(room, before)
    entry = (await reading.room_log(room))[-1]
    assert (entry.kind, entry.seq, entry.actor) == ("room.purged", done.entry, "ada")
    assert (entry.data["mentions"], entry.data["cited"]) == (20, 0)
    again = await purging.purge(room, before)
    assert (again.mentions, again.entry) == (0, 0)
    assert (await reading.room_log(room))[-1] == entry


async def test_what_was_purged_is_no_news_when_its_source_offers_it_again(
    room: Room, before: datetime
) -> None:
    await purging.purge(room, before)
    assert await _take(room, range(OLD + 1)) == (24,)  # the one that nobody had seen yet
    assert await _ids(room) == ["M-24", "M-23", "M-22", "M-21"]


async def test_a_number_never_means_another_mention(room: Room, clock: ManualClock) -> None:
    await _take(room, range(3))
    clock.advance(100 * DAY)
    await purging.purge(room, clock.now() - timedelta(days=1))
    assert await _ids(room) == []
    assert await _take(room, range(7, 9)) == (4, 5)


async def test_it_goes_in_small_steps_and_goes_on_where_it_was_stopped(
    room: Room, before: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "BATCH", 6)
    sizes: list[int] = []
    whole = rows.some

    async def some(tx: Tx, after: int, *rest: Any) -> Any:
        last, tally = await whole(tx, after, *rest)
        sizes.append(tally.mentions)
        if len(sizes) == 3:
            raise InterruptedError
        return last, tally

    monkeypatch.setattr(rows, "some", some)
    with pytest.raises(InterruptedError):
        await purging.purge(room, before)
    assert sizes == [6, 6, 6]
    assert len(await _ids(room)) == 11
    done = await purging.purge(room, before)
    assert done.mentions == OLD  # what was gone before it was stopped is on record too
    assert (await reading.room_log(room))[-1].data["mentions"] == OLD


async def test_the_next_repost_stands_for_a_first_that_is_gone(
    room: Room, before: datetime
) -> None:
    said = [Analysed(one, copy_of=2) for one in (5, 21, 22)]
    await room.store.write(lambda tx: mentions.analysed(tx, said))
    assert await _ids(room, before=24, after=20) == ["M-23"]
    await purging.purge(room, before)
    assert await _ids(room) == ["M-23", "M-21"]
    assert (await reading.mention(room, "M-21")).copies == 1
    assert (await reading.mention(room, "M-22")).copy_of == "M-21"


async def test_stories_left_empty_go_and_told_ones_stay(room: Room, before: datetime) -> None:
    def story(number: int) -> Narrative:
        return Narrative(
            id=f"N-{number}", uid=f"u{number}", title="x", first_at=START, last_at=START
        )

    said = [Analysed(1, "N-1"), Analysed(21, "N-2"), Analysed(3, "N-3")]
    await room.store.write(lambda tx: mentions.analysed(tx, said))
    await room.store.write(lambda tx: narratives.put(tx, [story(one) for one in (1, 2, 3, 4)]))
    done = await purging.purge(room, before)
    assert done.narratives == 2
    left = await room.store.read(narratives.recent)
    assert {one.id for one in left} == {"N-2", "N-4"}  # N-4: its number must not come again


async def test_tags_go_with_the_last_post_of_an_author(
    room: Room, before: datetime, clock: ManualClock
) -> None:
    now = clock.now()

    async def tag(tx: Tx) -> None:
        for handle, at in (("pat1", START), ("pat101", START), ("pat2", now)):
            await author_tags.put(tx, "masto", handle, ["troll"], "ada", at)

    await room.store.write(tag)
    done = await purging.purge(room, before)
    assert done.authors == 1
    left = await room.store.read(author_tags.known)
    assert [one.handle for one in left] == ["pat101", "pat2"]
    assert (await reading.room_log(room))[-1].data["authors"] == 1


async def test_the_future_cannot_be_purged(room: Room, clock: ManualClock) -> None:
    with pytest.raises(Usage, match="still to come"):
        await purging.purge(room, clock.now())
