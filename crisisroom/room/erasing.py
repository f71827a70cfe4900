"""Erasing persons: their words and names leave the room, and every chain still verifies.

What is asked for is kept in the room until it is done, so that whoever opens the room after a
crash ends it. What is on record of it names nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from crisisroom.core.errors import Refused, Unavailable, Usage
from crisisroom.core.persons import Person
from crisisroom.room import Room, erasing_copies, erasing_kept
from crisisroom.room.checks import own, required
from crisisroom.room.erasing_kept import Request
from crisisroom.room.erasing_steps import Job, Say, rounds
from crisisroom.room.seeking import (
    Survey,
    checked,
    not_ours,
    refuse,
    refuse_wide,
    seek,
    survey,
)
from crisisroom.store import compact, erase_begun, leftover
from crisisroom.store.erase import Sought
from crisisroom.store.erase_begun import AHEAD, FREE
from crisisroom.store.leases import Lease, LeaseLost


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure came to, or would come to."""

    persons: int
    dry_run: bool
    posts: int = 0  # theirs, deleted
    others: int = 0  # posts by others that named them
    texts: int = 0  # sealed texts of the logs
    incidents: dict[str, tuple[int, ...]] = {}  # entries that lost a text, by incident or `room`
    tables: dict[str, int] = {}  # rows beside logs and posts
    files: int = 0  # kept files
    left: tuple[str, ...] = ()  # places in old entries that cannot be erased
    copies: tuple[str, ...] = ()  # copies of the room that hold them, or held them
    copies_erased: bool = False
    whole: bool = True  # whether nothing is left in free pages and the log ahead
    beyond: str = ""  # who else has to clear what was deleted, and where: on a server
    entry: int = 0  # its number on the room's own record, 0 for none

    @property
    def nothing(self) -> bool:
        """Whether nothing of them was in the room."""
        return not (self.posts or self.others or self.texts or self.tables or self.files)


_CLEARING = {
    "sqlite": "clearing the word index and the free pages; others can read, and write in a moment",
    "postgres": "clearing the server's tables one by one; who needs one waits a moment",
}


def _quiet(line: str) -> None:
    """Say nothing."""


async def erase(
    room: Room,
    persons: Sequence[Person],
    why: str,
    *,
    dry_run: bool = False,
    in_copies: bool = False,
    wide: bool = False,
    say: Say = _quiet,
) -> Erased:
    """Erase persons from the room, and with `in_copies` from the copies of it that are known.

    Refused while a hold covers them, while words that name them are on their way, where a handle
    is several people's, and where more would go than one person can have in it (unless `wide`).
    """
    _may(room)
    apart, room = await room.kept_back(), room.whole()
    persons = await not_ours(room.store.read, room, checked(persons))
    say("looking for all that is known of them")
    sought = await seek(room.store.read, persons)
    found = await survey(room.store.read, sought, room.store.seen)
    places = await erasing_copies.holding(room, sought, say)
    came_to = _came_to(sought, found, places, apart, dry_run=dry_run)
    came_to = msgspec.structs.replace(came_to, beyond=await compact.beyond(room.store.under))
    if dry_run:
        return came_to
    _reason(why, sought)
    refuse(found, apart)
    for folder in {one.parent for one in (*places, room.store.here)}:
        await asyncio.to_thread(leftover.clear, folder)
    if not wide:
        refuse_wide(sought, found)
    copies = places if in_copies else ()
    if found.empty and not copies:
        return msgspec.structs.replace(came_to, whole=await settle(room, say))
    asked = Request(
        persons=sought.finder.persons, why=why, actor=room.actor, places=tuple(map(str, copies))
    )
    async with _at_work(room, asked) as lease:
        whole, entry = await _carry_out(room, Job(asked, lease, say, apart), sought, found)
    return msgspec.structs.replace(came_to, entry=entry, whole=whole, copies_erased=in_copies)


