"""The headless worker: it listens, sends, and keeps the clocks, once for the whole room."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

from crisisroom.config import Source
from crisisroom.config.source_types import TYPES
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.playbook import Playbook
from crisisroom.fetch import Fetcher
from crisisroom.logbook import Logbook
from crisisroom.room import Room, reading
from crisisroom.store import leases, places
from crisisroom.store import sources as rows
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.store.processes import proven_dead
from crisisroom.tasks import spawn
from crisisroom.watch.anchoring import Anchors
from crisisroom.watch.late import next_moment, note_late
from crisisroom.watch.lease import BEAT, LEASE, TTL
from crisisroom.watch.outbox import Outbox
from crisisroom.watch.pictures import Pictures
from crisisroom.watch.poll import Poller, due_in
from crisisroom.watch.stream import follow
from crisisroom.watch.volumes import LOOK, count_due
from crisisroom.watch.ways import Ways

SHORTEST = 0.5
CLOCKS = 15.0  # of the room's seconds, at most, between two looks at the clocks
AGAIN = 60.0  # seconds until a source is taken up again after a fault of the program
FINAL = ("newer-room", "closed")  # what another try does not mend
LISTENING = ("source ", "stream ")
MENDED = (
    "analysis",
    "pictures",
    "volumes",
    "anchors",
    *LISTENING,
)  # jobs whose faults end nothing else
LINGER = timedelta(minutes=10)  # after the last screen, for a watcher that a screen started


Start = Callable[[], Coroutine[Any, Any, None]]


class Watcher:
    """Everything that happens once per room and not once per screen."""

    def __init__(
        self,
        room: Room,
        log: Logbook,
        *,
        with_screens: bool = False,
        playbooks: Callable[[], Sequence[Playbook]] = tuple,
    ) -> None:
        self._room = room
        self._playbooks = playbooks
        self._log = log
        self._with_screens = with_screens
        self._fetch = Fetcher()
        self._lease: Lease | None = None
        self._ways = Ways(room)
        self._jobs: dict[str, asyncio.Task[None]] = {}
        self._starts: dict[str, Start] = {}
        self._over = asyncio.Event()
        self._fatal: BaseException | None = None
        self._alone_since = room.clock.now()

    async def run(self, *, wait: bool = True) -> None:
        """Work until told to stop; waits for its turn while another watcher does the job.

        Without `wait`, Refused when the job is taken.
        """
        try:
            await self._take_over(wait)
            self._start_all(await self._settled())
            await self._over.wait()
        finally:
            await self._stop_all()
        if self._fatal is not None:
            raise self._fatal

    async def _settled(self) -> int:
        """Read the settings as they are now; returns the change after which to look for more."""
        latest = await reading.latest_change(self._room)
        await self._room.reload()
        return latest

    def stop(self) -> None:
        """Stop soon, in good order."""
        self._over.set()

    async def once(self) -> list[str]:
        """Ask every source once and send what is due; returns what failed, a line each."""
        try:
            await self._take_over(False)
            await self._room.reload()
            await asyncio.gather(*(self._poller(one).poll() for one in self._room.config.sources))
            await self._outbox().work()
            await self._note_late()
            await self._analysed()
            await count_due(self._room, self._lease)
            await self._pictures().work_off()
            await self._anchors().work()
            known = await reading.status(self._room)
            return [f"{one.id}: {one.reason}" for one in known.sources if one.state == "failing"]
        finally:
            await self._stop_all()

    async def _take_over(self, wait: bool) -> None:
        while not await self._acquire():
            if not wait:
                raise Refused("watched", "another watcher does this room's work already")
            await asyncio.sleep(BEAT)

    async def _acquire(self) -> bool:
        who = f"watch-{os.getpid()}"
        self._lease = await self._room.store.write(
            lambda tx: leases.acquire(tx, LEASE, who, self._room.clock, TTL), durable=False
        )
        return self._lease is not None

    def _start_all(self, since: int) -> None:
        self._job("beat", lambda: self._every(BEAT, self._beat))
        self._job("clocks", self._mind_clocks)
        self._job("volumes", self._count)
        self._job("outbox", self._send)
        self._job("config", lambda: self._settings(since))
        self._job("analysis", self._analyse)
        self._job("pictures", lambda: self._pictures().run())
        self._job("anchors", lambda: self._anchors().run())
        for source in self._room.config.sources:
            self._listen(source)

    def _listen(self, source: Source) -> None:
        self._job(f"source {source.id}", lambda: self._ask(source))
        if source.streaming or (source.type in TYPES and TYPES[source.type].pushes):
            poller = self._poller(source)
            self._job(f"stream {source.id}", lambda: follow(poller, self._fetch))

    def _job(self, name: str, start: Start, delay: float = 0.0) -> None:
        async def run() -> None:
            await asyncio.sleep(delay)
            await start()

        self._starts[name] = start
        self._jobs[name] = spawn(run(), name=name, on_error=self._failed)

    def _failed(self, name: str, error: BaseException) -> None:
        """Start a job that failed again later; end where that makes no sense."""
        self._log.error(f"{name} stopped", error)
        if isinstance(error, Unavailable) and error.code not in FINAL:
            self._job(name, self._starts[name], BEAT)
        elif name.startswith(MENDED) and not isinstance(error, LeaseLost | Unavailable):
            self._job(name, self._starts[name], AGAIN)
        else:
            self._fatal = self._fatal or error
            self._over.set()

    async def _every(self, seconds: float, act: Callable[[], Awaitable[object]]) -> None:
        while True:
            await act()
            await asyncio.sleep(seconds)

    async def _note_late(self) -> None:
        await note_late(self._room, self._lease)

    async def _mind_clocks(self) -> None:
        """Write down what clocks owe, at its second; look again soon, for new ones may begin."""
        clock = self._room.clock
        while True:
            await self._note_late()
            due = await next_moment(self._room)
            wait = (due - clock.now()).total_seconds() if due else CLOCKS
            await asyncio.sleep(clock.real(min(max(wait, SHORTEST), CLOCKS)))

    async def _count(self) -> None:
        """Put on record how much was said, as soon as an hour is over."""
        while True:
            await count_due(self._room, self._lease)
            await asyncio.sleep(self._room.clock.real(LOOK))

    async def _beat(self) -> None:
        lease = self._lease
        assert lease is not None
        clock = self._room.clock
        await self._room.store.write(lambda tx: leases.beat(tx, lease, clock), durable=False)
        if not self._room.store.path.exists() or await self._unneeded():
            self._over.set()

    async def _unneeded(self) -> bool:
        """Tell whether a watcher that a screen started has nobody left to work for."""
        if not self._with_screens:
            return False
        known = await self._room.store.read(places.present)
        here = [one for one in known if not proven_dead(one.host, one.pid, one.started)]
        if here or any(one.status == "open" for one in await reading.incidents(self._room)):
            self._alone_since = self._room.clock.now()
        return self._room.clock.now() - self._alone_since > LINGER

    async def _ask(self, source: Source) -> None:
        poller = self._poller(source)
        row = await self._room.store.read(lambda tx: rows.get(tx, source.id))
        await asyncio.sleep(min(due_in(row, self._room.clock.now()), float(source.every)))
        await self._repeat(poller.poll)

    async def _repeat(self, act: Callable[[], Awaitable[float]]) -> None:
        """Act again and again, each time after the seconds that the last act asked for."""
        while True:
            seconds = await act()
            await asyncio.sleep(seconds)

    async def _analysed(self) -> None:
        from crisisroom.watch.analysis import Analysis

        analysis = Analysis(self._room, self._lease, self._playbooks)
        await analysis.ready()
        await analysis.finish()

    async def _analyse(self) -> None:
        from crisisroom.watch.analysis import Analysis  # its models are loaded with the first

        await Analysis(self._room, self._lease, self._playbooks).run()

    def _poller(self, source: Source) -> Poller:
        return Poller(source, self._room, self._fetch, self._lease, self._log.error)

    async def _send(self) -> None:
        outbox = self._outbox()
        while True:
            steps = await outbox.work()
            if not steps:
                await self._wait_for_entries()

    async def _wait_for_entries(self) -> None:
        """Wait until something was released, or long enough to look at what is half done."""
        try:
            async with asyncio.timeout(2.0):
                async for batch in self._room.changes():
                    if any(change.topic == "entry" for change in batch):
                        return
        except TimeoutError:
            return

    def _outbox(self) -> Outbox:
        return Outbox(self._room, self._fetch, self._ways.channel, self._lease, self._log.error)

    def _pictures(self) -> Pictures:
        return Pictures(self._room, self._fetch, self._lease)

    def _anchors(self) -> Anchors:
        return Anchors(self._room, self._fetch, self._lease, self._log.error)

    async def _settings(self, since: int) -> None:
        """Put changed settings into force without a restart."""
        async for batch in self._room.changes(since):
            if any(change.topic == "config" for change in batch):
                await self._room.reload()
                self._ways.forget()
                for name in [one for one in self._jobs if one.startswith(LISTENING)]:
                    self._jobs.pop(name).cancel()
                for source in self._room.config.sources:
                    self._listen(source)

    async def _stop_all(self) -> None:
        for job in self._jobs.values():
            job.cancel()
        await asyncio.gather(*self._jobs.values(), return_exceptions=True)
        await self._fetch.aclose()
        lease = self._lease
        if lease is None or not self._room.store.path.exists():
            return
        with contextlib.suppress(Unavailable):  # it ends by itself: its holder is dead then
            await self._room.store.write(lambda tx: leases.release(tx, lease), durable=False)


__all__ = ["BEAT", "LEASE", "TTL", "Watcher"]
