"""A night with restarts, dead watchers, take-overs and jumping clocks: the same clocks as ever."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

import pytest
from conftest import START
from core.night import YAML, plan, retold
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from crisisroom.clock import ManualClock
from crisisroom.core.apply import documents, replay
from crisisroom.core.engine import next_fire
from crisisroom.core.errors import Refused
from crisisroom.core.timeline import Entry, flaws
from crisisroom.room import Actor, Room, facts, lifecycle, reading, record, roles, tasks
from crisisroom.store import leases, log
from crisisroom.watch.late import note_late
from crisisroom.watch.watcher import LEASE, TTL

PLAN = plan(YAML)
people = st.sampled_from(["ada", "bo", "cy"])
pauses = st.sampled_from([1, 20, 61, 299, 300, 301, 600, 1800, 7200, 30_000])
FACTS = [("what", "it smokes"), ("data", "yes"), ("data", "no"), ("affected", "1200")]


class ClockMachine(RuleBasedStateMachine):
    """The real room on a real file; whoever looks at the clocks, and whenever."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="cr-", dir="/tmp")
        os.environ["XDG_RUNTIME_DIR"] = self.folder.name
        self.clock = ManualClock(START)
        self.runner.run(self._open())
        self.runner.run(lifecycle.declare(self.room, "A night", playbook=PLAN, severity="sev2"))
        self.acts = 0

    async def _open(self) -> None:
        file = str(Path(self.folder.name) / "room.db")
        self.room = await Room.open(file, actor=Actor("ada"), clock=self.clock)

    async def _entries(self) -> tuple[Entry, ...]:
        return await reading.timeline(self.room, "INC-1")

    def teardown(self) -> None:
        """Close the room; nothing of it stays."""
        self.runner.run(self.room.close())
        self.runner.close()
        self.folder.cleanup()

    @rule(seconds=pauses)
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(seconds=st.integers(-120, 120))
    def the_clock_jumps(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(who=st.sampled_from(["one", "two"]), survives=st.booleans())
    def a_watcher_looks(self, who: str, survives: bool) -> None:
        self.runner.run(self._watch(who, survives))

    async def _watch(self, who: str, survives: bool) -> None:
        lease = await self.room.store.write(
            lambda tx: leases.acquire(tx, LEASE, who, self.clock, TTL), durable=False
        )
        if lease is None:
            return
        await note_late(self.room, lease)
        if survives:
            await self.room.store.write(lambda tx: leases.release(tx, lease), durable=False)

    @rule()
    def the_machine_restarts(self) -> None:
        self.runner.run(self.room.close())
        self.runner.run(self._open())

    @rule(who=people, act=st.integers(0, 7), number=st.integers(0, 9))
    def somebody_acts(self, who: str, act: int, number: int) -> None:
        self.runner.run(self._act(who, act, number))

    async def _act(self, who: str, act: int, number: int) -> None:
        room = self.room.as_actor(Actor(who))
        known = (await reading.incident(room, "INC-1")).tasks
        task = sorted(known)[number % len(known)]
        fact, value = FACTS[number % len(FACTS)]
        try:
            if act == 0:
                await tasks.done(room, "INC-1", task)
            elif act == 1:
                await tasks.skip(room, "INC-1", task, "not now")
            elif act == 2:
                await tasks.reopen(room, "INC-1", task)
            elif act == 3:
                await facts.set_fact(room, "INC-1", fact, value)
            elif act == 4:
                await lifecycle.severity(room, "INC-1", "sev1" if number % 2 else "sev2")
            elif act == 5:
                await roles.take(room, "INC-1", "lead")
            elif act == 6:
                await roles.leave(room, "INC-1", "lead")
            else:
                await record.called(room, "INC-1", "bo", "phone", number % 2 == 0)
            self.acts += 1
        except Refused:
            pass

    @invariant()
    def no_clock_has_fired_twice(self) -> None:
        state = self.runner.run(reading.incident(self.room, "INC-1"))
        assert len(state.fired) == len(set(state.fired))

    @invariant()
    def what_is_on_the_timeline_is_what_the_log_tells(self) -> None:
        entries = self.runner.run(self._entries())
        assert not list(flaws(entries))
        told = replay(entries)
        assert told is not None
        kept = self.runner.run(self.room.store.read(lambda tx: log.projection(tx, told.uid)))
        assert kept == documents(told)

    @invariant()
    def it_is_the_night_that_the_core_alone_would_tell(self) -> None:
        entries = self.runner.run(self._entries())
        written = [(one.kind, one.at, one.text) for one in entries if not _beside_an_act(one)]
        assert retold(entries)[: len(written)] == written

    @invariant()
    def nothing_was_written_before_it_was_due(self) -> None:
        for entry in self.runner.run(self._entries()):
            if entry.source == "system":
                assert entry.at <= entry.recorded_at

    @rule()
    def everything_is_caught_up_with(self) -> None:
        self.runner.run(note_late(self.room))
        state = self.runner.run(reading.incident(self.room, "INC-1"))
        assert next_fire(state, self.clock.now()) is None


def _beside_an_act(entry: Entry) -> bool:
    """Tell whether a person's act brought this along: what clocks tell of has a mark."""
    return entry.kind == "person.notified" and "mark" not in entry.data


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        ClockMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_clocks_hold_through_restarts_and_take_overs() -> None:
    _run(6, 25)


@pytest.mark.full
def test_clocks_hold_through_many_nights() -> None:
    _run(200, 60)