async def resume(room: Room, say: Say = _quiet) -> bool:
    """End what was being erased when a program was killed; False where there was nothing to end.

    Refused where a hold covers it by now: then it has to be asked for again.
    """
    room = room.for_machine()  # whoever opens the room first ends it, for who asked for it
    if not await room.store.read(lambda tx: erase_begun.interrupted(tx, room.clock)):
        return False
    asked = await room.store.read(erasing_kept.asked_for)
    if asked is None:
        return await settle(room, say)
    theirs = room.as_actor(asked.actor)
    async with _at_work(theirs, asked) as lease:
        sought = await seek(room.store.read, asked.persons)
        found = await survey(room.store.read, sought, room.store.seen)
        refuse(found)
        await _carry_out(theirs, Job(asked, lease, say), sought, found)
    return True


@asynccontextmanager
async def _at_work(room: Room, asked: Request) -> AsyncIterator[Lease]:
    """Keep what is asked for while it is done; what is refused is no crash, and forgotten."""
    lease = await erasing_kept.begin(room, asked)
    try:
        yield lease
    except (Unavailable, LeaseLost):
        raise
    except Refused:
        await erasing_kept.on_record(room)
        await erasing_kept.end(room, lease)
        raise
    await erasing_kept.end(room, lease)


async def _carry_out(room: Room, job: Job, sought: Sought, found: Survey) -> tuple[bool, int]:
    """Return whether nothing is left, and the entry on the room's own record."""
    gone = await rounds(room, job, sought, found)
    await erasing_copies.erase_in(room, job.request.persons, map(Path, job.request.places), job.say)
    entry = await erasing_kept.on_record(room)
    await erasing_kept.forget(room)
    return await settle(room, job.say) and gone, entry


def _may(room: Room) -> None:
    """Refuse who is neither Legal nor a lead, in a team that has such people."""
    team = room.config.team
    trusted = {one.id for one in team if {"legal", "lead"} & set(one.roles)}
    if trusted and room.actor.name not in trusted:
        hint = f"ask {', '.join(sorted(trusted))}"
        raise Refused("may-not", "only Legal or who may lead erases a person", hint)


def _reason(why: str, sought: Sought) -> None:
    required(why, "why are they erased? the request, without their name")
    own(why, "reason")
    if sought.finder.who(why):
        raise Usage("why", "the reason names them: it stays on record", "say: request of 2 May")


async def settle(room: Room, say: Say = _quiet) -> bool:
    """Leave nothing in free pages, word index and log ahead; False while somebody reads on.

    Does nothing where no erasure is unfinished.
    """
    left = await room.store.read(erase_begun.unsettled)
    if not left:
        return True
    if left == FREE:
        say(_CLEARING[room.store.kind])
        await compact.merge_all(room.store.under)
        cleared = await compact.settle(room.store.under, compact=True, whole=True)
        if room.store.kind == "postgres" and not cleared:
            return False
        await room.store.write(lambda tx: erase_begun.unsettle(tx, AHEAD))
    if not await compact.settle(room.store.under, compact=False):
        return False
    await room.store.write(lambda tx: erase_begun.unsettle(tx, ""))
    return await compact.settle(room.store.under, compact=False)


def _came_to(
    sought: Sought, found: Survey, places: Sequence[Path], apart: Collection[str], *, dry_run: bool
) -> Erased:
    return Erased(
        persons=len(sought.finder.persons),
        dry_run=dry_run,
        posts=len(sought.numbers),
        others=len(found.others),
        texts=sum(len(one.texts) for name, one in found.chains.items() if name not in apart),
        incidents={
            name: one.entries
            for name, one in found.chains.items()
            if one.texts and name not in apart
        },
        tables={
            name: many for name, many in found.tables.items() if name not in ("mention", "evidence")
        },
        files=len(sought.files),
        left=tuple(one for one in found.left if one.partition(" ")[0] not in apart),
        copies=tuple(str(path) for path in places),
    )
