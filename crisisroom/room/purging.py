"""Letting old mentions go, as the room's retention asks, with what incidents cite kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec

from crisisroom.core.errors import Usage
from crisisroom.core.timeline import ROOM, Draft, stamp
from crisisroom.room import Room
from crisisroom.store import Tx, drafts, log, settings
from crisisroom.store import purge as rows
from crisisroom.store.purge import Cited, Tally

BATCH = 250  # mentions in one turn at writing

_GOING = "purge.going"  # what was purged and is not on record yet: an interrupted purge leaves it


class Purged(msgspec.Struct, frozen=True, kw_only=True):
    """What a purge came to, or would come to; `cited` is what is older and stays."""

    before: datetime
    dry_run: bool
    compacted: bool = False
    mentions: int = 0
    cited: int = 0
    clicks: int = 0
    narratives: int = 0
    counts: int = 0
    entry: int = 0  # its number on the room's own record, 0 for none


async def purge(
    room: Room, before: datetime, *, dry_run: bool = False, compact: bool = False
) -> Purged:
    """Delete what was seen before then, a little in each transaction, and put that on record.

    Kept are mentions that incidents cite, claimed ones, and those with a draft. A purge that is
    interrupted is put on record by the next. Usage for a time that is still to come.
    """
    now = room.clock.now()
    if before >= now:
        raise Usage("future", "what is still to come cannot be purged", "--older 90d")
    old, stays = await room.store.read(lambda tx: rows.count(tx, before, now))
    if dry_run:
        return Purged(before=before, dry_run=True, mentions=old - stays, cited=stays)
    await _mentions(room, before, now)
    await _repeated(room, lambda tx: rows.stories(tx, before, BATCH))
    await _repeated(room, lambda tx: rows.counts(tx, before, now))
    await _forget_words(room)
    await room.store.write(lambda tx: drafts.forget(tx, now), durable=False)
    tally, entry = await _on_record(room, before, stays)
    await rows.settle(room.store, compact=compact)
    return Purged(
        before=before,
        dry_run=False,
        compacted=compact,
        mentions=tally.mentions,
        cited=stays,
        clicks=tally.clicks,
        narratives=tally.narratives,
        counts=tally.counts,
        entry=entry,
    )


async def _mentions(room: Room, before: datetime, now: datetime) -> None:
    after, stay = 0, Cited()

    async def work(tx: Tx) -> tuple[int, Cited]:
        known = await rows.cited(tx, stay)
        last, done = await rows.some(tx, after, before, now, known, BATCH)
        await _note(tx, done)
        return last, known

    while True:
        after, stay = await room.store.write(work, durable=False)
        if not after:
            return


async def _repeated(room: Room, some: Callable[[Tx], Awaitable[Tally]]) -> None:
    async def work(tx: Tx) -> bool:
        done = await some(tx)
        await _note(tx, done)
        return done != Tally()

    while await room.store.write(work, durable=False):
        pass


async def _note(tx: Tx, done: Tally) -> None:
    """Add to what is to be put on record, in the transaction that did it."""
    if done != Tally():
        going = (await _going(tx)).plus(done)
        await settings.put(tx, _GOING, msgspec.json.encode(going).decode())


async def _going(tx: Tx) -> Tally:
    kept = await settings.get(tx, _GOING)
    return msgspec.json.decode(kept, type=Tally) if kept else Tally()


async def _forget_words(room: Room) -> None:
    begin = True
    while await room.store.write(
        lambda tx, begin=begin: rows.merge_words(tx, begin=begin),  # type: ignore[misc]
        durable=False,
    ):
        begin = False


async def _on_record(room: Room, before: datetime, stays: int) -> tuple[Tally, int]:
    async def work(tx: Tx) -> tuple[Tally, int]:
        tally = await _going(tx)
        if tally == Tally():
            return tally, 0
        data = msgspec.to_builtins(tally) | {"before": stamp(before), "cited": stays}
        posts = "1 mention" if tally.mentions == 1 else f"{tally.mentions} mentions"
        text = f"purged {posts} seen before {before:%Y-%m-%d}; {stays} stay, which are needed"
        draft = Draft(kind="room.purged", text=text, data=data)
        written = await log.append(tx, ROOM, [draft], room.author(), room.clock.now())
        await settings.put(tx, _GOING, "")
        return tally, written[0].seq

    return await room.store.write(work)
