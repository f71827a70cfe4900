"""What only rare trouble shows: facts that move between two posts, servers that hang or are slow,

accounts that are gone, and clocks that somebody sets.
"""

from __future__ import annotations

import socket
from datetime import timedelta

import msgspec
import pytest
from room.people import PLAN, SETTINGS, as_, declared
from watch.boxes import Obedient, box_of, now_of
from watch.released import queued as release

from crisisroom.channels import (
    Channel,
    Limits,
    Outgoing,
    Receipt,
    SendLater,
    SendRefused,
    SendUnknown,
)
from crisisroom.clock import ManualClock
from crisisroom.config import Account
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Words
from crisisroom.core.timeline import Draft
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, approvals, reading, waiting
from crisisroom.watch import clerk
from crisisroom.watch.outbox import Outbox

DEAD = f"{socket.gethostname()}:4194304:1"
LONG = (
    "We are sorry that your kettle got hot. Please unplug it and do not use it again. "
    "We send you a new one and pay for the way back. Write to us and we see to it today."
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


async def _states(room: Room) -> list[str]:
    return [one.state for one in (await reading.incident(room)).replies.values()]


async def test_a_fact_that_moves_between_two_posts_ends_the_thread_there(
    room: Room,
    ready: Incident,
    fetch: Fetcher,
    network: Obedient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clerk, "refuse_unready", lambda words, desk: "")
    network.limits = Limits(limit=70, posts=5)
    first = next(iter(ready.mentions.values()))
    await release(room, ready.id, first, LONG)
    send = network.send

    async def meanwhile(words: Outgoing, fetch: Fetcher) -> Receipt:
        receipt = await send(words, fetch)
        before = {"value": "the X1 kettle"}
        said = "it was another one"
        data = {"id": "R-1", "fact": "product", "words": said, "before": before}
        moved = Draft(kind="reply.suspended", text="the product changed", data=data)
        await room.act("", lambda state, scene: [moved])
        return receipt

    monkeypatch.setattr(network, "send", meanwhile)
    box = box_of(room, fetch, network)
    for _ in range(3):
        await box.work()
    reply = await now_of(room)
    assert len(network.sent) == 1
    assert (reply.state, len(reply.sends["masto"].parts)) == ("unknown", 1)
    assert reply.sends["masto"].reason == (
        "its first post is out, the rest is not: a fact it relies on moved: product"
    )


@pytest.mark.parametrize("landing", [15, 40, 55])
@pytest.mark.parametrize("idempotent", [True, False])
async def test_what_a_slow_server_takes_after_its_sender_died_is_not_sent_again(
    room: Room,
    queued: Words,
    fetch: Fetcher,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
    landing: float,
    idempotent: bool,
) -> None:
    """Servers that know keys learn them with the post, not with the request."""
    network = Obedient(clock, idempotent=idempotent)

    async def late(words: Outgoing, fetch: Fetcher) -> Receipt:
        network._late.append((clock.now() + timedelta(seconds=landing), words))
        raise SendUnknown("the process died")

    with monkeypatch.context() as patch:
        patch.setattr(network, "send", late)
        await box_of(room, fetch, network, DEAD).work()
    box = box_of(room, fetch, network)
    for _ in range(20):
        clock.advance(5)
        await box.work()
    assert (await now_of(room)).state == "sent"
    assert (network.sent, network.posts.total()) == ([], 1)


async def test_a_server_that_hangs_puts_one_text_in_doubt_and_holds_up_no_other_network(
    room: Room,
    ready: Incident,
    fetch: Fetcher,
    network: Obedient,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second, third, other = list(ready.mentions.values())[:4]
    for number, one in enumerate((first, second, third)):
        await release(room, ready.id, one, f"Answer {number}.")
    hung = Obedient(clock, idempotent=False)
    begun: list[float] = []

    async def hang(words: Outgoing, fetch: Fetcher) -> Receipt:
        begun.append(clock.monotonic())
        if len(begun) == 1:
            await release(room, ready.id, other, "Released meanwhile.", "second")
        await clock.sleep(20)
        raise SendUnknown("no whole answer within 20 s")

    async def unseen(words: Outgoing, fetch: Fetcher) -> Receipt | None:
        await clock.sleep(20)
        raise SendUnknown("no whole answer within 20 s")

    monkeypatch.setattr(hung, "send", hang)
    monkeypatch.setattr(hung, "find", unseen)
    box = Outbox(as_(room, "watch"), fetch, lambda _, name: _one(name, hung, network))
    await box.work()
    await box.work()
    assert await _states(room) == ["sending", "queued", "queued", "sent"]
    assert len(begun) == 1
    clock.advance(11)
    await box.work()
    assert len(begun) == 2  # one more, to see whether it is well again


def _one(name: str, slow: Channel, quick: Channel) -> Channel:
    return slow if name == "masto" else quick


def _nobody(incident: Incident, name: str) -> Channel | None:
    return None


def _no_token(incident: Incident, name: str) -> Channel | None:
    raise Refused("no_token", "the variable MASTO holds no token", "put it there")


@pytest.mark.parametrize(
    ("channels", "why"),
    [(_nobody, "no account is called masto any more"), (_no_token, "MASTO holds no token")],
)
async def test_a_try_of_an_account_that_is_gone_ends_in_doubt_and_says_so(
    room: Room,
    queued: Words,
    fetch: Fetcher,
    network: Obedient,
    clock: ManualClock,
    channels: object,
    why: str,
) -> None:
    network.before = [SendUnknown("lost")]
    await box_of(room, fetch, network).work()
    box = Outbox(as_(room, "watch"), fetch, channels, on_fault=lambda *_: None)  # type: ignore[arg-type]
    for _ in range(9):
        clock.advance(60)
        await box.work()
    assert (await now_of(room)).state == "sending"
    clock.advance(60)
    await box.work()
    (item,) = await waiting.waiting(room)
    assert item.state == "unknown"
    assert why in item.reason
    assert "outbox settle" in item.to_do


@pytest.mark.parametrize("channels", [_nobody, _no_token])
async def test_what_an_account_that_is_gone_should_take_back_stays_and_says_so(
    room: Room,
    queued: Words,
    fetch: Fetcher,
    network: Obedient,
    channels: object,
) -> None:
    await box_of(room, fetch, network).work()
    data = {"id": queued.id, "channel": "masto", "key": "", "words": "it was wrong"}
    back = Draft(kind="reply.retracting", text="takes it back", data=data)
    await room.act("", lambda state, scene: [back])
    box = Outbox(as_(room, "watch"), fetch, channels, on_fault=lambda *_: None)  # type: ignore[arg-type]
    await box.work()
    way = (await now_of(room)).sends["masto"]
    assert way.state == "sent"
    assert "masto" in way.reason.lower()
    assert network.taken_back == []


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("javascript:alert(1)", ""),
        ("https://a.test/\x1b]0;x\x07", ""),
        ("http://a.test/@acme/7", "http://a.test/@acme/7"),
    ],
)
async def test_a_link_that_a_server_names_is_one_that_people_may_open(
    room: Room,
    queued: Words,
    fetch: Fetcher,
    network: Obedient,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    kept: str,
) -> None:
    monkeypatch.setattr(network, "_receipt", lambda words: Receipt(words.key, url))
    await box_of(room, fetch, network).work()
    assert (await now_of(room)).sends["masto"].remote_url == kept


