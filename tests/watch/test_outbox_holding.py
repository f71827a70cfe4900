"""What keeps words back: a stop, a bulk's own stop and pace, a network that wants to be left."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise

import msgspec
import pytest
from room.people import PLAN, SETTINGS, declared
from watch.boxes import Obedient, box_of, now_of
from watch.network import Network
from watch.released import queued as release

from crisisroom.channels import Channel, Limits, Outgoing, Receipt, SendLater, SendUnknown
from crisisroom.clock import ManualClock
from crisisroom.config import Account
from crisisroom.core.incident import Incident, Words
from crisisroom.core.timeline import Draft
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, approvals, reading, stopping, waiting
from crisisroom.room.waiting import PACE, Ability
from crisisroom.store import abilities
from crisisroom.store.leases import LeaseLost
from crisisroom.watch.outbox import FAULTY, Outbox

MANY = 4  # replies of an answer to many
Release = Callable[..., Awaitable[None]]

BULK = Draft(
    kind="bulk.begun",
    text="answers many",
    data={"bulk": "B-1", "narrative": "n", "id": "N-1", "uses": "x", "replies": MANY},
)


@pytest.fixture
async def ready(room: Room) -> Incident:
    """An incident with posts to answer on two accounts, and its playbook approved."""
    more = Account(id="second", type="mastodon", server="https://second.example")
    settings = msgspec.structs.replace(SETTINGS, accounts=(*SETTINGS.accounts, more))
    texts = [f"my kettle {number} is on fire" for number in range(8)]
    state = (await declared(room, settings, texts)).incident
    await approvals.approve_words(room, PLAN)
    return state


async def _many(room: Room, state: Incident) -> None:
    await room.act(state.id, lambda state, scene: [BULK])
    for number, linked in enumerate(list(state.mentions.values())[:MANY]):
        await release(room, state.id, linked, f"Answer {number}.", bulk="B-1")


async def _states(room: Room) -> list[str]:
    return [one.state for one in (await reading.incident(room)).replies.values()]


async def test_while_all_is_stopped_nothing_begins_and_then_it_goes_on_by_itself(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    box = box_of(room, fetch, network)
    await stopping.stop(room, "a hoax")
    for _ in range(3):
        assert await box.work() == 0
        clock.advance(60)
    (item,) = await waiting.waiting(room)
    assert item.waits == "all outgoing words are stopped by ada: a hoax"
    assert item.next_try is None
    await stopping.resume(room, "no hoax")
    await box.work()
    assert (await now_of(room)).state == "sent"


async def test_while_stopped_it_looks_but_repeats_nothing(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.before = [SendUnknown("lost")]
    box = box_of(room, fetch, network)
    await box.work()
    await stopping.stop(room)
    for _ in range(8):
        clock.advance(11)
        await box.work()
    assert (await now_of(room)).state == "queued"
    assert len(network.sent) == 1
    await stopping.resume(room, "on we go")
    await box.work()
    assert (await now_of(room)).state == "sent"
    assert len(network.sent) == 2


async def test_a_stop_that_comes_between_the_look_and_the_send_counts(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient
) -> None:
    box = box_of(room, fetch, network)
    (way,) = (await box.look()).ways
    await stopping.stop(room)
    await box.step(way, network)
    assert network.sent == []
    assert (await now_of(room)).state == "queued"


async def test_words_on_a_fact_that_moved_never_go(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient
) -> None:
    before = {"value": "the X1 kettle"}
    said = "it was another one"
    data = {"id": queued.id, "fact": "product", "words": said, "before": before}
    drafts = [
        Draft(kind="reply.suspended", text="the product changed", data=data),
        Draft(
            kind="reply.queued",
            text="released",
            data={"id": queued.id, "channel": "masto", "key": "k2", "words": ""},
        ),
    ]
    await room.act("", lambda state, scene: drafts)
    await box_of(room, fetch, network).work()
    held = await now_of(room)
    assert network.sent == []
    assert held.sends["masto"].state == "failed"
    assert "a fact it relies on moved" in held.sends["masto"].reason


async def test_an_answer_to_many_goes_out_one_by_one_and_lets_others_pass(
    room: Room, ready: Incident, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    await _many(room, ready)
    last = list(ready.mentions.values())[-1]
    box = box_of(room, fetch, network)
    assert await box.work() == 1
    assert await box.work() == 0
    await release(room, ready.id, last, "We call you.")
    assert await box.work() == 1
    assert [one.text for one in network.sent] == ["Answer 0.", "We call you."]
    waits = [one.waits for one in await waiting.waiting(room)]
    assert waits == ["its answer to many goes out one by one, until 03:07:05"] * (MANY - 1)
    for number in range(1, MANY):
        clock.advance(PACE.total_seconds() - 1)
        assert await box_of(room, fetch, network).work() == 0  # not after a restart either
        clock.advance(1)
        assert await box_of(room, fetch, network).work() == 1
        assert network.sent[-1].text == f"Answer {number}."


async def test_a_stopped_answer_to_many_keeps_what_is_not_out(
    room: Room, ready: Incident, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    await _many(room, ready)
    box = box_of(room, fetch, network)
    await box.work()
    stop = {"bulk": "B-1", "words": "wrong words"}
    stopped = Draft(kind="bulk.stopped", text="stops", data=stop)
    await room.act("", lambda state, scene: [stopped])
    clock.advance(60)
    assert await box.work() == 0
    waits = {one.waits for one in await waiting.waiting(room)}
    assert waits == {"B-1 was stopped by ada: wrong words"}
    resumed = Draft(kind="bulk.resumed", text="goes on", data={"bulk": "B-1", "words": ""})
    await room.act("", lambda state, scene: [resumed])
    assert await box.work() == 1


async def test_what_the_network_takes_is_kept_for_the_composer(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient
) -> None:
    network.limits = Limits(limit=777, retracts=True)
    await box_of(room, fetch, network).work()
    known = await room.store.read(abilities.known)
    assert msgspec.json.decode(known["masto"], type=Limits) == network.limits
    able = msgspec.json.decode(known["masto"], type=Ability)
    assert (able.repeats, able.wait_until) == ("key", None)


async def test_a_network_that_wants_to_be_left_alone_is_after_a_restart_too(
    room: Room, ready: Incident, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    first, second, *_ = ready.mentions.values()
    await release(room, ready.id, first, "One.")
    await release(room, ready.id, second, "Two.")
    network.before = [SendLater("too many requests", 40.0)]
    network.wait = 40.0
    await box_of(room, fetch, network).work()  # asks for the limits, and hears of the wait
    network.wait = 0.0  # a new process has heard nothing
    clock.advance(39)
    assert await box_of(room, fetch, network).work() == 0
    waits = {one.waits for one in await waiting.waiting(room)}
    assert waits == {"the network takes no more for now, until 03:07:40"}
    assert network.sent == []
    clock.advance(2)
    network.before = []
    await box_of(room, fetch, network).work()
    assert [one.text for one in network.sent] == ["One.", "Two."]


async def _sent(room: Room, count: int) -> None:
    """Wait until so many replies are out."""
    async for _ in room.changes(0):
        if (await _states(room)).count("sent") >= count:
            return


class Slow(Network):
    """A network on which a request takes until somebody lets it go."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(random.Random(2), clock, idempotent=True)
        self.begun = asyncio.Event()
        self.go = asyncio.Event()
        self.at_once = 0

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        self.begun.set()
        self.at_once += 1
        assert self.at_once == 1, "one channel takes one text at a time"
        await self.go.wait()
        self.at_once -= 1
        return await super().send(words, fetch)


