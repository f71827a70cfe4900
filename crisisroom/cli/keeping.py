"""Keeping the room: backups, and a backup put in its place again."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import read_bytes
from crisisroom.cli.options import arg, flag, option, takes
from crisisroom.core.errors import Refused, Usage
from crisisroom.report.anchor import Anchors, parse
from crisisroom.report.contract import Json, plainly
from crisisroom.room import keeping
from crisisroom.room.copies import Copy
from crisisroom.room.keeping import KEPT, Backup, Restored

_HASH = re.compile(r"[0-9a-f]{12,64}", re.IGNORECASE | re.ASCII)


async def _backup(context: Context, args: Namespace) -> int:
    if bool(args.path) == bool(args.to):
        raise Usage("backup", "say where to", "backup FILE, or backup --to FOLDER --keep 14")
    if args.keep is not None and not args.to:
        raise Usage("keep", "--keep goes with --to FOLDER", "backup --to FOLDER --keep 14")
    room = await context.here()
    if args.to:
        keep = KEPT if args.keep is None else args.keep
        done = await keeping.backup_to(room, Path(args.to), keep)
    else:
        done = await keeping.backup(room, Path(args.path))
    context.show(lambda: _backup_json(done, args.path), lambda: _backup_lines(done, args.path))
    return 0


def _backup_json(done: Backup, given: str) -> Json:
    return {
        "file": given or str(done.path),
        "entry": done.entry.seq,
        "head_hash": done.copy.head,
        "entries": done.copy.entries,
        "incidents": len(done.copy.chains) - 1,
        "removed": [str(one) for one in done.removed],
    }


def _backup_lines(done: Backup, given: str) -> Iterator[str]:
    path = given or done.path
    yield f"copied the room to {path}; crisisroom --room {path} opens it"
    yield (
        f"read again and whole: {_entries(done.copy)}, nothing was altered; head {done.copy.head}"
    )
    for one in done.removed:
        yield f"removed {one}, the oldest"


def _entries(copy: Copy) -> str:
    return "1 entry" if copy.entries == 1 else f"{copy.entries:,} entries"


async def _restore(context: Context, args: Namespace) -> int:
    if "://" in context.address():
        hint = "--room NEW.db restore FILE makes a room of it; room move takes that to a server"
        raise Usage("no-file", f"{context.address()} is no file to put a copy in place of", hint)
    noted = args.anchor.strip()
    is_hash = _is_hash(noted)
    done = await keeping.restore(
        Path(args.file),
        Path(context.address()),
        actor=context.actor(),
        clock=context.clock,
        anchor=noted if is_hash else "",
        against=None if is_hash or not noted else _anchors(noted),
        force=args.force,
    )
    context.show(lambda: _restored_json(context, done), lambda: _restored_lines(context, done))
    return 0


def _is_hash(noted: str) -> bool:
    return bool(_HASH.fullmatch(noted)) and not Path(noted).exists()


def _anchors(name: str) -> Anchors:
    """Return the anchors of a file; Refused where it has none, or was changed."""
    found = parse(read_bytes(name), name)
    if found.problems:
        raise Refused("anchor", str(found.problems[0]), "anchor make writes one")
    return found


def _restored_json(context: Context, done: Restored) -> Json:
    return {
        "room": context.address(),
        "entry": done.entry.seq,
        "head_hash": done.copy.head,
        "entries": done.copy.entries,
        "behind": [plainly(one) | {"missing": one.missing} for one in done.lost],
        "replaced": str(done.aside) if done.aside else None,
        "erased_since": done.erased,
    }


def _restored_lines(context: Context, done: Restored) -> Iterator[str]:
    yield (
        f"restored {context.address()}: {_entries(done.copy)}, nothing was altered;"
        f" head {done.copy.head}"
    )
    yield from map(str, done.lost)
    if done.aside:
        yield f"the room that was there is kept: {done.aside}"
    if done.erased:
        since = "person was" if done.erased == 1 else "persons were"
        yield (
            f"{done.erased} {since} erased since this copy was made, and may be in the room again:"
            " erase them once more"
        )


VERBS = {
    "backup": Verb(
        _backup,
        takes(
            arg("path", "the new file", nargs="?", default=""),
            option("--to", "a folder that gets a file named after the time", metavar="FOLDER"),
            arg(
                "--keep", f"so many stay in the folder: {KEPT}", type=int, metavar="N", default=None
            ),
        ),
        serves=True,
    ),
    "restore": Verb(
        _restore,
        takes(
            arg("file", "a backup"),
            option(
                "--anchor",
                "what was noted elsewhere and has to be in it: a hash, or a file of anchors",
                metavar="HASH|FILE",
            ),
            flag("--force", "put it in the place of the room, which is kept beside it"),
        ),
    ),
}
