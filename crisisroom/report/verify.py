"""Checking a log: nothing was altered, and what is shown follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from crisisroom.core.apply import documents, filled, replay
from crisisroom.core.canonical import canonical
from crisisroom.core.errors import Refused
from crisisroom.core.timeline import ROOM, Entry
from crisisroom.report import anchor as anchored
from crisisroom.report import jsondoc
from crisisroom.report.anchor import Anchors, Known
from crisisroom.report.chain import anchor_problems, chain_problems
from crisisroom.report.logfile import LogFile, read
from crisisroom.report.model import SCHEMA, UNREADABLE, record
from crisisroom.report.older import edition, unlike
from crisisroom.report.problem import Problem, first_said


def verify_entries(
    entries: Sequence[Entry], where: str, anchor: str = "", *, lent: bool = True
) -> list[Problem]:
    """Check one chain; `where` names it (`INC-7`), `anchor` is a hash that it must contain.

    A chain that was not `lent` by another room lacks no text that was only withheld.
    """
    held = chain_problems(entries, lambda at: f"{where} entry {entries[at].seq}", lent=lent)
    return held + anchor_problems(entries, where, anchor)


def verify_file(
    data: bytes, name: str, anchor: str = "", noted: Anchors | None = None
) -> list[Problem]:
    """Check an exported log, JSON lines or JSON, to the byte; the first problem names the entry.

    `anchor` is a hash that it must contain, `noted` anchors that it must agree with. Of a redacted
    export the order, the links and all that is derived can be checked, not the words.
    """
    return verify_log(read(data, name), data, anchor, noted)


def verify_log(
    file: LogFile, data: bytes, anchor: str = "", noted: Anchors | None = None
) -> list[Problem]:
    """Check an exported log as `verify_file` does, once it is read from its bytes."""
    entries = file.entries
    problems = [*file.problems]
    problems += chain_problems(entries, file.where, redacted=file.profile == "public")
    problems = first_said(sorted(problems, key=_line_of))
    problems += anchor_problems(entries, file.name, anchor)
    if noted is not None:
        hashes = {entry.seq: entry.hash for entry in entries}
        known = {entry.chain: Known(file.name, hashes) for entry in entries[:1]}
        problems += anchored.check(noted, known, file=True)
    if not problems and entries[0].chain != ROOM:
        problems += _derived(file, data)
    return problems


_LINE = re.compile(r":([0-9]{1,9})(?: entry [0-9-]+)?$")


def _line_of(problem: Problem) -> int:
    """Return the line of the file that a problem is about; those of the whole file come first."""
    found = _LINE.search(problem.where)
    return int(found[1]) if found else 0


def _derived(file: LogFile, data: bytes) -> list[Problem]:
    """Return where a sound log does not tell an incident, or the file shows something else."""
    try:
        told = record(file.entries, file.profile)
        if file.format != "json" or same_bytes(jsondoc.dump(told), data):
            return []
        expected = b"".join(jsondoc.dump(told))
    except (Refused, *UNREADABLE) as error:
        return [Problem("replay", file.name, str(error), "its hashes hold: it was made like this")]
    if edition(data) < SCHEMA:
        part = unlike(data, expected)
        return [_not_given(part, file.name)] if part else []
    return [_difference(data.split(b"\n"), expected.split(b"\n"), file.name)]


def same_bytes(pieces: Iterable[bytes], data: bytes) -> bool:
    """Tell whether pieces, put together, are these bytes; stops at the first that is not."""
    at = 0
    for piece in pieces:
        if not data.startswith(piece, at):
            return False
        at += len(piece)
    return at == len(data)


def _difference(rows: list[bytes], expected: list[bytes], name: str) -> Problem:
    """Return the first line of a JSON export that is not what its timeline gives."""
    same = next(
        (at for at, pair in enumerate(zip(rows, expected, strict=False)) if pair[0] != pair[1]),
        min(len(rows), len(expected)),
    )
    heads = [row for row in expected[: same + 1] if row.startswith(b'"')]
    part = heads[-1].split(b'"')[1].decode() if heads else "the file"
    return _not_given(part, f"{name}:{same + 1}")


def _not_given(part: str, where: str) -> Problem:
    message = f"{part} is not what the timeline gives"
    return Problem("derived", where, message, "the timeline itself holds")


def verify_projection(
    entries: Sequence[Entry], rows: Mapping[tuple[str, str], Mapping[str, Any] | None]
) -> list[Problem]:
    """Check that replaying an incident's entries gives exactly the rows that tables keep of it.

    A row that cannot be read is None.
    """
    try:
        incident = replay(entries)
    except UNREADABLE as error:
        return [Problem("replay", "timeline", f"the entries cannot be replayed: {error}")]
    told: Mapping[tuple[str, str], Mapping[str, Any]] = documents(incident) if incident else {}
    hint = "the timeline is the truth: rebuild the tables from it"
    return [
        Problem("projection", " ".join(key), message, hint)
        for key in sorted(told.keys() | rows.keys())
        if (message := _row_flaw(key, told, rows))
    ]


def _row_flaw(
    key: tuple[str, str],
    told: Mapping[tuple[str, str], Mapping[str, Any]],
    rows: Mapping[tuple[str, str], Mapping[str, Any] | None],
) -> str:
    if key in rows and rows[key] is None:
        return "the table holds what nobody can read"
    return _row_differs(told.get(key), filled(key[0], rows.get(key)))


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
        if msgspec.json.encode(told[key]) == msgspec.json.encode(kept[key]):
            return True  # as it is nearly always: in the same order too
        return canonical(told[key]) == canonical(kept[key])
    except (TypeError, ValueError):
        return False
