"""Several acts as one: all of them happen at the same moment, or none does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from crisisroom.room import Room
from crisisroom.store import Tx, Work
from crisisroom.store.seeing import Seeing

T = TypeVar("T")


class _Within(Seeing):
    """The store as a transaction under way has it: what is read and written is part of that."""

    def __init__(self, store: Seeing, tx: Tx) -> None:
        super().__init__(store.under, None)
        self._tx = tx

    async def read(self, work: Work[T]) -> T:
        """Run `work` on what the transaction sees, its own writes included."""
        return await work(self._tx)

    async def write(self, work: Work[T], *, durable: bool = True, own: bool = False) -> T:
        """Run `work` as a part of the transaction; it is committed with the rest."""
        return await work(self._tx)


async def as_one(room: Room, acts: Callable[[Room], Awaitable[T]]) -> T:
    """Do several acts in one transaction, on the room that `acts` is given.

    Nobody acts in between. It may run again where a server is lost, so it must not change anything
    but that room; nobody is asked anything, for the others wait meanwhile.
    """

    async def work(tx: Tx) -> T:
        inside = room.as_actor(room.actor)
        inside.store = _Within(room.store, tx)
        return await acts(inside)

    return await room.store.write(work)
