"""Copies of a room as files: opened one at a time, looked at, put in a room's place."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import aiosqlite

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.placing import put
from crisisroom.store import leftover, signal
from crisisroom.store.processes import proven_dead
from crisisroom.store.schema import APPLICATION_ID
from crisisroom.store.sqlite.connection import SqliteConnection
from crisisroom.store.turns import Turns
from crisisroom.store.tx import Tx

T = TypeVar("T")

_BESIDE = ("-wal", "-shm", "-journal")
_EAR = re.compile(r"([0-9]+)-[0-9a-f]{6}")


@asynccontextmanager
async def opened(path: Path, mode: str) -> AsyncIterator[aiosqlite.Connection]:
    """Open a copy with SQLite, `ro` or `rw`; nothing is migrated, no lock file is left."""
    connection = await aiosqlite.connect(
        f"{path.as_uri()}?{_how(path, mode)}", uri=True, isolation_level=None, timeout=10
    )
    try:
        for setting in ("foreign_keys=ON", "trusted_schema=OFF", "secure_delete=ON"):
            await connection.execute_fetchall(f"PRAGMA {setting}")
        yield connection
    finally:
        await connection.close()


def _how(path: Path, mode: str) -> str:
    """Return how SQLite opens a copy; on a disk nobody can write to it needs no file beside it."""
    still = mode == "ro" and not os.access(path.parent, os.W_OK)
    beside = any(os.path.lexists(path.with_name(f"{path.name}{end}")) for end in _BESIDE)
    return "mode=ro&immutable=1" if still and not beside else f"mode={mode}"


class Damaged(Exception):
    """SQLite cannot read a copy, or not what was asked of it."""


async def read(path: Path, work: Callable[[Tx], Awaitable[T]]) -> T:
    """Run `work` over one view of a copy; Damaged where it cannot be read."""
    try:
        async with opened(path, "ro") as connection:
            await connection.execute("BEGIN")
            return await work(Tx(SqliteConnection(connection)))
    except aiosqlite.Error as error:
        raise Damaged(str(error)) from error


async def number(connection: aiosqlite.Connection, pragma: str) -> int:
    """Return what a pragma that gives one number says."""
    return int(next(iter(await connection.execute_fetchall(f"PRAGMA {pragma}")))[0])


async def schema_of(path: Path) -> int | None:
    """Return which schema a copy has, None for what is no room of ours."""
    try:
        async with opened(path, "ro") as connection:
            ours = await number(connection, "application_id") == APPLICATION_ID
            return await number(connection, "user_version") if ours else None
    except aiosqlite.Error:
        return None


async def flaw(path: Path) -> str:
    """Return what is wrong with a copy as a file, empty where SQLite finds it whole."""
    try:
        async with opened(path, "ro") as connection:
            found = next(iter(await connection.execute_fetchall("PRAGMA integrity_check(1)")))[0]
    except aiosqlite.Error as error:
        return str(error)
    return "" if found == "ok" else str(found)


async def write_to(path: Path, target: Path) -> None:
    """Write a copy of a room's file, whatever lies beside it, into an empty one."""
    try:
        async with opened(path, "ro") as connection:
            await connection.execute_fetchall("VACUUM INTO ?", (str(target),))
    except aiosqlite.Error as error:
        message = f"{path} cannot be read as a room: {error}"
        raise Refused("damaged", message, "use another copy") from error


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Make an empty private file beside a place, and take it away again in the end.

    What a process that was killed left there goes too: it holds words that may be erased by now.
    """
    leftover.clear(path.parent)
    made = path.with_name(leftover.name(path.name))
    try:
        os.close(os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise Unavailable("file", f"cannot write {path}: {error.strerror}") from error
    try:
        yield made
    finally:
        delete(made)


def settle(*places: Path) -> None:
    """Have files and folders on disk before anybody is told that they are there."""
    for place in places:
        descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def publish(made: Path, path: Path) -> None:
    """Give a finished file its name at once; Refused where something has that name."""
    settle(made)
    try:
        put(made, path)
    except FileExistsError:
        raise taken(path) from None
    except OSError as error:
        raise Unavailable("file", f"cannot write {path}: {error.strerror}") from error
    settle(path.parent)


def there(path: Path) -> Path | None:
    """Return what is in the way of a new room file: one with its name, or what SQLite left of one.

    A log ahead of another file would be played into the new one.
    """
    names = (path.with_name(f"{path.name}{end}") for end in ("", *_BESIDE))
    return next((one for one in names if os.path.lexists(one)), None)


def taken(path: Path) -> Refused:
    """Return why a copy cannot be written there."""
    hint = "a backup never writes over anything"
    return Refused("exists", f"there is something at {path} already", hint)


def delete(path: Path) -> None:
    """Delete a copy, and what SQLite left beside it."""
    for end in ("", *_BESIDE):
        path.with_name(f"{path.name}{end}").unlink(missing_ok=True)


def kept_beside(room: Path) -> tuple[Path, ...]:
    """Return the copies that were made beside a room: before an upgrade, or by a restore."""
    found = [
        one
        for pattern in ("before-schema-*", "replaced-*")
        for one in room.parent.glob(f"{room.name}.{pattern}")
        if not one.name.endswith(_BESIDE) and one.is_file()
    ]
    return tuple(sorted(found))


@asynccontextmanager
async def alone(room: Path) -> AsyncIterator[None]:
    """Have a room's file to oneself, whole in one file; Refused while a program has it open."""
    turns = Turns(room)
    try:
        async with turns.turn():
            if there(room) == room and not await _one_file(room):
                pids = ", ".join(map(str, _listening(room)))
                who = f" (process {pids})" if pids else ""
                raise Refused(
                    "open", f"another program has {room} open{who}", "end screens and watcher first"
                )
            yield
    finally:
        turns.close()


async def _one_file(room: Path) -> bool:
    """Write everything into the one file, which SQLite does for nobody but the last."""
    try:
        async with opened(room, "rw") as connection:
            await connection.execute_fetchall("PRAGMA busy_timeout=0")
            found = await connection.execute_fetchall("PRAGMA journal_mode=DELETE")
            return bool(next(iter(found))[0] == "delete")
    except aiosqlite.OperationalError as error:
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            return False
        raise Refused("damaged", f"{room} cannot be opened: {error}") from error
    except aiosqlite.DatabaseError:
        return True  # no database any more: nobody works with it


def _listening(room: Path) -> list[int]:
    found = set()
    for folder in signal.runtime_folders(room):
        with suppress(OSError):
            found |= {
                int(match[1]) for one in folder.iterdir() if (match := _EAR.fullmatch(one.name))
            }
    host = socket.gethostname()
    return sorted(pid for pid in found if not proven_dead(host, pid, ""))


def swap(made: Path, room: Path, aside: Path) -> None:
    """Put a file in a room's place and keep the room under another name; never is there none.

    What lies beside a room that SQLite could not read goes with it.
    """
    settle(made)
    if room.exists():
        os.link(room, aside)
        settle(aside)
    for end in _BESIDE:
        left = room.with_name(f"{room.name}{end}")
        if os.path.lexists(left):
            left.replace(aside.with_name(f"{aside.name}{end}"))
    made.replace(room)
    settle(room.parent)
