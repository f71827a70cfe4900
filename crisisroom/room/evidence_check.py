"""Checking evidence against its hashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crisisroom.core.incident import Incident, LinkedMention
from crisisroom.core.timeline import ERASED
from crisisroom.report.problem import Problem
from crisisroom.room import Room, reading
from crisisroom.store import Tx, originals
from crisisroom.store import evidence as rows
from crisisroom.store.originals import Revision

_BACKUP = "use a backup"
_SOME = 200  # posts that are looked at in one go


async def check(room: Room, inc: str = "") -> tuple[Problem, ...]:
    """Hash everything again: what an incident cites, or all that the room keeps.

    Names what is missing or is not what was kept. What came with an import lies elsewhere, and
    what was erased is gone on purpose: neither is a problem.
    """
    if inc:
        return tuple(await _of_incident(room, await reading.incident(room, inc)))
    every = await reading.incidents(room)
    found = [one for state in every for one in await _of_incident(room, state)]
    cited = {sha256 for state in every for sha256 in state.evidence}
    rest = [one for one in await room.store.read(rows.hashes) if one not in cited]
    return (*found, *await _flaws(room, "room", rest))


async def _of_incident(room: Room, state: Incident) -> list[Problem]:
    elsewhere = await room.store.read(lambda tx: rows.came_from_elsewhere(tx, state.uid))
    kept = [one.sha256 for one in state.evidence.values() if ERASED not in (one.name, one.url)]
    if elsewhere:
        kept = [*await room.store.read(lambda tx: rows.kept(tx, kept))]
    problems = await _flaws(room, state.id, kept)
    return problems if elsewhere else [*problems, *await _posts(room, state)]


async def _flaws(room: Room, where: str, hashes: Iterable[str]) -> list[Problem]:
    """Look at the bytes one by one: others get their turn at the room between them."""
    found = []
    for sha256 in hashes:
        if wrong := await room.store.read(lambda tx, one=sha256: rows.flaw(tx, one)):  # type: ignore[misc]
            found.append(Problem("evidence", f"{where} evidence {sha256}", wrong, _BACKUP))
    return found


async def _posts(room: Room, state: Incident) -> list[Problem]:
    linked = [one for one in state.mentions.values() if one.sha256 and one.quote != ERASED]
    edited = await room.store.read(lambda tx: rows.edited(tx, state.uid))
    problems: list[Problem] = []
    for start in range(0, len(linked), _SOME):
        some = linked[start : start + _SOME]
        seen = await room.store.read(lambda tx, some=some: _seen(tx, some))  # type: ignore[misc]
        for one in some:
            said = edited.get(one.uid, frozenset()) | {one.sha256}
            problems += _post_flaws(f"{state.id} {one.id}", said, seen.get(one.uid, ()))
    return problems


async def _seen(tx: Tx, linked: Sequence[LinkedMention]) -> dict[str, tuple[Revision, ...]]:
    return await originals.of_uids(tx, [one.uid for one in linked])


def _post_flaws(where: str, said: frozenset[str], seen: Sequence[Revision]) -> Iterator[Problem]:
    """Yield what is wrong with a post; `said` are the hashes of its words by the record."""
    if not seen:
        yield Problem("evidence", where, "what its author wrote is not in this room", _BACKUP)
    elif not said <= {revision.sha256 for revision in seen}:
        yield Problem("evidence", where, "its words are not those that were seen", _BACKUP)
    for revision in seen:
        if not revision.sound:
            message = f"version {revision.number} is not as it was seen"
            yield Problem("evidence", where, message, _BACKUP)
