"""Examining who else on this host could read or change what is the room's."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from crisisroom.cli.health import Finding, Patient
from crisisroom.logbook import state_folder

_BESIDE = ("-wal", "-shm", "-gate", "-turn", "-messages.jsonl")
_NAMED = 5  # people of a group that are named


async def rights(patient: Patient) -> AsyncIterator[Finding]:
    """Find files that are not ours alone, links in the way, and who shares the room."""
    address = patient.address
    if address and "://" not in address:
        for one in _room(address):
            yield one
    for one in _own("log folder", state_folder(), 0o700):
        yield one
    file = patient.context.config_file
    if file is not None:
        for one in _unchanged(file.absolute()):
            yield one


def _room(address: str) -> Iterator[Finding]:
    path = Path(address).absolute()
    if path.is_symlink():
        why = f"{path} is a link to {path.resolve()}: whoever can change it chooses the room"
        yield Finding("warn", "link", "room", why, f"crisisroom --room {path.resolve()}")
    path = path.resolve()
    yield from _own("room", path, 0o600)
    yield from _own("room", path.parent, 0o700)
    for ending in _BESIDE:
        yield from _own("room", Path(f"{path}{ending}"), 0o600)
    if path.exists():
        yield from _readers(path)


def _own(where: str, path: Path, wanted: int) -> Iterator[Finding]:
    """Yield what lets others in: the mode, the owner."""
    try:
        found = path.lstat()
    except OSError:
        return
    mode = stat.S_IMODE(found.st_mode)
    others = mode & 0o007 or (not stat.S_ISDIR(found.st_mode) and mode & 0o077)
    if others and not stat.S_ISLNK(found.st_mode):
        why = f"others may look into {path} (mode {mode:04o})"
        yield Finding("fail", "rights", where, why, f"chmod {wanted:o} {path}")
    elif stat.S_ISDIR(found.st_mode) and mode & 0o070:
        why = f"{_group(found.st_gid)} may look into {path} (mode {mode:04o})"
        yield Finding("warn", "group", where, why, f"chmod {wanted:o} {path}")
    if found.st_uid not in (os.geteuid(), 0) or (found.st_uid == 0 and os.geteuid() != 0):
        why = f"{path} belongs to {_person(found.st_uid)}"
        yield Finding("warn", "owner", where, why, "act as the account that owns the room")


def _unchanged(path: Path) -> Iterator[Finding]:
    """Yield whether others could change the configuration, which says where words go."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return
    if mode & 0o022:
        why = f"others may change it (mode {mode:04o})"
        yield Finding("fail", "rights", str(path), why, f"chmod go-w {path}")


def _readers(path: Path) -> Iterator[Finding]:
    """Yield who can read the room besides its owner: the group, and who becomes anybody."""
    found = path.stat()
    owner = _person(found.st_uid)
    shared = found.st_mode & 0o040 and path.parent.stat().st_mode & 0o010
    told = _group(found.st_gid) if shared else "nobody else"
    why = f"read by {owner} and {told}, and by who becomes root here"
    hint = ""
    if shared:
        hint = "one account owns the room, people come by key: crisisroom authorized-keys"
    yield Finding("warn" if shared else "ok", "readers", "readers", why, hint)


def _person(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _group(gid: int) -> str:
    """Return a group with the people in it, as far as this host knows."""
    try:
        group = grp.getgrgid(gid)
    except KeyError:
        return f"group {gid}"
    members = sorted({*group.gr_mem, *(one.pw_name for one in pwd.getpwall() if one.pw_gid == gid)})
    shown = ", ".join(members[:_NAMED]) + (" …" if len(members) > _NAMED else "")
    return f"group {group.gr_name}" + (f" ({shown})" if members else "")
