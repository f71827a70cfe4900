"""Answers of strangers' programs, read into what we expect of them or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

_Thing = TypeVar("_Thing")


def read(model: type[_Thing], body: bytes) -> _Thing | None:
    """Return the thing that a JSON text says; None where it is no such thing."""
    try:
        return msgspec.json.decode(body, type=model)
    except (ValueError, RecursionError, OverflowError):
        return None


def readable(model: type[_Thing], raws: Iterable[msgspec.Raw]) -> list[_Thing]:
    """Return those of several things that make sense."""
    made = (read(model, bytes(raw)) for raw in raws)
    return [one for one in made if one is not None]


def without(text: str, secrets: Iterable[str]) -> str:
    """Return the text with no secret in it, should the other side have repeated ours."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "…")
    return text
