"""Statements in a room of a real Synapse: put once, found, taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from crisisroom.channels import Outgoing, SendLater, SendRefused, make
from crisisroom.channels.matrix import MatrixChannel
from crisisroom.clock import SystemClock
from crisisroom.fetch import Fetcher
from real.conftest import standing
from real.servers.synapse import NAME, Synapse

SCRIPTS = "We know. größer Ärger, мы знаем, 我们知道, نحن نعلم, 👩‍🚒🇩🇪 <b>&amp;</b>\n\n@room *now*"


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    with standing(Synapse) as ground:
        yield ground


@pytest.fixture
async def fetch() -> AsyncIterator[Fetcher]:
    async with Fetcher() as fetcher:
        yield fetcher


def channel(synapse: Synapse, to: str, token: str = "") -> MatrixChannel:
    options = {"server": synapse.url, "to": to, "private": True}
    token = token or synapse.tokens["crisis"]
    made = make("matrix", "crew", options, token=token, clock=SystemClock())
    assert isinstance(made, MatrixChannel)
    return made


def words(text: str = SCRIPTS) -> Outgoing:
    return Outgoing(key=uuid4().hex, text=text, first_try_at=datetime.now(UTC))


async def test_words_are_put_once_whoever_asks(synapse: Synapse, fetch: Fetcher) -> None:
    room = synapse.room("once")
    way, ours = channel(synapse, f"#once:{NAME}"), words()
    assert await way.find(ours, fetch) is None
    receipt = await way.send(ours, fetch)
    assert way.repeats == "key"
    again = channel(synapse, room)  # another process of ours, after a crash
    receipts = await asyncio.gather(*(again.send(ours, fetch) for _ in range(4)))
    assert {one.remote_id for one in receipts} == {receipt.remote_id}
    assert [one["body"] for one in synapse.messages(room)] == [SCRIPTS]
    assert await again.find(ours, fetch) == receipt


async def test_what_is_taken_back_is_gone(synapse: Synapse, fetch: Fetcher) -> None:
    room = synapse.room("back")
    way, ours = channel(synapse, room), words("wrong")
    receipt = await way.send(ours, fetch)
    await way.retract(receipt, fetch)
    await way.retract(receipt, fetch)
    assert [one.get("body") for one in synapse.messages(room)] == [None]


async def test_the_longest_text_that_is_let_through_fits(synapse: Synapse, fetch: Fetcher) -> None:
    way = channel(synapse, synapse.room("long"))
    text = '"' * (way.limits.limit // 2)  # each is two bytes in an event
    assert way.measure(text).left == 0
    await way.send(words(text), fetch)


async def test_rooms_that_are_not_for_us(synapse: Synapse, fetch: Fetcher) -> None:
    alone = synapse.call("alice", "POST", "/createRoom", json={"room_alias_name": "alone"})
    with pytest.raises(SendRefused, match="is not in that room"):
        await channel(synapse, alone["room_id"]).prepare(fetch)
    with pytest.raises(SendRefused, match="404"):
        await channel(synapse, f"#nowhere:{NAME}").prepare(fetch)
    with pytest.raises(SendRefused, match="M_UNKNOWN_TOKEN"):
        await channel(synapse, f"#once:{NAME}", token="canary-token").prepare(fetch)
    state = {"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    secret = synapse.room("secret", initial_state=[{**state, "state_key": ""}])
    with pytest.raises(SendRefused, match="encrypted"):
        await channel(synapse, secret).send(words(), fetch)


async def test_too_much_is_later_and_outage_too(synapse: Synapse, fetch: Fetcher) -> None:
    room = synapse.room("busy")
    way = channel(synapse, room)
    await way.prepare(fetch)
    sent: list[str] = []

    async def write_on() -> None:
        for number in range(40):
            await way.send(words(f"{number}"), fetch)
            sent.append(f"{number}")

    with pytest.raises(SendLater) as later:
        await write_on()
    assert 0 < later.value.retry_after < 60
    assert way.wait > 0
    assert sorted(one["body"] for one in synapse.messages(room)) == sorted(sent)
    synapse.stop()
    try:
        with pytest.raises(SendLater):
            await way.send(words(), fetch)
    finally:
        synapse.start()


async def test_a_repeat_after_a_restart_is_still_the_same_event(
    synapse: Synapse, fetch: Fetcher
) -> None:
    room = synapse.room("restart")
    ours = words()
    receipt = await channel(synapse, room).send(ours, fetch)
    synapse.stop()
    synapse.start()
    assert await channel(synapse, room).send(ours, fetch) == receipt
    assert len(synapse.messages(room)) == 1
