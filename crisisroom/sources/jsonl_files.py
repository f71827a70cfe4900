"""Where JSON lines lie: a file that grows, a folder of such files, a named pipe.

A file is known by its number on the disk and how its first bytes look: it may be renamed,
shortened or replaced. A pipe gives everything once: the beginning of a line whose end has not
come yet lies in the cursor, and so survives a restart of the watcher.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
import weakref
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.errors import Unavailable
from crisisroom.core.mention import Incoming
from crisisroom.sources import Batch
from crisisroom.sources.jsonl import LINE_CAP, Bad, Problem, parse_lines, values_of
from crisisroom.text import clean_line

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_AT_ONCE = 2 << 20  # bytes of one file in one poll; more than a line
_ENOUGH = 4 << 20  # bytes after which a poll leaves the other files of a folder to the next
_HEAD = 256  # bytes by which a file is known again
_MOST_FILES = 1000
_SUFFIXES = (".jsonl", ".ndjson")
_PIPE_SIZE = 1 << 20  # bytes a pipe holds between two polls, where the system lets us ask


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a file has been read: bytes, lines, and the hash of its first `head` bytes."""

    inode: int = 0
    at: int = 0
    line: int = 0
    head: int = 0
    sha256: str = ""


class Part(msgspec.Struct, frozen=True):
    """What one reading of a file brought."""

    place: Place
    mentions: tuple[Incoming, ...]
    problems: tuple[Problem, ...]
    more: bool
    size: int  # bytes read


