"""Whether a chain of entries holds, entry by entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from crisisroom.core.timeline import GENESIS, Entry, flaws, stamp, unstamp
from crisisroom.report.model import UNREADABLE
from crisisroom.report.problem import Problem

Where = Callable[[int], str]
"""Names the entry at a position, counted from 0."""

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ANCHOR = re.compile(r"[0-9a-f]{12,64}", re.ASCII)
_MASK = "salted_sha256"


def chain_problems(
    entries: Sequence[Entry], where: Where, *, redacted: bool = False
) -> list[Problem]:
    """Return what does not hold in a chain; of a redacted one only the links can be checked."""
    at = 0

    def counted() -> Iterator[Entry]:
        nonlocal at
        for at, entry in enumerate(entries):  # noqa: B007 - read by the loop below
            yield entry

    found = []
    try:
        for _, flaw in (_link_flaws if redacted else flaws)(counted()):
            found.append(Problem("chain", where(at), flaw))
    except UNREADABLE as error:
        hint = "what follows it was not checked"
        found.append(Problem("entry", where(at), f"it has no hash: {error}", hint))
    for place, entry in enumerate(entries):
        found += [Problem("entry", where(place), odd) for odd in _oddities(entry, entries[0])]
    return found


def anchor_problems(entries: Iterable[Entry], where: str, anchor: str) -> list[Problem]:
    """Return what is wrong when a hash noted elsewhere (12 digits or more) is not in the chain."""
    noted = anchor.strip().lower()
    if not noted:
        return []
    if not _ANCHOR.fullmatch(noted):
        return [Problem("anchor", where, "an anchor is 12 to 64 digits of a hash", "0-9 and a-f")]
    if any(entry.hash.startswith(noted) for entry in entries):
        return []
    message = f"no entry has the hash {noted[:12]}…: its end was removed, or it was rewritten"
    return [Problem("anchor", where, message, "compare it with an export from that time")]


def _link_flaws(entries: Iterable[Entry]) -> Iterator[tuple[int, str]]:
    expected, previous = 1, GENESIS
    for entry in entries:
        if entry.seq != expected:
            yield entry.seq, f"entry {expected} should stand here: one was removed, added or moved"
        if entry.prev_hash != previous:
            yield entry.seq, "it does not follow from the entry before it"
        if not _HASH.fullmatch(entry.hash):
            yield entry.seq, "its hash is none"
        expected, previous = entry.seq + 1, entry.hash


def _oddities(entry: Entry, first: Entry) -> Iterator[str]:
    """Yield what hashes alone do not show."""
    if entry.chain != first.chain:
        yield "it belongs to another chain"
    if _has_mask(entry.data):
        yield "a hash stands where a text was"
    try:
        exact = all(unstamp(stamp(moment)) == moment for moment in (entry.at, entry.recorded_at))
    except UNREADABLE:
        exact = False
    if not exact:
        yield "its times are not as the log keeps them"


def _has_mask(value: Any) -> bool:
    if isinstance(value, Mapping):
        return _MASK in value or any(map(_has_mask, value.values()))
    return isinstance(value, list) and any(map(_has_mask, value))
