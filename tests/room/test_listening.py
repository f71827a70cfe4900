"""Where the room listens: states, reasons, what each source brought, what nobody listens to."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from conftest import START

from crisisroom.clock import ManualClock
from crisisroom.config import Account, RoomConfig, Source, Term
from crisisroom.core.mention import Incoming
from crisisroom.room import Room, reading, triage
from crisisroom.room.listening import listening
from crisisroom.store import buckets, models, settings, sources
from crisisroom.store.sources import SourceRow
from crisisroom.watch.analysis import analyse_now


async def configured(room: Room) -> None:
    config = RoomConfig(
        accounts=(
            Account(id="us", type="bluesky", handle="us.example", token_env="US_TOKEN"),
            Account(id="tube", type="youtube"),
        ),
        sources=(
            Source(id="sky", type="bluesky", account="us"),
            Source(id="web", type="demo", every=60),
        ),
        terms=(Term(id="us", say="us"), Term(id="them", say="them", kind="competitor")),
    )
    text = msgspec.json.encode(config).decode()
    await room.store.write(lambda tx: settings.put(tx, "config", text))
    await room.reload()


async def test_sources_are_told_with_what_they_lack_and_brought(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("US_TOKEN", raising=False)
    await configured(room)
    now = room.clock.now()
    bad = SourceRow(id="web", fails=2, reason="answers 500", last_try_at=now, next_at=now)
    await room.store.write(lambda tx: sources.put(tx, bad))
    at = buckets.start_of(now)
    counts = {
        ("source:web", at): (4, 1),
        ("source:web", at - timedelta(hours=3)): (2, 0),
        ("source:web", at - timedelta(hours=30)): (9, 9),
    }
    await room.store.write(lambda tx: buckets.add(tx, counts))
    told = await listening(room)
    sky, web = told.sources
    assert (sky.state, sky.mentions) == ("new", 0)
    assert "the variable US_TOKEN holds no token" in sky.missing
    assert (web.state, web.reason, web.fails, web.missing) == ("failing", "answers 500", 2, "")
    assert (web.mentions, web.complaints) == (6, 1)
    assert sum(web.hourly) == 6
    assert len(web.hourly) == 24
    assert [one.id for one in told.unwatched] == ["tube"]
    assert (told.terms, told.watched) == (1, False)


async def test_a_token_that_is_there_is_not_missing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("US_TOKEN", "secret")
    await configured(room)
    assert (await listening(room)).sources[0].missing == ""


async def test_mentions_that_nobody_analyses_are_told_of(room: Room, clock: ManualClock) -> None:
    await triage.ingest(room, [Incoming(text="one"), Incoming(text="two")])
    assert (await reading.status(room)).unread is None  # they came just now
    clock.advance(600)
    unread = (await reading.status(room)).unread
    assert unread is not None
    assert (unread.mentions, unread.since) == (2, START)
    await analyse_now(room, tuple)
    assert (await reading.status(room)).unread is None
    await room.store.write(lambda tx: models.put(tx, models.ANALYSIS, b"junk", START))
    assert (await reading.status(room)).unread is not None
    assert await analyse_now(room, tuple)  # junk ends no listening
