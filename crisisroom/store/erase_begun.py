"""Whether somebody is being erased: kept in the room until nothing is left to do."""

from __future__ import annotations

from crisisroom.clock import Clock
from crisisroom.store import leases, settings
from crisisroom.store.leases import Lease
from crisisroom.store.tx import Tx

FREE, AHEAD = "1", "2"  # what may still hold something: the whole file, only the log ahead

_JOB = "erase"
_SILENT = 900.0  # seconds without a sign after which nobody erases any more
_UNSETTLED = "erase.unsettled"
_REQUEST = "erase.request"


async def take(tx: Tx, who: str, clock: Clock) -> Lease | None:
    """Take the job of erasing; None while somebody else does it."""
    return await leases.acquire(tx, _JOB, who, clock, _SILENT)


async def interrupted(tx: Tx, clock: Clock) -> bool:
    """Tell whether an erasure was begun and nobody goes on with it."""
    if await leases.holder(tx, _JOB, clock):
        return False
    return bool(await request(tx) or await unsettled(tx))


async def unsettled(tx: Tx) -> str:
    """Return what may still hold words that were erased, empty where nothing does."""
    return await settings.get(tx, _UNSETTLED)


async def unsettle(tx: Tx, what: str) -> None:
    """Note what may hold such words from now on."""
    await settings.put(tx, _UNSETTLED, what)


async def request(tx: Tx) -> str:
    """Return what was asked for, empty once it is done."""
    return await settings.get(tx, _REQUEST)


async def ask(tx: Tx, request: str) -> None:
    """Keep what is asked for; empty: it is done, and nobody's name is left here."""
    await settings.put(tx, _REQUEST, request)
