"""A room whose processes die, on networks that fail: what becomes of thousands of replies."""

from __future__ import annotations

import random
import socket
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from room.people import PLAN, SETTINGS
from watch.platforms import GAP, KINDS, POINTS, TROUBLES, Crash, Fate, Fates, Platform
from watch.released import incident_with, released

from crisisroom.channels import Channel
from crisisroom.clock import ManualClock
from crisisroom.config import Account
from crisisroom.core.incident import Incident
from crisisroom.core.timeline import Draft
from crisisroom.fetch import Fetcher
from crisisroom.room import Acted, Actor, Decide, Room, Scene, approvals, reading
from crisisroom.room.settings import apply_config
from crisisroom.store import Tx
from crisisroom.watch import recovery
from crisisroom.watch.outbox import Outbox

EACH = 20  # replies in one incident
START = datetime(2026, 11, 22, 2, 7, tzinfo=UTC)
STEPS = ("queued", "sending", "sent", "unknown", "failed")

Combination = tuple[str, str, str]  # kind, point, trouble
COMBINATIONS: tuple[Combination, ...] = tuple(
    (kind, point, trouble) for kind in KINDS for point in POINTS for trouble in TROUBLES
)


@dataclass
class Tally:
    """What came of the replies: `wrong` lists every broken promise, a line each."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)  # kind, state
    hits: Counter[Combination] = field(default_factory=Counter)
    deaths: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count another room's replies too."""
        self.ends += other.ends
        self.hits += other.hits
        self.deaths += other.deaths
        self.wrong += other.wrong

    def missing(self, asked: Iterable[Combination] = COMBINATIONS) -> list[Combination]:
        """Return the combinations that no reply went through."""
        return [one for one in asked if not self.hits[one]]


