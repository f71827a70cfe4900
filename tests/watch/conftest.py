"""An outbox's reply, a network, and sources that do as they are told."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from room.people import PLAN, declared, reply
from watch.boxes import Obedient
from watch.fakes import Fake

from crisisroom.clock import ManualClock
from crisisroom.config import Source
from crisisroom.core.incident import Words
from crisisroom.fetch import Fetcher
from crisisroom.room import (
    Room,
    approvals,
    facts,
    sending,
)
from crisisroom.watch import lease, poll, stream

Sources = dict[str, Fake]


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher() as fetcher:
        yield fetcher


@pytest.fixture
def network(clock: ManualClock) -> Obedient:
    return Obedient(clock)


@pytest.fixture
async def queued(room: Room) -> Words:
    """A reply that waits for the outbox."""
    await declared(room)
    await facts.set_fact(room, "", "product", "the X1 kettle")
    await approvals.approve_words(room, PLAN)
    saved = await reply(room)
    released: Words = (await sending.send(room, "", saved.id)).thing
    return released


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> Sources:
    """The sources that settings name; a heartbeat a hundredth of a second apart."""
    made: Sources = {}

    def build(config: Source, room: Room) -> Fake:
        return made.setdefault(config.id, Fake(config.id))

    monkeypatch.setattr(poll, "build", build)
    monkeypatch.setattr(lease, "BEAT", 0.01)
    monkeypatch.setattr(stream, "AGAIN", (0.01,))
    return made
