"""Any answers, failures, deaths and restarts, in any order: no mention is lost and none doubled."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import START
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from room.people import post

from crisisroom.clock import ManualClock
from crisisroom.config import Source
from crisisroom.core.errors import Unavailable
from crisisroom.core.mention import Incoming
from crisisroom.core.query import Query
from crisisroom.fetch import Fetcher
from crisisroom.room import Actor, Room, reading
from crisisroom.sources import Batch
from crisisroom.store import leases
from crisisroom.store import sources as rows
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.watch import poll
from crisisroom.watch.lease import LEASE, TTL
from crisisroom.watch.poll import BATCH, LONGEST, Poller
from crisisroom.wire.answer import FetchError

CONFIG = Source(id="s", type="mastodon", every=60)
PAGE = 90  # posts a poll brings at most: more than one transaction
FAILURES = (
    FetchError("timeout", "no whole answer within 20 s"),
    FetchError("status", "answers 429", retry_after=500.0),
    FetchError("protocol", "connection reset by peer"),
    Unavailable("bad-feed", "not a feed"),
    OSError("no route to host"),
)


class Crash(BaseException):
    """The process dies here."""


class Listed:
    """A server that lists its posts in their order; it may show some again, edited, in any order.

    `server` is shared by all processes, so its failures and edits are.
    """

    def __init__(self) -> None:
        self.id = "s"
        self.posts: list[Incoming] = []
        self.failures: list[Exception] = []
        self.again = 0  # how many known posts stand on each page too
        self.reversed = False

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Give what comes after the cursor; fail where that was told."""
        if self.failures:
            raise self.failures.pop(0)
        at = int(cursor.get("at", 0))
        page = self.posts[at : at + PAGE]
        shown = [*page, *self.posts[max(0, at - self.again) : at], *page[: self.again]]
        if self.reversed:
            shown.reverse()
        end = at + len(page)
        return Batch(tuple(shown), {"at": end}, more=end < len(self.posts))


class PollMachine(RuleBasedStateMachine):
    """The real poller and store on a real file; the cursor says how far nothing may be missing."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="cr-", dir="/tmp")
        os.environ["XDG_RUNTIME_DIR"] = self.folder.name
        self.clock = ManualClock(START)
        self.server = Listed()
        self.fetch = Fetcher()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(poll, "build", lambda config, room: self.server)
        self.fuse = -1
        self.reached = 0
        self.old: list[Poller] = []
        self.rooms: list[Room] = []
        self.runner.run(self._begin())

    async def _begin(self) -> None:
        """Start a process after another that gave nothing back."""
        file = str(Path(self.folder.name) / "room.db")
        self.room = await Room.open(file, actor=Actor("watch"), clock=self.clock)
        self.rooms.append(self.room)
        self.clock.advance(TTL + 1)
        lease = await self.room.store.write(
            lambda tx: leases.acquire(tx, LEASE, "watch", self.clock, TTL)
        )
        assert lease is not None
        self.poller = self._poller(self.room, lease)

    def _poller(self, room: Room, lease: Lease) -> Poller:
        write = room.store.write

        async def fused(*args: Any, **kwargs: Any) -> Any:
            self._burn()
            done = await write(*args, **kwargs)
            self._burn()
            return done

        room.store.write = fused  # type: ignore[method-assign]
        return Poller(CONFIG, room, self.fetch, lease)

    def _burn(self) -> None:
        self.fuse -= 1
        if self.fuse == 0:
            raise Crash

    def teardown(self) -> None:
        self.fuse = -1
        self.server.failures.clear()
        self.poll()
        self.poll()
        assert self.texts() == {one.external_id: one.text for one in self.server.posts}
        for room in self.rooms:
            self.runner.run(room.close())
        self.runner.run(self.fetch.aclose())
        self.runner.close()
        self.patch.undo()
        self.folder.cleanup()

    @rule(count=st.sampled_from([1, 2, 30, BATCH, PAGE, 200]))
    def people_post(self, count: int) -> None:
        first = len(self.server.posts)
        self.server.posts += [post(f"post {n}", f"p{n}") for n in range(first, first + count)]

    @rule(failures=st.lists(st.sampled_from(FAILURES), min_size=1, max_size=3))
    def it_will_fail(self, failures: list[Exception]) -> None:
        self.server.failures += failures

    @rule(again=st.sampled_from([0, 1, 40]), backwards=st.booleans())
    def it_lists_otherwise(self, again: int, backwards: bool) -> None:
        self.server.again, self.server.reversed = again, backwards

    @rule(writes=st.integers(1, 8))
    def it_will_die(self, writes: int) -> None:
        self.fuse = writes

    @rule(seconds=st.sampled_from([1, 60, 900]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule()
    def poll(self) -> None:
        """Ask; a process that dies meanwhile is followed by another."""
        try:
            wait = self.runner.run(self.poller.poll())
        except Crash:
            self.fuse = -1
            self.old.append(self.poller)
            self.runner.run(self._begin())
            return
        assert 0.9 * CONFIG.every <= wait <= LONGEST.total_seconds() * 1.1

    @rule()
    def restart(self) -> None:
        """Stop without a word, and begin anew."""
        self.fuse = -1
        self.old.append(self.poller)
        self.runner.run(self._begin())

    @rule()
    def a_dead_one_wakes_up(self) -> None:
        """A process that only slept changes nothing any more."""
        if not self.old:
            return
        self.fuse = -1
        before = self.row(), self.texts()
        with pytest.raises(LeaseLost):
            self.runner.run(self.old[-1].poll())
        assert (self.row(), self.texts()) == before

    def row(self) -> rows.SourceRow:
        return self.runner.run(self.room.store.read(lambda tx: rows.get(tx, "s")))

    def texts(self) -> dict[str, str]:
        """What is in the room, by id; nothing twice."""
        query = Query(limit=100_000, copies=True)
        found = self.runner.run(reading.mentions(self.room, query))
        counts = Counter(one.external_id for one in found)
        assert max(counts.values(), default=1) == 1
        return {one.external_id: one.text for one in found}

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        row = self.row()
        at = int(row.cursor.get("at", 0))
        assert at >= self.reached
        self.reached = at
        have = self.texts()
        assert {f"p{n}" for n in range(at)} <= set(have)
        assert set(have) <= {one.external_id for one in self.server.posts}
        if row.fails:
            assert row.reason
            assert row.next_at is not None


def test_nothing_is_lost_or_doubled_whatever_happens() -> None:
    profile = settings(
        max_examples=30,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(PollMachine, settings=profile)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_nothing_is_lost_or_doubled_whatever_happens_a_thousand_times() -> None:
    profile = settings(
        max_examples=1000,
        stateful_step_count=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(PollMachine, settings=profile)
