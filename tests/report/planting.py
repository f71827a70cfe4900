"""A whole night with texts of one's own in every free field of every kind of entry."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import msgspec
from report.whole_night import whole_night

from crisisroom.core.timeline import GENESIS, Entry, seal
from crisisroom.report.model import Record, record

replace = msgspec.structs.replace

_SECRET = re.compile(r"Zq(\d+)x Name")
_FREE = ("handle", "url", "external_id")  # these have no secret in them as it is written

Plant = Callable[[str, int], str]
"""Gives what stands in a field (`text` for an entry's own) instead of the secret of a number."""

More = tuple[str, dict[str, Any]]
"""An entry to add at the end: its kind and data."""


@cache
def bare_night() -> tuple[Entry, ...]:
    """Return the entries of a whole night as they are sealed."""
    return whole_night().sealed


def planted(plant: Plant, more: Iterable[More] = (), first: Iterable[More] = ()) -> Record:
    """Return the record of a night in which every secret is replaced.

    `first` are entries right after the declaration, `more` those at the end.
    """
    night, before = bare_night(), [*first]
    acts = itertools.chain(
        [night[0]],
        _acts(before, night[0]),
        (_shifted(entry, len(before)) for entry in night[1:]),
        _acts(more, night[-1]),
    )
    return record(_chained(_filled(entry, plant) for entry in acts))


def _acts(more: Iterable[More], beside: Entry) -> Iterator[Entry]:
    for number, (kind, data) in enumerate(more, 1):
        at = beside.at + timedelta(milliseconds=number)
        told = {"kind": kind, "data": data, "at": at, "recorded_at": at, "source": "person"}
        corrects = data.pop("corrects_entry", None)
        yield replace(beside, text=f"Zq{number}x Name", corrects=corrects, **told)


def _shifted(entry: Entry, by: int) -> Entry:
    """Return an entry that points where it pointed, though others came before it."""
    data = entry.data
    if entry.kind in ("entry.pinned", "entry.unpinned", "entry.marked"):
        data = data | {"entry": data["entry"] + by}
    return replace(entry, data=data)


def _filled(entry: Entry, plant: Plant) -> Entry:
    numbers = (int(found) for found in _SECRET.findall(entry.text))
    text = plant("text", next(numbers, entry.seq))
    return replace(entry, text=text, data=_walk(entry.data, "", plant))


def _walk(value: Any, key: str, plant: Plant) -> Any:
    if isinstance(value, dict):
        return {name: _walk(below, name, plant) for name, below in value.items()}
    if isinstance(value, list):
        return [_walk(below, key, plant) for below in value]
    if not isinstance(value, str):
        return value
    if key in _FREE and (number := re.search(r"zq(\d+)x", value, re.IGNORECASE)):
        return plant(key, int(number[1]))
    return _SECRET.sub(lambda found: plant(key, int(found[1])), value)


def _chained(entries: Iterable[Entry]) -> Iterator[Entry]:
    salts, previous = itertools.count(1), GENESIS
    for seq, entry in enumerate(entries, 1):
        fresh = replace(
            entry,
            seq=seq,
            uid=f"01939f00-0000-7000-9000-{seq:012x}",
            data=msgspec.json.decode(msgspec.json.encode(entry.data)),
            prev_hash=previous,
            hash="",
        )
        sealed = seal(fresh, lambda: f"{next(salts):032x}")
        previous = sealed.hash
        yield sealed
