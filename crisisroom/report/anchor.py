"""What is noted of a room's logs elsewhere: how long each was at a time, and its newest hash.

A chain of hashes shows what was changed in it, never that its end was cut or that all of it was
written anew. An anchor shows both, as long as whoever could do that cannot change the anchor too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from crisisroom.core.canonical import digest
from crisisroom.core.timeline import GENESIS, stamp, unstamp
from crisisroom.report import encoding
from crisisroom.report.problem import Problem

EDITION = 1
_KEPT = "take it from where it was kept, as it was sent"
_MARK = '{"anchor":'  # how the line of an anchor begins: its keys are in order
_LONGEST = 1 << 20  # bytes of one line


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one chain ended: `id` is what the room calls it, `room` or `INC-7`."""

    chain: str
    id: str
    entries: int
    head: str


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """Where the chains of a room ended at a time; `room` is the uid of the room's first entry.

    `prev` is the SHA-256 of the line before where anchors are kept in a file of their own;
    `signature` is over the canonical anchor without either.
    """

    room: str
    at: datetime
    chains: tuple[Head, ...]
    prev: str = ""
    signature: str = ""

    @property
    def sha256(self) -> str:
        """Return the sum over all that the anchor says."""
        return digest(_said(self))

    @property
    def entries(self) -> int:
        """Return how many entries all chains have together."""
        return sum(one.entries for one in self.chains)


class Anchors(msgspec.Struct, frozen=True):
    """What a file of anchors holds, oldest first, and what is wrong with the file itself."""

    name: str
    anchors: tuple[Anchor, ...]
    problems: tuple[Problem, ...] = ()


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    anchor: int
    at: str
    chains: tuple[Head, ...]
    room: str
    sha256: str
    prev: str = ""
    signature: str = ""


def _said(anchor: Anchor) -> dict[str, Any]:
    return {
        "anchor": EDITION,
        "at": stamp(anchor.at),
        "chains": [msgspec.to_builtins(one) for one in anchor.chains],
        "room": anchor.room,
    }


def signed_bytes(anchor: Anchor) -> bytes:
    """Return what a signature of the anchor is over."""
    return encoding.line(_said(anchor) | {"sha256": anchor.sha256})


def encode(anchor: Anchor) -> bytes:
    """Return the anchor as one line of canonical JSON, without a line end."""
    more = {key: value for key in ("prev", "signature") if (value := getattr(anchor, key))}
    return encoding.line(_said(anchor) | {"sha256": anchor.sha256} | more)


def in_words(anchor: Anchor) -> str:
    """Return the anchor as a line of text, for paper and for reading out."""
    logs = "1 log" if len(anchor.chains) == 1 else f"{len(anchor.chains)} logs"
    return (
        f"room {anchor.room}, {stamp(anchor.at)}: {logs}, {anchor.entries} entries,"
        f" sha256 {anchor.sha256}"
    )


def sum_of(line: bytes) -> str:
    """Return what the next line of a file of anchors names as the one before it."""
    return hashlib.sha256(line).hexdigest()


def parse(data: bytes, name: str) -> Anchors:
    """Read anchors: one, a file of them line by line, or a mail that has one in it."""
    rows = data.removesuffix(b"\n").split(b"\n")
    text = [row.strip().decode("utf-8", "replace") for row in rows]
    if not text[0].startswith("{"):
        rows = [row.strip() for row in rows if row.strip().startswith(_MARK.encode())]
    found: list[Anchor] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, 1):
        where = f"{name}:{number}"
        read = _read(row)
        if isinstance(read, Anchor):
            found.append(read)
        elif not _is_vouched_for(rows, number):
            problems.append(Problem("anchor", where, f"this is no anchor: {read}", _KEPT))
    if not rows:
        problems.append(Problem("anchor", name, "there is no anchor in it"))
    problems += _unchained(rows, name)
    return Anchors(name, tuple(found), tuple(problems))


def _read(row: bytes) -> Anchor | str:
    """Return the anchor of a line, or why it is none."""
    try:
        if len(row) > _LONGEST:
            raise ValueError("it is too long")
        written = msgspec.convert(encoding.parse(row), _Written)
        if written.anchor != EDITION:
            raise ValueError(f"it is of edition {written.anchor}, this program knows {EDITION}")
        read = Anchor(
            room=written.room,
            at=unstamp(written.at),
            chains=written.chains,
            prev=written.prev,
            signature=written.signature,
        )
        if read.sha256 != written.sha256 or encode(read) != row.strip():
            raise ValueError("it was changed")
    except (ValueError, OverflowError) as error:
        return str(error)
    return read


