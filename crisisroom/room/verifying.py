"""Checking a room: that no chain was altered, and that the tables say what the chains say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.timeline import ROOM
from crisisroom.report import Problem, verify_entries, verify_projection
from crisisroom.report.anchor import Anchors, Known, check
from crisisroom.report.chain import anchor_problems
from crisisroom.report.log import Log
from crisisroom.report.problem import about, first_said
from crisisroom.room import Room, crosscheck, evidence_check
from crisisroom.room.crosscheck import Read
from crisisroom.store import Tx, anchors, log, shape, verbatim
from crisisroom.store.verbatim import TORN, Chain, Rows

_CHANGED = "it is not as it was written: changed from outside"
_BACKUP = "use a backup"


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What came of checking one chain: `id` is `room` or `INC-7`. The first problem comes first."""

    id: str
    entries: int
    head_hash: str
    problems: tuple[Problem, ...]


async def verify(
    room: Room, inc: str = "", anchor: str = "", noted: Anchors | None = None
) -> tuple[Checked, ...]:
    """Check one incident, or without `inc` the whole room, its own chain first.

    `anchor` is a hash noted elsewhere that has to be in what is checked, `noted` anchors that it
    has to agree with. Whatever was changed, in whatever way: it is told, nothing is raised.
    """
    apart, whole = await room.kept_back(), room.whole()
    try:
        if inc:
            await room.store.read(lambda tx: room.chain_of(tx, inc, room.store.seen))
        found = await whole.store.read(lambda tx: _verified(tx, whole, inc, anchor, noted))
    except Refused as refused:
        if refused.code != "damaged":
            raise
        problem = Problem("damaged", "the room's file", refused.message, _BACKUP)
        return (Checked(id=inc or ROOM, entries=0, head_hash="", problems=(problem,)),)
    found = _but(found, apart)
    if any(one.problems for one in found):
        return found  # the evidence is looked for by way of the incidents, which cannot be trusted
    return _with(found, await evidence_check.check(room, inc))


def _but(found: Sequence[Checked], apart: Collection[str]) -> tuple[Checked, ...]:
    """Return what came of checking without naming incidents that are not for who asks.

    They are checked like all others: what is wrong with one is told of the room.
    """
    hidden = [problem for one in found if one.id in apart for problem in one.problems]
    shown = tuple(one for one in found if one.id not in apart)
    replace = msgspec.structs.replace
    told = (replace(one, where="a log that is not for you", message=_CHANGED) for one in hidden)
    return _with(shown, told) if hidden else shown


def in_order(checked: Iterable[Checked]) -> list[Problem]:
    """Return all problems, the first bad entry first, what is about no entry last."""
    found = [problem for one in checked for problem in one.problems]
    return sorted(found, key=_rank)


def _rank(problem: Problem) -> int:
    if problem.seq or problem.at:  # an entry 0, which nobody of ours writes, has its time
        return 0
    return 1 if problem.code in ("replay", "projection", "number", "anchor") else 2


async def _verified(
    tx: Tx, room: Room, inc: str, anchor: str, noted: Anchors | None
) -> tuple[Checked, ...]:
    rows = await verbatim.chains(tx)
    if inc:
        chain = await room.chain_of(tx, inc, room.store.seen)
        wanted = [row for row in rows if row.id == chain]
    else:
        wanted = [*rows]
    came = await verbatim.imported(tx)
    read = [await _read(tx, row, lent=row.id in came) for row in wanted]
    own = next((one for one in read if one.row.id == ROOM), None)
    sums = crosscheck.sums_of(own.entries) if own else ()
    everywhere = [] if inc else await _of_room(tx, read)
    where = read[0].id if len(read) == 1 else "the room"
    everywhere += anchor_problems(
        (entry for one in read for entry in one.entries), where, anchor, sums
    )
    if noted is not None:
        known = {one.row.id: one.known for one in read}
        everywhere += check(
            _narrowed(noted, known) if inc else noted, known, await anchors.room_id(tx)
        )
    found = tuple(_checked(one) for one in read)
    if not found:
        found = (Checked(id=ROOM, entries=0, head_hash="", problems=()),)
    return _with(found, everywhere)


def _narrowed(noted: Anchors, known: Mapping[str, Known]) -> Anchors:
    """Return what anchors say of the chains that are looked at."""
    replace = msgspec.structs.replace
    ours = tuple(
        replace(one, chains=tuple(head for head in one.chains if head.chain in known))
        for one in noted.anchors
    )
    return replace(noted, anchors=ours)


def _checked(one: Read) -> Checked:
    return Checked(
        id=one.id,
        entries=len(one.entries),
        head_hash=one.row.head,
        problems=tuple(first_said(one.problems)),
    )


def _with(found: tuple[Checked, ...], more: Iterable[Problem]) -> tuple[Checked, ...]:
    """Add each problem to the chain that it names, those of no chain to the first."""
    by_id: dict[str, list[Problem]] = {one.id: [] for one in found}
    for problem in more:
        name = problem.where.partition(" ")[0]
        by_id[name if name in by_id else found[0].id].append(problem)
    return tuple(
        msgspec.structs.replace(one, problems=(*one.problems, *by_id[one.id])) for one in found
    )


