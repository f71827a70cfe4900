"""Thousands of replies, a network full of trouble, and a death at every point: never two posts."""

from __future__ import annotations

import random
import socket
from pathlib import Path
from typing import Any

import pytest
from room.people import PLAN, SETTINGS, post
from watch.network import Crash, Network, dying

from crisisroom.clock import ManualClock
from crisisroom.core.canonical import text_hash
from crisisroom.core.timeline import Draft
from crisisroom.fetch import Fetcher
from crisisroom.room import Actor, Room, approvals, lifecycle, reading, triage
from crisisroom.room.settings import apply_config
from crisisroom.store.ids import uuid7
from crisisroom.watch import outbox
from crisisroom.watch.outbox import Outbox

EACH = 20  # replies in one incident


async def _queued(room: Room, incidents: int) -> None:
    """Queue so many incidents' replies, each with a text of its own."""
    await apply_config(room, SETTINGS, "crisisroom.yaml")
    await approvals.approve_words(room, PLAN)
    for number in range(incidents):
        keys = [f"{number}-{index}" for index in range(EACH)]
        added = (await triage.ingest(room, [post(f"kettle {key}", key) for key in keys])).added
        acted = await lifecycle.declare(
            room, f"Incident {number}", playbook=PLAN, mentions=[f"M-{row}" for row in added]
        )
        drafts: list[Draft] = []
        for index, linked in enumerate(acted.incident.mentions.values(), 1):
            drafts += _queued_reply(room, f"R-{index}", linked.uid, linked.id, linked.external_id)
        await room.act(acted.incident.id, lambda state, scene, made=drafts: made)  # type: ignore[misc]


def _queued_reply(room: Room, id_: str, uid: str, mention: str, key: str) -> list[Draft]:
    text = f"Our answer to {key}."
    said: dict[str, Any] = {"id": id_, "words": text, "sha256": text_hash(text)}
    drafted = said | {
        "kind": "reply",
        "audience": "public",
        "template": "",
        "handle": "@pat",
        "mention": uid,
        "mention_id": mention,
        "channel": "masto",
        "approval": "words",
        "uses": [],
    }
    judged = said | {"step": "words", "verdict": "approved", "version": 1, "words": ""}
    way = {"id": id_, "channel": "masto", "key": uuid7(room.clock.now()), "words": ""}
    return [
        Draft(kind="reply.drafted", text="writes", data=drafted),
        Draft(kind="reply.approved", text="approved", data=judged, actor="cy"),
        Draft(kind="reply.queued", text="released", data=way),
    ]


class World:
    """One room, one network, and one process after another that works for them."""

    def __init__(self, room: Room, clock: ManualClock, network: Network, seed: int) -> None:
        self.room, self.clock, self.network = room, clock, network
        self.dead: set[int] = set()
        self.deaths = 0
        self._dice = random.Random(seed)

    def proven_dead(self, host: str, pid: int, started: str) -> bool:
        return pid in self.dead

    async def run(self, fetch: Fetcher, turns: int) -> None:
        """Work in turns; a process that dies is followed by another one."""
        box = self._process(fetch)
        for _ in range(turns):
            try:
                steps = await box.work()
            except Crash:
                self.deaths += 1
                if self._dice.random() < 0.6:
                    self.dead.add(self.deaths)
                box, steps = self._process(fetch), 1
            self.clock.advance(self._dice.choice((0.0, 3.0, 12.0)) if steps else 61.0)
            if not steps and not await self._moving():
                return

    def _process(self, fetch: Fetcher) -> Outbox:
        room = self.room.as_actor(Actor("watch"))
        room.act_in = dying(self.network, room.act_in)  # type: ignore[method-assign]
        box = Outbox(room, fetch, lambda incident, name: self.network)
        box._owner = f"{socket.gethostname()}:{self.deaths + 1}:1"
        return box

    async def _moving(self) -> bool:
        states = await reading.incidents(self.room)
        every = [reply for state in states for reply in state.replies.values()]
        return any(reply.state in ("queued", "sending") for reply in every)


async def _simulate(
    folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int, incidents: int, idempotent: bool
) -> tuple[World, dict[str, int]]:
    from conftest import START

    clock = ManualClock(START)
    dice = random.Random(seed)
    network = Network(dice, clock, idempotent=idempotent)
    async with await Room.open(str(folder / "r.db"), actor=Actor("ada"), clock=clock) as room:
        await _queued(room, incidents)
        world = World(room, clock, network, seed)
        monkeypatch.setattr(outbox, "proven_dead", world.proven_dead)
        network.crashes, network.trouble = 0.01, 0.3
        async with Fetcher() as fetch:
            await world.run(fetch, 100_000)
        network.settle()
        counts: dict[str, int] = {}
        for state in await reading.incidents(room):
            for reply in state.replies.values():
                _check(reply.state, network.posts[reply.text])
                counts[reply.state] = counts.get(reply.state, 0) + 1
    return world, counts


def _check(state: str, posts: int) -> None:
    assert posts <= 1, "a person got two answers"
    if state == "sent":
        assert posts == 1, "it says sent, and nobody got it"
    elif state == "failed":
        assert posts == 0, "it says failed, and somebody got it"
    else:
        assert state == "unknown", f"it stays {state}"


@pytest.mark.parametrize("idempotent", [True, False])
async def test_replies_go_out_at_most_once_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, idempotent: bool
) -> None:
    world, counts = await _simulate(tmp_path, monkeypatch, 7, 8, idempotent)
    assert sum(counts.values()) == 8 * EACH
    assert world.deaths > 5
    assert counts["sent"] > 100
    assert counts["failed"] > 5
    assert (counts.get("unknown", 0) > 0) is not idempotent


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("idempotent", [True, False])
async def test_thousands_of_replies_go_out_at_most_once_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, idempotent: bool
) -> None:
    world, counts = await _simulate(tmp_path, monkeypatch, seed, 110, idempotent)
    assert sum(counts.values()) == 110 * EACH
    assert world.deaths > 50