def _two(room: Room, fetch: Fetcher, slow: Channel, quick: Channel, **more: object) -> Outbox:
    def channel(incident: Incident, name: str) -> Channel | None:
        return slow if name == "masto" else quick

    return Outbox(room, fetch, channel, **more)  # type: ignore[arg-type]


async def test_a_slow_network_holds_up_no_other_one(
    room: Room, ready: Incident, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    one, two, three, four, *_ = ready.mentions.values()
    slow = Slow(clock)
    await release(room, ready.id, one, "Slow one.")
    await release(room, ready.id, two, "Slow two.")
    await release(room, ready.id, three, "Quick.", "second")
    working = asyncio.ensure_future(_two(room, fetch, slow, network).work())
    await slow.begun.wait()
    await _sent(room, 1)
    await release(room, ready.id, four, "Released while the slow one is at it.", "second")
    await _sent(room, 2)
    assert not working.done()
    slow.go.set()
    await working
    assert await _states(room) == ["sent"] * 4


class Broken(Network):
    """A network whose own code is at fault."""

    async def prepare(self, fetch: Fetcher) -> None:
        raise KeyError("bug")


async def test_a_fault_in_one_channel_rests_that_channel_alone(
    room: Room, ready: Incident, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    one, two, *_ = ready.mentions.values()
    await release(room, ready.id, one, "Never.")
    await release(room, ready.id, two, "Out.", "second")
    faults: list[str] = []
    broken = Broken(random.Random(1), clock, idempotent=True)
    box = _two(room, fetch, broken, network, on_fault=lambda name, error: faults.append(name))
    assert await box.work() == 1
    assert await box.work() == 0
    assert await _states(room) == ["queued", "sent"]
    assert faults == ["outbox masto"]
    clock.advance(FAULTY.total_seconds() + 1)
    await box.work()
    assert len(faults) == 2


class Robbed(Network):
    """A network at whose door somebody else took the job over."""

    async def prepare(self, fetch: Fetcher) -> None:
        raise LeaseLost("lease-lost", "somebody else does watch now")


async def test_a_lost_lease_ends_the_slow_ones_too(
    room: Room, ready: Incident, fetch: Fetcher, clock: ManualClock
) -> None:
    one, two, *_ = ready.mentions.values()
    await release(room, ready.id, one, "Slow.")
    await release(room, ready.id, two, "Never.", "second")
    slow = Slow(clock)
    with pytest.raises(LeaseLost):
        await _two(room, fetch, slow, Robbed(random.Random(1), clock, idempotent=True)).work()
    assert slow.posts.total() == 0
    assert "queued" in await _states(room)


async def test_a_fault_that_nobody_minds_is_raised_once_the_others_had_their_turn(
    room: Room, ready: Incident, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    one, two, *_ = ready.mentions.values()
    await release(room, ready.id, one, "Never.")
    await release(room, ready.id, two, "Out.", "second")
    box = _two(room, fetch, Broken(random.Random(1), clock, idempotent=True), network)
    with pytest.raises(KeyError):
        await box.work()
    assert await _states(room) == ["queued", "sent"]


async def test_a_text_in_doubt_again_and_again_is_left_to_a_person(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    """Tries come further and further apart, and they end."""
    network.before = [SendUnknown("lost")] * 100
    network.idempotent = True
    box = box_of(room, fetch, network)
    for _ in range(400):
        await box.work()
        clock.advance(11)
        if (await now_of(room)).state == "unknown":
            break
    tries = len(network.sent)
    assert 5 < tries <= 20
    entries = [one for one in await reading.timeline(room) if one.kind == "reply.sending"]
    gaps = [later.at - before.at for before, later in pairwise(entries)]
    assert gaps[-1] >= timedelta(minutes=5) > gaps[0]
