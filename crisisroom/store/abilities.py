"""What each way out takes, as its network said when it was last asked."""

from __future__ import annotations

from datetime import datetime

import msgspec

from crisisroom.core.timeline import stamp
from crisisroom.store.tx import Tx
from crisisroom.store.upserts import upsert

_PUT = upsert("ability", ("account", "body", "at"), ("account",))


async def save(tx: Tx, account: str, body: bytes, now: datetime) -> None:
    """Keep an account's limits, as JSON; nothing is told where they are what they were."""
    known = await tx.row("SELECT body FROM ability WHERE account = ?", (account,))
    if known == (body.decode(),):
        return
    await tx.run(_PUT, (account, body.decode(), stamp(now)))
    tx.tell("ability", account)


async def known(tx: Tx) -> dict[str, msgspec.Raw]:
    """Return what is known of each account, as JSON."""
    rows = await tx.rows("SELECT account, body FROM ability")
    return {account: msgspec.Raw(body.encode()) for account, body in rows}
