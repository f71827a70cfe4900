"""What is known of a chain's entries without reading them: which kinds there are, and by whom."""

from __future__ import annotations

from crisisroom.store.tx import Tx


async def outline(tx: Tx, chain: str, after: int = 0) -> list[tuple[int, str, str]]:
    """Return number, kind and actor of a chain's entries after number `after`, oldest first."""
    return [
        (seq, kind, actor)
        for seq, kind, actor in await tx.rows(
            "SELECT seq, kind, actor FROM entry WHERE chain = ? AND seq > ? ORDER BY seq",
            (chain, after),
        )
    ]
