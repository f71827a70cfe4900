"""What a copy of a room is worth: whole, unaltered, and how far its chains go."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.timeline import ROOM
from crisisroom.report import verify_entries
from crisisroom.report.chain import unsaid
from crisisroom.report.log import Log
from crisisroom.store import SCHEMA, Tx, anchors, copies, verbatim

_ERASED = "erased"  # the code of a problem that is none here


class Chain(msgspec.Struct, frozen=True):
    """One chain of a copy: what the room calls it, and the hash of each of its entries in order."""

    name: str
    hashes: tuple[str, ...]

    @property
    def entries(self) -> int:
        """Return how many entries it has."""
        return len(self.hashes)


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that was looked at: its schema, its chains by uid, and what is wrong with it.

    `erased` are entries, by chain, of which words went in this copy alone: see `erase --backups`.
    """

    schema: int
    chains: dict[str, Chain]
    room: str = ""  # what tells it from other rooms, see `store.anchors`
    problems: tuple[str, ...] = ()
    erased: dict[str, tuple[int, ...]] = {}

    @property
    def entries(self) -> int:
        """Return how many entries all its chains have."""
        return sum(one.entries for one in self.chains.values())

    @property
    def head(self) -> str:
        """Return the hash of the newest entry of the room's own chain."""
        own = self.chains.get(ROOM)
        return own.hashes[-1] if own and own.hashes else ""

    def has(self, anchor: str) -> bool:
        """Tell whether a hash noted elsewhere, or its beginning, is one of an entry here."""
        return any(one.startswith(anchor) for chain in self.chains.values() for one in chain.hashes)


class Behind(msgspec.Struct, frozen=True):
    """One chain of which a copy lacks entries, or tells another story from some entry on.

    It is compared with the room in its place, or with what was noted of the chain `at` some time.
    """

    name: str
    copy: int  # entries in the copy
    room: int
    forked: int = 0  # an entry that differs, 0 where the copy is a beginning
    at: str = ""

    @property
    def missing(self) -> int:
        """Return how many entries the copy lacks."""
        return max(0, self.room - self.copy)

    def __str__(self) -> str:
        """Return it as a line for people."""
        name = "the room's own log" if self.name == ROOM else self.name
        if self.at and self.forked:
            return f"{name}: entry {self.forked} is another than was noted at {self.at}"
        lacks = "1 entry is" if self.missing == 1 else f"{self.missing:,} entries are"
        ends = f"{name}: this copy ends at entry {self.copy}"
        if self.at:
            return f"{ends}, at {self.at} it ended at {self.room}: {lacks} missing"
        if self.forked:
            return f"{ends}, the room at {self.room}; from entry {self.forked} on they differ"
        return f"{ends}, the room at {self.room}: {lacks} missing"


async def examine(path: Path) -> Copy:
    """Look at a copy, all of it; Refused where it is no room, or one of a newer program."""
    schema = await copies.schema_of(path)
    if schema is None:
        raise Refused("not-a-room", f"{path} is no copy of a room", "backup makes one")
    if schema > SCHEMA:
        message = f"{path} is of a newer crisisroom (schema {schema}, this one knows {SCHEMA})"
        raise Refused("newer-room", message, "start the newer crisisroom")
    if flaw := await copies.flaw(path):
        return Copy(schema=schema, chains={}, problems=(f"the file is damaged: {flaw}",))
    try:
        return await copies.read(path, lambda tx: _examined(tx, schema))
    except copies.Damaged as error:
        return Copy(schema=schema, chains={}, problems=(f"the file is damaged: {error}",))


async def _examined(tx: Tx, schema: int) -> Copy:
    came = await verbatim.imported(tx)
    chains: dict[str, Chain] = {}
    problems: list[str] = []
    erased: dict[str, tuple[int, ...]] = {}
    for row in await verbatim.chains(tx):
        name = ROOM if row.id == ROOM else f"INC-{row.number}"
        entries = Log()
        hashes: list[str] = []
        async for window in verbatim.entries(tx, row.id):
            entries.extend(one.entry for one in window)
            hashes += [one.entry.hash for one in window]
            problems += [
                f"{name} entry {one.entry.seq}: it is not as it was written"
                for one in window
                if one.broken
            ]
        if blank := tuple(entries[place].seq for place in unsaid(entries)):
            erased[row.id] = blank
        problems += [
            str(one)
            for one in verify_entries(entries, name, lent=row.id in came)
            if not (one.code == _ERASED and one.seq in blank)
        ]
        if not hashes or (len(hashes), hashes[-1]) != (row.seq, row.head):
            problems.append(f"{name}: it does not end where the room says that it does")
        chains[row.id] = Chain(name, tuple(hashes))
    return Copy(
        schema=schema,
        chains=chains,
        room=await anchors.room_id(tx),
        problems=tuple(problems),
        erased=erased,
    )


def behind(copy: Mapping[str, Chain], room: Mapping[str, Chain]) -> tuple[Behind, ...]:
    """Return the chains of a room that a copy does not have whole."""
    found = []
    for uid, here in room.items():
        there = copy.get(uid, Chain(here.name, ()))
        same = next(
            (
                at
                for at, pair in enumerate(zip(there.hashes, here.hashes, strict=False))
                if pair[0] != pair[1]
            ),
            min(there.entries, here.entries),
        )
        forked = same + 1 if same < min(there.entries, here.entries) else 0
        if forked or there.entries < here.entries:
            found.append(Behind(here.name, there.entries, here.entries, forked))
    return tuple(found)
