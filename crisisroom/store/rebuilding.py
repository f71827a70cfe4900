"""The rows that tables keep of incidents, written anew from nothing but their logs."""

from __future__ import annotations

import sqlite3

from crisisroom.core.errors import Refused
from crisisroom.store import log, restricting
from crisisroom.store.tx import Tx


async def rebuild(tx: Tx, chain: str) -> None:
    """Write an incident's rows anew; Refused where its log cannot be read."""
    after = await log.state(tx, chain, {})
    await tx.run("DELETE FROM projection WHERE chain = ?", (chain,))
    await tx.run("DELETE FROM restriction WHERE chain = ?", (chain,))
    if after is not None:
        await log.project(tx, None, after)
        await restricting.gather(tx, chain, log.entries)


async def rebuild_all(tx: Tx) -> None:
    """Write the rows of all incidents anew.

    An incident whose log was changed from outside keeps the rows it has: `verify` says what is
    wrong with it, and nobody is kept from the others.
    """
    for chain, _ in await log.chains(tx):
        await tx.run("SAVEPOINT one")
        try:
            await rebuild(tx, chain)
        except (Refused, sqlite3.DatabaseError, *log.UNREADABLE):
            await tx.run("ROLLBACK TO one")
        await tx.run("RELEASE one")
