"""Asking the sources: each on its own, so that a broken one backs off alone."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom import sources
from crisisroom.config import Account, RoomConfig, Source
from crisisroom.config.source_types import TYPES
from crisisroom.config.terms import terms_of
from crisisroom.config.token import secret
from crisisroom.core.errors import Refused
from crisisroom.core.mention import Incoming
from crisisroom.core.watchquery import parse
from crisisroom.room import Room
from crisisroom.room.triage import take_in
from crisisroom.store import Tx, leases
from crisisroom.store import sources as rows
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.watch.leased import looked, under
from crisisroom.watch.renewing import Turns
from crisisroom.wire.answer import FetchError, is_login

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

BATCH = 64  # mentions in one transaction, so that nobody waits long for a turn
LONGEST = timedelta(minutes=15)  # between two tries of a source that fails
ROUNDS = 20  # polls in a row of a source that says it has more


def build(config: Source, room: Room) -> sources.Source:
    """Build a source from its settings; Refused says what is missing."""
    account = next((one for one in room.config.accounts if one.id == config.account), None)
    token = secret(account) if account else ""
    return sources.make(
        config.type,
        config.id,
        options_of(config, account),
        clock=room.clock,
        token=token,
        watched=watched(config, room.config),
    )


def options_of(config: Source, account: Account | None) -> dict[str, Any]:
    """Return what a source is built with: the keys of its type that are set, and its account's.

    A Mastodon source without an account looks at the server its `url` names.
    """
    kind = TYPES.get(config.type)
    if kind is None:
        return dict(config.options)
    names = {*kind.needs, *kind.may, "private", "ca_file"}
    said = {name: getattr(config, name) for name in names if getattr(config, name)}
    if config.type == "mastodon":
        said["server"] = said.pop("url", "")
        said |= {"keywords": config.keywords} if config.keywords else {}
    if account is None:
        return said
    theirs = {name: getattr(account, name) for name in ("server", "host", "handle", "ca_file")}
    if config.type == "mastodon":
        del theirs["handle"]  # the token says who we are
    said |= {name: value for name, value in theirs.items() if value}
    return said | ({"private": True} if account.private else {})


def watched(config: Source, room: RoomConfig) -> tuple[sources.Watched, ...]:
    """Return the terms that a source searches for: those it names, else all that are ours."""
    terms = terms_of(room)
    chosen = [one for one in terms if (one.id in config.terms if config.terms else one.ours)]
    return tuple(sources.Watched(one.id, parse(one.say), one.languages) for one in chosen)


class Failure(msgspec.Struct, frozen=True):
    """Why a source could not be asked, and how many seconds it asks to be left alone."""

    reason: str
    wait: float = 0.0
    login: bool = False  # it is who asks that was refused


class Poller:
    """One source's turn, over and over."""

    def __init__(
        self,
        config: Source,
        room: Room,
        fetch: Fetcher,
        lease: Lease | None = None,
        on_fault: Callable[[str, BaseException], None] | None = None,
    ) -> None:
        self.config = config
        self._on_fault = on_fault
        self._room = room
        self.fetch = under(fetch, room, lease, self._claim)
        self._lease = lease
        self.asking = False
        self.fails = 0  # of the last turns, in a row
        self.due = 0.0  # when the next one is, in seconds that never jump; 0: not known yet
        self._source: sources.Source | None = None
        self._flaw: Exception | None = None
        self._building = asyncio.Lock()
        self._turns = Turns(room.clock)

    async def source(self) -> sources.Source:
        """Return the source, built at its first use beside the loop: a token may be slow."""
        async with self._building:
            if flaw := self._flaw:
                self._flaw = None
                raise flaw
            if self._source is None:
                self._source = await asyncio.to_thread(build, self.config, self._room)
            return self._source

    async def ready(self) -> None:
        """Have the source ready before its turn is taken; why it cannot be is told in its turn."""
        try:
            await self.source()
        except Exception as error:
            self._flaw = error

    async def poll(self) -> float:
        """Ask once, take in what is new, and return the seconds until the next turn.

        The turn is on record before anything is asked: should this process die meanwhile, nobody
        asks again before the next one is due.
        """
        self.asking = True
        try:
            await self.ready()
            return await self._turn(await self._claimed())
        finally:
            self.asking = False

    async def _claimed(self) -> rows.SourceRow:
        async def work(tx: Tx) -> rows.SourceRow:
            if self._lease:
                await leases.check(tx, self._lease)
            await self._claim(tx)
            return await rows.get(tx, self.config.id)

        row = await self._room.store.write(work, durable=False)
        looked(self.fetch)
        return row

    async def _claim(self, tx: Tx) -> None:
        due = self._room.clock.now() + timedelta(seconds=self.config.every)
        await rows.claim(tx, self.config.id, due)

    async def _turn(self, row: rows.SourceRow) -> float:
        wait = float(self.config.every)
        for _ in range(ROUNDS):
            batch = await self._ask(row)
            if isinstance(batch, Failure):
                return await self._failed(row, batch)
            row, self.fails = self._succeeded(row, batch), 0
            await self.take(batch.mentions, row, durable=self._once)
            wait = max(float(self.config.every), batch.wait)
            if not batch.more:
                break
        return wait

    async def _ask(self, row: rows.SourceRow) -> sources.Batch | Failure:
        """Ask once, and again with a new token where a command gave one that is refused by now."""
        batch = await self._asked(row)
        stale = isinstance(batch, Failure) and batch.login and self._commanded
        if not (stale and self._turns.take()):
            return batch
        async with self._building:
            self._source = None
        return await self._asked(row)

    @property
    def _commanded(self) -> bool:
        """Whether the token comes from a command, which may give another one now."""
        every = self._room.config.accounts
        return any(one.id == self.config.account and one.token_command for one in every)

    async def _asked(self, row: rows.SourceRow) -> sources.Batch | Failure:
        """Ask once; the reason in words where that fails. The store's own failures are not this."""
        try:
            source = await self.source()
            return await source.poll(row.cursor, self.fetch)
        except LeaseLost:
            raise
        except FetchError as error:
            return Failure(str(error), error.retry_after or 0.0, is_login(error))
        except (Refused, OSError) as error:
            return Failure(str(error) or type(error).__name__, login=is_login(error))
        except Exception as error:
            if self._on_fault is None:
                raise
            self._on_fault(f"source {self.config.id}", error)
            return Failure(f"a fault of the program ({type(error).__name__}), see its log")

    def _succeeded(self, row: rows.SourceRow, batch: sources.Batch) -> rows.SourceRow:
        now = self._room.clock.now()
        return msgspec.structs.replace(
            row,
            cursor=batch.cursor,
            reason=batch.note,
            fails=0,
            last_try_at=now,
            last_ok_at=now,
            next_at=now + timedelta(seconds=max(self.config.every, batch.wait)),
        )

    @property
    def _once(self) -> bool:
        """Whether what the source gives cannot be had again."""
        kind = TYPES.get(self.config.type)
        return kind is None or kind.once

    async def row(self) -> rows.SourceRow:
        """Return what is remembered of the source."""
        return await self._room.store.read(lambda tx: rows.get(tx, self.config.id))

    async def cursor(self) -> dict[str, Any]:
        """Return the cursor of the last poll."""
        return (await self.row()).cursor

    async def take(
        self,
        mentions: tuple[Incoming, ...],
        row: rows.SourceRow | None,
        *,
        durable: bool = False,
    ) -> None:
        """Take mentions in, in small transactions; the cursor moves with the last of them.

        `durable` is for what the source gives only once: pipes and streams.
        """
        ear = self._room.ear
        named = [self._named(one) for one in mentions if ear.keeps(self.config, one)]
        for start in range(0, max(len(named), 1), BATCH):
            part = named[start : start + BATCH]
            last = start + BATCH >= len(named)
            await self._write(part, row if last else None, durable=durable)

    async def _write(
        self, part: list[Incoming], row: rows.SourceRow | None, *, durable: bool
    ) -> None:
        async def work(tx: Tx) -> None:
            if self._lease:
                await leases.check(tx, self._lease)
            await take_in(tx, self._room, part)
            if row is not None:
                await rows.put(tx, row)

        await self._room.store.write(work, durable=durable)

    def _named(self, item: Incoming) -> Incoming:
        return msgspec.structs.replace(
            item,
            source=self.config.id,
            account=item.account or self.config.account,
            brand=item.brand or self._room.config.brand.name,
        )

    async def _failed(self, row: rows.SourceRow, failure: Failure) -> float:
        """Back off: twice as long after each failure, up to LONGEST, never all at once.

        What the server asks for counts where it is more, within the same bound.
        """
        self.fails += 1
        fails = row.fails + 1
        wait = min(float(self.config.every) * 2.0 ** min(fails - 1, 10), LONGEST.total_seconds())
        wait = max(wait, float(self.config.every)) * random.uniform(0.9, 1.1)
        wait = max(wait, min(failure.wait, LONGEST.total_seconds()))
        now = self._room.clock.now()
        failed = msgspec.structs.replace(
            row,
            fails=fails,
            reason=failure.reason,
            last_try_at=now,
            next_at=now + timedelta(seconds=wait),
        )
        await self._write([], failed, durable=False)
        return wait


async def warm(room: RoomConfig) -> None:
    """Load the modules of a room's sources: their first turn is not to wait for that."""
    for kind in {one.type for one in room.sources} & TYPES.keys():
        with contextlib.suppress(ImportError):  # a package that is missing: the turn tells
            await asyncio.to_thread(import_module, f"crisisroom.sources.{kind}")


def due_in(row: rows.SourceRow, now: datetime) -> float:
    """Return the seconds until a source may be asked again, 0 for at once."""
    return max(0.0, (row.next_at - now).total_seconds()) if row.next_at else 0.0
