"""Examining how soon the program begins: whether Python finds it read and translated already."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from importlib.util import MAGIC_NUMBER, cache_from_source, find_spec
from pathlib import Path

from crisisroom.cli.health import Finding, Patient

PACKAGES = ("crisisroom", "textual", "rich", "msgspec")
_BY_HASH = 1  # bit of a byte-code file's flags: it goes by the source's hash, and not by its date
_FEW = 0.1  # of a package's modules; fewer without byte code do not delay a start


async def byte_code(_: Patient) -> AsyncIterator[Finding]:
    """Find packages that every start reads and translates anew, which takes four times as long."""
    slow = [(name, folder) for name in PACKAGES if (folder := _folder(name)) and is_slow(folder)]
    if not slow:
        yield Finding("ok", "byte-code", "start", "Python finds its byte code")
        return
    names = ", ".join(name for name, _ in slow)
    folders = " ".join(f"'{folder}'" for _, folder in slow)
    why = f"no byte code of {names} can be used or kept: every start takes four times as long"
    hint = f"{'unset PYTHONDONTWRITEBYTECODE; ' if sys.dont_write_bytecode else ''}as their owner: "
    command = f"{sys.executable} -m compileall -q {folders}"
    yield Finding("warn", "byte-code", "start", why, hint + command)


def is_slow(folder: Path) -> bool:
    """Tell whether many modules of a folder have no byte code, and the next start makes none."""
    modules = [path for path in folder.rglob("*.py") if path.stat().st_size]
    bare = [path for path in modules if not has_byte_code(path)]
    return len(bare) > len(modules) * _FEW and not all(map(_is_kept, {one.parent for one in bare}))


def has_byte_code(source: Path) -> bool:
    """Tell whether Python would take a module\'s byte code as it lies there."""
    try:
        found, kept = source.stat(), Path(cache_from_source(str(source)))
        with kept.open("rb") as file:
            head = file.read(16)
    except OSError:
        return False
    magic, flags, *dated = head[:4], *_numbers(head[4:])
    if magic != MAGIC_NUMBER or not dated:
        return False
    mine = [int(found.st_mtime) & 0xFFFFFFFF, found.st_size & 0xFFFFFFFF]
    return bool(flags & _BY_HASH) or dated == mine


def _numbers(data: bytes) -> Iterator[int]:
    for at in range(0, len(data), 4):
        yield int.from_bytes(data[at : at + 4], "little")


def _is_kept(folder: Path) -> bool:
    """Tell whether what Python translates here is kept for the next start."""
    cache = folder / "__pycache__"
    place = cache if cache.is_dir() else folder
    return not sys.dont_write_bytecode and os.access(place, os.W_OK)


def _folder(name: str) -> Path | None:
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None
