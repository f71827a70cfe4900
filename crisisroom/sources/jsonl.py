"""Mentions as JSON lines: from a pipe, or from a file that grows."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import msgspec

from crisisroom.core.errors import Unavailable
from crisisroom.core.mention import Incoming
from crisisroom.sources import Batch, Watched, options_as
from crisisroom.wire.dates import clamp

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

LINE_CAP = 1 << 20  # bytes
_MOST_REACH = 2**53
_AT_ONCE = 2 << 20  # bytes of one poll; more than a line
_SURROGATE = re.compile("[\ud800-\udfff]")


class Problem(msgspec.Struct, frozen=True):
    """Why a line is no mention, by its number from 1."""

    line: int
    message: str


def parse_lines(
    stream: BinaryIO, source: str, now: datetime | None = None, *, first: int = 1
) -> Iterator[Incoming | Problem]:
    """Yield a mention or a problem for each line; blank lines are skipped.

    `source` is for mentions that name none. With `now`, times far off are clamped to it.
    """
    number = first - 1
    while line := stream.readline(LINE_CAP + 1):
        number += 1
        if len(line) > LINE_CAP and not line.endswith(b"\n"):
            _skip_rest(stream)
            yield Problem(number, f"longer than {LINE_CAP} bytes")
        elif line.strip():
            yield parse_line(line, number, source, now)


def parse_line(
    line: bytes, number: int, source: str, now: datetime | None = None
) -> Incoming | Problem:
    """Return the mention of one line, or the one problem with it."""
    try:
        return _mention(_values(line), source, now)
    except _Bad as error:
        return Problem(number, str(error))


class _Bad(Exception):
    """What is wrong with a line, in words."""


def _skip_rest(stream: BinaryIO) -> None:
    while (rest := stream.readline(LINE_CAP)) and not rest.endswith(b"\n"):
        continue


def _values(line: bytes) -> dict[str, Any]:
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Bad(f"not UTF-8 at byte {error.start + 1}") from error
    try:
        values = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _Bad(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    except (RecursionError, ValueError) as error:
        raise _Bad(f"not JSON we read: {str(error)[:80]}") from error
    if not isinstance(values, dict):
        raise _Bad('not a JSON object: write {"text": "…"}')
    return values


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        name = _sound(key)
        if name in values:
            raise _Bad(f"the key {name[:60]!r} stands twice")
        values[name] = _sound(value) if isinstance(value, str) else value
    return values


def _sound(text: str) -> str:
    """Return the text without half characters, which no database takes."""
    return _SURROGATE.sub("\ufffd", text)


def _no_constant(name: str) -> NoReturn:
    raise _Bad(f"{name} is no JSON")


def _mention(values: dict[str, Any], source: str, now: datetime | None) -> Incoming:
    try:
        mention = msgspec.convert(_without_nulls(values), Incoming)
    except msgspec.ValidationError as error:
        raise _Bad(_in_words(error)) from error
    _check(mention)
    posted_at = _in_utc(mention.posted_at)
    if posted_at and now:
        posted_at = clamp(posted_at, now)
    return msgspec.structs.replace(
        mention,
        source=mention.source or source,
        external_id=mention.external_id or _content_id(values),
        posted_at=posted_at,
    )


def _without_nulls(values: dict[str, Any]) -> dict[str, Any]:
    """Take a null for a field that is not there, one level into the author as well."""
    kept = {key: value for key, value in values.items() if value is not None}
    if isinstance(author := kept.get("author"), dict):
        kept["author"] = {key: value for key, value in author.items() if value is not None}
    return kept


def _in_words(error: msgspec.ValidationError) -> str:
    message, _, path = str(error).partition(" - at `$.")
    return f"{path.rstrip('`')}: {message}" if path else message


def _check(mention: Incoming) -> None:
    if not mention.text.strip() and not mention.media:
        raise _Bad("text: empty")
    reach = mention.author.reach
    if reach is not None and not 0 <= reach <= _MOST_REACH:
        raise _Bad(f"author.reach: not between 0 and {_MOST_REACH}")


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment and moment.tzinfo is None:
        raise _Bad(
            "posted_at: no time zone; end it with Z or an offset, like 2026-11-21T03:07:00+01:00"
        )
    try:
        return moment and moment.astimezone(UTC)
    except OverflowError as error:
        raise _Bad("posted_at: before the first year or after the last") from error


def _content_id(values: dict[str, Any]) -> str:
    """Return a hash of the line's content: the same line again is the same mention."""
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return f"sha256:{sha256(canonical.encode('ascii')).hexdigest()}"


# --- a file that grows --------------------------------------------------------------------------


class JsonLinesOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a JSON lines source may say: the file's path."""

    path: str


class JsonLinesSource:
    """A file that others append to; a replaced or shortened file is read from its beginning."""

    def __init__(self, source_id: str, options: JsonLinesOptions, clock: Clock) -> None:
        self.id = source_id
        self._path = Path(options.path)
        self._clock = clock

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Read whole lines after the cursor; a line without its end waits for the next poll."""
        try:
            return await asyncio.to_thread(self._read, cursor)
        except OSError as error:
            reason = f"{self.id}: cannot read {self._path}: {error.strerror}"
            raise Unavailable("no-file", reason) from error

    def _read(self, cursor: dict[str, Any]) -> Batch:
        with self._path.open("rb") as file:
            state = os.fstat(file.fileno())
            same = cursor.get("inode") == state.st_ino and cursor["at"] <= state.st_size
            at, line = (cursor["at"], cursor["line"]) if same else (0, 0)
            file.seek(at)
            data = file.read(_AT_ONCE)
        whole = (
            data if len(data) == _AT_ONCE and b"\n" not in data else data[: data.rfind(b"\n") + 1]
        )
        found = list(parse_lines(BytesIO(whole), self.id, self._clock.now(), first=line + 1))
        mentions = tuple(one for one in found if isinstance(one, Incoming))
        problems = [one for one in found if isinstance(one, Problem)]
        at, line = at + len(whole), line + whole.count(b"\n")
        after = {"inode": state.st_ino, "at": at, "line": line}
        more = bool(whole) and at < state.st_size
        return Batch(mentions, after, _note(problems), more)


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> JsonLinesSource:
    """Build a JSON lines source from its options; files take no token."""
    return JsonLinesSource(source_id, options_as(JsonLinesOptions, source_id, options), clock)


def _note(problems: list[Problem]) -> str:
    if not problems:
        return ""
    one = problems[0]
    others = f" (and {len(problems) - 1} more lines)" if len(problems) > 1 else ""
    return f"line {one.line}: {one.message}{others}"
