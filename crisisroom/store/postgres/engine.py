"""A room on a server: one writer, two readers, and one that listens, each made when it is needed.

Every write first takes the room's turn, so that who follows the numbers of changes sees every
row. A write whose answer was lost is found by its token, or done again: it takes effect once.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar

import asyncpg

from crisisroom.clock import Clock, ServerClock
from crisisroom.core.errors import OutcomeUnknown, Refused
from crisisroom.store.address import ServerAddress
from crisisroom.store.engine import Done, Link, Reading, Writing
from crisisroom.store.postgres import migrations
from crisisroom.store.postgres.connection import PostgresConnection, Raw
from crisisroom.store.postgres.ear import CHANNEL, Ear
from crisisroom.store.postgres.saying import said
from crisisroom.store.postgres.servers import (
    FAILURES,
    Lost,
    Servers,
    is_lost,
    let_go,
    on_time,
    told,
)
from crisisroom.store.postgres.standing import Standing, standing
from crisisroom.store.postgres.views import Views
from crisisroom.store.schema import SCHEMA

T = TypeVar("T")
Which = Literal["read", "read beside", "write"]

OPENING = 10.0  # seconds for a primary to be there when the room is opened
PATIENCE = 30.0  # seconds for one to be there again before a person is told
AGAIN = 0.25  # seconds between tries
COMMITTED = 10.0  # seconds for a commit to be answered, the standby's answer included

_READERS: tuple[Which, ...] = ("read", "read beside")  # so a long look keeps no screen waiting
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME, _LANDED = "CR000", "CR002"


class PostgresEngine:
    """One open room on a server."""

    name: Literal["postgres"] = "postgres"

    def __init__(self, address: ServerAddress, clock: Clock, heard: Callable[[], None]) -> None:
        self.address = address
        self.clock = ServerClock(clock)
        self.link = Link()
        self.servers = Servers(address)
        self.heard = heard  # wakes whoever follows the room's changes
        self._made: dict[Which, Raw] = {}
        self._turns: dict[Which, asyncio.Lock] = {}
        self._views: dict[Which, Views] = {}
        self._warned = False
        self._closing = False
        self._ear = Ear(self)

    @property
    def session_user(self) -> str:
        """Return who the server says one is."""
        return self.servers.session_user

    async def open(self, *, create: bool) -> None:
        """Open the room, making and migrating it where this may be done."""
        self._turns = {which: asyncio.Lock() for which in (*_READERS, "write")}

        async def opening(raw: Raw) -> None:
            await migrations.settle(raw, self.address.label, self.clock.now(), create=create)

        await self._persist("write", opening, OPENING)

    async def close(self) -> None:
        """Close all connections; what waits for a server waits no more."""
        self._closing = True
        await self._ear.close()
        for which, turn in self._turns.items():
            async with turn:
                if raw := self._made.pop(which, None):
                    if which in self._views:
                        await self._views[which].close()
                    await let_go(raw)

    async def listen(self) -> None:
        """Begin to hear of what others write, and whether the server is there."""
        await self._ear.begin()

    async def standing(self) -> Standing:
        """Ask the server how the room stands."""
        return await self._persist("write", standing)

    async def read(self, work: Reading[T]) -> T:
        """Run `work` over one consistent view; again where the link was lost."""

        free = (one for one in _READERS if not self._turns[one].locked())
        which: Which = next(free, "read")

        async def reading(raw: Raw) -> T:
            views = self._views_of(which, raw)
            await views.begin()
            try:
                return await work(PostgresConnection(raw))
            finally:
                views.end()

        return await self._persist(which, reading)

    def _views_of(self, which: Which, raw: Raw) -> Views:
        if which not in self._views or self._views[which].raw is not raw:
            self._views[which] = Views(raw)
        return self._views[which]

    async def write(self, work: Writing, *, durable: bool, though_moved: bool = False) -> Done:
        """Run `work` as one transaction; again where the link was lost, with effect just once."""
        begun = _Begun(secrets.token_hex(16), durable, though_moved)
        try:
            return await self._persist("write", lambda raw: self._attempt(raw, work, begun))
        except Refused as error:
            if begun.done is None:
                raise
            raise OutcomeUnknown(
                "outcome-unknown",
                "the server was lost while it wrote this down: it may have happened",
                "look whether it did before you do it again",
            ) from error

    async def _attempt(self, raw: Raw, work: Writing, begun: _Begun) -> Done:
        try:
            await self._begin(raw, begun)
        except asyncpg.PostgresError as error:
            await _roll_back(raw)
            if error.sqlstate == _LANDED and begun.done is not None:
                return await self._confirm(raw, begun.token, begun.done)
            raise
        begun.done = None  # no earlier try has landed
        try:
            done = await work(PostgresConnection(raw))
        except BaseException:
            await _roll_back(raw)
            raise
        begun.done = done
        try:
            await self._commit(raw, f"NOTIFY {CHANNEL}; COMMIT" if done.told else "COMMIT")
        except asyncpg.PostgresError as error:
            if not is_lost(error, raw):
                begun.done = None  # refused, and said so: nothing of it happened
            raise
        return done

    async def _begin(self, raw: Raw, begun: _Begun) -> None:
        """Take the turn at writing, under a token; the server's time comes back as a notice."""
        hasty = "" if begun.durable else "SET LOCAL synchronous_commit = off; "
        asked = f"'{begun.token}', {SCHEMA}, {begun.though_moved}"
        await raw.execute(f"BEGIN; {hasty}SELECT write_begins({asked})", timeout=PATIENCE)

    async def _commit(self, raw: Raw, command: str) -> None:
        """Commit; Lost where the server does not answer, or says that no standby has it."""
        self._warned = False
        await on_time(raw.execute(command), COMMITTED, raw)
        if self._warned:
            raise Lost("the server gave up waiting for its standby")

    async def _confirm(self, raw: Raw, token: str, done: Done) -> Done:
        """Return what landed before the answer was lost, once the standby has it too."""
        await raw.execute("BEGIN")
        await raw.execute("UPDATE landed SET asked = asked + 1 WHERE token = $1", token)
        await self._commit(raw, "COMMIT")
        return done

    async def _persist(
        self, which: Which, work: Callable[[Raw], Awaitable[T]], patience: float = 0.0
    ) -> T:
        """Do something on a connection of ours, again on a new one while the link is lost."""
        loop = asyncio.get_running_loop()
        until, pause = loop.time() + (patience or PATIENCE), 0.0
        async with self._turns[which]:
            while True:
                try:
                    outcome = await self._once(which, work)
                except Lost as lost:
                    self.lose()
                    if self._closing or loop.time() > until:
                        raise migrations.unreachable(self.address.label, lost) from lost
                    await asyncio.sleep(pause)
                    pause = AGAIN
                else:
                    self.found()
                    return outcome

    async def _once(self, which: Which, work: Callable[[Raw], Awaitable[T]]) -> T:
        """Do something on a connection of ours; Lost, or what the server refuses as a person's."""
        raw = self._made.get(which)
        try:
            if raw is not None and raw.is_closed():
                raise Lost("the connection was closed")
            if raw is None:
                raw = self._made[which] = await self.servers.connect(reading=which in _READERS)
                if which == "write":
                    raw.add_log_listener(self._noticed)
            return await work(raw)
        except FAILURES as error:
            if is_lost(error, raw, reading=which in _READERS):
                raise Lost(told(error)) from error
            if isinstance(error, OSError):
                raise
            raise said(error) from error

    def _noticed(self, _: Any, message: asyncpg.PostgresLogMessage) -> None:
        """Take the server's time from a write that begins; remember a warning, for the commit."""
        if message.sqlstate == _TIME:
            self.clock.measured(_EPOCH + timedelta(milliseconds=int(message.message)))
        elif message.severity_en == "WARNING":
            self._warned = True

    def lose(self) -> None:
        """Note that the server is gone: whatever waits for it begins anew."""
        for which in tuple(self._made):
            self._made.pop(which).terminate()
        self.servers.lost()
        if self.link.state == "ok":
            self.link = Link("reconnecting", self.clock.monotonic(), self.link.losses + 1)
            self.heard()

    def found(self) -> None:
        """Note that the server answers."""
        if self.link.state != "ok":
            self.link = Link("ok", self.link.since, self.link.losses)
            self.heard()


class _Begun:
    """One write through all its tries: the token it is known by, and what the last try came to."""

    def __init__(self, token: str, durable: bool, though_moved: bool) -> None:
        self.token = token
        self.durable = durable
        self.though_moved = though_moved
        self.done: Done | None = None


async def _roll_back(raw: Raw) -> None:
    if not raw.is_closed():
        await raw.execute("ROLLBACK")
