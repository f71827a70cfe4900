"""What the parts of a room say of each other: numbers, exports noted, settings, anchors sent."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from crisisroom.core.canonical import digest
from crisisroom.core.forlegal import shut
from crisisroom.core.timeline import ROOM, Entry
from crisisroom.report import Problem
from crisisroom.report.anchor import Anchor, Anchors, Known, check, parse
from crisisroom.report.log import Log
from crisisroom.report.problem import about
from crisisroom.room.stopping import OUTGOING
from crisisroom.store import Tx, anchors, restricting, settings, verbatim
from crisisroom.store.verbatim import Chain

_BACKUP = "use a backup"
_NOTED = ("export.made", "import.made")
_SOME = 200  # anchors of those sent that chains are held against


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """A chain as it is found, and what is wrong with it taken by itself."""

    row: Chain
    id: str
    entries: Log
    hashes: dict[int, str]
    problems: list[Problem]

    @property
    def known(self) -> Known:
        """Return what anchors are held against."""
        return Known(self.id, self.hashes)


def _own(read: Sequence[Read]) -> Log:
    return next((one.entries for one in read if one.row.id == ROOM), Log())


def sums_of(entries: Log) -> tuple[str, ...]:
    """Return the sums of the anchors that a room's log tells of."""
    said = (one.data.get("head_hash") for one in entries.of(("anchor.sent",)))
    return tuple(one for one in said if isinstance(one, str))


def numbers(read: Sequence[Read]) -> Iterator[Problem]:
    """Yield where an incident has another number than it was given, or one is not there any more.

    A number is the next one after those there were, but for imports that keep their own.
    """
    if not any(one.row.id == ROOM for one in read):
        yield Problem("rows", "room", "the room's own log is missing", _BACKUP)
    came = {one.data.get("incident"): one for one in _own(read).of(("import.made",))}
    there = {one.row.number for one in read}
    for one in read:
        if one.row.id == ROOM:
            continue
        if one.row.number is None:
            message = f"the incident {one.row.id[:60]} has no number: nobody sees it"
            yield Problem("number", "the room", message, _BACKUP)
            continue
        arrived = came.get(one.row.id)
        first = one.entries[0].data.get("id") if one.entries else one.id
        given = arrived.data.get("id") if arrived else first
        if given != one.id:
            message = f"its log says that it is {str(given)[:60]}, the room calls it {one.id}"
            yield Problem("number", one.id, message, _BACKUP, chain=one.row.id)
        followed = arrived is None or arrived.data.get("was") != given
        before = one.row.number - 1
        if followed and before and before not in there:
            message = f"INC-{before} is not there, and {one.id} came after it: it was removed"
            yield Problem("number", f"INC-{before}", message, _BACKUP)


def told(read: Sequence[Read]) -> Iterator[Problem]:
    """Yield where an incident is not as it was when it was exported or imported.

    The room's own log noted its newest hash then: who rewrites one has to rewrite both.
    """
    by_chain = {one.row.id: one for one in read}
    for entry in _own(read).of(_NOTED):
        chain, seq, head = (entry.data.get(key) for key in ("incident", "entries", "head_hash"))
        if not isinstance(chain, str) or not isinstance(seq, int):
            continue
        what = "exported" if entry.kind == "export.made" else "imported"
        one = by_chain.get(chain)
        if one is None:
            message = f"this entry tells of an incident that was {what} and is not there any more"
            yield about(Problem("head", f"room entry {entry.seq}", message, _BACKUP), entry)
        elif one.hashes.get(seq) != head:
            message = f"entry {seq} had another hash when it was {what}: see room entry {entry.seq}"
            where = f"{one.id} entry {seq}"
            yield Problem("head", where, message, _BACKUP, chain=chain, seq=seq)


async def beyond(tx: Tx, read: Sequence[Read]) -> list[Problem]:
    """Return chains of which more was written once than there is now."""
    once = await verbatim.written_once(tx)
    found = []
    for one in read:
        end, more = max(one.hashes, default=0), once.get(one.row.id, 0)
        if more > end:
            message = f"its end was cut: there was an entry {more} once"
            where = f"{one.id} entry {end}"
            cut = Problem("head", where, message, _BACKUP, chain=one.row.id, seq=end)
            found.append(cut)
    return found


