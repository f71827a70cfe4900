"""Mentions as JSON lines: what a line may be, and one clear problem where it is none.

Where the lines come from, a file that grows, a folder or a pipe, is in `jsonl_files`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, get_args

import msgspec

from crisisroom.core.mention import Author, Incoming, Media, MentionKind
from crisisroom.sources import Source, Watched, options_as
from crisisroom.wire.dates import clamp

if TYPE_CHECKING:
    from crisisroom.clock import Clock

LINE_CAP = 1 << 20  # bytes
_MOST_REACH = 2**53
_NAMES = {name for one in (Incoming, Author, Media) for name in one.__struct_fields__}
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
        return mention_of(values_of(line), source, now)
    except Bad as error:
        return Problem(number, str(error))


class Bad(Exception):
    """What is wrong with a line, in words."""


def _skip_rest(stream: BinaryIO) -> None:
    while (rest := stream.readline(LINE_CAP)) and not rest.endswith(b"\n"):
        continue


def values_of(line: bytes) -> dict[str, Any]:
    """Return the object that a line is; Bad where it is none."""
    values = json_of(line)
    if not isinstance(values, dict):
        raise Bad('not a JSON object: write {"text": "…"}')
    return values


def json_of(line: bytes) -> Any:
    """Read JSON strictly: UTF-8, each key once, no NaN; Bad says what is wrong."""
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Bad(f"not UTF-8 at byte {error.start + 1}") from error
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Bad(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    except (RecursionError, ValueError) as error:
        raise Bad(f"not JSON we read: {str(error)[:80]}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        name = _sound(key)
        if name in values:
            raise Bad(f"the key {name!r} stands twice" if name in _NAMES else "a key stands twice")
        values[name] = _sound(value) if isinstance(value, str) else value
    return values


def _sound(text: str) -> str:
    """Return the text without half characters, which no database takes."""
    return _SURROGATE.sub("\ufffd", text)


def _no_constant(name: str) -> NoReturn:
    raise Bad(f"{name} is no JSON")


def mention_of(values: dict[str, Any], source: str, now: datetime | None) -> Incoming:
    """Return the mention that an object says; Bad with the field that is none."""
    try:
        mention = msgspec.convert(_without_nulls(values), Incoming)
    except msgspec.ValidationError as error:
        raise Bad(_in_words(error)) from error
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
    """Return what is wrong with which field; never what stands there, which a state would keep."""
    message, _, path = str(error).partition(" - at `$.")
    if message.startswith("Invalid enum value"):
        message = f"not one of {', '.join(get_args(MentionKind))}"
    return f"{path.rstrip('`')}: {message}" if path else message


def _check(mention: Incoming) -> None:
    if not mention.text.strip() and not mention.media:
        raise Bad("text: empty")
    reach = mention.author.reach
    if reach is not None and not 0 <= reach <= _MOST_REACH:
        raise Bad(f"author.reach: not between 0 and {_MOST_REACH}")


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment and moment.tzinfo is None:
        raise Bad(
            "posted_at: no time zone; end it with Z or an offset, like 2026-11-21T03:07:00+01:00"
        )
    try:
        return moment and moment.astimezone(UTC)
    except OverflowError as error:
        raise Bad("posted_at: before the first year or after the last") from error


def _content_id(values: dict[str, Any]) -> str:
    """Return a hash of the line's content: the same line again is the same mention."""
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return f"sha256:{sha256(canonical.encode('ascii')).hexdigest()}"


class JsonLinesOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a JSON lines source may say: the path of a file, a folder or a pipe."""

    path: str


def make(
    source_id: str,
    options: Mapping[str, Any],
    *,
    clock: Clock,
    token: str = "",
    watched: tuple[Watched, ...] = (),
) -> Source:
    """Build a JSON lines source from its options; files take no token."""
    from crisisroom.sources.jsonl_files import JsonLinesSource

    chosen = options_as(JsonLinesOptions, source_id, options)
    return JsonLinesSource(source_id, chosen.path, clock)
