"""Which log a report says it was made from: the hash of the newest entry then."""

from __future__ import annotations

import re

import msgspec

_HASH = rb"([0-9a-f]{64})(?![0-9a-f])"
_SAYS = (  # as our reports say it; the last one in a file is ours, quotes come before
    re.compile(rb"The newest has the hash `" + _HASH),
    re.compile(rb"Hash of the newest entry: " + _HASH),
    re.compile(rb"<dt>Hash of the newest entry</dt><dd><code>" + _HASH),
    re.compile(rb"/Keywords\s?\(log head " + _HASH),
    re.compile(rb"(?m)^[^\r\n]{0,400}\bhead_hash\b[^\r\n]{0,99}\r\n[^\r\n]{0,600}?" + _HASH),
)


class Named(msgspec.Struct, frozen=True):
    """A hash that a file names as its log's newest, and how many bytes stand before it."""

    head: str
    at: int


def heads_named(data: bytes, name: str) -> tuple[Named, ...]:
    """Return the heads that a file names, the last first; none where it is no report of ours."""
    found = [
        Named(match[1].decode(), match.start(1)) for says in _SAYS for match in says.finditer(data)
    ]
    return tuple(sorted(found, key=lambda one: -one.at))
