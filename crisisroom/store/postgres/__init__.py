"""A room on PostgreSQL: many machines, one room. Imported only where an address asks for it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from crisisroom.core.errors import Unavailable

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.store.address import ServerAddress
    from crisisroom.store.engine import Engine


def needs_asyncpg() -> None:
    """Check that the client library is there; Unavailable says how to get it."""
    if find_spec("asyncpg") is None:
        message = "a room on PostgreSQL needs asyncpg, which is not installed here"
        raise Unavailable("no-asyncpg", message, "pip install 'crisisroom[team]'")


def opened(address: ServerAddress, clock: Clock, heard: Callable[[], None]) -> Engine:
    """Return the engine of a room on a server; Unavailable where the client library is missing."""
    needs_asyncpg()
    from crisisroom.store.postgres.engine import PostgresEngine

    return PostgresEngine(address, clock, heard)
