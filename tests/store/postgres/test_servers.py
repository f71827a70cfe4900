"""Coming in to a server: what keeps somebody out is one line that says how to mend it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from engines import Databases, owned

from crisisroom.clock import SystemClock
from crisisroom.core.errors import Refused, Unavailable, Usage
from crisisroom.store import Store
from crisisroom.store.postgres import engine

SECRET = "Sq7-not-this-one"


async def _refused(address: str) -> Refused:
    with pytest.raises(Refused) as refused:
        await Store.open(address, SystemClock(), create=False)
    told = f"{refused.value.message} {refused.value.hint}"
    assert "\n" not in told
    assert SECRET not in told
    assert refused.value.hint
    return refused.value


@pytest.fixture
async def strict(server: Databases, address: str) -> AsyncIterator[str]:
    """The room, for a role that needs a password, and one that may not come in at all."""
    admin = await asyncpg.connect(owned(address))
    path = await admin.fetchval("SHOW hba_file")
    text = await admin.fetchval("SELECT pg_read_file($1)", path)
    for role in ("strict_role", "shut_role"):
        await admin.execute(f"DROP ROLE IF EXISTS {role}")
        await admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'its-own-one'")
    ours = f"host all strict_role all scram-sha-256\nhost all shut_role all reject\n{text}"
    await _write(admin, path, ours)
    for _ in range(500):  # the server is about to read it
        if not await _comes_in(re.sub("//[^@]*@", "//shut_role@", address)):
            break
        await asyncio.sleep(0.02)
    yield re.sub("//[^@]*@", "//strict_role@", address)
    await _write(admin, path, text)
    for role in ("strict_role", "shut_role"):
        await admin.execute(f"DROP OWNED BY {role}")
        await admin.execute(f"DROP ROLE {role}")
    await admin.close()


async def _write(admin: asyncpg.Connection[asyncpg.Record], path: str, text: str) -> None:
    lines = text.splitlines()
    await admin.execute("CREATE TEMP TABLE line (number int, text text)")
    await admin.executemany("INSERT INTO line VALUES ($1, $2)", list(enumerate(lines)))
    await admin.execute(f"COPY (SELECT text FROM line ORDER BY number) TO '{path}'")
    await admin.execute("DROP TABLE line")
    await admin.execute("SELECT pg_reload_conf()")


async def _comes_in(address: str) -> bool:
    try:
        await (await asyncpg.connect(address)).close()
    except asyncpg.InvalidAuthorizationSpecificationError:
        return False
    return True


async def test_a_wrong_password_and_a_shut_door(
    strict: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = tmp_path / "pgpass"
    passes.write_text(f"*:*:*:*:{SECRET}\n")
    passes.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passes))
    refused = await _refused(strict)
    assert refused.code == "no-entry"
    assert "password authentication failed" in refused.message
    assert "~/.pgpass" in refused.hint
    shut = await _refused(strict.replace("strict_role", "shut_role"))
    assert "does not let us in" in shut.message
    assert "pg_hba.conf" in shut.hint


async def test_a_role_without_a_right(strict: str, tmp_path: Path, server: Databases) -> None:
    passes = tmp_path / "pgpass"
    passes.write_text("*:*:*:*:its-own-one\n")
    passes.chmod(0o600)
    mine = f"{strict}?passfile={passes}"
    assert "room prepare" in (await _refused(mine)).hint
    name = strict.rpartition("/")[2]
    server.raw(
        strict.replace("strict_role", "postgres"), f"REVOKE CONNECT ON DATABASE {name} FROM public"
    )
    refused = await _refused(mine)
    assert "permission denied for database" in refused.message
    assert "GRANT CONNECT" in refused.hint


async def test_a_database_that_is_not_there(server: Databases, address: str) -> None:
    refused = await _refused(f"{address}_not")
    assert refused.code == "no-room"
    assert "createdb" in refused.hint


async def test_a_server_that_offers_no_encryption(server: Databases, address: str) -> None:
    refused = await _refused(f"{address}?sslmode=require")
    assert refused.code == "not-trusted"
    assert "ssl = on" in refused.hint


async def test_a_server_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "OPENING", 0.1)
    refused = await _refused("postgresql://127.0.0.1:1/room")
    assert isinstance(refused, Unavailable)
    assert "nothing listens there" in refused.message
    assert "server runs" in refused.hint


@pytest.mark.parametrize(
    "end",
    [
        "sslmode=verify-full&sslrootcert=/nowhere/ca.crt",
        "sslcert=/nowhere/me.crt",
        "passfile=/nowhere/pgpass",
        "service=nobody-knows-it",
    ],
)
async def test_what_an_address_names_has_to_be_there(end: str) -> None:
    refused = await _refused(f"postgresql://127.0.0.1:1/room?{end}")
    assert isinstance(refused, Usage)
    assert "/nowhere" in refused.message or "nobody-knows-it" in refused.message


@pytest.mark.parametrize(("name", "value"), [("PGSSLMODE", "bogus"), ("PGPORT", "abc")])
async def test_a_bad_word_of_the_environment_is_the_callers(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert isinstance(await _refused("postgresql:///room"), Usage)
