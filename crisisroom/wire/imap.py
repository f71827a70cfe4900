"""IMAP responses out of bytes: only what reading a mailbox needs, under caps."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crisisroom.wire.answer import FetchError
from crisisroom.wire.dates import parse

Value = str | bytes | None | list["Value"]  # an atom, a string, NIL, a list

_LITERAL = re.compile(rb"\{([0-9]{1,10})\+?\}$")
_TOKEN = re.compile(rb'[()]|"(?:[^"\\]|\\.)*(?:"|\\?$)|[^\s()"]+', re.S)  # an open quote ends it
_ESCAPED = re.compile(rb"\\(.)", re.S)
_CODE = re.compile(rb"\[([A-Za-z0-9-]+)(?: ([^\]]*))?\]")
_DEEPEST = 16
_MOST_VALUES = 1_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """One response: its tag (`*` where it has none, `+` to go on) and what it says."""

    tag: str
    values: tuple[Value, ...]
    line: bytes  # without its literals

    @property
    def name(self) -> str:
        """Its word in upper case: OK, SEARCH, or EXISTS of `5 EXISTS`."""
        words = [one for one in self.values[:2] if isinstance(one, str)]
        if words and words[0].isdecimal():
            words = words[1:]
        return words[0].upper() if words else ""

    @property
    def number(self) -> int:
        """The number that it begins with, 0 where it has none."""
        first = self.values[0] if self.values else None
        return int(first[:10]) if isinstance(first, str) and first.isdecimal() else 0

    @property
    def code(self) -> tuple[str, str]:
        """The code in brackets, as of `OK [UIDVALIDITY 7] …`, and what it says."""
        found = _CODE.search(self.line)
        if found is None:
            return "", ""
        return _text(found[1]).upper(), _text(found[2] or b"")

    @property
    def words(self) -> str:
        """What it says to people, for messages."""
        return _text(self.line).partition(" ")[2][:160]


def literal_size(line: bytes) -> int | None:
    """Return how many bytes of a literal follow this line; None where none does."""
    found = _LITERAL.search(line)
    return int(found[1]) if found else None


def read(parts: Sequence[bytes]) -> Reply:
    """Return the response made of lines and the literals between them; FetchError for nonsense.

    Parts at odd places are literals, each announced by the line before it.
    """
    reading = _Reading()
    for number, part in enumerate(parts):
        if number % 2:
            reading.put(part)
        else:
            reading.take(_LITERAL.sub(b"", part) if number + 1 < len(parts) else part)
    tag, *values = reading.whole() or [""]
    if not isinstance(tag, str) or not tag:
        raise FetchError("protocol", "not IMAP: a line without its tag")
    return Reply(tag, tuple(values), b"".join(parts[::2]))


def pairs(reply: Reply) -> Iterator[tuple[str, Value]]:
    """Yield what a FETCH response says: names in upper case and values."""
    inner = reply.values[2] if len(reply.values) > 2 else None
    if isinstance(inner, list):
        for key, value in zip(inner[::2], inner[1::2], strict=False):
            if isinstance(key, str):
                yield key.upper(), value


def quoted(text: str) -> str:
    """Return a text as IMAP's quoted string; ValueError for what only a literal could say."""
    if not text.isascii() or not text.isprintable():
        raise ValueError("not plain ASCII")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True)
class Raw:
    """A message as the server has it: its beginning, and when it came."""

    uid: int
    data: bytes
    came_at: datetime | None


@dataclass(slots=True)
class _Reading:
    """Values as they come, lists within lists."""

    _stack: list[list[Value]] = field(default_factory=lambda: [[]])
    _left: int = _MOST_VALUES

    def put(self, value: Value) -> None:
        self._left -= 1
        if self._left < 0:
            raise FetchError("too_large", f"an answer of more than {_MOST_VALUES} values")
        self._stack[-1].append(value)

    def take(self, line: bytes) -> None:
        for found in _TOKEN.finditer(line):
            token = found[0]
            if token == b"(":
                self._open()
            elif token == b")":
                if len(self._stack) > 1:
                    self._stack.pop()
            elif token.startswith(b'"'):
                self.put(_ESCAPED.sub(rb"\1", token[1:].removesuffix(b'"')))
            else:
                self.put(None if token.upper() == b"NIL" else _text(token))

    def whole(self) -> list[Value]:
        return self._stack[0]

    def _open(self) -> None:
        if len(self._stack) >= _DEEPEST:
            raise FetchError("protocol", "an answer nested too deeply")
        inner: list[Value] = []
        self.put(inner)
        self._stack.append(inner)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def folder_name(name: str) -> str:
    """Return a folder's name as IMAP writes it: letters beyond ASCII in its own UTF-7."""
    return quoted("".join(_seven_bits(name)))


def _seven_bits(name: str) -> Iterator[str]:
    run = ""
    for letter in [*name, ""]:
        if letter and not " " <= letter <= "~":
            run += letter
            continue
        if run:
            packed = b64encode(run.encode("utf-16-be")).decode().rstrip("=")
            yield f"&{packed.replace('/', ',')}-"
            run = ""
        yield "&-" if letter == "&" else letter


def message_in(reply: Reply) -> Raw | None:
    """Return the message that a FETCH response carries."""
    uid, data, came_at = 0, None, None
    for key, value in pairs(reply):
        if key == "UID" and isinstance(value, str) and value.isdecimal():
            uid = int(value[:10])
        elif key == "INTERNALDATE" and isinstance(value, bytes):
            came_at = parse(value.decode("ascii", "replace").replace("-", " ", 2))
        elif key.startswith("BODY[") and isinstance(value, bytes):
            data = value
    return Raw(uid, data, came_at) if uid and data is not None else None


def uids_in(reply: Reply) -> Iterator[int]:
    """Yield the number of the message that a FETCH response is about."""
    for key, value in pairs(reply):
        if key == "UID" and isinstance(value, str) and value.isdecimal():
            yield int(value[:10])