async def _read(tx: Tx, row: Chain, *, lent: bool) -> Read:
    name = ROOM if row.id == ROOM else f"INC-{row.number}"
    entries, hashes, problems = Log(), dict[int, str](), list[Problem]()
    try:
        async for window in verbatim.entries(tx, row.id):
            entries.extend(one.entry for one in window)
            hashes |= {one.entry.seq: one.entry.hash for one in window}
            problems += [
                about(Problem("entry", f"{name} entry {one.entry.seq}", _CHANGED), one.entry)
                for one in window
                if one.broken
            ]
        problems = _in_order(problems, verify_entries(entries, name, lent=lent))
        problems += _head_problems(name, entries, row)
        if not problems and row.id != ROOM:
            problems += _of_projection(name, entries, await verbatim.projection(tx, row.id))
    except TORN as error:
        message = f"it cannot be read to its end: {str(error)[:100]}"
        problems.append(Problem("damaged", name, message, _BACKUP))
    return Read(row=row, id=name, entries=entries, hashes=hashes, problems=problems)


def _in_order(broken: Sequence[Problem], found: Sequence[Problem]) -> list[Problem]:
    """Put what is wrong in the order of the entries; of a broken one that says all there is."""
    known = {one.seq for one in broken}
    rest = [one for one in found if one.seq not in known]
    return sorted([*broken, *rest], key=lambda one: one.seq)


def _head_problems(name: str, entries: Log, row: Chain) -> Iterator[Problem]:
    """Yield what is wrong where a chain does not end where the room says it does."""
    if not entries:
        yield Problem("head", name, "it has no entries", _BACKUP)
        return
    last = entries[-1]
    where = f"{name} entry {last.seq}"
    if last.seq != row.seq:
        message = f"it ends with entry {last.seq}, the room counts {row.seq}"
        yield about(Problem("head", where, message), last)
    elif last.hash != row.head:
        yield about(Problem("head", where, "the room names another head than this entry"), last)


def _of_projection(name: str, entries: Log, rows: Rows) -> list[Problem]:
    return [
        msgspec.structs.replace(one, where=f"{name} {one.where}")
        for one in verify_projection(entries, _as_logged(rows, name, entries))
    ]


def _as_logged(rows: Rows, name: str, entries: Log) -> Rows:
    """Return the rows with the id that the log gives the incident: an import may renumber it."""
    logged = entries[0].data.get("id")
    kept = rows.get(("incident", name))
    if not isinstance(logged, str) or logged == name or kept is None or kept.get("id") != name:
        return rows
    rest = {key: row for key, row in rows.items() if key != ("incident", name)}
    return rest | {("incident", logged): kept | {"id": logged}}


async def _of_room(tx: Tx, read: Sequence[Read]) -> list[Problem]:
    """Return what is wrong with the room as a whole, beyond each chain by itself."""
    looks: tuple[Callable[[], Awaitable[Iterable[Problem]]], ...] = (
        lambda: _at_once(crosscheck.numbers(read)),
        lambda: _at_once(crosscheck.told(read)),
        lambda: crosscheck.beyond(tx, read),
        lambda: crosscheck.of_settings(tx, read),
        lambda: crosscheck.of_anchors(tx, read),
        lambda: crosscheck.of_access(tx, read),
        lambda: _of_file(tx),
    )
    problems: list[Problem] = []
    for look in looks:
        try:
            problems += await look()
        except TORN as error:
            message = f"part of it cannot be read: {str(error)[:100]}"
            problems.append(Problem("damaged", "the room", message, _BACKUP))
    return problems


async def _at_once(problems: Iterable[Problem]) -> Iterable[Problem]:
    return problems


async def _of_file(tx: Tx) -> list[Problem]:
    """Return what is wrong with the tables and the file that they are in."""
    by_hand = "somebody changed the file by hand"
    return [
        *(Problem("rows", "the room", one, _BACKUP) for one in await verbatim.strays(tx)),
        *(Problem("schema", "the room's tables", one, by_hand) for one in await shape.flaws(tx)),
        *(Problem("damaged", "the room's file", one, _BACKUP) for one in await shape.damage(tx)),
    ]


async def heads(room: Room) -> dict[str, str]:
    """Return the newest hash of every chain: of `room`, and of each incident by its id."""

    async def work(tx: Tx) -> dict[str, str]:
        _, own = await log.head(tx, ROOM)
        every = {ROOM: own}
        for chain, number in reversed(await log.chains(tx)):
            every[f"INC-{number}"] = (await log.head(tx, chain))[1]
        return every

    return await room.store.read(work)


SHORT = 8  # digits of a hash that are shown where there is no room for all


def short(head: str) -> str:
    """Return the first digits of a hash: enough to see that two are not the same."""
    return head[:SHORT]
