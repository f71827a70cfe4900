"""The servers of a room: finding the primary among them, and knowing when it is lost."""

from __future__ import annotations

import asyncio
import configparser
import contextlib
import os
import ssl
from collections.abc import Coroutine
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from asyncpg.connect_utils import SessionAttribute

from crisisroom.core.errors import Refused, Usage
from crisisroom.store.address import FILES, ServerAddress
from crisisroom.store.postgres.connection import Raw
from crisisroom.store.postgres.schema import SPACE

T = TypeVar("T")

TRY = 3.0  # seconds for one server to answer; then the next one is tried
TURN = 15.0  # seconds before a person is told that the room is busy
STALLED = 30.0  # seconds after which the server ends a write that says nothing more
SLOW = 120.0  # seconds for one statement, on a line of which nobody notices that it is dead

# What each session asks of the server.
_SETTINGS = {
    "application_name": "crisisroom",
    "search_path": f"{SPACE}, pg_catalog",
    "timezone": "UTC",
    "client_min_messages": "notice",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",  # to begin one takes longer than what we ask for
    # A common word and a rare one need different walks, and a table that grows soon another.
    "plan_cache_mode": "force_custom_plan",
    "random_page_cost": "1.1",  # every list is a short walk along an index: no scan is cheaper
    # a client that is gone may hold the room's turn: the server is to notice
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}
_READING = {
    "default_transaction_read_only": "on",
    "default_transaction_isolation": "repeatable read",
    "idle_in_transaction_session_timeout": "0",  # the next view is begun ahead, see `engine`
}
_WRITING = {
    "lock_timeout": f"{int(TURN * 1000)}",
    "idle_in_transaction_session_timeout": f"{int(STALLED * 1000)}",
}

# What a server says that goes, or is no primary any more, or is full: SQLSTATE, by class or whole
_NO_PRIMARY = "25006"
_LEAVING = ("08", "57P01", "57P02", "57P03", "57P05", _NO_PRIMARY, "25P03", "53300")
_SAFE = "on", "remote_apply", "remote_write"  # a role may have been given less than these

FAILURES = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what a connection says that ended in the middle of an answer
)


class Lost(Exception):
    """The link to the server is gone, or that server may not be written to any more."""


class Servers:
    """The servers of one room, the one that was lost last tried last."""

    def __init__(self, address: ServerAddress) -> None:
        self.address = address
        self.session_user = ""
        self._hosts: list[tuple[str, int] | None] = [*address.hosts] or [None]
        self._last: tuple[str, int] | None = None
        self._timeline = 0  # a promoted standby counts one more: no older primary is believed

    async def connect(self, *, reading: bool = False) -> Raw:
        """Connect to the primary, each server tried in turn; Lost where there is none.

        Refused or Unavailable says what no further try can mend.
        """
        _check_here(self.address)
        failures = []
        for host in tuple(self._hosts):
            try:
                raw = await self._reach(host, reading=reading)
            except Lost as lost:
                failures.append(str(lost))
            except (ValueError, *FAILURES) as error:
                if (refused := _for_good(error, self.address)) is not None:
                    raise refused from error
                failures.append(f"{host[0] if host else self.address.name}: {told(error)}")
            else:
                self._last = host
                return raw
        raise Lost("; ".join(failures))

    def lost(self) -> None:
        """Try the server that was connected last only after the others."""
        if self._last in self._hosts and len(self._hosts) > 1:
            self._hosts.remove(self._last)
            self._hosts.append(self._last)

    async def _reach(self, host: tuple[str, int] | None, *, reading: bool) -> Raw:
        raw: Raw = await asyncpg.connect(
            dsn=ServerAddress(
                (), self.address.name, self.address.user, self.address.parameters
            ).label,
            host=host[0] if host else None,
            port=host[1] if host else None,
            timeout=TRY,
            command_timeout=SLOW,
            target_session_attrs=SessionAttribute.primary,
            server_settings=_SETTINGS | (_READING if reading else _WRITING),
            statement_cache_size=400,
            max_cached_statement_lifetime=0,
        )
        try:
            async with asyncio.timeout(TRY):
                await self._look_at(raw, host)
        except BaseException:
            raw.terminate()
            raise
        return raw

    async def _look_at(self, raw: Raw, host: tuple[str, int] | None) -> None:
        # sums of whole numbers come as whole numbers, as in a file
        await raw.set_type_codec(
            "numeric", schema="pg_catalog", encoder=str, decoder=_number, format="text"
        )
        row = await raw.fetchrow(
            "SELECT session_user::text, left(pg_walfile_name(pg_current_wal_lsn()), 8),"
            " current_setting('synchronous_commit')"
        )
        assert row is not None
        self.session_user, timeline = row[0], int(row[1], 16)
        if timeline < self._timeline:
            raise Lost(f"{host[0] if host else ''}: it was the primary before another took over")
        self._timeline = timeline
        if row[2] not in _SAFE:
            await raw.execute("SET synchronous_commit = on")


