"""An export as one thing: formats, evidence and signatures, written whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from crisisroom import signing
from crisisroom.core.errors import Refused, Usage
from crisisroom.report import FORMATS, PROFILES, Profile, Record, streams
from crisisroom.room import Room
from crisisroom.room.evidence_bundle import bundle
from crisisroom.room.exporting import Exportable, exportable, note_export
from crisisroom.room.writing import Stop, free_names, in_thread, place, refuse_taken, staging, write

Progress = Callable[[str, int, int], None]
"""Told what is done now, how much of it, of how much: 0 where nobody knows."""

ALL = "all"
READ, WROTE, KEPT, SIGNED = "read", "wrote", "kept", "signed"  # entries, bytes, things, files

FOR: Mapping[Profile, str] = {
    "internal": "all but the texts that are marked for Legal",
    "legal": "everything, for Legal",
    "public": "people by stand-ins; no contacts, drafts, legal remarks or evidence",
}
"""What each profile has in it, in a line."""

ABOUT: Mapping[str, str] = {
    ALL: "every format, in a folder",
    "html": "the post-mortem, one page to look at and print",
    "md": "the post-mortem, to read and to edit",
    "pdf": "the post-mortem on paper",
    "json": "all of it, can be imported again",
    "jsonl": "the log with its chain, can be imported again",
    "csv": "tables for a spreadsheet, in a folder",
    "ics214": "the activity log, form ICS 214, as text",
}
"""What each format is for, the most wanted first."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be written: `format` is one of `FORMATS`, or `ALL`; `key` signs, if one is named.

    `zone` is for the times people read, the case's own if empty.
    """

    format: str = "md"
    profile: Profile = "internal"
    zone: str = ""
    evidence: bool = False
    sign: bool = False
    key: str = ""


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """What was written, and what could not be: formats that cannot be made, lost evidence."""

    one: Exportable
    files: tuple[Path, ...]
    left_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # hashes of evidence whose bytes are not in this room
    entry: int = 0  # its number on the room's own record


def _silent(phase: str, done: int, of: int) -> None:
    pass


async def write_papers(
    room: Room,
    inc: str,
    order: Order,
    folder: Path,
    *,
    name: str = "",
    force: bool = False,
    progress: Progress = _silent,
    stop: Stop | None = None,
) -> Papers:
    """Write an incident's record into a folder, all of it or nothing, and put that on record.

    `name` is for an export of one file. Refused where something is in the way, where `stop` was
    set, where nothing can be signed; Unavailable on a full disk.
    """
    stop = stop or Stop()
    checked(order)

    def told(phase: str, done: int, of: int) -> None:
        stop.check()
        progress(phase, done, of)

    one = await exportable(room, inc, lambda done, of: told(READ, done, of))
    made, left_out = await in_thread(lambda: files_of(one.record, order), stop)
    names = _named(made, name)
    refuse_taken([folder / name for name in names], force=force)
    with staging(folder) as staged:
        await in_thread(lambda: _write_all(staged, names, told), stop)
        missing = await _evidence(room, one, order, staged, told) if order.evidence else ()
        if order.sign:
            await in_thread(lambda: _sign_all(staged, order.key, told), stop)
        stop.check()
        free = await asyncio.to_thread(free_names, staged, folder, force=force)
        # on record before anybody can have it: an export that nobody knows of is the worse end
        entry = await note_export(room, one, order.format, order.profile)
        placed = await asyncio.to_thread(place, staged, folder, free, force=force)
    return Papers(one=one, files=(*placed,), left_out=left_out, missing=missing, entry=entry.seq)


async def _evidence(
    room: Room, one: Exportable, order: Order, staged: Path, told: Progress
) -> tuple[str, ...]:
    """Write what is kept beside the files; returns the hashes of what is not in this room."""
    folder = staged / f"{one.record.incident.id}-evidence"
    kept = await bundle(room, one, order.profile, folder, lambda done, of: told(KEPT, done, of))
    return kept.missing


def checked(order: Order) -> None:
    """Refuse what cannot be ordered before any work is done."""
    if order.format not in (*FORMATS, ALL):
        hint = f"one of {', '.join((*FORMATS, ALL))}"
        raise Usage("format", f"there is no format {order.format!r}", hint)
    if order.profile not in PROFILES:
        hint = f"one of {', '.join(PROFILES)}"
        raise Usage("profile", f"there is no profile {order.profile!r}", hint)
    if order.evidence and order.profile == "public":
        message = "evidence is what strangers wrote and showed: none of it goes out"
        raise Usage("evidence", message, "--profile internal or legal")


def files_of(record: Record, order: Order) -> tuple[dict[str, Iterable[bytes]], tuple[str, ...]]:
    """Return the files of all formats that are wanted, and why a format of `ALL` is not there."""
    made: dict[str, Iterable[bytes]] = {}
    left_out: list[str] = []
    for format in FORMATS if order.format == ALL else (order.format,):
        try:
            made |= streams(record, format, profile=order.profile, zone=order.zone)
        except Refused as error:
            if error.code not in ("extra", "unsealed") or order.format != ALL:
                raise
            left_out.append(f"{error.message}; {error.hint}")
    return made, (*left_out,)


def _named(made: Mapping[str, Iterable[bytes]], name: str) -> dict[str, Iterable[bytes]]:
    if not name:
        return {**made}
    (pieces,) = made.values()
    return {name: pieces}


def _write_all(staged: Path, files: Mapping[str, Iterable[bytes]], progress: Progress) -> None:
    done = 0

    def counted(pieces: Iterable[bytes]) -> Iterator[bytes]:
        nonlocal done
        for piece in pieces:
            done += len(piece)
            progress(WROTE, done, 0)
            yield piece

    for name, pieces in files.items():
        write(staged / name, counted(pieces))


def _sign_all(staged: Path, key: str, progress: Progress) -> None:
    """Sign each file; of evidence its list of sums, which speaks for every file in it."""
    files = sorted([*staged.glob("*"), *staged.glob("*-evidence/SHA256SUMS")])
    wanted = [one for one in files if one.is_file()]
    for done, path in enumerate(wanted, 1):
        progress(SIGNED, done, len(wanted))
        write(path.with_name(f"{path.name}.sig"), [signing.sign(path, key)])


def folder_name(inc: str, seq: int, profile: Profile) -> str:
    """Return what the folder of an export is called: the same log has the same name."""
    said = "" if profile == "internal" else f"-{profile}"
    return f"{inc}-entry-{seq}{said}"
