"""What one of the watchers does for the whole room: sending, clocks, analysis, and the like."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from crisisroom.core.playbook import Playbook
from crisisroom.fetch import Fetcher
from crisisroom.logbook import Logbook
from crisisroom.room import Room
from crisisroom.store.leases import Lease
from crisisroom.watch.anchoring import Anchors
from crisisroom.watch.jobs import Start
from crisisroom.watch.late import next_moment, note_late
from crisisroom.watch.leased import under
from crisisroom.watch.notifying import Notifier
from crisisroom.watch.notifying_loop import Telling
from crisisroom.watch.notifying_outside import Outside
from crisisroom.watch.outbox import Outbox
from crisisroom.watch.pictures import Pictures
from crisisroom.watch.volumes import LOOK, count_due
from crisisroom.watch.ways import Ways

SHORTEST = 0.5
HALF_DONE = 2.0  # seconds, at most, between two looks at what is to be sent
CLOCKS = 15.0  # of the room's seconds, at most, between two looks at the clocks


class Leading:
    """The jobs that happen once in a room, each under the lease it is begun with."""

    def __init__(
        self,
        room: Room,
        fetch: Fetcher,
        log: Logbook,
        playbooks: Callable[[], Sequence[Playbook]],
    ) -> None:
        self._room = room
        self._fetch = fetch
        self._log = log
        self._playbooks = playbooks
        self.ways = Ways(room)

    def forget(self) -> None:
        """Make channels anew: the settings changed."""
        self.ways.forget()

    def jobs(self, lease: Lease) -> dict[str, Start]:
        """Return the jobs by name; each goes on until it is cancelled, or the lease is lost."""
        return {
            "clocks": lambda: self._mind_clocks(lease),
            "volumes": lambda: self._count(lease),
            "outbox": lambda: self._send(lease),
            "analysis": lambda: self._analyse(lease),
            "pictures": lambda: self._pictures(lease).run(),
            "anchors": lambda: self._anchors(lease).run(),
            "notifying": lambda: self._notify(lease),
            "outside": lambda: self._outside(lease),
        }

    async def once(self, lease: Lease | None) -> None:
        """Do what is due now, each job to its end."""
        from crisisroom.watch.analysis import Analysis

        await self._outbox(lease).work()
        await note_late(self._room, lease)
        analysis = Analysis(self._room, lease, self._playbooks)
        await analysis.ready()
        await analysis.finish()
        await count_due(self._room, lease)
        await self._pictures(lease).work_off()
        await self._anchors(lease).work()
        await self._notifier(lease).work()
        await Outside(self._room, self._under(lease), lease).work()

    async def _mind_clocks(self, lease: Lease) -> None:
        """Write down what clocks owe, at its second; look again soon, for new ones may begin."""
        clock = self._room.clock
        while True:
            await note_late(self._room, lease)
            due = await next_moment(self._room)
            wait = (due - clock.now()).total_seconds() if due else CLOCKS
            await asyncio.sleep(clock.real(min(max(wait, SHORTEST), CLOCKS)))

    async def _count(self, lease: Lease) -> None:
        """Put on record how much was said, as soon as an hour is over."""
        while True:
            await count_due(self._room, lease)
            await asyncio.sleep(self._room.clock.real(LOOK))

    async def _analyse(self, lease: Lease) -> None:
        from crisisroom.watch.analysis import Analysis  # its models are loaded with the first

        await Analysis(self._room, lease, self._playbooks).run()

    async def _send(self, lease: Lease) -> None:
        outbox = self._outbox(lease)
        while True:
            if not await outbox.work():
                await self._wait_for_entries()

    async def _notify(self, lease: Lease) -> None:
        await Telling(self._room, self._notifier(lease)).run()

    async def _outside(self, lease: Lease) -> None:
        outside = Outside(self._room, self._under(lease), lease)
        while True:
            seconds = await outside.work()
            await asyncio.sleep(seconds)

    async def _wait_for_entries(self) -> None:
        """Wait until something was released, or long enough to look at what is half done."""
        try:
            async with asyncio.timeout(HALF_DONE):
                async for batch in self._room.changes():
                    if any(change.topic == "entry" for change in batch):
                        return
        except TimeoutError:
            return

    def _outbox(self, lease: Lease | None) -> Outbox:
        return Outbox(self._room, self._fetch, self.ways.channel, lease, self._log.error)

    def _pictures(self, lease: Lease | None) -> Pictures:
        return Pictures(self._room, self._under(lease), lease)

    def _notifier(self, lease: Lease | None) -> Notifier:
        return Notifier(self._room, self._under(lease), lease, self._log.error)

    def _anchors(self, lease: Lease | None) -> Anchors:
        return Anchors(self._room, self._under(lease), lease, self._log.error)

    def _under(self, lease: Lease | None) -> Fetcher:
        return under(self._fetch, self._room, lease)
