"""How the way to the database does, in figures: how fast it answers, and what survives its loss."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from crisisroom.core.errors import Unavailable
from crisisroom.room import Room
from crisisroom.store import changes
from crisisroom.store.examining import ServerFacts, server_facts

if TYPE_CHECKING:
    from crisisroom.store.postgres.standing import Standing

_IN_STEP = ("sync", "quorum")  # what the server calls standbys that a commit waits for
_WEAK = ("off", "local")  # settings with which no commit waits for a standby
_HIDDEN = "hidden"  # what `Standing` says of a standby that this role may not look at


class Servers(msgspec.Struct, frozen=True, kw_only=True):
    """What a room on PostgreSQL lives by.

    `waits_for` is what commits are set to wait for, empty for nothing; `in_step` how many standbys
    they really wait for, None where this role may not see it.
    """

    version: str
    commit: str  # synchronous_commit
    durable: bool
    waits_for: str
    standbys: int
    in_step: int | None
    lag: float  # seconds that the last of the standbys is behind

    @property
    def synchronous(self) -> bool | None:
        """Whether what is acknowledged is on a second server too, None where nobody may see it."""
        if not self.waits_for or not self.durable or self.commit in _WEAK:
            return False
        return None if self.in_step is None else self.in_step > 0

    @property
    def stuck(self) -> bool:
        """Whether commits wait for a standby that is not in step: nothing can be written."""
        return bool(self.waits_for) and self.commit not in _WEAK and self.in_step == 0


class LinkVitals(msgspec.Struct, frozen=True, kw_only=True):
    """The way to the room's database, and the seconds that one look took."""

    engine: str
    seconds: float
    servers: Servers | None = None  # None for a file


async def link_of(room: Room) -> LinkVitals:
    """Look once and take the time; Unavailable at once where the link is known to be lost."""
    store = room.store.under
    if store.link.state != "ok":
        raise Unavailable("unreachable", f"{store.label} does not answer", "it is tried on and on")
    begun = asyncio.get_running_loop().time()
    await store.read(changes.head)
    seconds = asyncio.get_running_loop().time() - begun
    return LinkVitals(
        engine=store.kind,
        seconds=seconds,
        servers=await _servers(room) if store.kind == "postgres" else None,
    )


async def _servers(room: Room) -> Servers:
    from crisisroom.store.postgres.engine import PostgresEngine

    store = room.store.under
    assert isinstance(store.engine, PostgresEngine)
    facts = await store.read(server_facts)
    return servers_of(facts, await store.submit(store.engine.standing()))


def servers_of(facts: ServerFacts, standing: Standing) -> Servers:
    """Return what the servers' own words come to."""
    told = [one.rpartition(" ")[2] for one in standing.standbys]
    seen = sum(one in _IN_STEP for one in told)
    return Servers(
        version=standing.server,
        commit=facts.commit,
        durable=standing.durable,
        waits_for=standing.waits_for,
        standbys=len(told),
        in_step=None if not seen and _HIDDEN in told else seen,
        lag=max((seconds for _, seconds in facts.behind), default=0.0),
    )