def _is_vouched_for(rows: Sequence[bytes], number: int) -> bool:
    """Tell whether a broken line was there when the next was written: a power cut left it."""
    after = _prev_of(rows[number]) if number < len(rows) else ""
    return after == sum_of(rows[number - 1])


def _unchained(rows: Sequence[bytes], name: str) -> Iterator[Problem]:
    """Yield where lines of a file of anchors were taken out, put in or changed."""
    named = [_prev_of(row) for row in rows]
    if not any(named):
        return  # single anchors that somebody put together
    before = GENESIS
    for number, (row, prev) in enumerate(zip(rows, named, strict=True), 1):
        if prev is not None and prev != before:
            message = "it does not follow from the line before: one was changed or taken out"
            yield Problem("anchor", f"{name}:{number}", message, _KEPT)
        before = sum_of(row)


def _prev_of(row: bytes) -> str | None:
    """Return what a line names as the one before it, None for what is no anchor."""
    read = _read(row)
    return read.prev if isinstance(read, Anchor) else None


class Known(msgspec.Struct, frozen=True):
    """A chain as it is found now: what it is called, and the hash of each entry by its number."""

    id: str
    hashes: Mapping[int, str]

    @property
    def last(self) -> int:
        """Return the number of the newest entry, 0 where there is none."""
        return max(self.hashes, default=0)


def check(
    noted: Anchors, known: Mapping[str, Known], room: str = "", *, file: bool = False
) -> list[Problem]:
    """Return where chains are not what anchors say they were; `known` has them by their uid.

    With `room`, its id, anchors of other rooms do not count. With `file`, `known` is one exported
    chain: it may be older than the anchor, and the others are not looked for.
    """
    ours = [one for one in noted.anchors if not room or one.room == room]
    problems = [*noted.problems]
    if not ours:
        if noted.anchors:
            message = "it is of another room, or this room's log was written anew from its start"
            problems.append(Problem("anchor", noted.name, message, f"this room is {room}"))
        return problems
    for chain, points in _points(ours).items():
        if chain in known:
            problems += _compared(known[chain], points, chain, file=file)
        elif not file:
            problems.append(_missing(points, chain))
    if file and not any(chain in known for chain in _points(ours)):
        problems.append(Problem("anchor", noted.name, "it says nothing of this log"))
    return problems


class _Point(msgspec.Struct, frozen=True):
    """What one anchor says of one chain."""

    entries: int
    head: str
    id: str
    at: str


def _points(anchors: Iterable[Anchor]) -> dict[str, list[_Point]]:
    found: dict[str, list[_Point]] = {}
    for anchor in anchors:
        for one in anchor.chains:
            point = _Point(one.entries, one.head, one.id, stamp(anchor.at))
            found.setdefault(one.chain, []).append(point)
    return {chain: sorted(points, key=lambda one: one.entries) for chain, points in found.items()}


def _missing(points: Sequence[_Point], chain: str) -> Problem:
    last = points[-1]
    message = f"this log is missing: at {last.at} it had {last.entries} entries"
    return Problem("anchor", last.id, message, "use a backup", chain=chain)


def _compared(known: Known, points: Sequence[_Point], chain: str, *, file: bool) -> list[Problem]:
    end = known.last
    held = [one.entries for one in points if known.hashes.get(one.entries) == one.head]
    off = next(
        (one for one in points if one.entries <= end and known.hashes.get(one.entries) != one.head),
        None,
    )
    found = []
    if off is not None:
        since = max((seq for seq in held if seq < off.entries), default=0) + 1
        span = f"entry {since}" if since == off.entries else f"entries {since} to {off.entries}"
        message = f"{span} were written anew: at {off.at} entry {off.entries} had another hash"
        where = f"{known.id} entry {since}"
        found.append(Problem("anchor", where, message, "use a backup", chain=chain, seq=since))
    longest = points[-1]
    if longest.entries > end:
        found.append(_cut(known, longest, chain, file=file))
    return found


def _cut(known: Known, point: _Point, chain: str, *, file: bool) -> Problem:
    end = known.last
    either = "it is an older export, or its end was cut" if file else "its end was cut"
    message = f"{either} after entry {end}: at {point.at} it had {point.entries} entries"
    where = f"{known.id} entry {end}"
    return Problem("anchor", where, message, "use a backup", chain=chain, seq=end)
