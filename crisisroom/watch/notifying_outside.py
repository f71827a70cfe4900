"""What others outside are told all the time: that the watcher lives, and what is wrong.

The call to the dead-man's switch stops when the work stops, so that somebody else raises the alarm.
Alerts end by themselves when nobody repeats them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crisisroom.config.token import secret_of
from crisisroom.core.errors import Refused
from crisisroom.core.notify_alerts import Alert, gone
from crisisroom.notifiers.alerts import Alertmanager
from crisisroom.notifiers.messages import NotDelivered
from crisisroom.room import Room, notifying_outside
from crisisroom.store.leases import Lease
from crisisroom.watch.notifying_alive import ailing
from crisisroom.wire.answer import FetchError

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

EVERY = 15.0  # of the room's seconds between two times that alerts are told
LOOK = 5.0  # seconds between two looks at what is due
_DEADLINE = 15.0  # seconds


class Outside:
    """Calls the dead-man's switch and the Alertmanager of a room's settings."""

    def __init__(
        self,
        room: Room,
        fetch: Fetcher,
        lease: Lease | None = None,
        stuck: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._room = room
        self._fetch = fetch
        self._lease = lease
        self._stuck = stuck
        self._called_at = self._told_at = -1e9
        self._told: tuple[Alert, ...] = ()

    async def work(self) -> float:
        """Call who is to be called now; returns the real seconds until the next look."""
        if not self._room.config.rehearses:
            await self._call()
            await self._tell()
        return self._room.clock.real(LOOK)

    def _due(self, last: float, every: float) -> bool:
        return self._room.clock.monotonic() - last >= self._room.clock.real(every)

    async def _call(self) -> None:
        """Call the dead-man's switch, if all the work is done that is due."""
        deadman = self._room.config.notifying.deadman
        if deadman is None or not self._due(self._called_at, deadman.every):
            return
        self._called_at = self._room.clock.monotonic()
        reason = "; ".join((*await ailing(self._room), *self._stuck()))
        if not reason:
            try:
                address = await secret_of(deadman)
                await self._fetch.get(
                    address, private=deadman.private, ca_file=deadman.ca_file, deadline=_DEADLINE
                )
            except Refused as refusal:
                reason = refusal.message
            except FetchError as error:
                reason = f"it cannot be called ({error.code})"  # its address is a secret
        await notifying_outside.note(self._room, "deadman", reason, self._lease)

    async def _tell(self) -> None:
        """Tell the Alertmanager what holds and what is over, and take silences for answers."""
        alerts = self._room.config.notifying.alerts
        if alerts is None or not self._due(self._told_at, EVERY):
            return
        self._told_at = self._room.clock.monotonic()
        now, name = self._room.clock.now(), self._room.config.name
        well = not await ailing(self._room)
        holds = await notifying_outside.alerts(self._room, watchdog=alerts.watchdog and well)
        over = [one.posted(name, now, over=True) for one in gone(self._told, holds)]
        server, reason = Alertmanager(alerts, self._fetch), ""
        try:
            await server.post([*(one.posted(name, now) for one in holds), *over])
            self._told = holds
            for one in await server.silenced(name):
                await notifying_outside.silenced(self._room, one, self._lease)
        except (NotDelivered, Refused) as failure:
            reason = failure.message
        await notifying_outside.note(self._room, "alerts", reason, self._lease)
