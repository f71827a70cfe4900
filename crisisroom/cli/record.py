"""The record: exports, the check that nothing was altered, imports, backups."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path

from crisisroom.cli.commands import Verb
from crisisroom.cli.context import Context
from crisisroom.cli.files import make_folder, read_bytes, write_files
from crisisroom.cli.options import arg, option, takes
from crisisroom.cli.output import document, note, say, say_all
from crisisroom.core.errors import Usage
from crisisroom.report import FORMATS, PROFILES, Problem, export, parse_import, verify_file
from crisisroom.report.contract import Json, incident_json, plainly
from crisisroom.room import Room, importing, keeping, verifying
from crisisroom.room.exporting import Exportable, exportable, note_export
from crisisroom.room.verifying import Checked

_INCIDENT = re.compile(r"INC-[0-9]+", re.IGNORECASE | re.ASCII)
_ROOM_FILE = b"SQLite format 3\0"


async def _export(context: Context, args: Namespace) -> int:
    if args.format == "csv" and not args.output:
        raise Usage("output", "csv is several files", "say which folder they go to: -o FOLDER")
    room = await context.here()
    one = await exportable(room, args.inc)
    files = export(one.record, args.format, profile=args.profile, zone=args.tz)
    if args.output:
        written = _written(files, args.output, force=args.force)
    else:
        written = []
        sys.stdout.buffer.write(next(iter(files.values())))
        sys.stdout.buffer.flush()
    entry = await note_export(room, one, args.format, args.profile)
    if args.output:
        _say_written(context, args, one, written, entry.seq)
    if one.id != one.record.incident.id:
        note(
            f"{one.id} was imported: in its own log, and so in this export, it is"
            f" {one.record.incident.id}"
        )
    return 0


def _say_written(
    context: Context, args: Namespace, one: Exportable, written: Sequence[Path], entry: int
) -> None:
    def thing() -> Json:
        return {
            "incident": one.id,
            "format": args.format,
            "profile": args.profile,
            "files": [str(path) for path in written],
            "head_hash": one.record.head_hash,
            "entry": entry,
        }

    context.show(thing, lambda: [f"wrote {path}" for path in written])


def _written(files: Mapping[str, bytes], output: str, *, force: bool) -> list[Path]:
    """Write an export: several files, or into a folder, under their own names."""
    target = Path(output)
    if len(files) > 1 or target.is_dir() or output.endswith("/"):
        make_folder(target)
        places = {target / name: data for name, data in files.items()}
    else:
        places = {target: next(iter(files.values()))}
    write_files(places, force=force)
    return list(places)


async def export_to_folder(room: Room, incident: str, folder: Path) -> str:
    """Write an incident in every format into a folder of its own; returns a line that says so.

    The folder is named after the newest entry: the same log is the same files, written once.
    """
    one = await exportable(room, incident)
    target = folder / f"{one.id}-entry-{one.record.incident.seq}"
    make_folder(target)
    for format in FORMATS:
        files = {target / name: data for name, data in export(one.record, format).items()}
        write_files({path: data for path, data in files.items() if not path.exists()})
        await note_export(room, one, format, "internal")
    return f"wrote {one.id} to {target}: read {one.record.incident.id}.md first"


async def _verify(context: Context, args: Namespace) -> int:
    if args.what and not _INCIDENT.fullmatch(args.what):
        return _verify_file(context, args)
    room = await context.here()
    checked = await verifying.verify(room, args.what.upper(), args.anchor)
    problems = [problem for one in checked for problem in one.problems]
    if context.options.json:
        document(_verdict(problems) | {"chains": [_chain_json(one) for one in checked]})
    else:
        say_all(_chain_line(one) for one in checked if not one.problems)
        say_all(str(problem) for problem in problems)
    return 1 if problems else 0


def _verify_file(context: Context, args: Namespace) -> int:
    data = read_bytes(args.what)
    if data.startswith(_ROOM_FILE):
        hint = f"crisisroom --room {args.what} verify"
        raise Usage("file", f"{args.what} is a room, not an export", hint)
    problems = (
        verify_file(data, args.what, args.anchor) if b'"prev_hash"' in data else _no_log(args)
    )
    if context.options.json:
        document(_verdict(problems))
    elif problems:
        say_all(str(problem) for problem in problems)
    else:
        say(f"{args.what}: nothing in it was altered")
    return 1 if problems else 0


def _no_log(args: Namespace) -> list[Problem]:
    message = "there is no log in it"
    hint = "crisisroom export --format json or jsonl writes what can be checked"
    return [Problem("format", args.what, message, hint)]


def _verdict(problems: Sequence[Problem]) -> Json:
    return {"ok": not problems, "problems": [plainly(one) for one in problems]}


def _chain_json(one: Checked) -> Json:
    return {
        "id": one.id,
        "ok": not one.problems,
        "entries": one.entries,
        "head_hash": one.head_hash,
    }


def _chain_line(one: Checked) -> str:
    count = f"{one.entries} entries" if one.entries != 1 else "1 entry"
    return f"{one.id}: {count}, nothing was altered; head {one.head_hash}"


async def _import(context: Context, args: Namespace) -> int:
    entries, told = parse_import(read_bytes(args.file), args.file)
    room = await context.room()
    acted = await importing.take_in(room, entries, told)
    renumbered = f", which is {told.id} where it comes from" if told.id != acted.incident.id else ""
    context.show(
        lambda: incident_json(acted.incident) | {"entry": acted.entry.seq},
        lambda: [f"imported {acted.incident.id}{renumbered}: {len(entries)} entries"],
    )
    return 0


async def _backup(context: Context, args: Namespace) -> int:
    room = await context.here()
    entry = await keeping.backup(room, Path(args.path))
    context.show(
        lambda: {"file": args.path, "entry": entry.seq},
        lambda: [f"copied the room to {args.path}; crisisroom --room {args.path} opens it"],
    )
    return 0


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, default="md", help="md, if not said otherwise")
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        default="internal",
        help="public leaves out what only concerns us and who people are",
    )
    parser.add_argument("--tz", default="", metavar="Z", help="the time zone of the times in it")
    parser.add_argument(
        "-o", "--output", default="", metavar="PATH", help="the file or folder; else stdout"
    )
    parser.add_argument("--force", action="store_true", help="write over what is there")


VERBS = {
    "export": Verb(_export, _export_arguments, incident=True),
    "verify": Verb(
        _verify,
        takes(
            arg(
                "what",
                "an incident, or an export's file; without it the room",
                nargs="?",
                default="",
            ),
            option("--anchor", "a hash noted elsewhere that has to be in it", metavar="HASH"),
        ),
    ),
    "import": Verb(_import, arg("file", "an export as json or jsonl, internal or legal")),
    "backup": Verb(_backup, arg("path", "the new file")),
}
