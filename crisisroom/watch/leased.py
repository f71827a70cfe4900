"""Requests under a lease: whoever may have slept looks at it again before anything goes out.

A process can be stopped, or its machine suspended, between its look at the lease and the first
byte; meanwhile somebody else does the job. So each request asks how long ago the lease was surely
ours, by the clock that never jumps and by the time of day, which goes on while a machine sleeps.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from crisisroom.fetch import Fetcher, FetchError
from crisisroom.room import Room
from crisisroom.store import Tx, leases
from crisisroom.store.leases import Lease

FRESH = 0.25  # of a lease's time: as long a look at it counts
LOOKS = 3  # at most before one request

Again = Callable[[Tx], Awaitable[None]]


class Leased(Fetcher):
    """A fetcher's own connections, for what one lease is needed for; LeaseLost once it is gone.

    `again` is what else is to be written down anew with each look.
    """

    def __init__(
        self, inner: Fetcher, room: Room, lease: Lease, again: Again | None = None
    ) -> None:
        vars(self).update(vars(inner))
        self._again = again
        self._room = room
        self._lease = lease
        self.looked()

    def looked(self) -> None:
        """Take note that the lease was seen to be ours just now."""
        self._seen = self._moment()

    def _moment(self) -> tuple[float, datetime]:
        return self._room.clock.monotonic(), self._room.clock.now()

    @property
    def _fresh(self) -> bool:
        (real, told), (real_then, told_then) = self._moment(), self._seen
        aside = self._room.clock.real(abs((told - told_then).total_seconds()))
        return max(real - real_then, aside) < FRESH * self._lease.ttl

    async def _look(self) -> None:
        """Say that the holder works, unless that was seen to be so lately; then it is ours."""
        for _ in range(LOOKS):
            if self._fresh:
                return
            before = self._moment()
            await self._room.store.write(self._beat, durable=False)
            self._seen = before
        if not self._fresh:
            raise FetchError("timeout", "the room answers too slowly to be sure whose turn it is")

    async def _beat(self, tx: Tx) -> None:
        await leases.beat(tx, self._lease, self._room.clock)
        if self._again:
            await self._again(tx)

    async def _checked(self, host: str, port: int, private: bool, where: str) -> list[str]:
        """Find the addresses, which every request begins with, once the lease is surely ours."""
        await self._look()
        return await super()._checked(host, port, private, where)


def looked(fetch: Fetcher) -> None:
    """Take note, where it fetches under a lease, that this was seen to be ours just now."""
    if isinstance(fetch, Leased):
        fetch.looked()


def under(fetch: Fetcher, room: Room, lease: Lease | None, again: Again | None = None) -> Fetcher:
    """Return what fetches for the holder of a lease; without one, the fetcher as it is."""
    return Leased(fetch, room, lease, again) if lease else fetch
