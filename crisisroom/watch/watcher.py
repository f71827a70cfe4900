"""The headless worker: it listens, sends, and keeps the clocks, once for the whole room.

Several may live, on one machine or on many: they share the sources, and one of them, who holds the
lease `watch`, does what happens once in a room. When one dies the others take over what it did.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import timedelta

from crisisroom.config import Source
from crisisroom.config.source_types import TYPES
from crisisroom.core.errors import OutcomeUnknown, Unavailable
from crisisroom.core.playbook import Playbook
from crisisroom.fetch import Fetcher
from crisisroom.logbook import Logbook
from crisisroom.room import Room, reading
from crisisroom.room.places import people_in
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.watch.away import Away
from crisisroom.watch.jobs import Jobs, Start
from crisisroom.watch.leading import Leading
from crisisroom.watch.lease import BEAT, LEASE, TTL
from crisisroom.watch.poll import Poller, due_in, warm
from crisisroom.watch.pulse import Pulse
from crisisroom.watch.rests import Rests
from crisisroom.watch.sharing import ATTENDED, Held, Sharing
from crisisroom.watch.stream import follow

AGAIN = 60.0  # seconds until a job is taken up again after a fault of the program
SLOW = 300.0  # seconds that a round of sending may take: networks have their time
AWAY = 1.0  # seconds between two tries to reach a room that is away
FINAL = ("newer-room", "moved", "closed")  # what another try does not mend
LISTENING = ("source ", "stream ")
# jobs whose faults end nothing else
MENDED = ("analysis", "pictures", "volumes", "anchors", "notifying", "outside", *LISTENING)
LINGER = timedelta(minutes=10)  # after the last screen, for a watcher that a screen started
FAILS = 3  # polls of a source in a row, until another watcher shall try from where it is
HANDED_ON = timedelta(minutes=10)  # until one takes up again what failed here


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
        self._room = room = room.for_machine()
        self._log = log
        self._with_screens = with_screens
        self._fetch = Fetcher()
        self._sharing = Sharing(room, self._idle, with_screens=with_screens)
        self._lead: Lease | None = None
        self._own: dict[str, Lease] = {}
        self._giving: set[str] = set()
        self._pollers: dict[str, Poller] = {}
        self._rests = Rests(room.clock)  # sources that fail here: others may do better
        self._pulse = Pulse(room.clock)
        self._work = Leading(room, self._fetch, log, playbooks)
        self._leading: dict[str, Start] = {}
        self._others: tuple[str, ...] = ()
        self._jobs = Jobs(self._failed)
        self._look = asyncio.Event()
        self._over = asyncio.Event()
        self._fatal: BaseException | None = None
        self._in_force = room.config  # what the jobs go by: an act may have read newer ones
        self._away = Away(log, room.clock)
        self._alone_since = room.clock.now()

    async def run(self, *, wait: bool = True) -> None:
        """Work until told to stop, beside other watchers; without `wait`, Refused beside any."""
        try:
            since = await self._settled()
            await warm(self._room.config)  # who joins has work at once
            await self._sharing.join(alone=not wait)
            self._jobs.start("share", self._share)
            self._jobs.start("config", lambda: self._settings(since))
            self._jobs.start("link", lambda: self._away.mind(self._room.store))
            await self._over.wait()
        finally:
            await self._leave()
        if self._fatal is not None:
            raise self._fatal

    async def _settled(self) -> int:
        """Read the settings as they are now; returns the change after which to look for more."""
        latest = await reading.latest_change(self._room)
        await self._room.reload()
        self._in_force = self._room.config
        return latest

    def stop(self) -> None:
        """Stop soon, in good order."""
        self._over.set()

    @property
    def works(self) -> bool:
        """Whether it has begun: it has joined the other watchers, or found none."""
        return "share" in self._jobs.names

    @property
    def leads(self) -> bool:
        """Whether this watcher does what happens once in the room."""
        return self._lead is not None

    @property
    def asks(self) -> int:
        """Return how many sources are this watcher's to ask."""
        return len(self._own)

    def stuck(self) -> tuple[str, ...]:
        """Return which of its loops go round no more, none in good health."""
        return tuple(name for name in self._pulse.still() if name in self._jobs.names)

    async def anew(self) -> None:
        """Read settings and secrets anew, and begin with the sources again."""
        await self._room.reload()
        self._in_force = self._room.config
        self._work.forget()
        for name in list(self._own):
            self._drop(name)
        self._look.set()

    async def once(self) -> list[str]:
        """Ask every source once and send what is due; returns what failed, a line each.

        Refused while a watcher lives.
        """
        try:
            await self._sharing.join(alone=True)
            await self._room.reload()
            held = await self._sharing.beat()
            self._lead, self._own = held.lead, dict(held.sources)
            self._jobs.start("beat", self._beat)
            await asyncio.gather(*(self._poller(one).poll() for one in self._room.config.sources))
            await self._work.once(self._lead)
            known = await reading.status(self._room)
            return [f"{one.id}: {one.reason}" for one in known.sources if one.state == "failing"]
        finally:
            await self._leave()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._sharing.pace.beat)
            await self._sharing.beat()

    async def _share(self) -> None:
        """Keep what is held, take what is free, and work on what that comes to, for ever."""
        while True:
            self._pulse.beat("share")
            self._look.clear()
            sources = [one.id for one in self._room.config.sources]
            held = await self._sharing.beat({one for one in sources if self._rests.rests(one)})
            self._away.back()
            self._follow(held)
            if self._is_gone() or await self._unneeded(held):
                self._over.set()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._sharing.pace.beat):
                    await self._look.wait()

    def _follow(self, held: Held) -> None:
        """Begin and end jobs by what is held now."""
        self._others = held.others
        self._lead_by(held.lead)
        for name, lease in list(self._own.items()):
            if name not in held.sources or held.sources[name].epoch != lease.epoch:
                self._drop(name)
        for source in self._room.config.sources:
            new = source.id in held.sources and source.id not in self._own
            if new and source.id not in self._giving:
                self._own[source.id] = held.sources[source.id]
                self._listen(source)
        for name in held.give:
            self._hand_on(name)

    def _lead_by(self, lease: Lease | None) -> None:
        """Do what one of the watchers does for the whole room, or leave it to another."""
        if (lease.epoch if lease else 0) == (self._lead.epoch if self._lead else 0):
            return
        self._jobs.stop(*self._leading)
        self._leading = self._work.jobs(lease) if lease else {}
        self._lead = lease
        self._log.event("lead" if lease else "follow", watchers=len(self._others) + 1)
        for name, start in self._leading.items():
            self._jobs.start(name, start)

    def _listen(self, source: Source) -> None:
        poller = self._pollers[source.id] = self._poller(source)
        self._jobs.start(f"source {source.id}", lambda: self._ask(poller))
        if source.streaming or (source.type in TYPES and TYPES[source.type].pushes):
            self._jobs.start(f"stream {source.id}", lambda: follow(poller))

    def _idle(self, name: str) -> bool:
        """Tell whether a source is not being asked right now, nor will be in a moment."""
        poller = self._pollers.get(name)
        if name in self._giving or poller is None:
            return False
        soon = self._room.clock.monotonic() + self._sharing.pace.ttl  # nobody else would be ready
        return not poller.asking and poller.due > soon

    def _drop(self, name: str) -> asyncio.Future[list[object]]:
        """End the work on a source that is not ours any more."""
        self._own.pop(name, None)
        self._pollers.pop(name, None)
        return self._jobs.stop(*(f"{kind}{name}" for kind in LISTENING))

    def _hand_on(self, name: str) -> None:
        """Let another watcher have a source, once nothing is written here any more."""
        lease = self._own[name]

        async def give() -> None:
            await ended
            await self._sharing.give_back(lease)
            self._giving.discard(name)
            self._log.event("handed-on", id=name)

        ended = self._drop(name)
        self._giving.add(name)
        self._jobs.start(f"give {name}", give)

    def _failed(self, name: str, error: BaseException) -> None:
        """Start a job that failed again later; end where that makes no sense."""
        if isinstance(error, LeaseLost):  # the next look at the leases sees to it
            self._log.event("lease-lost", "warn", job=name.replace(" ", "-"))
        elif isinstance(error, Unavailable | OutcomeUnknown) and error.code not in FINAL:
            self._away.lost(error.code)
            self._jobs.again(name, AWAY)
        elif name.startswith(MENDED) and not isinstance(error, Unavailable):
            self._log.error(name, error)
            self._jobs.again(name, AGAIN)
        else:
            self._log.error(name, error)
            self._fatal = self._fatal or error
            self._over.set()

    def _is_gone(self) -> bool:
        """Tell whether the room was deleted; one on a server is only ever away."""
        store = self._room.store
        return store.kind == "sqlite" and not store.path.exists()

    async def _unneeded(self, held: Held) -> bool:
        """Tell whether a watcher that a screen started has nobody left to work for."""
        if not self._with_screens:
            return False
        if any(who.startswith(ATTENDED) for who in held.others):
            return True
        screens = await self._room.store.read(lambda tx: people_in(tx, self._room))
        if screens or any(one.status == "open" for one in await reading.incidents(self._room)):
            self._alone_since = self._room.clock.now()
        return self._room.clock.now() - self._alone_since > LINGER

    async def _ask(self, poller: Poller) -> None:
        """Ask a source again and again, each time after what the last turn asked for."""
        await poller.ready()
        clock = self._room.clock
        seconds = min(due_in(await poller.row(), clock.now()), float(poller.config.every))
        while True:
            poller.due = clock.monotonic() + seconds
            if poller.fails >= FAILS:
                self._try_elsewhere(poller.config.id)
            await asyncio.sleep(seconds)
            seconds = await poller.poll()

    def _try_elsewhere(self, name: str) -> None:
        """Let another watcher try a source that fails here, where there is one."""
        if self._others and self._idle(name):
            self._rests.leave(name, HANDED_ON)
            self._hand_on(name)

    def _poller(self, source: Source) -> Poller:
        lease = self._own.get(source.id)
        return Poller(source, self._room, self._fetch, lease, self._log.error)

    async def _settings(self, since: int) -> None:
        """Put changed settings into force without a restart."""
        async for batch in self._room.changes(since):
            if any(change.topic in ("config", "reset") for change in batch):
                await self._room.reload()
                if self._room.config != self._in_force:
                    await self.anew()

    async def _leave(self) -> None:
        await self._jobs.stop_all()
        await self._fetch.aclose()
        if self._is_gone():
            return
        with contextlib.suppress(Unavailable, OutcomeUnknown):  # they end with their holder
            await self._sharing.leave()


__all__ = ["BEAT", "LEASE", "TTL", "Watcher"]
