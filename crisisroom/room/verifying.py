"""Checking a room: that no chain was altered, and that the tables say what the chains say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from crisisroom.core.timeline import ROOM, Entry
from crisisroom.report import Problem, verify_entries, verify_projection
from crisisroom.report.chain import anchor_problems
from crisisroom.room import Room
from crisisroom.store import Tx, log, verbatim

Rows = dict[tuple[str, str], dict[str, Any]]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What came of checking one chain: `id` is `room` or `INC-7`."""

    id: str
    entries: int
    head_hash: str
    problems: tuple[Problem, ...]


async def verify(room: Room, inc: str = "", anchor: str = "") -> tuple[Checked, ...]:
    """Check one incident, or without `inc` every chain of the room, its own one first.

    `anchor` is a hash noted elsewhere that has to be in what is checked.
    """

    async def work(tx: Tx) -> tuple[Checked, ...]:
        every = {f"INC-{number}": chain for chain, number in reversed(await log.chains(tx))}
        if inc:
            every = {inc: await room.chain_of(tx, inc, room.store.seen)}
        else:
            every = {ROOM: ROOM} | every
        seen: list[Entry] = []
        found = [await _checked(tx, name, chain, seen) for name, chain in every.items()]
        return _anchored(found, seen, anchor)

    return await room.store.read(work)


def _anchored(found: list[Checked], seen: Sequence[Entry], anchor: str) -> tuple[Checked, ...]:
    missing = anchor_problems(seen, found[0].id if len(found) == 1 else "the room", anchor)
    first = msgspec.structs.replace(found[0], problems=(*found[0].problems, *missing))
    return (first, *found[1:])


async def _checked(tx: Tx, name: str, chain: str, seen: list[Entry]) -> Checked:
    entries, unreadable = await verbatim.readable(tx, chain)
    seen += entries
    last, head = await log.head(tx, chain)
    problems = [
        Problem("entry", f"{name} entry {seq}", "it is not as it was written: changed from outside")
        for seq in unreadable
    ]
    problems += verify_entries(entries, name)
    problems += _head_problems(name, entries, last, head)
    if not problems and chain != ROOM:
        rows = await log.projection(tx, chain)
        problems += [
            msgspec.structs.replace(one, where=f"{name} {one.where}")
            for one in verify_projection(entries, _as_logged(rows, name, entries))
        ]
    return Checked(id=name, entries=len(entries), head_hash=head, problems=tuple(problems))


def _head_problems(name: str, entries: Sequence[Entry], last: int, head: str) -> Iterator[Problem]:
    """Yield what is wrong where a chain does not end where the room says it does."""
    if not entries:
        yield Problem("head", name, "it has no entries", "use a backup")
    elif entries[-1].seq != last:
        message = f"it ends with entry {entries[-1].seq}, the room counts {last}"
        yield Problem("head", f"{name} entry {entries[-1].seq}", message)
    elif entries[-1].hash != head:
        message = "the room names another head than this entry"
        yield Problem("head", f"{name} entry {last}", message)


def _as_logged(rows: Rows, name: str, entries: Sequence[Entry]) -> Rows:
    """Return the rows with the id that the log gives the incident: an import may renumber it."""
    logged = entries[0].data["id"]
    kept = rows.get(("incident", name))
    if logged == name or kept is None or kept.get("id") != name:
        return rows
    rest = {key: row for key, row in rows.items() if key != ("incident", name)}
    return rest | {("incident", logged): kept | {"id": logged}}
