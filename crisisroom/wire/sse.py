"""Server-sent events out of a stream of bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crisisroom.wire.answer import FetchError

_LINE_END = re.compile(rb"\r\n|\r|\n")
EVENT_CAP = 1 << 20  # bytes of one event, and of one line


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its name (`message` where none is given), its data, the last id seen."""

    name: str
    data: str
    id: str = ""


class EventReader:
    """Cuts a byte stream into events, whatever the chunks; oversized ones are a FetchError."""

    def __init__(self, cap: int = EVENT_CAP) -> None:
        self._cap = cap
        self._tail = bytearray()
        self._after_cr = False
        self._first = True
        self._name = ""
        self._id = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[Event]:
        """Take in bytes and yield the events they complete."""
        if not chunk:
            return
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r")
        *lines, tail = _LINE_END.split(chunk)
        for line in lines:
            self._tail += line
            whole, self._tail = bytes(self._tail), bytearray()
            yield from self._take(whole)
        self._tail += tail
        self._check(len(self._tail))

    def _take(self, line: bytes) -> Iterator[Event]:
        self._check(len(line))
        text = line.decode("utf-8", "replace")
        if self._first:
            text, self._first = text.removeprefix("\ufeff"), False
        if not text:
            yield from self._dispatch()
            return
        name, _, value = text.partition(":")
        self._field(name, value.removeprefix(" "))

    def _field(self, name: str, value: str) -> None:
        if name == "event":
            self._name = value
        elif name == "data":
            self._size += len(value) + 1
            self._check(self._size)
            self._data.append(value)
        elif name == "id" and "\0" not in value:
            self._id = value

    def _dispatch(self) -> Iterator[Event]:
        if self._data:
            yield Event(self._name or "message", "\n".join(self._data), self._id)
        self._name, self._data, self._size = "", [], 0

    def _check(self, size: int) -> None:
        if size > self._cap:
            raise FetchError("too_large", f"an event of more than {self._cap} bytes")
