"""The record: exports and imports."""

from __future__ import annotations

import contextlib
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crisisroom.cli.anchoring import head_json
from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import read_bytes
from crisisroom.cli.options import arg
from crisisroom.cli.output import note
from crisisroom.cli.overkey import A_HOST_FILE, READS, prints
from crisisroom.cli.progress import told
from crisisroom.core.errors import Refused, Usage
from crisisroom.report import FORMATS, PROFILES, parse_import, streams
from crisisroom.report.contract import Json, incident_json
from crisisroom.room import importing
from crisisroom.room.exporting import Exportable, exportable, note_export
from crisisroom.room.papers import (
    ABOUT,
    ALL,
    FOR,
    KEPT,
    READ,
    SIGNED,
    WROTE,
    Order,
    Papers,
    checked,
    write_papers,
)

_SAID = {
    READ: "read {done:,} of {of:,} entries",
    WROTE: "wrote {done:,} bytes",
    KEPT: "wrote {done:,} of {of:,} posts and kept things",
    SIGNED: "signed {done:,} of {of:,} files",
}


_FEW = 4  # files that are named one by one


async def _export(context: Context, args: Namespace) -> int:
    order = Order(
        format=args.format,
        profile=args.profile,
        zone=args.tz,
        evidence=args.evidence,
        sign=args.sign or bool(args.key),
        key=args.key,
    )
    checked(order)
    if args.output:
        return await _into_files(context, args, order)
    _needs_a_place(order)
    room = await context.here()
    with told(context.clock, _SAID[READ]) as progress:
        one = await exportable(room, args.inc, progress)
    (pieces,) = streams(one.record, order.format, profile=order.profile, zone=order.zone).values()
    await note_export(room, one, order.format, order.profile)  # before the first byte leaves
    _print(pieces)
    _say_number(one)
    return 0


def _needs_a_place(order: Order) -> None:
    """Refuse what one stream cannot hold."""
    several = "evidence" if order.evidence else "signature" if order.sign else ""
    if order.format in ("csv", ALL):
        message, hint = f"{order.format} is several files", "which folder they go to: -o FOLDER"
        raise Usage("output", message, f"say {hint}")
    if several:
        raise Usage("output", f"{several} comes as files of its own", "say where to: -o PATH")


def _print(pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


async def _into_files(context: Context, args: Namespace, order: Order) -> int:
    room = await context.here()
    folder, name = _place(args.output, order)
    phases = _Phases(context)
    try:
        made = await write_papers(
            room, args.inc, order, folder, name=name, force=args.force, progress=phases.show
        )
    finally:
        phases.clear()
    for line in made.left_out:
        note(f"left out: {line}")
    if made.missing:
        lost = "1 kept thing" if len(made.missing) == 1 else f"{len(made.missing)} kept things"
        note(f"without the bytes of {lost}: evidence check {made.one.id} says which")
    _say_written(context, order, made)
    _say_number(made.one)
    return 0


def _place(output: str, order: Order) -> tuple[Path, str]:
    """Return the folder, and the file's own name where one file was asked for by name."""
    target = Path(output)
    if order.format in ("csv", ALL) or target.is_dir() or output.endswith("/"):
        return target, ""
    if not target.parent.is_dir():
        hint = f"make {target.parent} first, or end it with / for a new folder"
        raise Refused("file", f"cannot write {target}: there is no such folder", hint)
    return target.parent, target.name


class _Phases:
    """How far the parts of an export are, one line after the other."""

    def __init__(self, context: Context) -> None:
        self._clock = context.clock
        self._now = ""
        self._open = contextlib.ExitStack()

    def show(self, phase: str, done: int, of: int) -> None:
        if phase != self._now:
            self.clear()
            self._now = phase
            self._progress = self._open.enter_context(told(self._clock, _SAID[phase]))
        self._progress(done, of)

    def clear(self) -> None:
        self._open.close()


def _say_written(context: Context, order: Order, made: Papers) -> None:
    files = [str(path) for path in _listed(made)]

    def thing() -> Json:
        return {
            "incident": made.one.id,
            "format": order.format,
            "profile": order.profile,
            "files": files,
            "left_out": [*made.left_out],
            "missing": [*made.missing],
            "head_hash": made.one.record.head_hash,
            "entry": made.entry,
        }

    context.show(thing, lambda: _lines(files, made.files[0].parent))


def _lines(files: Sequence[str], folder: Path) -> list[str]:
    if len(files) <= _FEW:
        return [f"wrote {path}" for path in files]
    page = next((f": look at {path} first" for path in files if path.endswith(".html")), "")
    return [f"wrote {len(files)} files to {folder}{page}"]


def _listed(made: Papers) -> list[Path]:
    """Return what to name: of evidence its folder, not each of its files."""
    return list(
        dict.fromkeys(
            path.parent if path.parent.name.endswith("-evidence") else path for path in made.files
        )
    )


def _say_number(one: Exportable) -> None:
    if one.id != one.record.incident.id:
        note(
            f"{one.id} was imported: in its own log, and so in this export, it is"
            f" {one.record.incident.id}"
        )


async def _import(context: Context, args: Namespace) -> int:
    entries, told = parse_import(read_bytes(args.file), args.file)
    room = await context.room()
    acted = await importing.take_in(room, entries, told)
    renumbered = f", which is {told.id} where it comes from" if told.id != acted.incident.id else ""
    context.show(
        lambda: (
            incident_json(acted.incident) | head_json(acted.incident) | {"entry": acted.entry.seq}
        ),
        lambda: [f"imported {acted.incident.id}{renumbered}: {len(entries)} entries"],
    )
    return 0


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=(*FORMATS, ALL), default="md", metavar="F", help="see below: md"
    )
    parser.add_argument(
        "--profile", choices=PROFILES, default="internal", metavar="P", help="see below: internal"
    )
    parser.add_argument(
        "--tz",
        default="",
        metavar="Z",
        help="the time zone of its times: the case's, if not said",
    )
    parser.add_argument(
        "-o",
        "--output",
        default="",
        metavar="PATH",
        help="the file, or the folder (ends in /); without it one file goes to stdout",
    )
    parser.add_argument(
        "--evidence",
        action="store_true",
        help="a folder beside it: kept files, pictures and posts by their hash, never opened",
    )
    parser.add_argument(
        "--sign", action="store_true", help="sign each file with your SSH key: FILE.sig"
    )
    parser.add_argument("--key", default="", metavar="PATH", help="the key to sign with")
    parser.add_argument("--force", action="store_true", help="write over what is there")
    parser.add_argument_group("formats (F)", _table(ABOUT))
    parser.add_argument_group("what is in it (P)", _table(FOR))


def _table(about: Mapping[Any, str]) -> str:
    return "\n".join(f"{name:9} {words}" for name, words in about.items())


VERBS = {
    "export": Verb(
        _export,
        _export_arguments,
        incident=True,
        over_key=READS.without(
            output=prints("-o"),
            evidence=prints("--evidence"),
            sign=prints("--sign"),
            key=A_HOST_FILE,
            force=prints("--force"),
        ),
    ),
    "import": Verb(_import, arg("file", "an export as json or jsonl, internal or legal")),
}
