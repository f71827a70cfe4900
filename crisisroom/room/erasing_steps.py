"""The steps of an erasure: logs first and posts last, each in a transaction of its own.

One that is interrupted finds, when it is begun again, all it needs to end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.timeline import ROOM, Draft
from crisisroom.room import Room
from crisisroom.room.erasing_kept import Count, Request, note
from crisisroom.room.seeking import Survey, named_by_others, refuse, seek, survey, told_in
from crisisroom.room.sending import unqueued
from crisisroom.store import Tx, erase_posts, erase_tables, evidence, leases, log
from crisisroom.store import erase as rows
from crisisroom.store.erase import InChain, Sought
from crisisroom.store.leases import Lease
from crisisroom.store.rebuilding import rebuild

BATCH = 250  # posts in one turn at writing
ROUNDS = 3  # looks at what colleagues wrote meanwhile

Say = Callable[[str], None]


class Job(msgspec.Struct, frozen=True):
    """An erasure under way: what is asked for, the right to do it, whom to tell how far it is."""

    request: Request
    lease: Lease
    say: Say
    apart: frozenset[str] = frozenset()  # incidents that are not for who asked


async def rounds(room: Room, job: Job, sought: Sought, found: Survey) -> bool:
    """Erase until a look finds nothing more, for others go on working; False if they never stop."""
    for _ in range(ROUNDS):
        if found.empty:
            return True
        await _all(room, job, sought, found)
        again = await seek(room.store.read, job.request.persons)
        sought = _both(sought, again)
        found = await survey(room.store.read, sought, room.store.seen)
        refuse(found)
    return found.empty


def _both(before: Sought, now: Sought) -> Sought:
    """Return what was known of them before it went, with what has come since."""
    if not now.numbers:
        uids = before.uids | now.uids
        return msgspec.structs.replace(before, numbers={}, uids=uids, files=now.files)
    return msgspec.structs.replace(now, uids=before.uids | now.uids)


async def _all(room: Room, job: Job, sought: Sought, found: Survey) -> None:
    for name, one in found.chains.items():
        if one.texts:
            told = "a log" if name in job.apart else name
            job.say(f"{told}: {len(one.texts)} texts")
            await _in_chain(room, job, one, sought)
    await room.store.write(lambda tx: _beside(tx, sought))
    others = await named_by_others(room.store.read, sought)
    for some in _batches(others):
        await room.store.write(lambda tx, some=some: _others(tx, room, job, sought, some))  # type: ignore[misc]
    done = 0
    for some in _batches(sorted(sought.numbers)):
        await room.store.write(lambda tx, some=some: _posts(tx, room, job, sought, some))  # type: ignore[misc]
        done += len(some)
        job.say(f"{done} of {len(sought.numbers)} posts deleted")


def _batches(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[at : at + BATCH] for at in range(0, len(numbers), BATCH))


async def _in_chain(room: Room, job: Job, seen: InChain, sought: Sought) -> None:
    """Erase what was found, and what was written since: others wait for no more than that."""
    chain = seen.chain

    async def work(tx: Tx) -> None:
        await leases.beat(tx, job.lease, room.clock)
        found = seen.plus(await rows.in_chain(tx, chain, sought, seen.last))
        if chain in await evidence.held(tx):
            raise _held_meanwhile()
        if found.texts:
            await _erase(tx, room, found, sought, job.request.why)

    await room.store.write(work)
    for cache in (room.store.states, room.store.seen):
        cache.pop(chain, None)


async def _erase(tx: Tx, room: Room, found: InChain, sought: Sought, why: str) -> None:
    """Erase in one chain, and put that on its record; tables follow from what is left."""
    drafts: list[Draft] = []
    if found.chain != ROOM:
        drafts = await _taken_back(tx, found.chain, sought)
        data = {"entries": list(found.entries), "words": why}
        texts = "1 text" if len(found.texts) == 1 else f"{len(found.texts)} texts"
        drafts.append(
            Draft(kind="words.erased", text=f"erased {texts} of a person: {why}", data=data)
        )
    await rows.erase_in(tx, found.chain, found.texts)
    if drafts:
        await log.append(tx, found.chain, drafts, room.author(), room.clock.now())
        await rebuild(tx, found.chain)
    tx.tell("reset")
    counts = {who: Count(entries=many) for who, many in found.by_person.items()}
    await note(tx, sought.finder.persons, counts)


async def _taken_back(tx: Tx, chain: str, sought: Sought) -> list[Draft]:
    """Return the entries that take back what names them and is not out: nobody sends `[erased]`."""
    state = await log.state(tx, chain, {})
    drafts: list[Draft] = []
    for words in told_in(state, sought):
        drafts += unqueued(words, "erased")
        if words.sent_at is None and words.state != "withdrawn":
            data = {"id": words.id, "words": "erased"}
            said = f"withdrew {words.id}: its words were erased"
            drafts.append(Draft(kind=f"{words.sort}.withdrawn", text=said, data=data))
    return drafts


async def _beside(tx: Tx, sought: Sought) -> None:
    if await evidence.cited_in(tx, await evidence.held(tx)) & sought.files.keys():
        raise _held_meanwhile()
    await erase_tables.small_tables(tx, sought, write=True)
    await evidence.drop(tx, tuple(sought.files), "erased")
    counts = {who: Count(files=1) for people in sought.files.values() for who in people}
    await note(tx, sought.finder.persons, counts)
    tx.tell("reset")


async def _others(tx: Tx, room: Room, job: Job, sought: Sought, numbers: Sequence[int]) -> None:
    await leases.beat(tx, job.lease, room.clock)
    await _refuse_held(tx, numbers)
    await erase_posts.reword(tx, sought, numbers)


async def _posts(tx: Tx, room: Room, job: Job, sought: Sought, numbers: Sequence[int]) -> None:
    await leases.beat(tx, job.lease, room.clock)
    await _refuse_held(tx, numbers)
    await erase_posts.delete_posts(tx, sought, numbers, room.clock.now())
    deleted = Counter(sought.numbers[number] for number in numbers)
    counts = {who: Count(mentions=many) for who, many in deleted.items()}
    await note(tx, sought.finder.persons, counts)


async def _refuse_held(tx: Tx, numbers: Sequence[int]) -> None:
    """Refuse posts that an incident cites which was put on hold since they were found."""
    if held := await evidence.held(tx):
        cited = await evidence.cited_by(tx, held)
        if cited & await erase_posts.uids_of(tx, numbers):
            raise _held_meanwhile()


def _held_meanwhile() -> Refused:
    message = "an incident that has to do with them was put on hold meanwhile"
    return Refused("held", message, "hold lift, by Legal, lets it be erased")
