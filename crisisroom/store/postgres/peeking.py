"""Looking at a room on a server without opening it: nothing is made, migrated or begun."""

from __future__ import annotations

from crisisroom.store.address import ServerAddress
from crisisroom.store.postgres import migrations
from crisisroom.store.postgres.connection import Raw
from crisisroom.store.postgres.saying import said
from crisisroom.store.postgres.servers import FAILURES, Lost, Servers, let_go
from crisisroom.store.written import Written


async def written(address: ServerAddress) -> Written | None:
    """Return what wrote the room at an address last; None where there is no room."""
    try:
        raw = await Servers(address).connect(reading=True)
    except Lost as lost:
        raise migrations.unreachable(address.label, lost) from lost
    try:
        return await _written(raw, address.label)
    except FAILURES as error:
        raise said(error) from error
    finally:
        await let_go(raw)


async def _written(raw: Raw, label: str) -> Written | None:
    schema = await migrations.found(raw, label)
    if schema is None:
        return None
    at = await raw.fetchval("SELECT at FROM migration ORDER BY name DESC LIMIT 1")
    begun = await raw.fetchval("SELECT 1 FROM room WHERE key = 'opened'")
    return Written(schema=schema, at=at, begun=begun is not None)
