"""The store as one person has it: what is kept from them is not there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Protocol, TypeVar

from crisisroom.clock import Clock
from crisisroom.core.incident import Incident
from crisisroom.store import Change, Link, Store, Tx, Work, moving
from crisisroom.store.eyes import Eyes, Memory, SeenTx
from crisisroom.store.restricting import NOTHING
from crisisroom.store.tx import EngineName

T = TypeVar("T")


class Person(Protocol):
    """Who works in a room, by the team in force."""

    def called(self) -> str:
        """Return their name."""

    def in_legal(self, holders: Mapping[str, str]) -> bool:
        """Tell whether they are a part of Legal in an incident whose roles have these holders."""

    async def refuse_to_write(self, tx: Tx) -> None:
        """Refuse, as of a transaction, if they may change nothing."""

    async def refuse_to_look(self, tx: Tx) -> None:
        """Refuse, as of a transaction, if the room is no longer open to them at all."""


class Seeing:
    """A store for one person; without one it is the machine's, which sees and may everything."""

    def __init__(self, store: Store, person: Person | None, *, whole: bool = False) -> None:
        self.under = store
        self._person = person
        self._whole = whole or person is None
        self._memories: dict[str, Memory] = {}
        self._losses = 0

    @property
    def clock(self) -> Clock:
        """Return the clock that all of the room's times come from."""
        return self.under.clock

    @property
    def kind(self) -> EngineName:
        """Return which engine keeps the room."""
        return self.under.kind

    @property
    def label(self) -> str:
        """Return where the room lies, for people and for other processes; no password."""
        return self.under.label

    @property
    def path(self) -> Path:
        """Return the room's file; Refused for a room that lies on a server."""
        return self.under.path

    @property
    def here(self) -> Path:
        """Return the room's file, or what stands for it on this host, whose files lie beside it."""
        return self.under.here

    @property
    def link(self) -> Link:
        """Return whether the room can be reached at the moment."""
        return self.under.link

    @property
    def session_user(self) -> str:
        """Return who the server says one is; empty for a room in a file."""
        return self.under.session_user

    @property
    def doing(self) -> str:
        """Return what a command line asks for, as its command id remembers it."""
        return self.under.doing

    @doing.setter
    def doing(self, act: str) -> None:
        self.under.doing = act

    @property
    def looks_on(self) -> bool:
        """Return whether nothing is written through it, whoever asks for it."""
        return self.under.looks_on

    @property
    def states(self) -> dict[str, Incident]:
        """Return the incidents as the writer knows them, whole."""
        return self.under.states

    @property
    def seen(self) -> dict[str, Incident]:
        """Return the incidents as readers know them, whole."""
        return self.under.seen

    @property
    def machine(self) -> bool:
        """Whether nobody looks through it."""
        return self._person is None

    async def kept_back(self) -> frozenset[str]:
        """Return the ids of the incidents that are not for this person: `INC-7`."""

        async def work(tx: Tx) -> frozenset[str]:
            kept = await tx.kept() if isinstance(tx, SeenTx) else NOTHING
            return frozenset(f"INC-{number}" for number in kept.numbers)

        return await self.read(work)

    def _of(self, tx: Tx, *, writing: bool) -> Tx:
        if self._whole or self._person is None:
            return tx
        if self._losses != self.under.link.losses:  # it may be another server now
            self._losses = self.under.link.losses
            self._memories.clear()
        eyes = Eyes(self._person.called(), self._person.in_legal, self._memories)
        return SeenTx(tx, eyes, writing=writing)

    async def read(self, work: Work[T]) -> T:
        """Run `work` over one consistent view of what this person may see."""

        async def allowed(tx: Tx) -> T:
            if self._person is not None:
                await self._person.refuse_to_look(tx)
            return await work(self._of(tx, writing=False))

        return await self.under.read(allowed)

    async def write(self, work: Work[T], *, durable: bool = True, own: bool = False) -> T:
        """Run `work` as one transaction; Refused for who may only read, unless it is their `own`.

        That is what nobody else works with: where they are, what they last looked at.
        """

        async def allowed(tx: Tx) -> T:
            if self._person is not None:
                look = self._person.refuse_to_look
                await (look if own else self._person.refuse_to_write)(tx)
            return await work(self._of(tx, writing=True))

        return await self.under.write(allowed, durable=durable)

    async def changes(self, after: int | None = None) -> AsyncIterator[tuple[Change, ...]]:
        """Yield what changed of what this person may see, in order and in batches."""
        async for batch in self.under.changes(after):
            if all(one.topic == "link" for one in batch):  # a room that is away is not asked
                yield batch
                continue
            seen = await self.read(lambda tx, some=batch: _seen(tx, some))  # type: ignore[misc]
            if seen:
                yield seen

    async def copy_to(self, path: Path) -> None:
        """Write the whole room as it stands now into an empty file."""
        await moving.copy_to(self.under, path)

    async def close(self) -> None:
        """Close the room; what was acknowledged is on disk already."""
        await self.under.close()


async def _seen(tx: Tx, batch: tuple[Change, ...]) -> tuple[Change, ...]:
    """Return the changes that are not of incidents kept from this person."""
    if not isinstance(tx, SeenTx) or not any(one.chain or one.topic == "draft" for one in batch):
        return batch
    kept = await tx.kept()
    drafts = tuple(f"/INC-{number}/" for number in kept.numbers)
    return tuple(
        one
        for one in batch
        if one.chain not in kept.chains and not any(name in one.ref for name in drafts)
    )
