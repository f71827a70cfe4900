"""Canonical JSON (RFC 8785) and the hashes that the log is chained by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_SAFE_INTEGER = 2**53 - 1


def canonical(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON value; TypeError or ValueError for what has none.

    Floats are refused: nothing in the log needs one, and their text form is a trap.
    """
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def _ordered(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int():
            if abs(value) > _SAFE_INTEGER:
                raise ValueError(f"{value} is beyond what JSON numbers keep exactly")
            return value
        case list() | tuple():
            return [_ordered(item) for item in value]
        case dict() if all(isinstance(key, str) for key in value):
            return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    raise TypeError(f"{type(value).__name__} has no canonical JSON form")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def digest(value: Any) -> str:
    """Return the SHA-256 of a value's canonical JSON, as 64 hex digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes: what an approval is of."""
    return hashlib.sha256(text.encode()).hexdigest()


def bundle_hash(text: str, variants: Mapping[str, str]) -> str:
    """Return what an approval is of: the text's hash, or that of the text with all its variants."""
    if not variants:
        return text_hash(text)
    return digest({"text": text, "variants": dict(variants)})


def salted(salt: str, text: str) -> str:
    """Return the salted SHA-256 that stands for personal text inside the chain."""
    return hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()