async def of_settings(tx: Tx, read: Sequence[Read]) -> list[Problem]:
    """Return where the settings, or the stop of all outgoing words, are not what the log says."""
    own = _own(read)
    applied = _newest(own, ("config.applied",))
    found = []
    wanted = applied.data.get("sha256") if applied else ""
    if _sum(await settings.get(tx, "config")) != wanted:
        since = f"what room entry {applied.seq} put into force" if applied else "from any file"
        message = f"they were changed from outside: they are not {since}"
        found.append(
            Problem("settings", "the room's settings", message, "crisisroom apply FILE mends it")
        )
    stop = _newest(own, ("outgoing.stopped", "outgoing.resumed"))
    stopped = stop is not None and stop.kind == "outgoing.stopped"
    if bool(await settings.get(tx, OUTGOING)) != stopped:
        said = "stopped" if stopped else "not stopped"
        message = f"by the log all outgoing words are {said}, the room says otherwise"
        found.append(Problem("settings", "the room's settings", message, "outgoing stop or resume"))
    return found


def _newest(own: Log, kinds: tuple[str, ...]) -> Entry | None:
    return next(iter(deque(own.of(kinds), maxlen=1)), None)


def _sum(config: str) -> str:
    """Return the sum of settings as they are kept; empty for none."""
    if not config:
        return ""
    try:
        value: Any = json.loads(config)
        return digest(value)
    except (ValueError, TypeError, RecursionError):
        return "none"


async def of_anchors(tx: Tx, read: Sequence[Read]) -> list[Problem]:
    """Return where chains are not what the anchors kept in the room say, or those were changed."""
    noted = {one.data.get("head_hash") for one in _own(read).of(("anchor.sent",))}
    found: list[Problem] = []
    sound: list[Anchor] = []
    for one in await anchors.newest(tx, _SOME):
        if not one.body:
            continue
        kept = parse(one.body.encode("utf-8", "replace"), f"the anchor for {one.place}")
        if kept.problems or any(anchor.sha256 not in noted for anchor in kept.anchors):
            where = f"the anchor of {one.at:%Y-%m-%d %H:%M} for {one.place[:60]}"
            found.append(Problem("anchor", where, "it is not the one that was sent"))
        sound += kept.anchors
    chains = {one.row.id: one.known for one in read}
    return (
        [*found, *check(Anchors("the anchors kept here", tuple(sound)), chains)] if sound else found
    )


async def of_access(tx: Tx, read: Sequence[Read]) -> list[Problem]:
    """Return where the room shows an incident, or an entry for Legal, to others than its log says.

    What is wrong with a log itself is told already: it says nothing about who may read it.
    """
    people, shut_ = await restricting.written(tx)
    found = [
        Problem("access", "the room", f"people are named for {chain[:60]}, which is no incident")
        for chain in sorted((people.keys() | shut_.keys()) - {one.row.id for one in read})
    ]
    for one in read:
        if one.row.id == ROOM or one.problems:
            continue
        if people.get(one.row.id, set()) != _restricted_to(one.entries):
            message = "it is shown to others than its log says: changed from outside"
            found.append(Problem("access", one.id, message, _BACKUP, chain=one.row.id))
        marks = one.entries.of(("entry.marked",))
        marked = {f"{mark.data['entry']}": mark.data["visibility"] for mark in marks}
        if shut_.get(one.row.id, {}) != shut(one.entries, marked).written_by:
            message = "other entries are for Legal than its log says: changed from outside"
            found.append(Problem("access", one.id, message, _BACKUP, chain=one.row.id))
    return found


def _restricted_to(entries: Log) -> set[str]:
    last = _newest(entries, ("access.restricted", "access.lifted"))
    return set(last.data["people"]) if last and last.kind == "access.restricted" else set()
