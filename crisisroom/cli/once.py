"""What a command id stands for: the act that was asked for, told apart from every other one."""

from __future__ import annotations

import hashlib
import re
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

import msgspec

from crisisroom.cli.options import words

_ID = re.compile(r"[A-Za-z]{1,4}-[0-9]{1,9}", re.ASCII)  # M-12, ST-1: names nobody
_DIGITS = 8  # of the digest: enough to tell acts apart, too few to guess words by


def settled(args: Namespace) -> None:
    """Read free words that come on stdin now: they are part of what is asked for."""
    for name, value in vars(args).items():
        if value == ["-"]:
            setattr(args, name, [words(value)])


def act(verb: str, args: Namespace, person: str) -> str:
    """Return what a person asks for by a verb and its arguments, as a command id remembers it.

    Only ids stand in it as they are: free words may tell of people, and are a digest.
    """
    from crisisroom.store.settings import act_of

    given = {name: value for name, value in sorted(vars(args).items())}
    asked = msgspec.json.encode([verb, person, given])
    named = " ".join((verb, *_ids(given.values()), "by", person))
    return act_of(named, hashlib.sha256(asked).hexdigest()[:_DIGITS])


def _ids(values: Any) -> Iterator[str]:
    for value in values:
        if isinstance(value, list):
            yield from _ids(value)
        elif isinstance(value, str) and _ID.fullmatch(value):
            yield value.upper()
