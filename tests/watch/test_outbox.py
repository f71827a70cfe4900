"""The outbox, step by step: what each outcome means, and what a crash leaves to do."""

from __future__ import annotations

import random
import socket
from collections.abc import AsyncIterator

import pytest
from room.people import PLAN, as_, declared, reply
from watch.network import Network

from crisisroom.channels import Outgoing, Receipt, SendFailure, SendLater, SendRefused, SendUnknown
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Words
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, approvals, facts, reading, sending, words
from crisisroom.store import leases
from crisisroom.store.leases import LeaseLost
from crisisroom.watch import outbox
from crisisroom.watch.outbox import Outbox

ELSEWHERE = "another-host:1:1"


class Obedient(Network):
    """A network that fails exactly as it is told to, one failure a request."""

    def __init__(self, clock: ManualClock, *, idempotent: bool = True) -> None:
        super().__init__(random.Random(1), clock, idempotent=idempotent)
        self.failures: list[SendFailure] = []
        self.before: list[SendFailure] = []
        self.looks: list[SendFailure] = []
        self.sent: list[Outgoing] = []

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        self.sent.append(words)
        if self.before:
            raise self.before.pop(0)
        receipt = await super().send(words, fetch)
        if self.failures:
            raise self.failures.pop(0)
        return receipt

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        if self.looks:
            raise self.looks.pop(0)
        return await super().find(words, fetch)


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


def _box(room: Room, fetch: Fetcher, network: Network, owner: str = "") -> Outbox:
    box = Outbox(as_(room, "watch"), fetch, lambda incident, name: network)
    if owner:
        box._owner = owner
    return box


async def _now(room: Room) -> Words:
    return (await reading.incident(room)).replies["R-1"]


async def test_a_released_reply_goes_out_to_the_post_it_answers(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient
) -> None:
    assert await _box(room, fetch, network).work() == 1
    assert [(one.text, one.in_reply_to) for one in network.sent] == [(queued.text, "p1")]
    reply_now = await _now(room)
    assert (reply_now.state, reply_now.sends["masto"].remote_id) == ("sent", network.sent[0].key)
    entries = await reading.timeline(room)
    assert [(one.kind, one.actor, one.source) for one in entries[-2:]] == [
        ("reply.sending", "room", "system"),
        ("reply.sent", "room", "system"),
    ]
    assert (await reading.mention(room, "M-1")).state == "answered"
    assert await _box(room, fetch, network).work() == 0


