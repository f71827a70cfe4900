"""What a store needs of the engine below it: two kinds of transactions, and to hear of others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

import msgspec

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.store.tx import Connection, EngineName

T = TypeVar("T")


class Link(msgspec.Struct, frozen=True):
    """Whether the room can be reached at the moment; a file always can."""

    state: Literal["ok", "reconnecting"] = "ok"
    since: float = 0.0  # on the machine's monotonic clock; 0 for a link that was never lost
    losses: int = 0  # how often it was lost: what was read before may have been missed since


class Done(msgspec.Struct, frozen=True):
    """What a write transaction came to, whether others are to hear of it, who wrote entries."""

    outcome: Any
    told: bool
    authors: tuple[str, ...] = ()


Writing = Callable[["Connection"], Awaitable[Done]]
Reading = Callable[["Connection"], Awaitable[T]]


class Engine(Protocol):
    """One open room below the store; all of it runs on the store's own loop."""

    @property
    def clock(self) -> Clock:
        """Return the room's time: on a server the server's."""
        ...

    @property
    def session_user(self) -> str:
        """Return who the server says one is; empty for a file."""
        ...

    @property
    def name(self) -> EngineName:
        """Return which engine it is."""
        ...

    @property
    def link(self) -> Link:
        """Return whether the room can be reached at the moment."""
        ...

    async def open(self, *, create: bool) -> None:
        """Open the room, making and migrating it where needed."""
        ...

    async def close(self) -> None:
        """Let everything go; what was acknowledged is safe already."""
        ...

    async def read(self, work: Reading[T]) -> T:
        """Run `work` over one consistent view; it may run again where the link was lost."""
        ...

    async def write(self, work: Writing, *, durable: bool, though_moved: bool = False) -> Done:
        """Run `work` as one transaction; it may run again, and takes effect exactly once.

        Unavailable where the room lives elsewhere now, unless `though_moved`.
        """
        ...

    async def listen(self) -> None:
        """Begin to hear of what others write, if that was not begun."""
        ...
