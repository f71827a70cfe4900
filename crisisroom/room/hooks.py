"""Hooks: a host's own programs that make a tool quiet, and let it speak again.

A hook is an executable in `crisisroom/hooks` under a person's configuration directory, beside the
host's own settings. It is called with `pause` or `resume` and the item's id, gets the item as JSON
on stdin and nearly no environment. That it ends with 0 means done; the last line it prints is kept.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import stat
import tempfile
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Literal

import msgspec

from crisisroom.config import RoomConfig, config_home
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.said import PauseState
from crisisroom.text import clean_line

Act = Literal["pause", "resume"]

DRILL = "drill: not run"
AT_ONCE = 4  # hooks that run at a time
LIMIT = 60.0  # seconds a hook may take
GRACE = 2.0  # seconds between asking it to end and ending it
KEPT = 64 * 1024  # bytes of the end of its output
LINE = 200  # characters of its last line
_QUIET = 0.5  # seconds for what it left behind to print more, once it ended
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class Hooked(msgspec.Struct, frozen=True):
    """What became of a call: whether it is done, and what the hook or we say of it."""

    done: bool
    words: str


def folder(env: Mapping[str, str] = os.environ, home: Path | None = None) -> Path:
    """Return where this host's hooks lie."""
    return config_home(env, home or Path.home()) / "crisisroom" / "hooks"


def found(name: str, where: Path | None = None) -> Path:
    """Return a hook's path; Refused where there is none, or somebody else could change it."""
    place = where or folder()
    path = place / name
    if not _ID.fullmatch(name):
        raise Refused("hook", f"{clean_line(name, limit=60)!r} is no name of a hook")
    try:
        status = path.lstat()
    except OSError as error:
        hint = f"put an executable at {path}, or do it by hand"
        why = "there is none" if isinstance(error, FileNotFoundError) else error.strerror
        raise Refused("no-hook", f"no hook {name} on this machine: {why}", hint) from error
    if not stat.S_ISREG(status.st_mode):
        raise Refused("unsafe-hook", f"the hook {path} is no ordinary file", "put a file there")
    _require_ours(path, "the hook")
    for end in (place.absolute(), place.resolve()):
        for above in (end, *end.parents):
            _require_ours(above, "the folder of the hook")
    if not os.access(path, os.X_OK):
        raise Refused("unsafe-hook", f"the hook {path} is not executable", f"chmod u+x {path}")
    return path


def _require_ours(path: Path, what: str) -> None:
    """Refuse what somebody else could put another program into; a sticky folder keeps ours."""
    status = path.stat()
    if status.st_uid not in (0, os.geteuid()):
        hint = "chown it to the user who runs crisisroom"
        raise Refused("unsafe-hook", f"{what} {path} belongs to somebody else", hint)
    sticky = stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX
    if status.st_mode & _OTHERS_WRITE and not sticky:
        message = f"others can write to {what} {path} (mode {stat.S_IMODE(status.st_mode):04o})"
        raise Refused("unsafe-hook", message, f"chmod go-w {path}")


def hook_of(item: PauseState, config: RoomConfig) -> str:
    """Return an item's hook by the settings in force: what only a log names is not run."""
    return next((one.hook for one in config.pauses if one.id == item.id), "")


async def call_all(
    state: Incident,
    items: Sequence[PauseState],
    act: Act,
    config: RoomConfig,
    where: Path | None = None,
) -> list[tuple[PauseState, Hooked]]:
    """Call the hooks of several items, some at once; in a drill none, which is said of each."""
    if state.drill:
        return [(item, Hooked(True, DRILL)) for item in items]
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(item: PauseState) -> Hooked:
        keys = ("id", "title", "kind", "owner", "backup", "detail")
        given = {key: getattr(item, key) for key in keys} | {"act": act, "incident": state.id}
        body = msgspec.json.encode(given) + b"\n"
        async with turns:
            name = hook_of(item, config)
            return await call(name, act, item.id, body, incident=state.id, where=where)

    return list(zip(items, await asyncio.gather(*map(one, items)), strict=True))


async def call(
    name: str,
    act: Act,
    item: str,
    given: bytes,
    *,
    incident: str,
    where: Path | None = None,
    limit: float = LIMIT,
) -> Hooked:
    """Call a hook with an item's id, the item as JSON on stdin, for at most `limit` seconds.

    Whatever goes wrong is told in the answer; nothing but our being cancelled is raised.
    """
    try:
        path = found(name, where)
        if not _ID.fullmatch(item):
            raise Refused("hook", f"{clean_line(item, limit=60)!r} is no id")
        return await _called(path, act, item, given, incident, limit)
    except Refused as refused:
        return Hooked(False, f"{refused.message}: {refused.hint}".removesuffix(": "))
    except OSError as error:
        return Hooked(False, f"the hook {name} cannot be run: {error.strerror or error}")


async def _called(
    path: Path, act: Act, item: str, given: bytes, incident: str, limit: float
) -> Hooked:
    with tempfile.TemporaryFile() as handed:
        handed.write(given)
        handed.seek(0)
        async with _output() as (reader, writing):
            process = await asyncio.create_subprocess_exec(
                str(path), act, item,
                stdin=handed, stdout=writing, stderr=STDOUT, cwd="/", env=_environment(incident),
                start_new_session=True,
            )  # fmt: skip
            writing.close()
            try:
                return await _outcome(process, reader, limit)
            finally:
                await _end(process)


@asynccontextmanager
async def _output() -> AsyncIterator[tuple[asyncio.StreamReader, IO[bytes]]]:
    """Yield a pipe of our own: what a hook leaves running cannot keep us waiting for its end."""
    reader = asyncio.StreamReader()
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", 0) as output, os.fdopen(writing, "wb", 0) as other:
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), output
        )
        try:
            yield reader, other
        finally:
            pipe.close()


def _environment(incident: str) -> dict[str, str]:
    """Return what a hook gets of our environment: no secret of ours can be in it."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "CRISISROOM_INCIDENT": incident, **kept}


async def _outcome(process: Process, reader: asyncio.StreamReader, limit: float) -> Hooked:
    printed = bytearray()
    try:
        async with asyncio.timeout(limit):
            await _read(process, reader, printed)
            code = await process.wait()
    except TimeoutError:
        return Hooked(False, _told(f"did not end within {limit:g} s", printed))
    if code == 0:
        return Hooked(True, _last_line(printed))
    how = f"ended with {code}" if code > 0 else f"was ended by signal {-code}"
    return Hooked(False, _told(how, printed))


async def _read(process: Process, reader: asyncio.StreamReader, printed: bytearray) -> None:
    """Read to the end, keeping the last of it; what it left running may hold the pipe open."""
    while True:
        try:
            async with asyncio.timeout(_QUIET):
                chunk = await reader.read(KEPT)
        except TimeoutError:
            if process.returncode is not None:
                return
            continue
        if not chunk:
            return
        printed += chunk
        del printed[:-KEPT]


def _told(how: str, printed: bytearray) -> str:
    line = _last_line(printed)
    return f"{how}: {line}" if line else how


def _last_line(printed: bytearray) -> str:
    lines = printed.decode("utf-8", "replace").splitlines()
    shown = (clean_line(line, limit=LINE) for line in reversed(lines))
    return next((line for line in shown if line), "")


async def _end(process: Process) -> None:
    """End a hook that still runs, with all it started: first asked to, then made to."""
    if process.returncode is not None:
        return
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except (ProcessLookupError, PermissionError):
            break
        try:
            async with asyncio.timeout(GRACE):
                await process.wait()
        except TimeoutError:
            continue
    await process.wait()
