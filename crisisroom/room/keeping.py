"""Keeping the room: copies of it while it is in use, and one of them in its place again."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from crisisroom.clock import Clock
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.timeline import ROOM, Draft, Entry
from crisisroom.report.anchor import Anchors
from crisisroom.room import Actor, Room
from crisisroom.room.copies import Behind, Copy, behind, examine
from crisisroom.room.copies_noted import erased_since, missing, new_in, noted
from crisisroom.store import Tx, copies, log
from crisisroom.store.rebuilding import rebuild

KEPT = 14  # copies in a folder

_NAMED = "%Y%m%dT%H%M%SZ"
_OLDER = "take a newer copy; --force takes this one all the same"


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that was made and looked at, and the older ones that made room for it."""

    path: Path
    copy: Copy
    entry: Entry
    removed: tuple[Path, ...] = ()


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that is the room now; `aside` is where the one before it lies, None for none.

    `erased` is how often the one before erased persons since the copy was made.
    """

    copy: Copy
    entry: Entry
    lost: tuple[Behind, ...] = ()
    aside: Path | None = None
    erased: int = 0


async def backup(room: Room, path: Path) -> Backup:
    """Copy the room to a new file that only its owner may read, and put that on record.

    The copy gets its name once it was read again and found whole: what could not be finished is
    not left behind. Refused where there is a file already.
    """
    whole = _whole(path)
    if in_the_way := copies.there(whole):
        raise copies.taken(in_the_way)
    with copies.beside(whole) as made:
        await room.store.copy_to(made)
        copy = await _sound(made, f"the copy of {room.address}")
        await asyncio.to_thread(copies.publish, made, whole)

    async def work(tx: Tx) -> Entry:
        data = {"file": str(whole), "head_hash": copy.head}
        draft = Draft(kind="backup.made", text="made a backup", data=data)
        written = await log.append(tx, ROOM, [draft], room.author(), room.clock.now())
        return written[0]

    return Backup(path=whole, copy=copy, entry=await room.store.write(work))


async def backup_to(room: Room, folder: Path, keep: int = KEPT) -> Backup:
    """Copy the room into a folder under the time of day, and leave so many newest copies there."""
    if keep < 1:
        raise Refused("keep", "at least one copy stays", f"--keep {KEPT}")
    await asyncio.to_thread(_made, folder)
    done = await backup(room, _free(folder, room.store.here.stem, room.clock.now()))
    older = _ours(folder, room.store.here.stem)[:-keep]
    for one in older:
        await asyncio.to_thread(copies.delete, one)
    return msgspec.structs.replace(done, removed=tuple(older))


def _free(folder: Path, stem: str, now: datetime) -> Path:
    name = f"{stem}-{now.strftime(_NAMED)}"
    tries = (folder / f"{name}{f'-{count}' if count else ''}.db" for count in range(100))
    return next((path for path in tries if not copies.there(path)), folder / f"{name}.db")


def _ours(folder: Path, stem: str) -> list[Path]:
    """Return the copies of this room that such backups made in a folder, the oldest first."""
    name = re.compile(rf"{re.escape(stem)}-([0-9]{{8}}T[0-9]{{6}}Z)(?:-([0-9]+))?\.db")
    found = [
        (match[1], int(match[2] or 0), one)
        for one in folder.iterdir()
        if (match := name.fullmatch(one.name)) and one.is_file() and not one.is_symlink()
    ]
    return [one for _, _, one in sorted(found)]


async def restore(
    source: Path,
    target: Path,
    *,
    actor: Actor,
    clock: Clock,
    anchor: str = "",
    against: Anchors | None = None,
    force: bool = False,
) -> Restored:
    """Make a copy the room at `target`; the room that was there is kept beside it.

    Refused for a damaged or altered copy, and while a program has that room open. Unless forced,
    refused too over a room, and for a copy without the hash `anchor`, behind the anchors `against`,
    or other than was ever noted of its logs. What else was noted and is missing is told.
    """
    whole = _whole(target)
    await asyncio.to_thread(_made, whole.parent)
    with copies.beside(whole) as made:
        await copies.write_to(_whole(source), made)
        copy = await _sound(made, str(source))
        older = missing(copy, (*await noted(made, whole), *((against,) if against else ())))
        if not force:
            _anchored(copy, anchor, source)
            if against and not any(one.room == copy.room for one in against.anchors):
                raise Refused("older", f"{against.name} is of another room than {source}", _OLDER)
            _refuse_behind(older if against else [one for one in older if one.forked], source)
        erased = await erased_since(whole, copy)
        if copies.there(whole):
            lost, aside = await _replace(made, copy, whole, clock.now(), force=force)
        else:
            lost, aside = (), None
            await asyncio.to_thread(copies.publish, made, whole)
    lost = (*lost, *new_in(older, lost))
    entry = await _on_record(whole, source, copy, lost, actor, clock)
    return Restored(copy=copy, entry=entry, lost=lost, aside=aside, erased=erased)


def _made(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable("file", f"cannot make {folder}: {error.strerror}") from error


async def _sound(path: Path, name: str) -> Copy:
    copy = await examine(path)
    if copy.problems:
        more = f", and {len(copy.problems) - 1} more" if len(copy.problems) > 1 else ""
        raise Refused("damaged", f"{name}: {copy.problems[0]}{more}", "verify says what is left")
    return copy


def _anchored(copy: Copy, anchor: str, source: Path) -> None:
    if anchor and not copy.has(anchor.lower()):
        what = f"{source} is older than {anchor[:12]}…, or of another room: that hash is not in it"
        raise Refused("older", what, _OLDER)


def _refuse_behind(behind: Sequence[Behind], source: Path) -> None:
    if behind:
        raise Refused("older", f"{source}: {'; '.join(map(str, behind[:4]))}", _OLDER)


async def _replace(
    made: Path, copy: Copy, room: Path, now: datetime, *, force: bool
) -> tuple[tuple[Behind, ...], Path]:
    async with copies.alone(room):
        lost, told = await _lost(copy, room)
        if not force:
            hint = "--force puts the copy in its place and keeps the room"
            raise Refused("exists", f"there is a room at {room}: {told}", hint)
        aside = room.with_name(f"{room.name}.replaced-{now.strftime(_NAMED)}")
        if copies.there(aside):
            raise Refused("exists", f"there is something at {aside} already", "wait a second")
        await asyncio.to_thread(copies.swap, made, room, aside)
    return lost, aside


async def _lost(copy: Copy, room: Path) -> tuple[tuple[Behind, ...], str]:
    """Return what the room has that the copy has not, and that in words."""
    in_the_way = copies.there(room)
    if in_the_way and in_the_way != room:
        return (), f"of one that is gone, {in_the_way.name} is left"
    try:
        before = await examine(room)
    except Refused as refused:
        if refused.code == "newer-room":
            raise
        return (), "it cannot be read, so nobody knows what it has that this copy has not"
    lost = behind(copy.chains, before.chains)
    if before.problems and not before.chains:
        return (), f"{before.problems[0]}; what it has that this copy has not is not known"
    return lost, "; ".join(map(str, lost[:4])) or "this copy has all that is in it"


async def _on_record(
    room: Path,
    source: Path,
    copy: Copy,
    lost: tuple[Behind, ...],
    actor: Actor,
    clock: Clock,
) -> Entry:
    """Open the room, which migrates an older copy, and write down where it came from."""
    ends = [{"chain": one.name, "entries": one.copy, "was_entries": one.room} for one in lost]
    text = "restored the room from a copy"
    if lost:
        text += ": " + "; ".join(map(str, lost[:8]))
    data = {"file": str(source), "head_hash": copy.head, "behind": ends}

    async def work(tx: Tx) -> Entry:
        for chain, entries in copy.erased.items():
            await _note_erased(tx, opened, chain, entries)
        draft = Draft(kind="room.restored", text=text, data=data)
        written = await log.append(tx, ROOM, [draft], opened.author(), clock.now())
        return written[0]

    async with await Room.open(str(room), actor=actor, clock=clock) as opened:
        return await opened.store.write(work)


async def _note_erased(tx: Tx, room: Room, chain: str, entries: tuple[int, ...]) -> None:
    """Put on record what was erased in the copy alone, so that the chain accounts for it."""
    why = "erased in the copy that the room was restored from"
    if chain == ROOM:
        data = {"digest": "", "mentions": 0, "entries": len(entries), "files": 0}
        draft = Draft(kind="person.erased", text=why, data=data)
    else:
        draft = Draft(kind="words.erased", text=why, data={"entries": list(entries), "words": why})
    await log.append(tx, chain, [draft], room.author(), room.clock.now())
    if chain != ROOM:
        await rebuild(tx, chain)


def _whole(path: Path) -> Path:
    return Path(os.path.realpath(path.expanduser()))  # one room, one set of locks
