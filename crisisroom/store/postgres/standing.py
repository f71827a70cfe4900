"""How a room on a server stands: what an operator has to know of it, in one look."""

from __future__ import annotations

import msgspec

from crisisroom.store.postgres.connection import Raw
from crisisroom.store.postgres.rights import may_rewrite


class Standing(msgspec.Struct, frozen=True):
    """What the server says of the room and of who asks."""

    server: str  # its version: 15.20
    host: str  # the address of the primary, empty over a socket of the same machine
    user: str
    appends_only: bool  # whether this role could not rewrite the log even if it wanted to
    durable: bool  # whether the server writes to its disk before it says yes
    standbys: tuple[str, ...]  # those that stream from it: name, state, sync
    waits_for: str  # the standbys a commit waits for, as configured; empty: for none
    encrypted: bool
    bytes: int  # of the whole database
    free_connections: int


async def standing(raw: Raw) -> Standing:
    """Ask the server how the room stands."""
    row = await raw.fetchrow(
        "SELECT split_part(current_setting('server_version'), ' ', 1) AS server,"
        " coalesce(host(inet_server_addr()), '') AS host, session_user::text AS user,"
        " current_setting('fsync')::bool AND current_setting('synchronous_commit') <> 'off'"
        "  AS durable,"
        " current_setting('synchronous_standby_names') AS waits_for,"
        " coalesce((SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_backend_pid()), false)"
        "  AS encrypted,"
        " pg_database_size(current_database()) AS bytes,"
        " current_setting('max_connections')::bigint - (SELECT count(*)"
        "  FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend') AS free"
    )
    assert row is not None
    standbys = await raw.fetch(
        "SELECT application_name, coalesce(state, 'hidden'), coalesce(sync_state, '')"
        " FROM pg_catalog.pg_stat_replication ORDER BY 1, pid"
    )
    return Standing(
        server=row["server"],
        host=row["host"],
        user=row["user"],
        appends_only=not await may_rewrite(raw, row["user"]),
        durable=row["durable"],
        standbys=tuple(" ".join(part for part in one if part) for one in standbys),
        waits_for=row["waits_for"],
        encrypted=row["encrypted"],
        bytes=row["bytes"],
        free_connections=row["free"],
    )
