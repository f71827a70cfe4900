"""What can be done to an export's bytes, and which entry `verify` then has to name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import msgspec
from report.builders import UID, night
from report.tampering import Expected, forged

from crisisroom.core.timeline import Entry
from crisisroom.report import Problem, export, jsondoc, jsonl, record, verify_file
from crisisroom.report.anchor import Anchor, Anchors, Head

replace = msgspec.structs.replace

NIGHT = night()
ENTRIES = tuple(NIGHT.entries)
NOTED = Anchors(
    "kept elsewhere",
    tuple(
        Anchor(
            room="r",
            at=ENTRIES[seq - 1].recorded_at,
            chains=(Head(UID, "INC-7", seq, ENTRIES[seq - 1].hash),),
        )
        for seq in (10, len(ENTRIES))
    ),
)


class Sheet(msgspec.Struct, frozen=True):
    """An export, and where its entries stand in it: the line of the first, counted from 0."""

    name: str
    rows: tuple[bytes, ...]
    first: int

    def place(self, at: int, seq: int) -> str:
        """Return how a problem names the entry at a position, counted from 0."""
        return f"{self.name}:{self.first + at + 1} entry {seq}"

    def with_rows(self, rows: Sequence[bytes]) -> bytes:
        """Return the file with other lines for its entries."""
        after = self.rows[self.first + len(ENTRIES) :]
        return b"\n".join([*self.rows[: self.first], *rows, *after])

    @property
    def own(self) -> list[bytes]:
        """Return the lines of the entries."""
        return [*self.rows[self.first : self.first + len(ENTRIES)]]


def _sheet(form: str) -> Sheet:
    [(name, data)] = export(NIGHT.record, form).items()
    rows = tuple(data.split(b"\n"))
    return Sheet(name, rows, rows.index(b'"timeline":[') + 1 if form == "json" else 0)


SHEETS = (_sheet("jsonl"), _sheet("json"))

Damage = Callable[[Sheet, Random], tuple[bytes, Expected]]


def flipped(sheet: Sheet, chance: Random) -> tuple[bytes, Expected]:
    """Flip a bit of an entry's line."""
    at = chance.randrange(len(ENTRIES))
    rows = sheet.own
    where = chance.randrange(len(rows[at]))
    bits = rows[at][where] ^ (1 << chance.randrange(8))
    rows[at] = rows[at][:where] + bytes([bits]) + rows[at][where + 1 :]
    return sheet.with_rows(rows), Expected((sheet.place(at, at + 1),))


def updated(sheet: Sheet, chance: Random) -> tuple[bytes, Expected]:
    """Change a value of an entry, written as we write it."""
    at = chance.randrange(len(ENTRIES))
    rows = sheet.own
    changed = rows[at].replace(b'"actor":"', b'"actor":"not ', 1)
    rows[at] = changed if chance.random() < 0.5 else rows[at].replace(b'"salt":"0', b'"salt":"1')
    return sheet.with_rows(rows), Expected((sheet.place(at, at + 1),))


def deleted(sheet: Sheet, chance: Random) -> tuple[bytes, Expected]:
    at = chance.randrange(len(ENTRIES) - 1)
    rows = sheet.own
    del rows[at]
    return sheet.with_rows(rows), Expected((sheet.place(at, at + 2), sheet.place(at, at + 1)))


def inserted(sheet: Sheet, chance: Random) -> tuple[bytes, Expected]:
    at = chance.randrange(1, len(ENTRIES))
    rows = sheet.own
    copied = chance.randrange(len(ENTRIES) - 1)
    rows.insert(at, rows[copied])
    first = at + 1 if copied == at else at  # a copy before its own shows with the second
    return sheet.with_rows(rows), Expected((f"{sheet.name}:{sheet.first + first + 1} entry",))


def moved(sheet: Sheet, chance: Random) -> tuple[bytes, Expected]:
    first, second = sorted(chance.sample(range(len(ENTRIES) - 1), 2))
    rows = sheet.own
    rows[first], rows[second] = rows[second], rows[first]
    return sheet.with_rows(rows), Expected((f"{sheet.name}:{sheet.first + first + 1} entry",))


def cut(sheet: Sheet, chance: Random) -> tuple[bytes, Expected]:
    """Cut the end off, as a lost connection would."""
    whole = b"\n".join(sheet.rows)
    return whole[: chance.randrange(100, len(whole) - 1)], Expected((sheet.name,))


def cut_with_care(sheet: Sheet, chance: Random) -> tuple[bytes, Expected]:
    """Cut the log's end and write the file anew: it is whole, and older."""
    left = chance.randrange(2, len(ENTRIES))
    return _made(sheet, ENTRIES[:left]), Expected((f"{sheet.name} entry {left}",), anchor=True)


def rewritten(sheet: Sheet, chance: Random) -> tuple[bytes, Expected]:
    """Change an entry and write all that follows anew, with every hash right."""
    at = chance.randrange(len(ENTRIES))
    entries = [*ENTRIES]
    entries[at] = replace(entries[at], actor="nobody")
    since = 1 if at < 10 else 11
    expected = Expected((f"{sheet.name} entry {since}",), anchor=True)
    return _made(sheet, forged(entries, at)), expected


def _made(sheet: Sheet, entries: Sequence[Entry]) -> bytes:
    told = record(entries)
    pieces = jsondoc.dump(told) if sheet.name.endswith("json") else jsonl.dump(entries)
    return b"".join(pieces)


def problems_in(sheet: Sheet, data: bytes, noted: Anchors | None = None) -> list[Problem]:
    """Return what `verify` says of the file."""
    return verify_file(data, sheet.name, noted=noted)


DAMAGES: tuple[tuple[Damage, int], ...] = (
    (flipped, 8),
    (updated, 5),
    (deleted, 4),
    (inserted, 4),
    (moved, 4),
    (cut, 3),
    (cut_with_care, 4),
    (rewritten, 4),
)
"""What is done, and how often."""
