"""What a crash, a rival or a late answer leaves: looked up, taken over, never posted twice."""

from __future__ import annotations

import socket

import pytest
from watch.boxes import ELSEWHERE, Obedient, box_of, now_of, way_of

from crisisroom.channels import Receipt, SendUnknown
from crisisroom.clock import ManualClock
from crisisroom.core.incident import Words
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, approvals, words
from crisisroom.store import leases
from crisisroom.store.leases import LeaseLost
from crisisroom.watch.outbox import Outbox
from crisisroom.watch.recovery import owner_dead


@pytest.mark.parametrize("idempotent", [True, False])
async def test_a_dead_process_s_try_is_looked_up_and_taken_over(
    room: Room, queued: Words, fetch: Fetcher, clock: ManualClock, idempotent: bool
) -> None:
    network = Obedient(clock, idempotent=idempotent)
    network.before = [SendUnknown("the process died before its first byte")]
    await box_of(room, fetch, network, f"{socket.gethostname()}:4194304:1").work()
    box = box_of(room, fetch, network)
    for seconds in (0, 11, 48):  # it looks, but a slow server may be at it still
        clock.advance(seconds)
        assert await box.work() == 0
    clock.advance(2)
    await box.work()
    await box.work()
    assert (await now_of(room)).state == "sent"
    assert sum(network.posts.values()) == 1


@pytest.mark.parametrize(("idempotent", "ends"), [(True, "sent"), (False, "unknown")])
async def test_a_silent_process_s_try_is_in_doubt(
    room: Room, queued: Words, fetch: Fetcher, clock: ManualClock, idempotent: bool, ends: str
) -> None:
    network = Obedient(clock, idempotent=idempotent)
    network.before = [SendUnknown("silence")]
    await box_of(room, fetch, network, ELSEWHERE).work()
    box = box_of(room, fetch, network)
    clock.advance(60)
    assert await box.work() == 0  # it may only be slow
    clock.advance(70)
    await box.work()
    await box.work()
    assert (await now_of(room)).state == ends


async def test_a_silent_process_s_old_key_is_not_used_again(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    network.before = [SendUnknown("silence")]
    await box_of(room, fetch, network, ELSEWHERE).work()
    clock.advance(55 * 60)
    await box_of(room, fetch, network).work()
    assert (await now_of(room)).state == "unknown"


@pytest.mark.parametrize("owner", ["", "nonsense", "host:x:y", "h:99999999999999999999:1", ":::"])
def test_an_owner_of_another_making_proves_nothing(owner: str) -> None:
    assert not owner_dead(owner)


async def test_two_outboxes_post_once(
    room: Room, queued: Words, fetch: Fetcher, clock: ManualClock
) -> None:
    """Both have seen it queued; only the one that wrote `sending` down sends."""
    network = Obedient(clock, idempotent=False)
    first, second = box_of(room, fetch, network), box_of(room, fetch, network, ELSEWHERE)
    seen = await way_of(second)
    network.before = [SendUnknown("slow")]
    await first.work()
    assert (await now_of(room)).state == "sending"
    assert await second.step(seen, network) == 1
    assert len(network.sent) == 1


async def test_what_was_withdrawn_meanwhile_does_not_go_out(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient
) -> None:
    box = box_of(room, fetch, network)
    seen = await way_of(box)
    await words.withdraw(room, "", "R-1", "they called us")
    await box.step(seen, network)
    assert network.sent == []
    assert (await now_of(room)).state == "withdrawn"


async def test_what_lost_its_approval_meanwhile_does_not_go_out(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient
) -> None:
    for sha256 in await approvals.approved(room):
        await approvals.revoke(room, sha256, "not true any more")
    await box_of(room, fetch, network).work()
    failed = await now_of(room)
    assert network.sent == []
    assert failed.state == "failed"
    assert "nobody approved" in failed.sends["masto"].reason


async def test_a_late_look_does_not_undo_what_arrived(
    room: Room, queued: Words, fetch: Fetcher, clock: ManualClock
) -> None:
    """One process looks while the other one's answer comes in: sent stays sent."""
    network = Obedient(clock, idempotent=True)
    network.before = [SendUnknown("slow")]
    slow = box_of(room, fetch, network, ELSEWHERE)
    await slow.work()
    clock.advance(130)
    looker = box_of(room, fetch, network)
    seen = await way_of(looker)
    await slow._clerk.arrived(seen, Receipt("remote-1"))
    await looker._clerk.note(seen, "queued", "is not there: tries again")
    await looker._clerk.note(seen, "unknown", "in doubt", "in doubt")
    await looker._clerk.arrived(seen, Receipt("remote-2"))
    now = await now_of(room)
    assert (now.state, now.sends["masto"].remote_id) == ("sent", "remote-1")


async def test_without_the_lease_nothing_goes_out(
    room: Room, queued: Words, fetch: Fetcher, network: Obedient, clock: ManualClock
) -> None:
    old = await room.store.write(lambda tx: leases.acquire(tx, "watch", "a", clock, 20.0))
    clock.advance(21)
    new = await room.store.write(lambda tx: leases.acquire(tx, "watch", "b", clock, 20.0))
    zombie = Outbox(room, fetch, lambda incident, name: network, old)
    with pytest.raises(LeaseLost):
        await zombie.work()
    assert network.sent == []
    await Outbox(room, fetch, lambda incident, name: network, new).work()
    assert len(network.sent) == 1
