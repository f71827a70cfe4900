"""Moving a room between a file and a server by the command line, and taking that back."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.options import arg, flag, takes
from crisisroom.cli.output import note
from crisisroom.report.contract import plainly
from crisisroom.room import moving
from crisisroom.room.moving import Moved

STEP = 10_000  # rows of a table after which it is said how far it is


async def _move(context: Context, args: Namespace) -> int:
    room = await context.here()
    if told := _told():
        note(f"moving {room.address}: it can be read meanwhile, and not be written to")
    moved = await moving.move(room, args.address, told)
    context.show(lambda: plainly(moved), lambda: _lines(moved))
    return 0


def _told() -> Callable[[str, int], None] | None:
    """Return what to call with each step, None where nobody looks."""
    if not sys.stderr.isatty():
        return None
    return lambda table, done: note(f"{table}: {done:,}") if done % STEP == 0 else None


def _lines(moved: Moved) -> Iterator[str]:
    yield f"moved {moved.source} to {moved.target}"
    yield (
        f"{moved.entries:,} entries and {moved.mentions:,} mentions are there,"
        f" every chain ends as it did; head {moved.head}"
    )
    yield f"set room.address to {moved.target} where crisisroom.yaml names the old place"
    yield "print authorized-keys and units again where you use them: they name the old place too"
    yield "start the watchers anew at the new place: those of the old one end by themselves"
    yield f"{moved.source} stays as it is, takes no more words, and says where the room is now"


async def _stay(context: Context, args: Namespace) -> int:
    room = await context.here()
    gone = await moving.stay(room, force=args.force)
    context.show(
        lambda: {"room": room.address, "was": gone.to},
        lambda: [f"the room is at {room.address} again; {gone.to} takes no more words"],
    )
    return 0


VERBS = {
    "room move": Verb(
        _move,
        takes(arg("address", "a new file, or postgresql://… of an empty database")),
        serves=True,
    ),
    "room stay": Verb(
        _stay,
        takes(flag("--force", "even where the other place cannot be asked, or went on")),
        serves=True,
    ),
}
