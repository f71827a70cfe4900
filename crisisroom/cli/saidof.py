"""Options of verbs that write something down: when it was, what it is about, who may read it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime
from typing import TypedDict

from crisisroom.cli.context import Context
from crisisroom.cli.options import AT, arg, takes


class Beside(TypedDict):
    """What use cases take of it; see `room.written`."""

    at: datetime | None
    about: tuple[str, ...]
    visibility: str


def beside(context: Context, args: Namespace) -> Beside:
    """Return what a command line says of the entry it makes; the room has to be open."""
    return Beside(
        at=context.moment(args.at), about=tuple(args.about), visibility=args.visibility or ""
    )


def _readers(parser: ArgumentParser) -> None:
    either = parser.add_mutually_exclusive_group()
    for readers, help in (("legal", "for Legal alone"), ("public", "for everybody")):
        either.add_argument(
            f"--{readers}", action="store_const", const=readers, dest="visibility", help=help
        )


ABOUT = arg(
    "--about",
    "what it concerns: M-12, ST-3, N-3, T:TASK, F:FACT, C:CONTACT, E:ENTRY …; may be repeated",
    action="append",
    default=[],
    metavar="THING",
)

BESIDE = takes(AT, ABOUT, _readers)
