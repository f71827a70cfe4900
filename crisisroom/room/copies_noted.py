"""How far a copy falls behind what was noted of the room's logs: in the room, and in files."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from crisisroom.config import room_from
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.timeline import ROOM, stamp
from crisisroom.report.anchor import Anchor, Anchors, parse
from crisisroom.room.copies import Behind, Copy
from crisisroom.room.handed_in import read_files
from crisisroom.store import Tx, anchors, copies, settings

_NEWEST = 1000  # anchors that the room before is asked for


async def noted(copy: Path, room: Path) -> tuple[Anchors, ...]:
    """Return the anchors that the room in that place has sent, and those in the copy's files."""
    found = []
    with suppress(copies.Damaged):
        found += [
            parse(one.body.encode(), f"the anchor for {one.place}")
            for one in await copies.read(room, lambda tx: anchors.newest(tx, _NEWEST))
            if one.body
        ]
    for name in await copies.read(copy, _files):
        with suppress(Usage):  # it is not here, or is no plain file
            (kept,) = await read_files([name])
            found.append(parse(kept.data, name))
    return tuple(found)


async def _files(tx: Tx) -> tuple[str, ...]:
    """Return the files that anchors of this room are kept in, as its settings say."""
    text = await settings.get(tx, "config")
    if not text:
        return ()
    try:
        places = room_from(msgspec.json.decode(text)).anchors
    except (msgspec.DecodeError, Refused):
        return ()  # who opens that room is told
    return tuple(one.file for one in places if one.file)


async def erased_since(room: Path, copy: Copy) -> int:
    """Return how often the room in that place erased persons since a copy of it was made."""
    own = copy.chains.get(ROOM)

    async def count(tx: Tx) -> int:
        return len(
            await tx.rows(
                "SELECT 1 FROM entry WHERE chain = ? AND kind = 'person.erased' AND seq > ?",
                (ROOM, own.entries if own else 0),
            )
        )

    with suppress(copies.Damaged):
        return await copies.read(room, count)
    return 0


def missing(copy: Copy, noted: Iterable[Anchors]) -> tuple[Behind, ...]:
    """Return the chains of which more was noted than a copy has, or something else."""
    found: dict[str, Behind] = {}
    for anchor in (one for file in noted for one in file.anchors if one.room == copy.room):
        for chain, one in _compared(copy, anchor):
            before = found.get(chain)
            if before is None or _rank(before) < _rank(one):
                found[chain] = one
    return tuple(found.values())


def _rank(one: Behind) -> tuple[bool, int]:
    return bool(one.forked), one.room


def _compared(copy: Copy, anchor: Anchor) -> Iterable[tuple[str, Behind]]:
    for head in anchor.chains:
        here = copy.chains.get(head.chain)
        entries = here.entries if here else 0
        if entries < head.entries:
            yield head.chain, Behind(head.id, entries, head.entries, at=stamp(anchor.at))
        elif here and here.hashes[head.entries - 1] != head.head:
            at = stamp(anchor.at)
            yield head.chain, Behind(head.id, entries, head.entries, forked=head.entries, at=at)


def new_in(missing: Iterable[Behind], lost: Iterable[Behind]) -> tuple[Behind, ...]:
    """Return what was noted of more entries than the room before is known to have had."""
    known = {one.name: one.room for one in lost}
    return tuple(one for one in missing if one.forked or one.room > known.get(one.name, 0))
