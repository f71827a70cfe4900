"""Where JSON lines lie: a file that grows, a folder of such files, a named pipe.

A file is known by its number on the disk and how its first bytes look: it may be renamed,
shortened or replaced. Of a pipe, see `jsonl_pipe`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
import weakref
from collections.abc import AsyncGenerator, Iterator
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.errors import Unavailable
from crisisroom.core.mention import Incoming
from crisisroom.sources import Batch, Told
from crisisroom.sources.jsonl import LINE_CAP, Bad, Problem, parse_lines, values_of
from crisisroom.sources.jsonl_pipe import AT_ONCE, Pipe
from crisisroom.sources.unread import Unread
from crisisroom.text import clean_line

if TYPE_CHECKING:
    from datetime import datetime

    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

_ENOUGH = 4 << 20  # bytes after which a poll leaves the other files of a folder to the next
_HEAD = 256  # bytes by which a file is known again
_MOST_FILES = 1000
_MOST_LOOKED = 10_000  # names of a folder in which a file that was moved is looked for
_SUFFIXES = (".jsonl", ".ndjson")


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a file has been read: bytes, lines, and the hash of its first `head` bytes."""

    inode: int = 0
    at: int = 0
    line: int = 0
    head: int = 0
    sha256: str = ""
    unread: Unread | None = None

    @property
    def note(self) -> str:
        """Return which of its lines could not be read, in words."""
        return self.unread.note if self.unread else ""


class Part(msgspec.Struct, frozen=True):
    """What one reading of a file brought."""

    place: Place
    mentions: tuple[Incoming, ...]
    more: bool
    size: int  # bytes read


class JsonLinesSource:
    """A path that others write to; what it is, is looked at in every poll."""

    def __init__(self, source_id: str, path: str, clock: Clock) -> None:
        self.id = source_id
        self._path = Path(path)
        self._clock = clock
        self._pipe: Pipe | None = None

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
        return read_path(self._path, cursor, self.id, now)

    def _read_pipe(self, cursor: dict[str, Any], now: datetime) -> Batch:
        pipe = Pipe.of(self._path)
        if pipe is not self._pipe:
            self._pipe = pipe
            pipe.hold()
            weakref.finalize(self, pipe.leave)
        return pipe.poll(cursor, self.id, now)

    async def stream(self, cursor: dict[str, Any], fetch: Fetcher) -> AsyncGenerator[Told, None]:
        """Yield what is written to a pipe, at once; nothing for a file or a folder."""
        try:
            if not stat.S_ISFIFO(self._path.stat().st_mode):
                return
            pipe = Pipe.of(self._path)
        except OSError:  # the poll beside it shows the reason
            return
        async with contextlib.aclosing(pipe.stream(cursor, self.id, self._clock.now)) as told:
            async for batch in told:
                yield batch


def read_path(path: Path, cursor: dict[str, Any], source: str, now: datetime) -> Batch:
    """Read what a file has more than the cursor tells, first the end of the one it follows.

    A log that is rotated is moved aside in its folder, and may be written to a little further:
    it is read on where it lies now until another takes its place.
    """
    before = _place(cursor)
    old = msgspec.convert(cursor.get("old", {}), Place)
    if before.inode and before.inode != path.stat().st_ino:
        old, before = before, Place()
    ended = _read_moved(path, old, source, now) if old.inode else None
    if ended is not None and ended.more:  # its order is that of the lines
        kept = msgspec.to_builtins(before) | {"old": msgspec.to_builtins(ended.place)}
        return Batch(ended.mentions, kept, ended.place.note, True)
    part = read_file(path, before, source, now)
    kept = msgspec.to_builtins(part.place)
    if ended is None:
        return Batch(part.mentions, kept, part.place.note, part.more)
    kept["old"] = msgspec.to_builtins(ended.place)
    note = "; ".join(filter(None, (ended.place.note, part.place.note)))
    return Batch((*ended.mentions, *part.mentions), kept, note, part.more)


def _read_moved(path: Path, old: Place, source: str, now: datetime) -> Part | None:
    """Read on in the file that stood at a path, where it lies now; None where it is gone."""
    try:
        found = _moved(path, old)
        return read_file(found, old, source, now, follow=False, anew=False) if found else None
    except OSError:
        return None


def _moved(path: Path, old: Place) -> Path | None:
    with os.scandir(path.parent) as entries:
        for entry in islice(entries, _MOST_LOOKED):
            if entry.inode() != old.inode or entry.name == path.name:
                continue
            known = old.head or entry.name.startswith(path.stem)  # numbers are given anew
            return Path(entry.path) if known else None
    return None


def read_file(
    path: Path,
    before: Place,
    source: str,
    now: datetime,
    *,
    follow: bool = True,
    anew: bool = True,
) -> Part:
    """Read what a regular file has more than `before`; OSError where it cannot be read.

    Without `follow`, a symbolic link is not read; without `anew`, another file than that before.
    """
    with _opened(path, follow) as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise OSError(0, "not a regular file")
        same = before.inode == state.st_ino and before.at <= state.st_size
        same = same and (not before.head or before.sha256 == _hash(file, before.head))
        if not (same or anew):
            raise OSError(0, "another file")
        start = before if same else Place(inode=state.st_ino)
        file.seek(start.at)
        data = file.read(AT_ONCE)
        whole = _whole(data, start.at + len(data) >= state.st_size)
        at = start.at + len(whole)
        found = list(parse_lines(BytesIO(whole), source, now, first=start.line + 1))
        unread = (start.unread or Unread()).and_(
            [one for one in found if isinstance(one, Problem)], now
        )
        head = min(at, _HEAD)
        place = Place(
            state.st_ino,
            at,
            start.line + whole.count(b"\n"),
            head,
            _hash(file, head) if head else "",
            unread if unread.lines else None,
        )
    return Part(
        place,
        tuple(one for one in found if isinstance(one, Incoming)),
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
        if part.place.note:
            notes.append(f"{clean_line(path.name)}: {part.place.note}")
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
    return data if not cut and len(data) == AT_ONCE else data[:cut]


def _place(cursor: dict[str, Any]) -> Place:
    return msgspec.convert(cursor if "inode" in cursor else {}, Place)
