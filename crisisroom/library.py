"""Playbook files: by id or by path, from the room's own directory or as they are shipped."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.kinds import id_flaw
from crisisroom.core.problems import Problem, shown
from crisisroom.core.schema import did_you_mean
from crisisroom.core.yamltext import MAX_BYTES

SUFFIXES = (".yaml", ".yml")
_HERE = Path(__file__).resolve().parent


def shipped_dir() -> Path:
    """Return the directory of the shipped playbooks, installed or in a checkout."""
    packaged = _HERE / "_playbooks"
    return packaged if packaged.is_dir() else _HERE.parent / "playbooks"


def starter() -> str:
    """Return the commented crisisroom.yaml that `init` writes."""
    return (_HERE / "starter.yaml").read_text(encoding="utf-8")


def find(id_or_path: str, search: Sequence[Path]) -> tuple[str, str]:
    """Return the text and the name of a playbook's file.

    An id is a file's name without its ending, looked up in `search` and then among the shipped
    ones; whatever has a slash or an ending is a path. Raises `Usage` when there is no such file
    and `Refused` when it cannot be read as text.
    """
    path = _path(id_or_path, search)
    return read(path), str(path)


def list_ids(search: Sequence[Path]) -> tuple[str, ...]:
    """Return the ids of all playbooks that `find` would find, sorted."""
    return tuple(sorted({path.stem for path in _files(search)}))


def read(path: Path) -> str:
    """Return the text of a YAML file, no more of it than the loader takes.

    Raises `Refused` when it is no ordinary file, too large, or no UTF-8.
    """
    try:
        raw = _bytes(path)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise Refused("unreadable", f"{shown(str(path), 200)} cannot be read: {why}") from error
    if len(raw) > MAX_BYTES:
        message = f"{shown(str(path), 200)} is larger than {MAX_BYTES // 1024} KiB"
        raise Refused("too_large", message)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            "not_utf8", str(_not_utf8(path, raw, error.start)), "save it as UTF-8"
        ) from error


def _path(id_or_path: str, search: Sequence[Path]) -> Path:
    if "/" in id_or_path or id_or_path.endswith(SUFFIXES):
        path = Path(id_or_path)
        if "\0" in id_or_path or not path.exists():
            raise Usage("no_playbook", f"there is no file {shown(id_or_path, 200)}")
        return path
    for path in _files(search):
        if path.stem == id_or_path:
            return path
    hint = did_you_mean(id_or_path, list_ids(search), "there is")
    raise Usage("no_playbook", f'no playbook is called "{shown(id_or_path)}"', hint)


def _files(search: Sequence[Path]) -> Iterator[Path]:
    """Yield the playbook files in the order in which they are looked for."""
    for directory in (*search, shipped_dir()):
        if directory.is_dir():
            found = (path for path in sorted(directory.iterdir()) if path.suffix in SUFFIXES)
            yield from (path for path in found if not id_flaw(path.stem) and path.is_file())


def _bytes(path: Path) -> bytes:
    # a pipe must not stop us when it is opened, nor a device when it is read
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is no ordinary file")
        return file.read(MAX_BYTES + 1)


def _not_utf8(path: Path, raw: bytes, start: int) -> Problem:
    before = raw[:start].decode("utf-8")
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    return Problem(shown(str(path), 200), line, column, "this is not UTF-8")