def _number(text: str) -> int | float:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def _for_good(error: BaseException, address: ServerAddress) -> Refused | None:
    """Return what a person is told about an error that trying again does not mend."""
    state = getattr(error, "sqlstate", None) or ""
    if state.startswith("28"):
        hint = (
            f"a password stands in ~/.pgpass (mode 0600), for {address.name} and this user;"
            " pg_hba.conf on the server says who may come in, and how"
        )
        return Refused("no-entry", f"{address.label} does not let us in: {told(error)}", hint)
    if state == "3D000":
        message = f"there is no database {address.name} at {address.label}"
        return Refused("no-room", message, f"createdb {address.name}, then crisisroom room prepare")
    if state in ("42501", "55000"):
        hint = "its owner says GRANT CONNECT ON DATABASE …, or crisisroom room prepare --for ROLE"
        return Refused("no-entry", f"{address.label} does not let us in: {told(error)}", hint)
    if isinstance(error, asyncpg.TargetServerAttributeNotMatched):
        return None
    if (refused := _untrusted(error, address)) is not None:
        return refused
    if isinstance(error, asyncpg.ClientConfigurationError | ValueError):
        hint = "see the part after ? in the address, PG… in the environment, ~/.pg_service.conf"
        return Usage("bad-address", f"{address.label}: {told(error)}", hint)
    return None


def _untrusted(error: BaseException, address: ServerAddress) -> Refused | None:
    """Return what a person is told where both sides cannot agree on encryption."""
    if isinstance(error, ssl.SSLCertVerificationError):
        why = f"its certificate does not hold: {error.verify_message or 'cannot be checked'}"
        hint = "name the server as its certificate does; sslrootcert=FILE is who signed it"
    elif isinstance(error, ssl.SSLError):
        why = f"no encrypted line: {(error.reason or told(error)).replace('_', ' ').lower()}"
        hint = "see sslmode, sslcert, sslkey and ssl_…_protocol_version in the address"
    elif isinstance(error, ConnectionError) and "rejected SSL" in str(error):
        why = "it offers no encryption, and the address asks for it"
        hint = "set ssl = on at the server, or sslmode=prefer in the address"
    else:
        return None
    return Refused("not-trusted", f"{address.label}: {why}", hint)


def _check_here(address: ServerAddress) -> None:
    """Check that the files and the service which an address names are there; Usage says which."""
    for key, value in address.parameters:
        if key in FILES and not os.access(value, os.R_OK):
            raise Usage("bad-address", f"{key}={value} cannot be read", "name a file of this host")
        if key == "service":
            known = configparser.ConfigParser(interpolation=None)
            path = os.environ.get("PGSERVICEFILE") or Path.home() / ".pg_service.conf"
            with contextlib.suppress(configparser.Error, UnicodeDecodeError, OSError):
                known.read(path)
            if not known.has_section(value):
                hint = f"a section [{value}] there says host, port, dbname and user"
                raise Usage("bad-address", f"there is no service {value} in {path}", hint)


def told(error: BaseException) -> str:
    """Return what an error says as one short line."""
    if isinstance(error, TimeoutError):
        return "no answer"
    if isinstance(error, asyncpg.TargetServerAttributeNotMatched):
        return "no primary"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).partition("\n")[0].strip()[:200] or type(error).__name__


def is_lost(error: BaseException, raw: Raw | None, *, reading: bool = False) -> bool:
    """Tell whether an error means that the link is gone or the server no primary any more."""
    state = getattr(error, "sqlstate", None) or ""
    if reading and state == _NO_PRIMARY:
        return False  # a reader that writes is a slip of ours
    if isinstance(error, Lost | ConnectionError | TimeoutError | asyncpg.InternalClientError):
        return True
    if isinstance(error, OSError):
        return raw is None or raw.is_closed()  # else it is of what was done meanwhile: a file's
    if state.startswith(_LEAVING):
        return True
    if isinstance(error, asyncpg.InvalidCachedStatementError):
        return True  # somebody changed the tables; a new connection knows them as they are
    ended = isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError)
    return ended and (raw is None or raw.is_closed())


async def let_go(raw: Raw) -> None:
    """Close a connection politely, within a moment, else at once."""
    with contextlib.suppress(*FAILURES):
        await raw.close(timeout=1.0)
    raw.terminate()


async def on_time(work: Coroutine[Any, Any, T], seconds: float, raw: Raw) -> T:
    """Wait for an answer for so long; then Lost, without asking the server to stop.

    To cancel a commit would make a server say yes that has lost its standby.
    """
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            raw.terminate()
            await asyncio.gather(task, return_exceptions=True)
    if not done:
        raise Lost("no answer")
    return task.result()
