"""A file that carries a chain: JSON lines, or the JSON export with the timeline in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from crisisroom.core.timeline import Entry
from crisisroom.report import encoding, jsonl
from crisisroom.report.model import PROFILES, Profile
from crisisroom.report.problem import Problem
from crisisroom.report.reading import Line, label_of, read_line

_TIMELINE, _END = b'"timeline":[', b"],"
_LAYOUT = "verify the file as it was exported: editors and formatters change its bytes"


class LogFile(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of a file, and what is wrong with it before any hash is looked at."""

    name: str
    format: Literal["json", "jsonl"]
    profile: Profile
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the entries that could be read, in the order of the file."""
        return tuple(line.entry for line in self.lines)

    def where(self, at: int) -> str:
        """Return the place of the entry at a position, counted from 0."""
        return place(self.name, self.lines[at])


def place(name: str, line: Line) -> str:
    """Return how problems name an entry of a file."""
    return f"{name}:{line.number} entry {line.entry.seq}"


def read(data: bytes, name: str) -> LogFile:
    """Read a file; which of the two forms it has shows in its name, or else in its first line."""
    if name.endswith(".json") or (not name.endswith(".jsonl") and data.startswith(b"{\n")):
        return _read_json(data, name)
    return _read_lines(data, name)


def _read_lines(data: bytes, name: str) -> LogFile:
    loaded = jsonl.load(data, name)
    problems = [*loaded.problems, *_labels(loaded.lines, name)]
    if loaded.footer and not loaded.problems:
        where = f"{name}:{loaded.footer.count + 1}"
        problems += [
            Problem("footer", where, flaw, "compare it with an anchor kept elsewhere")
            for flaw in _footer_flaws(loaded.footer, loaded.entries)
        ]
    return LogFile(
        name=name,
        format="jsonl",
        profile=loaded.footer.profile if loaded.footer else "internal",
        lines=loaded.lines,
        problems=tuple(problems),
    )


def _footer_flaws(footer: jsonl.Footer, entries: Sequence[Entry]) -> Iterator[str]:
    if not entries:
        yield "there is no entry"
        return
    if footer.count != len(entries):
        yield f"the last line counts {footer.count} entries, there are {len(entries)}"
    if footer.head_hash != entries[-1].hash:
        yield f"the last line names another head than entry {entries[-1].seq}"
    if footer.uid != entries[0].chain:
        yield "the last line is of another incident"
    if footer.incident != label_of(entries):
        yield f"the last line is of {footer.incident}, the log of {label_of(entries)}"


def _labels(lines: Sequence[Line], name: str) -> list[Problem]:
    """Return the lines that give another id than the log: the one most of it agrees on."""
    if not lines:
        return []
    declared = label_of([lines[0].entry])
    votes = [declared] if lines[0].entry.seq == 1 else []
    agreed = Counter([*votes, *(line.label for line in lines)]).most_common(1)[0][0]
    off = [line for line in lines if line.label != agreed]
    if not off and votes and declared != agreed:
        off = [lines[0]]
    message = f"it is filed under another incident than {agreed or 'the room'}"
    return [Problem("entry", place(name, line), message) for line in off]


def _read_json(data: bytes, name: str) -> LogFile:
    rows = data.split(b"\n")
    if _TIMELINE not in rows or _END not in rows[rows.index(_TIMELINE) :]:
        problem = Problem("layout", name, "there is no timeline in it as we write one", _LAYOUT)
        return LogFile(name=name, format="json", profile="internal", lines=(), problems=(problem,))
    start = rows.index(_TIMELINE) + 1
    written = rows[start : rows.index(_END, start)]
    lines: list[Line] = []
    problems: list[Problem] = []
    for at, row in enumerate(written, 1):
        where = f"{name}:{start + at} entry {at}"
        bare, comma = (row[:-1], row[-1:]) if at < len(written) else (row, b",")
        found = read_line(bare, start + at, where)
        if comma != b",":
            found = Problem("line", where, "it does not end with a comma: a byte was changed")
        if isinstance(found, Line):
            lines.append(found)
        else:
            problems.append(found)
    if not written:
        problems.append(Problem("layout", name, "its timeline is empty"))
    return LogFile(
        name=name,
        format="json",
        profile=_profile(rows),
        lines=tuple(lines),
        problems=(*problems, *_labels(lines, name)),
    )


def _profile(rows: Sequence[bytes]) -> Profile:
    """Return the profile a JSON export names; what it cannot be shows when it is derived again."""
    named = (one for one in PROFILES if b'"profile":' + encoding.line(one) + b"," in rows)
    return next(named, "internal")
