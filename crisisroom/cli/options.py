"""What verbs take: arguments with their help, said once and used in many verbs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from crisisroom.core.errors import Usage

Adder = Callable[[argparse.ArgumentParser], None]
Thing = TypeVar("Thing")

LONGEST = 1 << 20  # bytes of a text given on stdin


def takes(*adders: Adder) -> Adder:
    """Return what adds all of these to a parser."""

    def add(parser: argparse.ArgumentParser) -> None:
        for adder in adders:
            adder(parser)

    return add


def arg(name: str, help: str, **more: Any) -> Adder:
    """Return an argument or option with its help; arguments stand in capitals in it."""
    if not name.startswith("-") and "choices" not in more:
        more = {"metavar": name.upper(), **more}

    def add(parser: argparse.ArgumentParser) -> None:
        parser.add_argument(name, help=help, **more)

    return add


def option(name: str, help: str, **more: Any) -> Adder:
    """Return an option that is empty where it is not given."""
    return arg(name, help, default="", **more)


def flag(name: str, help: str) -> Adder:
    """Return an option that is either there or not."""
    return arg(name, help, action="store_true")


def text(name: str, help: str, *, optional: bool = False) -> Adder:
    """Return free words at the end of a command line, `-` for those on stdin; see `words`."""
    return arg(name, f"{help}; - reads it from stdin", nargs="*" if optional else "+")


def words(given: Sequence[str]) -> str:
    """Return the free words of a command line as one text."""
    return _from_stdin() if list(given) == ["-"] else " ".join(given)


def _from_stdin() -> str:
    raw = sys.stdin.buffer.read(LONGEST + 1)
    if len(raw) > LONGEST:
        raise Usage("stdin", f"what came in on stdin is longer than {LONGEST} bytes")
    try:
        return raw.decode().removesuffix("\n")
    except UnicodeDecodeError as error:
        raise Usage("stdin", f"stdin is not UTF-8 at byte {error.start + 1}") from None


AT = option("--at", "when it happened: -12m, 09:12 or RFC 3339", metavar="TIME")

PAGING = takes(
    arg("--limit", "at most so many", type=int, metavar="N"),
    option("--after", "only what follows this one: the last id of the page before", metavar="ID"),
)


def paged(
    things: Sequence[Thing], args: argparse.Namespace, id_of: Callable[[Thing], str]
) -> Sequence[Thing]:
    """Return the part of a list that --after and --limit ask for."""
    limit = checked_limit(args)
    if args.after:
        ids = [id_of(thing) for thing in things]
        if args.after not in ids:
            raise Usage("after", f"{args.after} is not in this list")
        things = things[ids.index(args.after) + 1 :]
    return things if limit is None else things[:limit]


def checked_limit(args: argparse.Namespace) -> int | None:
    """Return --limit; Usage for less than one."""
    limit: int | None = args.limit
    if limit is not None and limit < 1:
        raise Usage("limit", "--limit is 1 or more")
    return limit
