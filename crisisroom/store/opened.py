"""An open room: its engine in an event-loop thread of its own, one writer, changes as they come.

Whole transactions are handed to that thread, so that a stuck screen can never hold a lock; a
cancelled caller does not cancel a transaction that has begun.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from crisisroom.clock import Clock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.incident import Incident
from crisisroom.store import changes
from crisisroom.store.address import Address, FileAddress, parse
from crisisroom.store.changes import Change
from crisisroom.store.engine import Done, Engine, Link
from crisisroom.store.tx import Connection, EngineName, Tx

T = TypeVar("T")
Work = Callable[[Tx], Awaitable[T]]


class Store:
    """One open room; make one with `Store.open`."""

    def __init__(self, address: Address, clock: Clock) -> None:
        self.address = address
        self.engine = _engine(address, clock, self._wake)
        self.doing = ""  # what a command line asks for, as its command id remembers it
        self.written = Counter[str]()  # entries written through it since it was opened, by person
        self.looks_on = False  # whether nothing is written through it, whoever asks for it
        # Incidents as of their newest entry, by chain: one cache for the writer, which forgets it
        # when a transaction fails, and one for readers, who may be a moment behind.
        self.states: dict[str, Incident] = {}
        self.seen: dict[str, Incident] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="crisisroom-store", daemon=True
        )
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._losses = 0
        self._closed = False

    @classmethod
    async def open(
        cls, address: str | Path | Address, clock: Clock, *, create: bool = True
    ) -> Store:
        """Open the room at an address, making and migrating it where needed."""
        if isinstance(address, str | Path):
            address = parse(str(address))
        store = cls(address, clock)
        store._thread.start()
        try:
            await store.submit(store.engine.open(create=create))
        except BaseException:
            await store.close()
            raise
        return store

    @property
    def clock(self) -> Clock:
        """Return the room's clock: the one it was given, put right by the server's where it can."""
        return self.engine.clock

    @property
    def kind(self) -> EngineName:
        """Return which engine keeps the room."""
        return self.engine.name

    @property
    def label(self) -> str:
        """Return where the room lies, for people and for other processes; no password."""
        return self.address.label

    @property
    def path(self) -> Path:
        """Return the room's file; Refused for a room that lies on a server."""
        if not isinstance(self.address, FileAddress):
            message = f"this room is no file: it lies at {self.label}"
            raise Refused("no-file", message, "what is asked for here needs a room in a file")
        return self.address.path

    @property
    def here(self) -> Path:
        """Return the room's file, or what stands for it on this host, whose files lie beside it."""
        if isinstance(self.address, FileAddress):
            return self.address.path
        from crisisroom.config import data_home

        home = data_home(os.environ, Path.home())
        folder = home / "crisisroom" / "rooms" / self.address.mark
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / (self.address.name.replace("/", "-") or "room")

    @property
    def link(self) -> Link:
        """Return whether the room can be reached at the moment."""
        return self.engine.link

    @property
    def session_user(self) -> str:
        """Return who the server says one is; empty for a room in a file."""
        return self.engine.session_user

    async def close(self) -> None:
        """Close the room; what was acknowledged is safe already."""
        if self._closed:
            return
        self._closed = True
        try:
            await self.submit(self.engine.close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            await asyncio.to_thread(self._thread.join)
            self._loop.close()

    async def submit(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something of the engine's on the store's own loop, to its end."""
        future = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))
        future.add_done_callback(_taken_note_of)  # who asked may be gone when it fails
        return await asyncio.shield(future)

    def _refuse_closed(self) -> None:
        if self._closed:
            raise Unavailable("closed", "this room was closed", "open it again")

    async def read(self, work: Work[T]) -> T:
        """Run `work` over one consistent view of the room; again where the link was lost."""
        self._refuse_closed()

        async def reading(connection: Connection) -> T:
            self._forget_if_lost()
            return await work(Tx(connection, self.doing))

        return await self.submit(self.engine.read(reading))

    async def write(self, work: Work[T], *, durable: bool = True, though_moved: bool = False) -> T:
        """Run `work` as one transaction, committed when this returns.

        Where the link to a server is lost it runs again, so it must not change anything but the
        room; it takes effect exactly once. `durable=False` is for what a source can repeat: it
        survives a crash of the program, not a power cut. A room that moved takes nothing but what
        is written `though_moved`, and through a store that only looks on nothing at all is written.
        """
        self._refuse_closed()
        if self.looks_on:
            raise looking_on()
        done: Done = await self.submit(self._write(work, durable, though_moved))
        self.written.update(done.authors)
        outcome: T = done.outcome
        return outcome

    async def _write(self, work: Work[T], durable: bool, though_moved: bool) -> Done:
        tries = 0

        async def writing(connection: Connection) -> Done:
            nonlocal tries
            tries += 1
            if tries > 1:
                self.states.clear()  # of a try that came to nothing
            self._forget_if_lost()
            tx = Tx(connection, self.doing)
            outcome = await work(tx)
            await changes.record(tx)
            return Done(outcome, bool(tx.notes), tuple(tx.authors))

        try:
            done = await self.engine.write(writing, durable=durable, though_moved=though_moved)
        except BaseException:
            self.states.clear()
            raise
        if done.told:
            self._wake()
        return done

    def _forget_if_lost(self) -> None:
        """Forget what is known of incidents once the link was lost: a server may know less."""
        if self._losses != self.link.losses:
            self._losses = self.link.losses
            self.states.clear()
            self.seen.clear()

    async def changes(self, after: int | None = None) -> AsyncIterator[tuple[Change, ...]]:
        """Yield what changed, in order and in batches, from `after` on (None: from now on).

        A room on a server also tells of its link: `link` whenever it is lost or back, and `reset`
        when it is back, for what may have been missed.
        """
        async with self._listening() as woken:
            await self.submit(self.engine.listen())
            last = await self.read(changes.head) if after is None else after
            link, losses = self.link, self.link.losses
            while True:
                if self.link != link:
                    link = self.link
                    yield (Change(last, "link", link.state),)
                if link.state == "ok" and link.losses != losses:
                    last, losses = await self._head(last), link.losses
                    yield (Change(last, "reset"),)
                if batch := await self._since(last):
                    last = batch[-1].seq
                    yield batch
                else:
                    await woken.wait()
                    woken.clear()

    async def _since(self, last: int) -> tuple[Change, ...]:
        try:
            return await self.read(lambda tx: changes.since(tx, last))
        except Unavailable as error:
            if error.code != "unreachable":
                raise
            return ()  # who follows waits for the link to be back

    async def _head(self, last: int) -> int:
        try:
            return await self.read(changes.head)
        except Unavailable:
            return last

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[asyncio.Event]:
        woken = asyncio.Event()
        listener = (asyncio.get_running_loop(), woken)
        self._listeners.add(listener)
        try:
            yield woken
        finally:
            self._listeners.discard(listener)

    def _wake(self) -> None:
        for loop, woken in tuple(self._listeners):
            if not loop.is_closed():
                loop.call_soon_threadsafe(woken.set)


def looking_on() -> Refused:
    """Return what a person is told who would change a room that was opened to look on."""
    message = "the room was opened with --read-only: nothing can be changed from here"
    return Refused("read-only", message, "leave --read-only out to act")


def _taken_note_of(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()


def _engine(address: Address, clock: Clock, heard: Callable[[], None]) -> Engine:
    if isinstance(address, FileAddress):
        from crisisroom.store.sqlite.engine import SqliteEngine

        return SqliteEngine(address.path, clock, heard)
    from crisisroom.store.postgres import opened

    return opened(address, clock, heard)
