"""The program's own log: one line an event, for machines and for grep.

`time level component event key=value …`: values are ids, codes, counts and durations. Free words
have no place in it: what is not of that shape is written as `?`.
"""

from __future__ import annotations

import fcntl
import os
import re
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TextIO

from crisisroom.clock import Clock
from crisisroom.core.timeline import stamp

LARGEST = 1_000_000  # bytes; the file is begun anew then
KEPT = 5  # predecessors: x.log.1 is the newest of them

Level = Literal["debug", "info", "warn", "error"]
Value = str | int | float | bool | None
LEVELS: tuple[Level, ...] = ("debug", "info", "warn", "error")
_SYSLOG: Mapping[Level, int] = {"debug": 7, "info": 6, "warn": 4, "error": 3}
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+<>,-]{0,119}", re.ASCII)
_NOT_OF_A_NAME = re.compile(r"[^a-z0-9._-]+", re.ASCII)
_FRAMES = 6


def state_folder() -> Path:
    """Return the private folder for logs and error reports."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "crisisroom"


def under_journal(stream: TextIO, env: Mapping[str, str] = os.environ) -> bool:
    """Tell whether what is written to a stream goes to systemd's journal."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return env.get("JOURNAL_STREAM", "") == f"{found.st_dev}:{found.st_ino}"


class Logbook:
    """Writes events to one file, 0600 from its first byte, or to a stream.

    It never fails: where nothing can be written, as on a full disk, the lines are counted, and the
    next one that can be written is preceded by how many are missing.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        *,
        component: str = "crisisroom",
        level: Level = "info",
        stream: TextIO | None = None,
        journal: bool = False,
    ) -> None:
        self.path = path
        self._clock = clock
        self._component = _name(component)
        self._least = LEVELS.index(level)
        self._stream = stream
        self._journal = journal
        self._missed = [0]  # lines, in one place for all parts of the program

    @classmethod
    def usual(cls, clock: Clock, name: str = "crisisroom", *, level: Level = "info") -> Logbook:
        """Return the log in this person's state folder."""
        return cls(state_folder() / f"{name}.log", clock, component=name, level=level)

    @classmethod
    def at(cls, where: str, clock: Clock, name: str, *, level: Level = "info") -> Logbook:
        """Return the log that was asked for: a file, `-` for stderr, empty for the usual one.

        Under systemd the usual one is the journal.
        """
        journal = under_journal(sys.stderr)
        if where == "-" or (not where and journal):
            nowhere = Path(os.devnull)
            return cls(
                nowhere, clock, component=name, level=level, stream=sys.stderr, journal=journal
            )
        if where:
            return cls(Path(where).absolute(), clock, component=name, level=level)
        return cls.usual(clock, name, level=level)

    def of(self, component: str) -> Logbook:
        """Return the same log for another part of the program."""
        other = Logbook.__new__(Logbook)
        other.__dict__.update(self.__dict__)
        other._component = _name(component)
        return other

    def event(self, event: str, level: Level = "info", /, **values: Value) -> None:
        """Write one event; values of another shape than ids, codes and numbers become `?`."""
        if LEVELS.index(level) < self._least:
            return
        pairs = "".join(f" {_name(key)}={_shown(value)}" for key, value in values.items())
        head = f"{stamp(self._clock.now())} {level} {self._component} {_name(event)}"
        self._write(f"{head} pid={os.getpid()}{pairs}", level)

    def error(self, event: str, error: BaseException, **values: Value) -> None:
        """Write an error: its kind, its code where it has one, and where it arose; never values.

        The words of an event are its name and ids: `source news` is written `source id=news`.
        """
        name, _, which = event.partition(" ")
        given: dict[str, Value] = {"id": which.replace(" ", "-")} if which else {}
        code = getattr(error, "code", None)
        given |= {"error": type(error).__name__, "code": code if isinstance(code, str) else None}
        self.event(name, "error", **given, at=_where(error), **values)

    def _write(self, line: str, level: Level) -> None:
        text = f"{self._lead(level)}{line}\n"
        if self._missed[0]:
            gap = f"{stamp(self._clock.now())} warn log log.gap pid={os.getpid()}"
            text = f"{self._lead('warn')}{gap} lines={self._missed[0]}\n{text}"
        try:
            if self._stream is not None:
                self._stream.write(text)
                self._stream.flush()
            else:
                self._append(text)
        except (OSError, ValueError):  # full, gone, closed: work goes on all the same
            self._missed[0] += 1
        else:
            self._missed[0] = 0

    def _lead(self, level: Level) -> str:
        """Return the level as the journal reads it, empty elsewhere."""
        return f"<{_SYSLOG[level]}>" if self._journal else ""

    def _append(self, text: str) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            descriptor = _opened(self.path)
            try:
                if not _in_turn(descriptor, self.path):
                    continue  # somebody began it anew just now
                _written(descriptor, text.encode())
                if os.fstat(descriptor).st_size > LARGEST:
                    _begin_anew(self.path)
                return
            finally:
                os.close(descriptor)


def _opened(path: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
    return os.open(path, flags, 0o600)


def _in_turn(descriptor: int, path: Path) -> bool:
    """Wait for other writers; tell whether the file is still the one at that path."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    ours = os.fstat(descriptor)
    try:
        now = path.lstat()
    except FileNotFoundError:
        return False
    return (ours.st_dev, ours.st_ino) == (now.st_dev, now.st_ino)


def _written(descriptor: int, data: bytes) -> None:
    """Write a line whole, or nothing of it."""
    before = os.fstat(descriptor).st_size
    if os.write(descriptor, data) != len(data):
        os.ftruncate(descriptor, before)
        raise OSError("no space for the whole line")


def _begin_anew(path: Path) -> None:
    """Give the file a number, and its predecessors the next ones; the oldest goes."""
    for number in range(KEPT - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    path.replace(path.with_name(f"{path.name}.1"))


def _name(words: str) -> str:
    return _NOT_OF_A_NAME.sub("-", words.lower()).strip("-") or "event"


def _shown(value: Value) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, int):
        return str(value)
    return value if _WORD.fullmatch(value) else "?"


def _where(error: BaseException) -> str:
    """Return the last frames, innermost last: file:line:function, of our own code only."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = (f"{Path(one.filename).name}:{one.lineno}:{one.name}" for one in frames)
    return ">".join(re.sub(r"[^A-Za-z0-9._:-]", "", place) for place in places)[-120:].lstrip(
        "<>:.,-"
    )
