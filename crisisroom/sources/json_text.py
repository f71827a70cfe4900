"""JSON as strangers' servers write it."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

_Thing = TypeVar("_Thing", bound=msgspec.Struct)
_ESCAPE = re.compile(
    rb"\\(?:u([dD][89abAB][0-9a-fA-F]{2})(\\u[dD][c-fC-F][0-9a-fA-F]{2})?"
    rb"|u([dD][c-fC-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def decode(body: bytes, model: type[_Thing]) -> _Thing:
    """Read JSON of this shape; ValueError, RecursionError or OverflowError where it is none.

    Half a character, as programs write that cut texts by their length, becomes U+FFFD: one post
    must not make all the others unreadable.
    """
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        return msgspec.json.decode(body, type=model)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        mended = _ESCAPE.sub(_whole, body)
        if mended == body:
            raise
        return msgspec.json.decode(mended, type=model)


def _whole(found: re.Match[bytes]) -> bytes:
    alone = found[3] or (found[1] and not found[2])
    return rb"\ufffd" if alone else found[0]
