"""What a role that works in a room may do to its tables, and no more."""

from __future__ import annotations

from crisisroom.store.postgres.connection import Raw
from crisisroom.store.postgres.schema import SPACE

_USUAL = "SELECT, INSERT, UPDATE, DELETE"
_RIGHTS = {
    "entry": "SELECT, INSERT",
    "sealed": "SELECT, INSERT, UPDATE (salt, words)",
    "chain": "SELECT, INSERT, UPDATE (seq, head)",
    "migration": "SELECT",
}


async def give(raw: Raw, role: str) -> None:
    """Give a role its rights on all tables of the room as they are now, and take any other away."""
    name = await quoted(raw, role)
    database = await quoted(raw, str(await raw.fetchval("SELECT current_database()")))
    commands = [
        f"GRANT CONNECT ON DATABASE {database} TO {name}",
        f"REVOKE ALL ON SCHEMA {SPACE} FROM {name}",
        f"GRANT USAGE ON SCHEMA {SPACE} TO {name}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SPACE} FROM {name}",
    ]
    tables = await raw.fetch(
        "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = $1 ORDER BY 1", SPACE
    )
    for (table,) in tables:
        commands.append(f"GRANT {_RIGHTS.get(table, _USUAL)} ON {SPACE}.{table} TO {name}")
    # a room that moves in goes on counting where it was
    commands.append(f"GRANT USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA {SPACE} TO {name}")
    await raw.execute("; ".join(commands))


async def working(raw: Raw) -> tuple[str, ...]:
    """Return the roles that were given rights here: after a migration they need those again."""
    rows = await raw.fetch(
        "SELECT DISTINCT grantee::text FROM information_schema.role_table_grants"
        " WHERE table_schema = $1 AND table_name = 'entry' AND privilege_type = 'INSERT'"
        " AND grantee <> grantor ORDER BY 1",
        SPACE,
    )
    return tuple(row[0] for row in rows)


async def may_rewrite(raw: Raw, role: str) -> bool:
    """Tell whether a role could change what the log holds, whatever the triggers say."""
    return bool(
        await raw.fetchval(
            "SELECT rolsuper OR EXISTS (SELECT 1 FROM pg_catalog.pg_class AS c"
            "  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
            "  WHERE n.nspname = $2 AND c.relname IN ('entry', 'sealed')"
            "  AND pg_has_role(r.oid, c.relowner, 'MEMBER'))"
            " FROM pg_catalog.pg_roles AS r WHERE rolname = $1",
            role,
            SPACE,
        )
    )


async def quoted(raw: Raw, name: str) -> str:
    """Return a name as the server writes it in a statement."""
    return str(await raw.fetchval("SELECT quote_ident($1)", name))
