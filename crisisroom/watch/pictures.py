"""Fetching the pictures of posts: their bytes as they come, from servers that may mean us harm.

One is asked for at a time from each server, and a server that does not answer rests with all its
pictures, so that none can hold up the others. What comes is hashed and kept, and never opened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from crisisroom.room import Room
from crisisroom.room.pictures import takes_pictures
from crisisroom.store import Tx, changes, leases, pictures, settings
from crisisroom.store.leases import Lease
from crisisroom.store.mention_windows import first_since
from crisisroom.store.pictures import Due
from crisisroom.watch.picture_book import Book, Got, server_of
from crisisroom.wire.answer import FetchError

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

WINDOW = 64  # pictures that are looked at in one turn
AT_ONCE = 4  # servers that are asked at the same time
DEADLINE = 20.0  # seconds for a whole picture
LOOK_BACK = timedelta(days=1)  # how old posts are whose pictures are asked for, where all are
ONCE = 60.0  # seconds, where there is one turn only
LOOK = 30.0  # seconds between looks, where nothing happens

_UP_TO = "pictures.wanted"  # the last post whose pictures were asked for, where all are


class Pictures:
    """Fetches for one process; under a lease, nothing once somebody else holds it."""

    def __init__(self, room: Room, fetch: Fetcher, lease: Lease | None) -> None:
        self._room = room
        self._fetch = fetch
        self._lease = lease
        self._book = Book(room)

    async def run(self) -> None:
        """Fetch what is wanted as it becomes due, until cancelled."""
        while True:
            since = await self._room.store.read(changes.head)
            if not await self.work():
                await self._wait(since)

    async def _wait(self, since: int) -> None:
        """Wait until something may be wanted, or a retry may be due."""
        try:
            async with asyncio.timeout(LOOK):
                async for batch in self._room.changes(since):
                    if any(change.topic in ("mention", "entry", "config") for change in batch):
                        return
        except TimeoutError:
            return

    async def work(self) -> int:
        """Take one turn; returns how many pictures were dealt with, 0 where none is due."""
        if not takes_pictures(self._room):
            return 0
        every = self._room.config.evidence.pictures == "all"
        if every:
            await self._want_all()
        now = self._room.clock.now()
        found = await self._room.store.read(lambda tx: pictures.due(tx, now, WINDOW))
        if not found:
            return 0
        wanted = [one for one in found if one.linked or every]
        got = await asyncio.gather(*(self._get(one) for one in _one_of_each_server(wanted)))
        self._book.count_failures(got)

        async def settle(tx: Tx) -> None:
            await self._book.settle(tx, got, wanted)
            for one in found:
                if one not in wanted:  # it was unlinked since
                    await pictures.put(tx, msgspec.structs.replace(one.picture, state="seen"))

        await self._write(settle)
        return len(found)

    async def work_off(self) -> None:
        """Fetch what is due now, each at most once, for ONCE seconds at most."""
        clock = self._room.clock
        until = clock.monotonic() + ONCE
        while clock.monotonic() < until and await self.work():
            pass

    async def _want_all(self) -> None:
        """Ask for the pictures of every post of the last day, each once."""

        async def known(tx: Tx) -> tuple[int, int]:
            return int(await settings.get(tx, _UP_TO) or 0), await pictures.newest(tx)

        done, newest = await self._room.store.read(known)
        if done >= newest:
            return

        async def work(tx: Tx) -> None:
            now = self._room.clock.now()
            since = await first_since(tx, now - LOOK_BACK)
            last = await pictures.want_after(tx, max(done, since - 1), now)
            await settings.put(tx, _UP_TO, str(last))

        await self._write(work)

    async def _get(self, due: Due) -> Got:
        keep = self._room.config.evidence
        private, ca_file = self._trusted(due)
        try:
            answer = await self._fetch.get(
                due.picture.url,
                headers={"Accept": "image/*"},
                deadline=DEADLINE,
                wire_cap=keep.most_bytes,
                decoded_cap=keep.most_bytes,
                private=private,
                ca_file=ca_file,
            )
        except FetchError as error:
            return Got(due, error=error)
        return Got(due, answer.body)

    def _trusted(self, due: Due) -> tuple[bool, str]:
        """Return whether a picture may lie on a private network, and whose certificates count.

        Only where its post's source does, and only on that source's own server.
        """
        config = self._room.config
        source = next((one for one in config.sources if one.id == due.source), None)
        if source is None:
            return False, ""
        account = next((one for one in config.accounts if one.id == source.account), None)
        places = (source.url, source.server, account.server if account else "")
        if server_of(due.picture.url) not in {server_of(one) for one in places if one}:
            return False, ""
        private = source.private or (account is not None and account.private)
        return private, source.ca_file or (account.ca_file if account else "")

    async def _write(self, work: Callable[[Tx], Awaitable[None]]) -> None:
        async def under_lease(tx: Tx) -> None:
            if self._lease:
                await leases.check(tx, self._lease)
            await work(tx)

        await self._room.store.write(under_lease)


def _one_of_each_server(found: Sequence[Due]) -> list[Due]:
    """Return the first picture of each server, of as many servers as are asked at once."""
    by_host: dict[str, Due] = {}
    for one in found:
        by_host.setdefault(server_of(one.picture.url), one)
    return list(by_host.values())[:AT_ONCE]
