"""Taking back what is out: every post, as often as it takes, and the truth where it stays."""

from __future__ import annotations

import pytest
from watch.boxes import Obedient, box_of, now_of

from crisisroom.channels import SendFailure, SendLater, SendRefused, SendUnknown
from crisisroom.clock import ManualClock
from crisisroom.core.incident import Words
from crisisroom.core.timeline import Draft
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, stopping, waiting
from crisisroom.watch.outbox import Outbox


@pytest.fixture
async def box(room: Room, queued: Words, fetch: Fetcher, network: Obedient) -> Outbox:
    """An outbox that has sent its reply."""
    box = box_of(room, fetch, network)
    await box.work()
    return box


async def take_back(room: Room) -> None:
    """Say that R-1 is to be taken back."""
    send = (await now_of(room)).sends["masto"]
    data = {"id": "R-1", "channel": "masto", "key": send.key, "words": "it is wrong"}
    taken = Draft(kind="reply.retracting", text="takes R-1 back", data=data)
    await room.act("", lambda state, scene: [taken])


async def _out(room: Room, parts: int) -> None:
    """Write down that R-1 is a thread, all of it out, or half of it."""
    send = (await now_of(room)).sends["masto"]
    data = {"id": "R-1", "channel": "masto", "key": send.key}
    drafts = [
        Draft(
            kind="reply.part",
            text="a post is out",
            data=data
            | {"part": number, "remote_id": f"post-{number}", "remote_url": "", "words": ""},
        )
        for number in range(1, parts + 1)
    ]
    await room.act("", lambda state, scene: drafts)


async def test_what_is_out_is_taken_back(room: Room, box: Outbox, network: Obedient) -> None:
    await take_back(room)
    (item,) = await waiting.waiting(room)
    assert (item.state, item.waits) == ("retracting", "it is being taken back")
    assert await box.work() == 1
    reply = await now_of(room)
    send = reply.sends["masto"]
    assert (send.state, network.taken_back) == ("retracted", [send.remote_id])
    assert not reply.live
    assert await box.work() == 0
    assert await waiting.waiting(room) == ()


async def test_a_thread_is_taken_back_from_its_end(
    room: Room, box: Outbox, network: Obedient
) -> None:
    await _out(room, 3)
    await take_back(room)
    await box.work()
    assert network.taken_back == ["post-3", "post-2", "post-1"]
    assert (await now_of(room)).sends["masto"].state == "retracted"


@pytest.mark.parametrize("failure", [SendLater("no route", 30.0), SendUnknown("no answer")])
async def test_a_network_that_is_away_is_asked_again(
    room: Room, box: Outbox, network: Obedient, clock: ManualClock, failure: SendFailure
) -> None:
    network.stays = [failure]
    await take_back(room)
    assert await box.work() == 0
    assert await box.work() == 0
    clock.advance(31)
    assert await box.work() == 1
    assert (await now_of(room)).sends["masto"].state == "retracted"


async def test_what_the_network_keeps_stays_and_says_why(
    room: Room, box: Outbox, network: Obedient
) -> None:
    network.stays = [SendRefused("mail cannot be taken back")]
    await take_back(room)
    await box.work()
    send = (await now_of(room)).sends["masto"]
    assert (send.state, send.reason) == ("sent", "mail cannot be taken back")


async def test_half_a_thread_that_stays_is_not_called_sent(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient
) -> None:
    await _out(room, 2)
    await take_back(room)
    network.stays = [SendRefused("too old")]
    await box_of(room, fetch, network).work()
    reply = await now_of(room)
    assert reply.state == "unknown"
    assert "it cannot be taken back: too old" in reply.sends["masto"].reason


async def test_what_nobody_knows_the_address_of_is_a_person_s_to_take_down(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient
) -> None:
    data = {"id": "R-1", "channel": "masto", "key": "k", "remote_id": "", "remote_url": ""}
    said = Draft(kind="reply.sent", text="a person looked: it is out", data=data)
    await room.act("", lambda state, scene: [said])
    await take_back(room)
    await box_of(room, fetch, network).work()
    send = (await now_of(room)).sends["masto"]
    assert (send.state, network.taken_back) == ("sent", [])
    assert "take it down by hand" in send.reason


async def test_taking_back_goes_on_while_words_are_stopped(
    room: Room, box: Outbox, network: Obedient
) -> None:
    await stopping.stop(room)
    await take_back(room)
    await box.work()
    assert (await now_of(room)).sends["masto"].state == "retracted"


async def test_somebody_else_s_success_is_not_written_twice(
    room: Room, box: Outbox, fetch: Fetcher, network: Obedient
) -> None:
    await take_back(room)
    (way,) = (await box.look()).ways
    await box_of(room, fetch, network).work()
    await box.step(way, network)
    assert (await now_of(room)).sends["masto"].state == "retracted"
