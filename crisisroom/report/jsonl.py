"""The log as JSON lines: one entry a line, and a last line that says how many and which head."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from crisisroom.core.timeline import Entry
from crisisroom.report import encoding
from crisisroom.report.contract import chained_json
from crisisroom.report.model import SCHEMA, Profile
from crisisroom.report.problem import Problem
from crisisroom.report.reading import Line, label_of, read_line


class Footer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the last line says; `sha256` is of all lines before, in redacted logs only."""

    count: int
    head_hash: str
    incident: str
    profile: Profile
    schema: int
    sha256: str = ""
    uid: str


class Loaded(msgspec.Struct, frozen=True):
    """What a file holds: the lines that can be read, its last line, and what cannot be read."""

    lines: tuple[Line, ...]
    footer: Footer | None
    problems: tuple[Problem, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return the entries that can be read, in the order of the file."""
        return tuple(line.entry for line in self.lines)


def dump(entries: Sequence[Entry], profile: Profile = "internal") -> Iterator[bytes]:
    """Yield a chain as JSON lines, line by line; redacted entries go with the profile `public`.

    Raises ValueError where there is no entry.
    """
    if not entries:
        raise ValueError("a log without entries has nothing to write")
    label, digest, head = label_of(entries), hashlib.sha256(), ""
    for entry in entries:
        line = encoding.line(chained_json(entry, label)) + b"\n"
        digest.update(line)
        head = entry.hash
        yield line
    footer = Footer(
        count=len(entries),
        head_hash=head,
        incident=label,
        profile=profile,
        schema=SCHEMA,
        sha256=digest.hexdigest() if profile == "public" else "",
        uid=entries[0].chain,
    )
    whole: dict[str, Any] = msgspec.to_builtins(footer)
    yield encoding.line({key: whole[key] for key in whole if key != "sha256" or whole[key]})
    yield b"\n"


def load(data: bytes, name: str = "log") -> Loaded:
    """Read JSON lines back; `name` is what problems call the file.

    Only what stands in a line is judged here: `verify` judges the chain.
    """
    *rows, rest = data.split(b"\n")
    problems = []
    if rest:
        where = f"{name}:{len(rows) + 1}"
        problems.append(Problem("cut", where, "the file does not end with a whole line"))
    lines = []
    for number, row in enumerate(rows[:-1], 1):
        found = read_line(row, number, f"{name}:{number} entry {number}")
        if isinstance(found, Line):
            lines.append(found)
        else:
            problems.append(found)
    footer = _read_footer(rows[-1] if rows else b"", f"{name}:{len(rows)}", data)
    if isinstance(footer, Problem):
        problems.append(footer)
        return Loaded(tuple(lines), None, tuple(problems))
    return Loaded(tuple(lines), footer, tuple(problems))


def _read_footer(row: bytes, where: str, data: bytes) -> Footer | Problem:
    try:
        value = encoding.parse(row)
        footer = msgspec.convert(value, Footer)
        if encoding.line(value) != row:
            raise ValueError("it is not written as we write it")
        if not 1 <= footer.schema <= SCHEMA:
            raise ValueError(f"its schema is {footer.schema}, this program reads 1 to {SCHEMA}")
        body = data[: len(data) - len(row) - 1]
        if footer.profile == "public" and footer.sha256 != hashlib.sha256(body).hexdigest():
            raise ValueError("the lines before are not the ones it was written for")
    except ValueError as error:
        hint = "the end of the file is missing or was changed"
        return Problem("footer", where, f"this is not the last line of a log: {error}", hint)
    return footer
