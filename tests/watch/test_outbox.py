"""The outbox, step by step: what each outcome means, and what a crash leaves to do."""

from __future__ import annotations

import pytest
from room.people import declared, reply
from watch.boxes import Obedient, box_of, now_of

from crisisroom.channels import Outgoing, Receipt, SendLater, SendRefused, SendUnknown
from crisisroom.clock import ManualClock
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Words
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, reading, sending, words


async def test_a_released_reply_goes_out_to_the_post_it_answers(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient
) -> None:
    assert await box_of(room, fetch, network).work() == 1
    assert [(one.text, one.in_reply_to) for one in network.sent] == [(queued.text, "p1")]
    reply_now = await now_of(room)
    assert (reply_now.state, reply_now.sends["masto"].remote_id) == ("sent", network.sent[0].key)
    entries = await reading.timeline(room)
    assert [(one.kind, one.actor, one.source) for one in entries[-2:]] == [
        ("reply.sending", "room", "system"),
        ("reply.sent", "room", "system"),
    ]
    assert (await reading.mention(room, "M-1")).state == "answered"
    assert await box_of(room, fetch, network).work() == 0


async def test_sending_is_on_disk_before_the_first_byte(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    async def send(words: Outgoing, fetch: Fetcher) -> Receipt:
        seen.append((await now_of(room)).state)
        return Receipt("1")

    monkeypatch.setattr(network, "send", send)
    await box_of(room, fetch, network).work()
    assert seen == ["sending"]


async def test_refused_is_failed_and_tried_no_more(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.before = [SendRefused("too long for us")]
    box = box_of(room, fetch, network)
    await box.work()
    clock.advance(3600)
    assert await box.work() == 0
    failed = await now_of(room)
    assert (failed.state, failed.sends["masto"].reason) == ("failed", "too long for us")
    assert not failed.live


async def test_later_waits_as_long_as_it_was_asked_to(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.before = [SendLater("slow down", 90.0)]
    box = box_of(room, fetch, network)
    await box.work()
    assert (await now_of(room)).state == "queued"
    clock.advance(89)
    assert await box.work() == 0
    clock.advance(2)
    await box.work()
    sent = await now_of(room)
    assert (sent.state, sent.sends["masto"].tries) == ("sent", 2)
    assert len({one.key for one in network.sent}) == 1


async def test_a_lost_answer_is_looked_up_before_anything_else(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.failures = [SendUnknown("no answer")]
    box = box_of(room, fetch, network)
    await box.work()
    assert (await now_of(room)).state == "sending"
    assert await box.work() == 0  # the server may still be at it
    clock.advance(11)
    await box.work()
    assert (await now_of(room)).state == "sent"
    assert len(network.sent) == 1


@pytest.mark.parametrize(("idempotent", "ends"), [(True, "sent"), (False, "unknown")])
async def test_a_request_that_got_lost_is_repeated_only_where_that_is_harmless(
    room: Room, queued: Words, fetch: Fetcher, clock: ManualClock, idempotent: bool, ends: str
) -> None:
    network = Obedient(clock, idempotent=idempotent)
    network.before = [SendUnknown("no answer")]
    box = box_of(room, fetch, network)
    for _ in range(8):
        await box.work()
        clock.advance(11)
    assert (await now_of(room)).state == ends
    assert sum(network.posts.values()) == (ends == "sent")


async def test_a_key_that_its_network_has_forgotten_is_not_used_again(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.before = [SendUnknown("no answer")]
    box = box_of(room, fetch, network)
    await box.work()
    clock.advance(51 * 60)
    await box.work()
    assert (await now_of(room)).state == "unknown"


async def test_doubt_that_cannot_be_looked_into_becomes_unknown(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.failures = [SendUnknown("no answer")]
    box = box_of(room, fetch, network)
    await box.work()
    network.looks = [SendUnknown("still no answer")] * 100
    for _ in range(70):
        clock.advance(11)
        await box.work()
    doubt = await now_of(room)
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
    await box_of(room, fetch, network).work()

    async def away(fetch: Fetcher) -> None:
        raise SendLater("no route", 5.0)

    monkeypatch.setattr(network, "prepare", away)
    box = box_of(room, fetch, network)
    for _ in range(70):
        clock.advance(11)
        await box.work()
    assert (await now_of(room)).state == "unknown"


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

    box = box_of(room, fetch, network)
    with monkeypatch.context() as patch:
        patch.setattr(network, "prepare", away)
        before = len(await reading.timeline(room))
        for _ in range(5):
            await box.work()
            clock.advance(16)
    assert len(await reading.timeline(room)) == before + 1
    assert (await now_of(room)).sends["masto"].reason == "no route"
    await box.work()
    assert (await now_of(room)).state == "sent"


async def test_words_that_go_by_hand_are_left_to_the_hand(
    room: Room, fetch: Fetcher, network: Obedient
) -> None:
    await declared(room)
    saved = await reply(room, "We are sorry.")
    await words.submit(room, "", saved.id)
    await words.approve(room, "", saved.id, saved.sha256)
    await sending.send(room, "", saved.id, "by-hand")
    assert await box_of(room, fetch, network).work() == 0
    assert (await now_of(room)).state == "queued"