async def test_sending_is_on_disk_before_the_first_byte(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    async def send(words: Outgoing, fetch: Fetcher) -> Receipt:
        seen.append((await _now(room)).state)
        return Receipt("1")

    monkeypatch.setattr(network, "send", send)
    await _box(room, fetch, network).work()
    assert seen == ["sending"]


async def test_refused_is_failed_and_tried_no_more(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.before = [SendRefused("too long for us")]
    box = _box(room, fetch, network)
    await box.work()
    clock.advance(3600)
    assert await box.work() == 0
    failed = await _now(room)
    assert (failed.state, failed.sends["masto"].reason) == ("failed", "too long for us")
    assert not failed.live


async def test_later_waits_as_long_as_it_was_asked_to(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.before = [SendLater("slow down", 90.0)]
    box = _box(room, fetch, network)
    await box.work()
    assert (await _now(room)).state == "queued"
    clock.advance(89)
    assert await box.work() == 0
    clock.advance(2)
    await box.work()
    sent = await _now(room)
    assert (sent.state, sent.sends["masto"].tries) == ("sent", 2)
    assert len({one.key for one in network.sent}) == 1


async def test_a_lost_answer_is_looked_up_before_anything_else(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.failures = [SendUnknown("no answer")]
    box = _box(room, fetch, network)
    await box.work()
    assert (await _now(room)).state == "sending"
    assert await box.work() == 0  # the server may still be at it
    clock.advance(11)
    await box.work()
    assert (await _now(room)).state == "sent"
    assert len(network.sent) == 1


@pytest.mark.parametrize(("idempotent", "ends"), [(True, "sent"), (False, "unknown")])
async def test_a_request_that_got_lost_is_repeated_only_where_that_is_harmless(
    room: Room, queued: Words, fetch: Fetcher, clock: ManualClock, idempotent: bool, ends: str
) -> None:
    network = Obedient(clock, idempotent=idempotent)
    network.before = [SendUnknown("no answer")]
    box = _box(room, fetch, network)
    for _ in range(4):
        await box.work()
        clock.advance(11)
    assert (await _now(room)).state == ends
    assert sum(network.posts.values()) == (ends == "sent")


async def test_a_key_that_its_network_has_forgotten_is_not_used_again(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.before = [SendUnknown("no answer")]
    box = _box(room, fetch, network)
    await box.work()
    clock.advance(51 * 60)
    await box.work()
    assert (await _now(room)).state == "unknown"


async def test_doubt_that_cannot_be_looked_into_becomes_unknown(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.failures = [SendUnknown("no answer")]
    box = _box(room, fetch, network)
    await box.work()
    network.looks = [SendUnknown("still no answer")] * 100
    for _ in range(70):
        clock.advance(11)
        await box.work()
    doubt = await _now(room)
    assert doubt.state == "unknown"
    assert "cannot look whether it went out" in doubt.sends["masto"].reason
    with pytest.raises(Refused, match="cannot be taken back"):
        await words.withdraw(room, "", "R-1")
    settled = await sending.settle(room, "", "R-1", True, "https://social.example/1")
    assert settled.thing.state == "sent"


async def test_a_network_that_is_away_at_the_look_becomes_unknown_too(
    room: Room,
    queued: Words,
    fetch: Fetcher,
    network: Obedient,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network.failures = [SendUnknown("no answer")]
    await _box(room, fetch, network).work()

    async def away(fetch: Fetcher) -> None:
        raise SendLater("no route", 5.0)

    monkeypatch.setattr(network, "prepare", away)
    box = _box(room, fetch, network)
    for _ in range(70):
        clock.advance(11)
        await box.work()
    assert (await _now(room)).state == "unknown"


async def test_a_network_that_is_away_is_waited_for_and_said_once(
    room: Room,
    queued: Words,
    fetch: Fetcher,
    network: Obedient,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away(fetch: Fetcher) -> None:
        raise SendLater("no route", 5.0)

    box = _box(room, fetch, network)
    with monkeypatch.context() as patch:
        patch.setattr(network, "prepare", away)
        before = len(await reading.timeline(room))
        for _ in range(5):
            await box.work()
            clock.advance(16)
    assert len(await reading.timeline(room)) == before + 1
    assert (await _now(room)).sends["masto"].reason == "no route"
    await box.work()
    assert (await _now(room)).state == "sent"


@pytest.mark.parametrize("idempotent", [True, False])
async def test_a_dead_process_s_try_is_looked_up_and_taken_over(
    room: Room, queued: Words, fetch: Fetcher, clock: ManualClock, idempotent: bool
) -> None:
    network = Obedient(clock, idempotent=idempotent)
    network.before = [SendUnknown("the process died before its first byte")]
    await _box(room, fetch, network, f"{socket.gethostname()}:4194304:1").work()
    box = _box(room, fetch, network)
    assert await box.work() == 0
    clock.advance(11)
    await box.work()
    await box.work()
    assert (await _now(room)).state == "sent"
    assert sum(network.posts.values()) == 1


@pytest.mark.parametrize(("idempotent", "ends"), [(True, "sent"), (False, "unknown")])
async def test_a_silent_process_s_try_is_in_doubt(
    room: Room, queued: Words, fetch: Fetcher, clock: ManualClock, idempotent: bool, ends: str
) -> None:
    network = Obedient(clock, idempotent=idempotent)
    network.before = [SendUnknown("silence")]
    await _box(room, fetch, network, ELSEWHERE).work()
    box = _box(room, fetch, network)
    clock.advance(60)
    assert await box.work() == 0  # it may only be slow
    clock.advance(70)
    await box.work()
    await box.work()
    assert (await _now(room)).state == ends


async def test_a_silent_process_s_old_key_is_not_used_again(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.before = [SendUnknown("silence")]
    await _box(room, fetch, network, ELSEWHERE).work()
    clock.advance(55 * 60)
    await _box(room, fetch, network).work()
    assert (await _now(room)).state == "unknown"


@pytest.mark.parametrize("owner", ["", "nonsense", "host:x:y", "h:99999999999999999999:1", ":::"])
def test_an_owner_of_another_making_proves_nothing(owner: str) -> None:
    assert not outbox._owner_dead(owner)


async def test_two_outboxes_post_once(
    room: Room, queued: Words, fetch: Fetcher, clock: ManualClock
) -> None:
    """Both have seen it queued; only the one that wrote `sending` down sends."""
    network = Obedient(clock, idempotent=False)
    first, second = _box(room, fetch, network), _box(room, fetch, network, ELSEWHERE)
    ways = await second._ways()
    network.before = [SendUnknown("slow")]
    await first.work()
    assert (await _now(room)).state == "sending"
    assert await second._step(ways[0]) == 1
    assert len(network.sent) == 1


async def test_what_was_withdrawn_meanwhile_does_not_go_out(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient
) -> None:
    box = _box(room, fetch, network)
    ways = await box._ways()
    await words.withdraw(room, "", "R-1", "they called us")
    await box._step(ways[0])
    assert network.sent == []
    assert (await _now(room)).state == "withdrawn"


async def test_what_lost_its_approval_meanwhile_does_not_go_out(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient
) -> None:
    for sha256 in await approvals.approved(room):
        await approvals.revoke(room, sha256, "not true any more")
    await _box(room, fetch, network).work()
    failed = await _now(room)
    assert network.sent == []
    assert failed.state == "failed"
    assert "nobody approved" in failed.sends["masto"].reason


async def test_a_late_look_does_not_undo_what_arrived(
    room: Room, queued: Words, fetch: Fetcher, clock: ManualClock
) -> None:
    """One process looks while the other one's answer comes in: sent stays sent."""
    network = Obedient(clock, idempotent=True)
    network.before = [SendUnknown("slow")]
    slow = _box(room, fetch, network, ELSEWHERE)
    await slow.work()
    clock.advance(130)
    looker = _box(room, fetch, network)
    ways = await looker._ways()
    await slow._arrived(ways[0], Receipt("remote-1"))
    await looker._note(ways[0], "queued", "is not there: tries again", "")
    await looker._note(ways[0], "unknown", "in doubt", "")
    await looker._arrived(ways[0], Receipt("remote-2"))
    now = await _now(room)
    assert (now.state, now.sends["masto"].remote_id) == ("sent", "remote-1")


async def test_without_the_lease_nothing_goes_out(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    old = await room.store.write(lambda tx: leases.acquire(tx, "watch", "a", clock.now(), 20.0))
    clock.advance(21)
    new = await room.store.write(lambda tx: leases.acquire(tx, "watch", "b", clock.now(), 20.0))
    zombie = Outbox(room, fetch, lambda incident, name: network, old)
    with pytest.raises(LeaseLost):
        await zombie.work()
    assert network.sent == []
    await Outbox(room, fetch, lambda incident, name: network, new).work()
    assert len(network.sent) == 1


async def test_words_that_go_by_hand_are_left_to_the_hand(
    room: Room, fetch: Fetcher, network: Obedient
) -> None:
    await declared(room)
    saved = await reply(room, "We are sorry.")
    await words.submit(room, "", saved.id)
    await words.approve(room, "", saved.id, saved.sha256)
    await sending.send(room, "", saved.id, "by-hand")
    assert await _box(room, fetch, network).work() == 0
    assert (await _now(room)).state == "queued"