class JsonLinesSource:
    """A path that others write to; what it is, is looked at in every poll."""

    def __init__(self, source_id: str, path: str, clock: Clock) -> None:
        self.id = source_id
        self._path = Path(path)
        self._clock = clock
        self._pipe = -1

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Read whole lines after the cursor; a line without its end waits for the next poll.

        The last line of a file needs no end where it is a whole object already.
        """
        try:
            return await asyncio.to_thread(self._read, cursor)
        except OSError as error:
            reason = f"{self.id}: cannot read {self._path}: {error.strerror}"
            raise Unavailable("no-file", reason) from error

    def _read(self, cursor: dict[str, Any]) -> Batch:
        mode = self._path.stat().st_mode
        now = self._clock.now()
        if stat.S_ISDIR(mode):
            return read_folder(self._path, cursor, self.id, now)
        if stat.S_ISFIFO(mode):
            return self._read_pipe(cursor, now)
        part = read_file(self._path, _place(cursor), self.id, now)
        return Batch(
            part.mentions, msgspec.to_builtins(part.place), _note(part.problems), part.more
        )

    def _read_pipe(self, cursor: dict[str, Any], now: datetime) -> Batch:
        if self._pipe < 0:
            self._pipe = _open_pipe(self._path)
            weakref.finalize(self, os.close, self._pipe)
        begun = str(cursor.get("tail", "")).encode("latin-1")
        data = begun + _available(self._pipe, _AT_ONCE)
        cut = data.rfind(b"\n") + 1
        whole, tail = (data[:cut], data[cut:]) if len(data) - cut <= LINE_CAP else (data, b"")
        line = int(cursor.get("line", 0))
        found = list(parse_lines(BytesIO(whole), self.id, now, first=line + 1))
        after = {"tail": tail.decode("latin-1"), "line": line + whole.count(b"\n")}
        problems = [one for one in found if isinstance(one, Problem)]
        mentions = tuple(one for one in found if isinstance(one, Incoming))
        return Batch(mentions, after, _note(problems), len(data) - len(begun) >= _AT_ONCE)


def read_file(
    path: Path, before: Place, source: str, now: datetime, *, follow: bool = True
) -> Part:
    """Read what a regular file has more than `before`; OSError where it cannot be read.

    Without `follow`, a symbolic link is not read.
    """
    with _opened(path, follow) as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise OSError(0, "not a regular file")
        same = before.inode == state.st_ino and before.at <= state.st_size
        same = same and (not before.head or before.sha256 == _hash(file, before.head))
        start = before if same else Place(inode=state.st_ino)
        file.seek(start.at)
        data = file.read(_AT_ONCE)
        whole = _whole(data, start.at + len(data) >= state.st_size)
        at = start.at + len(whole)
        head = min(at, _HEAD)
        place = Place(
            state.st_ino,
            at,
            start.line + whole.count(b"\n"),
            head,
            _hash(file, head) if head else "",
        )
    found = list(parse_lines(BytesIO(whole), source, now, first=start.line + 1))
    return Part(
        place,
        tuple(one for one in found if isinstance(one, Incoming)),
        tuple(one for one in found if isinstance(one, Problem)),
        bool(whole) and at < state.st_size,
        len(whole),
    )


def read_folder(folder: Path, cursor: dict[str, Any], source: str, now: datetime) -> Batch:
    """Read every file of JSON lines in a folder; one that cannot be read stops no other.

    Files are read in turn: the first is the one after the last that was read. Symbolic links are
    not followed, and folders in it not entered. What is remembered of a deleted file goes.
    """
    before = msgspec.convert(cursor.get("files", {}), dict[str, Place])
    files, notes = _listed(folder)
    after = {key: before[key] for key, _ in files if key in before}
    mentions: list[Incoming] = []
    more, size, last = False, 0, cursor.get("last", "")
    for key, path in _in_turn(files, str(last)):
        if size >= _ENOUGH:
            more = True
            break
        try:
            part = read_file(path, before.get(key, Place()), source, now, follow=False)
        except OSError as error:
            notes.append(f"{clean_line(path.name)}: {error.strerror}")
            continue
        after[key], last = part.place, key
        mentions += part.mentions
        size, more = size + part.size, more or part.more
        if part.problems:
            notes.append(f"{clean_line(path.name)}: {_note(part.problems)}")
    kept = {"files": msgspec.to_builtins(after), "last": last}
    return Batch(tuple(mentions), kept, "; ".join(notes[:5]), more)


def _listed(folder: Path) -> tuple[list[tuple[str, Path]], list[str]]:
    """Return the files to read, oldest first, with what each is known by; and what is odd."""
    found: list[tuple[int, str, Path]] = []
    links = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.endswith(_SUFFIXES) or entry.name.startswith("."):
                continue
            links += entry.is_symlink()
            if entry.is_file(follow_symlinks=False):
                state = entry.stat(follow_symlinks=False)
                found.append((state.st_mtime_ns, str(state.st_ino), Path(entry.path)))
    found.sort()
    notes = [f"{links} symbolic links are not followed"] if links else []
    if len(found) > _MOST_FILES:
        notes.append(f"{len(found)} files; the newest {_MOST_FILES} are read: delete old ones")
    return [(key, path) for _, key, path in found[-_MOST_FILES:]], notes


def _in_turn(files: list[tuple[str, Path]], last: str) -> Iterator[tuple[str, Path]]:
    at = next((number for number, (key, _) in enumerate(files) if key == last), -1) + 1
    yield from files[at:]
    yield from files[:at]


def _opened(path: Path, follow: bool) -> Any:
    """Open a file for reading, without waiting where it has become a pipe."""
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    return os.fdopen(os.open(path, flags), "rb")


def _hash(file: Any, size: int) -> str:
    file.seek(0)
    return sha256(file.read(size)).hexdigest()


def _whole(data: bytes, at_end: bool) -> bytes:
    """Return the lines that are whole; a line longer than a reading counts as one."""
    cut = data.rfind(b"\n") + 1
    if at_end and len(data) - cut <= LINE_CAP:
        with contextlib.suppress(Bad):
            values_of(data[cut:])
            return data
    return data if not cut and len(data) == _AT_ONCE else data[:cut]


def _place(cursor: dict[str, Any]) -> Place:
    return msgspec.convert(cursor if "inode" in cursor else {}, Place)


def _open_pipe(path: Path) -> int:
    """Open a pipe to read it for good: as a writer too, so that it does not end between writers."""
    pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    with contextlib.suppress(ImportError, OSError, AttributeError):  # Linux only; 64 KiB elsewhere
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
    return pipe


def _available(pipe: int, most: int) -> bytes:
    """Read what a pipe holds now, at most so many bytes, without waiting for more."""
    parts, size = [], 0
    with contextlib.suppress(BlockingIOError):
        while size < most and (part := os.read(pipe, min(1 << 16, most - size))):
            parts.append(part)
            size += len(part)
    return b"".join(parts)


def _note(problems: tuple[Problem, ...] | list[Problem]) -> str:
    if not problems:
        return ""
    one = problems[0]
    others = f" (and {len(problems) - 1} more lines)" if len(problems) > 1 else ""
    return f"line {one.line}: {one.message}{others}"