async def test_a_reason_that_changes_with_every_try_fills_no_timeline(
    room: Room,
    queued: Words,
    fetch: Fetcher,
    network: Obedient,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[float] = []

    async def refuse(fetch: Fetcher) -> None:
        asked.append(clock.monotonic())
        raise SendLater(f"no login for another {300 - len(asked)} s", 1.0)

    monkeypatch.setattr(network, "prepare", refuse)
    box = box_of(room, fetch, network)
    before = await _queued(room)
    for _ in range(40):
        await box.work()
        clock.advance(16)
    assert len(asked) == 40
    assert await _queued(room) - before == 3
    monkeypatch.setattr(network, "prepare", _refused)
    clock.advance(300)
    await box.work()
    assert (await now_of(room)).sends["masto"].reason == "the token is not taken any more"


async def _queued(room: Room) -> int:
    return [entry.kind for entry in await reading.timeline(room)].count("reply.queued")


async def _refused(fetch: Fetcher) -> None:
    raise SendRefused("the token is not taken any more")


@pytest.mark.parametrize("trouble", ["lost", "busy", "left alone"])
async def test_a_clock_that_is_put_back_keeps_nothing_waiting(
    room: Room,
    queued: Words,
    fetch: Fetcher,
    network: Obedient,
    clock: ManualClock,
    trouble: str,
) -> None:
    if trouble == "lost":
        network.before = [SendUnknown("lost")]
    elif trouble == "busy":
        network.before = [SendLater("too many requests", 60.0)]
    else:
        network.wait = 60.0
    box = box_of(room, fetch, network)
    await box.work()
    network.wait = 0.0
    clock._now -= timedelta(hours=2)
    for _ in range(14):
        await box.work()
        clock.advance(10)
    assert (await now_of(room)).state == "sent"
    assert network.posts.total() == 1
