"""When people last wrote about an incident: its own posts and those of its stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crisisroom.core.timeline import stamp, unstamp
from crisisroom.store.mention_rows import as_list
from crisisroom.store.tx import Tx

MOST = 20_000  # posts; more of them are no calm anyway


async def posted(
    tx: Tx, chain: str, stories: Sequence[int], since: datetime
) -> tuple[datetime, ...]:
    """Return when posts of an incident and of these stories were written, the newest first."""
    rows = await tx.rows(
        "SELECT posted_at FROM ("
        " SELECT id, posted_at FROM mention WHERE incident = ?1 AND incident != ''"
        " AND posted_at >= ?3 UNION"
        " SELECT m.id, m.posted_at FROM json_each(?2) AS j JOIN mention AS m"
        " INDEXED BY mention_by_narrative ON m.narrative = 'N-' || j.value AND m.narrative != ''"
        " WHERE m.posted_at >= ?3) AS posts ORDER BY posted_at DESC LIMIT ?4",
        (chain, as_list(stories), stamp(since), MOST),
    )
    return tuple(unstamp(row[0]) for row in rows)
