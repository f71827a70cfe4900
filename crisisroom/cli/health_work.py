"""Examining who works on the room: jobs, programs and their versions, the program itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import crisisroom
from crisisroom import __version__
from crisisroom.cli.health import Finding, Level, Patient
from crisisroom.store.processes import host_of

_QUIET = 15.0  # seconds without a sign of life that are worth a look


async def leases(patient: Patient) -> AsyncIterator[Finding]:
    """Find who holds which job, and how long ago they gave a sign of life."""
    if patient.room is None:
        return
    from crisisroom.room.vitals import MEMBER, vitals_of

    for one in (await vitals_of(patient.room)).leases:
        if one.name.startswith(MEMBER):
            continue
        told = f"process {one.pid} on {one.host}, {one.age:.0f} s ago, change of hands {one.epoch}"
        level: Level = "warn" if one.age > _QUIET else "ok"
        yield Finding(level, "lease", f"job {one.name}", told)


async def versions(patient: Patient) -> AsyncIterator[Finding]:
    """Find programs of other versions at work on the room."""
    if patient.room is None:
        return
    from crisisroom.room import programs

    running = await programs.running(patient.room)
    for one in running:
        where = f"{one.part} {one.pid} on {host_of(one.host)}"
        if one.version == __version__:
            yield Finding("ok", "version", where, one.version)
            continue
        why = f"it runs {one.version}, this is {__version__}"
        hint = "systemctl restart crisisroom-watch" if one.part == "watch" else "leave, come back"
        yield Finding("warn", "version", where, why, hint)


async def installed(_: Patient) -> AsyncIterator[Finding]:
    """Find whether the program's byte code is there: without it each start takes seconds."""
    for one in _byte_code():
        yield one


def _byte_code() -> Iterator[Finding]:
    import importlib.util

    folder = Path(crisisroom.__file__).parent
    sources = [folder / "__main__.py", folder / "cli" / "__init__.py", folder / "room/__init__.py"]
    missing = [one for one in sources if not _compiled(importlib.util.cache_from_source(str(one)))]
    if missing:
        why = "its byte code is missing: each start compiles everything anew"
        hint = f"python -m compileall -q {folder}, as whoever installed it"
        yield Finding("warn", "byte_code", "program", why, hint)
    else:
        yield Finding("ok", "program", "program", f"crisisroom {__version__}, in byte code")


def _compiled(path: str) -> bool:
    return Path(path).exists()
