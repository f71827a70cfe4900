"""What the room's chain says of approved texts, read without the rest of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.timeline import ROOM, unstamp
from crisisroom.store.tx import Tx


class Said(msgspec.Struct, frozen=True):
    """One approval or its end; `data` is as it is chained, personal texts as their hashes."""

    kind: str
    actor: str
    at: datetime
    data: dict[str, Any]


async def said(tx: Tx) -> tuple[Said, ...]:
    """Return every approval of a text and every one taken back, oldest first.

    Every reply asks for this, so a long log of the room must not make it slow.
    """
    rows = await tx.rows(
        "SELECT kind, actor, at, data FROM entry WHERE chain = ?"
        " AND kind IN ('words.approved', 'words.revoked') ORDER BY seq",
        (ROOM,),
    )
    return tuple(Said(kind, actor, unstamp(at), json.loads(data)) for kind, actor, at, data in rows)
