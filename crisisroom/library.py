"""Playbook files: by id or by path, from the room's own directory or as they are shipped."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.kinds import id_flaw
from crisisroom.core.problems import Problem, shown
from crisisroom.core.schema import did_you_mean
from crisisroom.core.yamltext import MAX_BYTES

if TYPE_CHECKING:
    from crisisroom.core.playbook import Playbook

SUFFIXES = (".yaml", ".yml")
_HERE = Path(__file__).resolve().parent


class NoText(Refused):
    """A file that is no UTF-8: `problem` says where it stops being it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__("not_utf8", str(problem), problem.hint)
        self.problem = problem


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


def load(
    id_or_path: str, search: Sequence[Path], *, today: date | None = None
) -> tuple[Playbook | None, list[Problem]]:
    """Find a playbook and read it with all it includes; None exactly when there are problems.

    With `today` what has grown old is a problem too. Raises like `find`.
    """
    path = _path(id_or_path, search)
    return load_file(path, read(path), today=today)


def load_file(
    path: Path, text: str, *, today: date | None = None
) -> tuple[Playbook | None, list[Problem]]:
    """Read a playbook's text, with the files it includes from the folder of `path`."""
    from crisisroom.core.playbook_load import load_playbook  # it is what pays for the parser
    from crisisroom.zones import known

    return load_playbook(text, str(path), read=beside(path), today=today, zone_known=known)


def beside(path: Path) -> Callable[[str], str | None]:
    """Return how the files are read that lie beside a playbook, and only those.

    What is read returns None for a file that is not there, and raises `Refused` for one that a
    link leads out of the folder, or that cannot be read as text.
    """
    folder = Path(os.path.realpath(path.parent))

    def read_beside(name: str) -> str | None:
        inside = Path(os.path.realpath(folder / name))
        if not inside.is_relative_to(folder):
            raise Refused("outside", f"{shown(name, 200)} leads out of the folder")
        return read(inside) if os.path.lexists(inside) else None

    return read_beside


def every(search: Sequence[Path]) -> tuple[Playbook, ...]:
    """Return all playbooks that can be read, by id; a broken one is left to `check`."""
    found = []
    for name in list_ids(search):
        try:
            playbook, _ = load(name, search)
        except Refused:
            continue
        found += [playbook] if playbook else []
    return tuple(found)


def list_ids(search: Sequence[Path]) -> tuple[str, ...]:
    """Return the ids of all playbooks that `find` would find, sorted."""
    return tuple(sorted({path.stem for path in _files(search)}))


def read(path: Path) -> str:
    """Return the text of a YAML file, no more of it than the loader takes.

    Raises `Refused` when it is no ordinary file or too large, and `NoText` when it is no UTF-8.
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
        raise NoText(_not_utf8(path, raw, error.start)) from error


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
    name = shown(str(path), 200)
    return Problem(name, line, column, "this is not UTF-8", "save the file as UTF-8", "not_utf8")
