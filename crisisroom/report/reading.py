"""Reading one line of a log back into an entry, to the byte."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.timeline import ROOM, Entry, EntrySource, Seal, unstamp
from crisisroom.report import encoding
from crisisroom.report.contract import chained_json
from crisisroom.report.problem import Problem


class Line(msgspec.Struct, frozen=True):
    """An entry, the line of the file it stands in, and the incident's id that the line gives."""

    number: int
    label: str
    entry: Entry


class _Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    digest: str
    salt: str


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields of a line, all of them required."""

    seq: int
    uid: str
    incident: str
    kind: str
    v: int
    at: str
    recorded_at: str
    actor: str
    role: str
    text: str
    data: dict[str, Any]
    corrects: int | None
    prev_hash: str
    hash: str
    chain: str
    source: EntrySource
    seals: dict[str, _Sealed]


def read_line(row: bytes, number: int, where: str) -> Line | Problem:
    """Return the entry of one line (without its line end), or what is wrong with the line."""
    try:
        written = msgspec.convert(encoding.parse(row), _Written)
        entry = _entry(written)
        same = encoding.line(chained_json(entry, written.incident)) == row
    except ValueError as error:
        return Problem("line", where, f"it cannot be read: {error}")
    if not same:
        return Problem("line", where, "it is not written as we write it: a byte was changed")
    return Line(number, written.incident, entry)


def _entry(written: _Written) -> Entry:
    return Entry(
        chain=written.chain,
        seq=written.seq,
        uid=written.uid,
        kind=written.kind,
        v=written.v,
        at=_time(written.at),
        recorded_at=_time(written.recorded_at),
        actor=written.actor,
        role=written.role,
        source=written.source,
        text=written.text,
        data=written.data,
        corrects=written.corrects,
        prev_hash=written.prev_hash,
        hash=written.hash,
        seals={path: Seal(held.digest, held.salt) for path, held in written.seals.items()},
    )


def _time(text: str) -> datetime:
    try:
        return unstamp(text)
    except OverflowError:
        raise ValueError(f"not a time of ours: {text!r}") from None


def label_of(entries: Sequence[Entry]) -> str:
    """Return the id that a chain gives its incident; empty for the room's own chain."""
    if not entries or entries[0].chain == ROOM:
        return ""
    label = entries[0].data.get("id", "")
    return label if isinstance(label, str) else ""
