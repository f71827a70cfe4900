"""Checking a log: nothing was altered, and what is shown follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crisisroom.core.apply import documents, filled, replay
from crisisroom.core.canonical import canonical
from crisisroom.core.errors import Refused
from crisisroom.core.timeline import ROOM, Entry
from crisisroom.report import jsondoc
from crisisroom.report.chain import anchor_problems, chain_problems
from crisisroom.report.logfile import LogFile, read
from crisisroom.report.model import UNREADABLE, record
from crisisroom.report.problem import Problem


def verify_entries(entries: Sequence[Entry], where: str, anchor: str = "") -> list[Problem]:
    """Check one chain; `where` names it (`INC-7`), `anchor` is a hash that it must contain."""
    held = chain_problems(entries, lambda at: f"{where} entry {entries[at].seq}")
    return held + anchor_problems(entries, where, anchor)


def verify_file(data: bytes, name: str, anchor: str = "") -> list[Problem]:
    """Check an exported log, JSON lines or JSON, to the byte; problems name the entry.

    Of a redacted export the order, the links and all that is derived can be checked, not the words.
    """
    file = read(data, name)
    problems = [*file.problems]
    problems += chain_problems(file.entries, file.where, redacted=file.profile == "public")
    problems += anchor_problems(file.entries, name, anchor)
    if not problems and file.entries[0].chain != ROOM:
        problems += _derived(file, data)
    return problems


def _derived(file: LogFile, data: bytes) -> list[Problem]:
    """Return where a sound log does not tell an incident, or the file shows something else."""
    try:
        told = record(file.entries, file.profile)
        expected = jsondoc.dump(told) if file.format == "json" else data
    except (Refused, *UNREADABLE) as error:
        return [Problem("replay", file.name, str(error), "its hashes hold: it was made like this")]
    if expected == data:
        return []
    return [_difference(data.split(b"\n"), expected.split(b"\n"), file.name)]


def _difference(rows: list[bytes], expected: list[bytes], name: str) -> Problem:
    """Return the first line of a JSON export that is not what its timeline gives."""
    same = next(
        (at for at, pair in enumerate(zip(rows, expected, strict=False)) if pair[0] != pair[1]),
        min(len(rows), len(expected)),
    )
    heads = [row for row in expected[: same + 1] if row.startswith(b'"')]
    part = heads[-1].split(b'"')[1].decode() if heads else "the file"
    message = f"{part} is not what the timeline gives"
    return Problem("derived", f"{name}:{same + 1}", message, "the timeline itself holds")


def verify_projection(
    entries: Sequence[Entry], rows: Mapping[tuple[str, str], Mapping[str, Any]]
) -> list[Problem]:
    """Check that replaying an incident's entries gives exactly the rows that tables keep of it."""
    try:
        incident = replay(entries)
    except UNREADABLE as error:
        return [Problem("replay", "timeline", f"the entries cannot be replayed: {error}")]
    told: Mapping[tuple[str, str], Mapping[str, Any]] = documents(incident) if incident else {}
    hint = "the timeline is the truth: rebuild the tables from it"
    return [
        Problem("projection", " ".join(key), message, hint)
        for key in sorted(told.keys() | rows.keys())
        if (message := _row_differs(told.get(key), filled(key[0], rows.get(key))))
    ]


def _row_differs(told: Mapping[str, Any] | None, kept: Mapping[str, Any] | None) -> str:
    if told is None:
        return "the table has it, the timeline does not"
    if kept is None:
        return "the timeline has it, the table does not"
    fields = [key for key in sorted(told.keys() | kept.keys()) if not _same(key, told, kept)]
    return f"the table does not say what the timeline says: {', '.join(fields)}" if fields else ""


def _same(key: str, told: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    if (key in told) != (key in kept):
        return False
    try:
        return canonical(told[key]) == canonical(kept[key])
    except (TypeError, ValueError):
        return False
