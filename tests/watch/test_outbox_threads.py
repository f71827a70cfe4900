"""A text that takes several posts: one after the other, each once, whatever ends in between."""

from __future__ import annotations

import random
import socket

import pytest
from room.people import PLAN, declared
from watch.boxes import Obedient, box_of, now_of
from watch.network import Crash, Network, dying
from watch.released import queued as release

from crisisroom.channels import (
    Limits,
    Outgoing,
    Receipt,
    SendRefused,
    SendUnknown,
    splitting,
)
from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher
from crisisroom.room import Actor, Room, approvals, reading, stopping, waiting
from crisisroom.watch import clerk, recovery
from crisisroom.watch.outbox import Outbox

LONG = (
    "We are sorry that your kettle got hot. Please unplug it and do not use it again. "
    "We send you a new one and pay for the way back. Write to us and we see to it today."
)
SHORT = Limits(limit=70, posts=5, retracts=True)


@pytest.fixture
def network(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Obedient:
    monkeypatch.setattr(clerk, "refuse_unready", lambda words, desk: "")
    network = Obedient(clock)
    network.limits = SHORT
    return network


@pytest.fixture
async def thread(room: Room, network: Obedient) -> tuple[str, ...]:
    """A released reply of several posts; returns them."""
    state = (await declared(room)).incident
    await approvals.approve_words(room, PLAN)
    (linked,) = state.mentions.values()
    await release(room, state.id, linked, LONG)
    return splitting.posts(LONG, network.measure, SHORT.posts)


async def test_each_post_answers_the_one_before(
    room: Room, thread: tuple[str, ...], fetch: Fetcher, network: Obedient
) -> None:
    assert len(thread) > 2
    await box_of(room, fetch, network).work()
    reply = await now_of(room)
    send = reply.sends["masto"]
    assert tuple(one.text for one in network.sent) == thread
    keys = [one.key for one in network.sent]
    assert keys == [f"{send.key}.{number}" for number in range(1, len(thread) + 1)]
    assert [one.in_reply_to for one in network.sent] == ["p1", *keys[:-1]]
    assert (reply.state, send.remote_id) == ("sent", keys[0])
    assert [part.remote_id for part in send.parts] == keys
    kinds = [entry.kind for entry in await reading.timeline(room)]
    assert kinds[-len(thread) - 2 :] == [
        "reply.sending",
        *["reply.part"] * len(thread),
        "reply.sent",
    ]


async def test_a_lost_answer_in_the_middle_is_looked_up_and_the_rest_follows(
    room: Room,
    thread: tuple[str, ...],
    fetch: Fetcher,
    network: Obedient,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = network.send

    async def cut_off(words: Outgoing, fetch: Fetcher) -> Receipt:
        receipt = await send(words, fetch)
        if words.key.endswith(".2"):
            raise SendUnknown("cut off")
        return receipt

    monkeypatch.setattr(network, "send", cut_off)
    box = box_of(room, fetch, network)
    await box.work()
    assert len((await now_of(room)).sends["masto"].parts) == 1
    clock.advance(11)
    await box.work()
    await box.work()
    assert (await now_of(room)).state == "sent"
    assert tuple(one.text for one in network.sent) == thread


async def test_a_busy_network_gets_the_rest_of_a_thread_later(
    room: Room,
    thread: tuple[str, ...],
    fetch: Fetcher,
    network: Obedient,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = network.send

    async def spent(words: Outgoing, fetch: Fetcher) -> Receipt:
        receipt = await send(words, fetch)
        network.wait = 60.0 if len(network.sent) == 2 else 0.0
        return receipt

    monkeypatch.setattr(network, "send", spent)
    box = box_of(room, fetch, network)
    await box.work()
    waits = (await now_of(room)).sends["masto"]
    assert (waits.state, len(waits.parts), len(network.sent)) == ("queued", 2, 2)
    assert waits.reason.startswith(f"2 of {len(thread)} posts are out; again at ")
    network.wait = 0.0
    clock.advance(59)
    assert await box.work() == 0
    clock.advance(2)
    await box.work()
    assert (await now_of(room)).state == "sent"
    assert tuple(one.text for one in network.sent) == thread


async def test_words_stopped_between_two_posts_stop_there(
    room: Room,
    thread: tuple[str, ...],
    fetch: Fetcher,
    network: Obedient,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = network.send

    async def stopped_meanwhile(words: Outgoing, fetch: Fetcher) -> Receipt:
        receipt = await send(words, fetch)
        if len(network.sent) == 1:
            await stopping.stop(room, "it was a hoax")
        return receipt

    monkeypatch.setattr(network, "send", stopped_meanwhile)
    box = box_of(room, fetch, network)
    await box.work()
    for _ in range(3):
        clock.advance(60)
        assert await box.work() == 0
    (item,) = await waiting.waiting(room)
    assert (len(network.sent), item.state, len(item.parts)) == (1, "queued", 1)
    assert "it was a hoax" in item.waits
    await stopping.resume(room, "no hoax after all")
    await box.work()
    assert (await now_of(room)).state == "sent"
    assert tuple(one.text for one in network.sent) == thread


async def test_a_thread_refused_in_the_middle_is_a_person_s_to_settle(
    room: Room,
    thread: tuple[str, ...],
    fetch: Fetcher,
    network: Obedient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = network.send

    async def once(words: Outgoing, fetch: Fetcher) -> Receipt:
        if network.sent:
            raise SendRefused("you post too much")
        return await send(words, fetch)

    monkeypatch.setattr(network, "send", once)
    await box_of(room, fetch, network).work()
    reply = await now_of(room)
    assert (reply.state, reply.live) == ("unknown", True)
    assert reply.sends["masto"].reason == (
        "its first post is out, the rest is not: you post too much"
    )


async def test_limits_that_changed_under_a_thread_go_to_a_person(
    room: Room,
    thread: tuple[str, ...],
    fetch: Fetcher,
    network: Obedient,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send = network.send

    async def grown(words: Outgoing, fetch: Fetcher) -> Receipt:
        receipt = await send(words, fetch)
        network.wait = 5.0
        return receipt

    monkeypatch.setattr(network, "send", grown)
    box = box_of(room, fetch, network)
    await box.work()
    clock.advance(6)
    network.wait, network.limits = 0.0, Limits(limit=500)
    await box.work()
    reply = await now_of(room)
    assert reply.state == "unknown"
    assert "splits texts in another way now" in reply.sends["masto"].reason
    assert len(network.sent) == 1


@pytest.mark.parametrize("lost", [False, True])
async def test_a_thread_that_would_now_be_cut_elsewhere_goes_to_a_person(
    room: Room,
    fetch: Fetcher,
    network: Obedient,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    lost: bool,
) -> None:
    """As many posts as before, and other words in them."""
    text = " ".join(f"word{number:02}" for number in range(32))
    before, after = Limits(limit=70, posts=5), Limits(limit=76, posts=5)
    network.limits = after
    cut_anew = splitting.posts(text, network.measure, 5)
    network.limits = before
    cut = splitting.posts(text, network.measure, 5)
    assert len(cut) == len(cut_anew)
    assert cut != cut_anew
    state = (await declared(room)).incident
    await approvals.approve_words(room, PLAN)
    await release(room, state.id, next(iter(state.mentions.values())), text)
    send = network.send

    async def once(words: Outgoing, fetch: Fetcher) -> Receipt:
        receipt = await send(words, fetch)
        network.wait = 5.0
        if lost and len(network.sent) == 2:
            raise SendUnknown("cut off")
        return receipt

    monkeypatch.setattr(network, "send", once)
    box = box_of(room, fetch, network)
    await box.work()
    if lost:
        network.wait = 0.0
        clock.advance(6)
        await box.work()
    network.wait, network.limits = 0.0, after
    clock.advance(61)
    await box.work()
    reply = await now_of(room)
    assert reply.state == "unknown"
    assert tuple(one.text for one in network.sent) == cut[: 1 + lost]


async def test_a_text_that_no_thread_holds_is_refused(
    room: Room, thread: tuple[str, ...], fetch: Fetcher, network: Obedient
) -> None:
    network.limits = Limits(limit=70, posts=2)
    await box_of(room, fetch, network).work()
    failed = await now_of(room)
    assert (failed.state, network.sent) == ("failed", [])
    assert "characters too long" in failed.sends["masto"].reason


@pytest.mark.parametrize("seed", range(1, 5))
@pytest.mark.parametrize("idempotent", [True, False])
async def test_a_thread_is_whole_and_in_order_after_any_deaths(
    room: Room,
    thread: tuple[str, ...],
    fetch: Fetcher,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    idempotent: bool,
) -> None:
    dice = random.Random(seed)
    world = Network(dice, clock, idempotent=idempotent)
    world.limits, world.crashes = SHORT, 0.12
    monkeypatch.setattr(recovery, "proven_dead", lambda host, pid, started: True)
    deaths = 0
    for _ in range(400):
        other = room.as_actor(Actor("watch"))
        other.act_in = dying(world, other.act_in)  # type: ignore[method-assign]
        box = Outbox(other, fetch, lambda incident, name: world)
        box._clerk.owner = f"{socket.gethostname()}:{deaths + 1}:1"
        try:
            await box.work()
        except Crash:
            deaths += 1
        clock.advance(dice.choice((1.0, 12.0)))
        if (await now_of(room)).state not in ("queued", "sending"):
            break
    world.settle()
    reply = await now_of(room)
    assert deaths > 0
    assert reply.state == "sent"
    assert {text: world.posts[text] for text in thread} == dict.fromkeys(thread, 1)
    assert [part.remote_id for part in reply.sends["masto"].parts] == [
        world.standing[text] for text in thread
    ]
