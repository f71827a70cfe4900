"""Eight processes answer the same mentions: one live reply to each, and nobody's words are lost."""

from __future__ import annotations

import asyncio
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from room.people import PLAN, SETTINGS, as_, post
from watch.answering import Acknowledged
from watch.network import Network

from crisisroom.clock import ManualClock, SystemClock
from crisisroom.core.incident import Incident
from crisisroom.fetch import Fetcher
from crisisroom.room import Actor, Room, lifecycle, reading, triage
from crisisroom.room.settings import apply_config
from crisisroom.store import drafts
from crisisroom.watch.outbox import Outbox

SCRIPT = Path(__file__).with_name("answering.py")
PEOPLE = ("ada", "bo", "cy", "dee", "eve", "finn", "gus", "hal")


async def _crowd(room: Room, mentions: int) -> dict[str, list[Acknowledged]]:
    """Let everybody answer at once; returns what the room acknowledged to each."""
    started = [await _start(room, name, mentions, seed) for seed, name in enumerate(PEOPLE)]
    for process in started:  # nobody begins before all are there
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    told = await asyncio.gather(*(process.communicate(b"\n") for process in started))
    for process, (_, complaint) in zip(started, told, strict=True):
        assert process.returncode == 0, complaint.decode()
    return {
        name: [msgspec.json.decode(line, type=Acknowledged) for line in out.splitlines()]
        for name, (out, _) in zip(PEOPLE, told, strict=True)
    }


async def _start(room: Room, name: str, mentions: int, seed: int) -> Process:
    argv = (str(SCRIPT), room.address, name, str(mentions), str(seed))
    return await asyncio.create_subprocess_exec(
        sys.executable, *argv, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=2**20
    )


async def _check(folder: Path, mentions: int) -> None:
    clock = SystemClock()
    address = str(folder / "r.db")
    async with await Room.open(address, actor=Actor("ada"), clock=clock) as room:
        await apply_config(room, SETTINGS, "crisisroom.yaml")
        heard = [post(f"kettle {number} smokes", f"p{number}") for number in range(mentions)]
        await triage.ingest(room, heard)
        await lifecycle.declare(room, "Kettles overheat", playbook=PLAN, severity="sev2")
        told = await _crowd(room, mentions)
        said = [one for lines in told.values() for one in lines]
        state = await reading.incident(room)
        _one_live_reply_each(state, mentions)
        _no_reply_lost(state, said)
        await _no_draft_lost(room, said)
        assert Counter(one.refused for one in said).keys() >= {"", "answered"}
        assert sum(len({one.mention for one in lines}) for lines in told.values()) == mentions * 8
        assert sum(any(one.sent for one in lines) for lines in told.values()) > 1
        await _sent_once(room, state)


def _one_live_reply_each(state: Incident, mentions: int) -> None:
    live = Counter(reply.mention_id for reply in state.replies.values() if reply.live)
    assert live == {f"M-{number}": 1 for number in range(1, mentions + 1)}


def _no_reply_lost(state: Incident, said: list[Acknowledged]) -> None:
    """Every reply that was acknowledged stands as it was written; every released one is queued."""
    for one in said:
        if one.reply:
            assert state.replies[one.reply].text == one.text
        if one.sent:
            assert state.replies[one.reply].state == "queued"


async def _no_draft_lost(room: Room, said: list[Acknowledged]) -> None:
    kept = {draft.id: draft.text for draft in await room.store.read(drafts.find)}
    assert kept == {one.draft: one.text for one in said if one.draft}


async def _sent_once(room: Room, state: Incident) -> None:
    """Let an outbox send what was released: to each mention one post."""
    network = Network(random.Random(1), ManualClock(room.clock.now()), idempotent=False)
    async with Fetcher() as fetch:
        box = Outbox(as_(room, "watch"), fetch, lambda incident, name: network)
        while await box.work():
            pass
    expected = [one.text for one in state.replies.values() if one.state == "queued"]
    assert network.posts == dict.fromkeys(expected, 1)


async def test_eight_processes_answer_each_mention_once(tmp_path: Path) -> None:
    await _check(tmp_path, 40)


@pytest.mark.full
@pytest.mark.timeout(3600)
async def test_eight_processes_answer_a_thousand_mentions_once_each(tmp_path: Path) -> None:
    await _check(tmp_path, 1000)