class World:
    """One room, its networks, and one process after another that works for them."""

    def __init__(self, room: Room, clock: ManualClock, dice: random.Random) -> None:
        self.room = room
        self.tally = Tally()
        self._clock = clock
        self._dice = dice
        self._fates = Fates(dice)
        self.platforms: dict[str, Platform] = {
            kind: Platform(kind, clock, self._fates, dice) for kind in KINDS
        }
        self._proven: set[int] = set()
        self._told: dict[str, Combination] = {}

    def proven_dead(self, host: str, pid: int, started: str) -> bool:
        """Tell what others can know of a process."""
        return pid in self._proven

    async def queue(self, plans: Sequence[Combination]) -> None:
        """Queue a reply for every plan, each with a text of its own, `EACH` to an incident."""
        for start in range(0, len(plans), EACH):
            some = plans[start : start + EACH]
            keys = [f"{len(self._told) + number}" for number in range(len(some))]
            state = await incident_with(self.room, keys)
            drafts: list[Draft] = []
            answered = zip(some, keys, state.mentions.values(), strict=True)
            for number, (plan, key, linked) in enumerate(answered, 1):
                text = f"Our answer to {key}."
                self._fates.known[text] = Fate(plan[1], plan[2])
                self._told[text] = plan
                drafts += released(self.room, number, text, linked, plan[0])
            await self.room.act(state.id, lambda state, scene, made=drafts: made)  # type: ignore[misc]

    async def run(self, fetch: Fetcher) -> None:
        """Work in turns until nothing moves; a process that dies is followed by another one."""
        box = self._process(fetch)
        while True:
            try:
                steps = await box.work()
            except Crash as crash:
                self.tally.deaths += 1
                if crash.proven:
                    self._proven.add(self.tally.deaths)  # the number its owner says
                if crash.fate.trouble == "an hour's gap":
                    self._clock.advance(GAP)
                box, steps = self._process(fetch), 1
            self._clock.advance(self._dice.choice((0.0, 3.0, 12.0)) if steps else 61.0)
            if not steps and not await self._moving():
                return

    def _process(self, fetch: Fetcher) -> Outbox:
        self._fates.dying = False
        room = self.room.as_actor(Actor("watch"))
        room.act_in = self._dying(room)  # type: ignore[method-assign]
        box = Outbox(room, fetch, self._channel)
        box._clerk.owner = f"{socket.gethostname()}:{self.tally.deaths + 1}:1"
        return box

    def _channel(self, incident: Incident, name: str) -> Channel | None:
        return self.platforms[name]

    def _dying(self, room: Room) -> Any:
        """Return `act_in` of a process that may die before or after each commit."""
        act_in, process = room.act_in, self.tally.deaths

        async def act(inc: str, decide: Decide, *, command_id: str = "") -> Acted:
            seen: list[Step] = []

            async def watched(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
                drafts = await decide(tx, state, scene)
                seen[:] = _steps(state, drafts)
                for one in seen if process == self.tally.deaths else ():
                    self._fates.writes(one.text, one.step, one.tries)
                return drafts

            acted = await act_in(inc, watched, command_id=command_id)
            for one in seen:
                self._fates.wrote(one.text, one.step)
            return acted

        return act

    async def _moving(self) -> bool:
        states = await reading.incidents(self.room)
        every = [reply for state in states for reply in state.replies.values()]
        return any(reply.state in ("queued", "sending") for reply in every)

    async def judge(self) -> Tally:
        """Compare what the room says with what the networks hold."""
        for platform in self.platforms.values():
            platform.settle()
        for state in await reading.incidents(self.room):
            for reply in state.replies.values():
                kind, point, trouble = self._told[reply.text]
                fate = self._fates.known[reply.text]
                posts = self.platforms[kind].posts[reply.text]
                self.tally.ends[kind, reply.state] += 1
                if fate.struck and fate.met:
                    self.tally.hits[kind, point, trouble] += 1
                if flaw := _flaw(reply.state, posts):
                    said = f"{flaw}: {kind}, {point}, {trouble}, {reply.state}, {posts} posts"
                    self.tally.wrong.append(said)
        return self.tally


class Step(NamedTuple):
    """A step on a text's way that is about to be written, and how often it was tried before."""

    text: str
    step: str
    tries: int


def _steps(state: Incident, drafts: Iterable[Draft]) -> list[Step]:
    found = []
    for draft in drafts:
        sort, _, step = draft.kind.partition(".")
        words = state.words(draft.data["id"]) if sort == "reply" and step in STEPS else None
        if words is not None:
            tries = words.sends[draft.data["channel"]].tries
            found.append(Step(words.text, step, tries))
    return found


def _flaw(state: str, posts: int) -> str:
    """Return which promise a reply's end breaks, empty for none."""
    if posts > 1:
        return "duplicate"
    if state == "sent":
        return "" if posts == 1 else "false sent"
    if state == "failed":
        return "" if posts == 0 else "false failed"
    return "" if state == "unknown" else "silently lost"


async def simulate(folder: Path, plans: Sequence[Combination], seed: int) -> Tally:
    """Send a reply for every plan in a room of its own; returns what came of them."""
    clock = ManualClock(START)
    dice = random.Random(seed)
    server = "https://social.example"
    accounts = tuple(Account(id=kind, type="mastodon", server=server) for kind in KINDS)
    settings = msgspec.structs.replace(SETTINGS, accounts=accounts, sources=())
    async with await Room.open(str(folder / "r.db"), actor=Actor("ada"), clock=clock) as room:
        await apply_config(room, settings, "crisisroom.yaml")
        await approvals.approve_words(room, PLAN)
        world = World(room, clock, dice)
        await world.queue(plans)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(recovery, "proven_dead", world.proven_dead)
            async with Fetcher() as fetch:
                await world.run(fetch)
        return await world.judge()


async def covered(folder: Path, plans: Sequence[Combination], seed: int) -> Tally:
    """Simulate the plans, then those that others' deaths kept from their own, until none is left.

    Which processes die of whose text differs from run to run: channels work side by side.
    """
    tally = Tally()
    asked: Sequence[Combination] = plans
    for number in range(12):
        here = folder / f"room-{seed}-{number}"
        here.mkdir()
        tally.add(await simulate(here, asked, seed + number))
        asked = tally.missing(dict.fromkeys(plans))
        if not asked:
            break
    return tally
