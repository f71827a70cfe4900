"""One room, its servers, and one watching process after another, on a clock that is pushed."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from conftest import START
from watch.day.script import DAY, HOUR, SERVERS, Script
from watch.day.servers import (
    KINDS,
    Feed,
    Lines,
    Masto,
    News,
    Server,
    Sky,
    as_request,
    as_response,
    failing,
)
from watch.day.settings import CALM, settings

from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher
from crisisroom.fetch._http import httpx
from crisisroom.room import Actor, Room, reading
from crisisroom.room.settings import apply_config
from crisisroom.store import leases
from crisisroom.store import sources as rows
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.watch.analysis import Analysis
from crisisroom.watch.lease import LEASE, TTL
from crisisroom.watch.poll import Poller, due_in

PUBLIC = "93.184.216.34"
TICK = 600.0  # seconds between two looks of the analysis at the clock
MARKS = ("since", "top", "at", "line")  # what in a cursor only ever grows


class Crash(BaseException):
    """The process dies here: nothing after it runs."""


@dataclass(frozen=True)
class Outage:
    """A time, in seconds into the day, in which a server gives nothing."""

    server: str
    start: float
    end: float


@dataclass
class Process:
    """A watching process: what is lost when it dies."""

    room: Room
    fetch: Fetcher
    lease: Lease
    analysis: Analysis
    pollers: dict[str, Poller]
    started: float
    asked: dict[str, float] = field(default_factory=dict)


class World:
    """Time, servers and dice; `run` lets a day pass."""

    def __init__(self, folder: Path, script: Script, seed: int, every: int) -> None:
        self.clock = ManualClock(START)
        self.script = script
        self.every = every
        self.file = str(folder / "room.db")
        self.dice = random.Random(seed)
        lines = Lines(folder / "lines.jsonl", self.dice)
        feeds = (Feed("blog", self.dice), Feed(CALM, self.dice))
        made: tuple[Server, ...] = (Masto(self.dice), Sky(self.dice), News(), *feeds, lines)
        self.servers = {one.name: one for one in made}
        self.lines = lines
        self.trouble = 0.04  # how likely an answer fails beside the outages
        self.outages = [self._outage() for _ in range(8)]
        self.deaths = self.faults = self.zombies = 0
        self.gaps: list[float] = []
        self.shown = 0
        self._left = list(reversed(script.posts))
        self._fuse = -1
        self._marks: dict[str, dict[str, tuple[int, str]]] = {}

    @property
    def now(self) -> float:
        """Seconds into the day."""
        return (self.clock.now() - START).total_seconds()

    def _outage(self) -> Outage:
        server = self.dice.choice([one for one in SERVERS if one not in (CALM, "lines")])
        start = self.dice.uniform(0.5, 22) * HOUR
        return Outage(server, start, start + self.dice.choice((240, 900, 1800, 3600)))

    def _is_out(self, server: str) -> bool:
        return any(one.server == server and one.start <= self.now < one.end for one in self.outages)

    # --- the network ----------------------------------------------------------------------------

    def transport(self, _context: object, *, kept: bool) -> httpx.AsyncBaseTransport:
        """Return what stands in for connections."""
        return _Wire(self)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer one request, or fail."""
        self.tell()
        name = request.headers["Host"].removesuffix(".test")
        server = self.servers[name]
        if self._is_out(name):
            raise self.dice.choice((httpx.ConnectError, httpx.ReadTimeout))("nobody there")
        if name != CALM and self.dice.random() < self.trouble:
            self.faults += 1
            asked = as_request(request)
            return failing(self.dice.choice(KINDS), self.dice, lambda: server.answer(asked))
        answer = server.answer(as_request(request))
        if isinstance(server, Feed) and answer.status_code == 200:
            server.offered()
        return as_response(answer)

    def tell(self) -> None:
        """Let the servers say what is due."""
        while self._left and self._left[-1].at <= self.now:
            one = self._left.pop()
            self.servers[one.server].say(one)

    # --- processes ------------------------------------------------------------------------------

    async def begin(self) -> Process:
        """Start a process: it takes the work over where the store says it stands."""
        room = await Room.open(self.file, actor=Actor("watch"), clock=self.clock)
        if not room.config.sources:
            await apply_config(room, settings(self.lines.path, self.every), "day")
        self.clock.advance(TTL + 1)  # a killed one gives nothing back
        lease = await room.store.write(
            lambda tx: leases.acquire(tx, LEASE, f"watch-{self.deaths}", self.clock, TTL)
        )
        assert lease is not None
        self._wire_fuse(room)
        fetch = Fetcher(resolve=_public)
        analysis = Analysis(room, lease, tuple)
        await analysis.ready()
        pollers = {one.id: Poller(one, room, fetch, lease) for one in room.config.sources}
        return Process(room, fetch, lease, analysis, pollers, self.now)

    def _wire_fuse(self, room: Room) -> None:
        write = room.store.write

        async def fused(*args: Any, **kwargs: Any) -> Any:
            self._burn()
            done = await write(*args, **kwargs)
            self._burn()
            return done

        room.store.write = fused  # type: ignore[method-assign]

    def _burn(self) -> None:
        self._fuse -= 1
        if self._fuse == 0:
            raise Crash

    async def run(self, until: float) -> None:
        """Let processes work, one after the other, until a moment of the day."""
        while self.now < until:
            process = await self.begin()
            life = self.dice.uniform(0.5, 5) * HOUR
            try:
                await self._work(process, min(until, self.now + life))
                if self.now < until:
                    self._fuse = self.dice.randrange(1, 24)  # it dies soon, within some write
                    await self._work(process, min(until, self.now + 2 * HOUR))
            except Crash:
                pass
            self._fuse = -1
            self.deaths += 1
            old = process
            if self.now < until:
                self.clock.advance(self.dice.choice((1, 30, 400)))
                await self._haunt(old)
            await old.fetch.aclose()
            await old.room.close()

    async def _haunt(self, old: Process) -> None:
        """Let a process that only slept wake up after another took over: it changes nothing."""
        new = await self.begin()
        before = await new.room.store.read(rows.all_rows)
        count = await reading.count(new.room)
        poller = old.pollers[self.dice.choice(list(old.pollers))]
        try:
            await poller.poll()
        except LeaseLost:
            self.zombies += 1
        assert await new.room.store.read(rows.all_rows) == before
        assert await reading.count(new.room) == count
        await new.fetch.aclose()
        await new.room.close()

    async def _work(self, process: Process, until: float) -> None:
        """Ask each source when it is due, and analyse what came, until a moment of the day."""
        due = [(self.now + wait, name) for name, wait in await self._waits(process)]
        heapq.heapify(due)
        ticked = self.now
        while due[0][0] < until:
            at, name = heapq.heappop(due)
            while ticked + TICK < at:
                self.clock.advance(max(0.0, ticked + TICK - self.now))
                await process.analysis.finish()
                ticked = self.now
            self.clock.advance(max(0.0, at - self.now))
            wait = await self._poll(process, name)
            heapq.heappush(due, (self.now + wait, name))
            await process.analysis.work()
        self.clock.advance(max(0.0, until - self.now))

    async def _waits(self, process: Process) -> list[tuple[str, float]]:
        """Return when each source is due, as the watcher has it after a restart."""
        known = await process.room.store.read(rows.all_rows)
        left = {row.id: due_in(row, self.clock.now()) for row in known}
        return [(name, min(left.get(name, 0.0), float(self.every))) for name in process.pollers]

    async def _poll(self, process: Process, name: str) -> float:
        self.tell()
        if name == CALM:
            if name in process.asked:
                self.gaps.append(self.now - process.asked[name])
            process.asked[name] = self.now
        wait = await process.pollers[name].poll()
        await self._check_cursor(process, name)
        await self._check_shown(process)
        return wait

    # --- what must hold all along ---------------------------------------------------------------

    async def _check_cursor(self, process: Process, name: str) -> None:
        row = await process.room.store.read(lambda tx: rows.get(tx, name))
        known = self._marks.setdefault(name, {})
        for path, mark in _marks_of(row.cursor):
            assert mark >= known.get(path, mark), f"{name}: {path} went back to {mark}"
            known[path] = mark

    async def _check_shown(self, process: Process) -> None:
        """A server that gives nothing is shown as failing within two periods, with its age.

        Unless it had asked to be left alone until later, and the room says so.
        """
        out = {
            one.server: one.start
            for one in self.outages
            if max(one.start, process.started) + 2 * self.every <= self.now < one.end
        }
        if not out:
            return
        known = {row.id: row for row in await process.room.store.read(rows.all_rows)}
        status = {one.id: one for one in (await reading.status(process.room)).sources}
        for name, start in out.items():
            row, shown = known[name], status[name]
            assert shown.reason
            if row.last_try_at and row.last_try_at < START + timedelta(seconds=start):
                assert row.next_at is not None
                assert row.next_at > self.clock.now() - timedelta(seconds=1)
                continue
            assert shown.state == "failing", f"{name} at {self.now}: {shown}"
            assert (shown.last_ok_at or START) < self.clock.now()
            self.shown += 1


class _Wire(httpx.AsyncBaseTransport):
    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._world.answer(request)


async def _public(_host: str, _port: int) -> list[str]:
    return [PUBLIC]


def _marks_of(cursor: Any, path: str = "") -> Iterator[tuple[str, tuple[int, str]]]:
    """Yield what in a cursor must only grow, with its place, comparable."""
    if isinstance(cursor, dict):
        for key, value in cursor.items():
            if key in MARKS and isinstance(value, int | str):
                yield f"{path}/{key}", (len(str(value)), str(value))
            yield from _marks_of(value, f"{path}/{key}")


__all__ = ["DAY", "Crash", "Outage", "World"]
