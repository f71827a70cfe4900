"""Letting old mentions go, as the room's retention asks, with what incidents cite kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import msgspec

from crisisroom.config.kinds import days_of
from crisisroom.core.errors import Usage
from crisisroom.core.timeline import ROOM, Draft, stamp
from crisisroom.room import Room
from crisisroom.room.erasing import settle
from crisisroom.store import Tx, drafts, erase, erase_begun, erase_posts, log, retention, settings
from crisisroom.store import compact as compacting
from crisisroom.store import purge as rows
from crisisroom.store.erase import InChain, Sought
from crisisroom.store.purge import Cited, Tally
from crisisroom.store.rebuilding import rebuild

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
    authors: int = 0  # tagged ones of whom no post is left
    entry: int = 0  # its number on the room's own record, 0 for none


async def purge(
    room: Room, before: datetime, *, dry_run: bool = False, compact: bool = False
) -> Purged:
    """Delete what was seen before then, a little in each transaction, and put that on record.

    Kept are mentions that incidents cite, claimed ones, and those with a draft. A purge that is
    interrupted is put on record by the next. Usage for a time that is still to come.
    """
    room = room.whole()
    now = room.clock.now()
    if before >= now:
        raise Usage("future", "what is still to come cannot be purged", "--older 90d")
    old, stays = await room.store.read(lambda tx: rows.count(tx, before, now))
    if dry_run:
        return Purged(before=before, dry_run=True, mentions=old - stays, cited=stays)
    await _mentions(room, before, now)
    await _repeated(room, lambda tx: rows.stories(tx, before, BATCH))
    await _repeated(room, lambda tx: rows.counts(tx, before, now))
    await _authors(room, before)
    await compacting.merge_all(room.store.under)
    await room.store.write(lambda tx: drafts.forget(tx, now), durable=False)
    tally, entry = await _on_record(room, before, stays)
    await compacting.settle(room.store.under, compact=compact)
    return Purged(
        before=before,
        dry_run=False,
        compacted=compact,
        mentions=tally.mentions,
        cited=stays,
        clicks=tally.clicks,
        narratives=tally.narratives,
        counts=tally.counts,
        authors=tally.authors,
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


async def _authors(room: Room, before: datetime) -> None:
    gone = await room.store.read(lambda tx: rows.silent(tx, before))

    async def work(tx: Tx) -> None:
        await _note(tx, await rows.untag(tx, gone, before))

    if gone:
        await room.store.write(work, durable=False)


async def _note(tx: Tx, done: Tally) -> None:
    """Add to what is to be put on record, in the transaction that did it."""
    if done != Tally():
        going = (await _going(tx)).plus(done)
        await settings.put(tx, _GOING, msgspec.json.encode(going).decode())


async def _going(tx: Tx) -> Tally:
    kept = await settings.get(tx, _GOING)
    return msgspec.json.decode(kept, type=Tally) if kept else Tally()


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


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What the room's retention lets go of now, and has not been purged yet."""

    mentions: int = 0
    incidents: tuple[str, ...] = ()
    unfinished: bool = False  # an erasure that was interrupted

    def __str__(self) -> str:
        """Return it in words, empty where nothing is due."""
        posts = f"{self.mentions:,} posts" if self.mentions else ""
        people = f"people outside in {', '.join(self.incidents)}" if self.incidents else ""
        return " and ".join(part for part in (posts, people) if part)


def kept_since(room: Room, age: str) -> datetime | None:
    """Return since when what the room keeps for so long stays; None where that is for ever."""
    days = days_of(age)
    return room.clock.now() - timedelta(days=days) if days else None


async def due(room: Room) -> Due:
    """Return what is older than the room's retention says; nobody deletes it but `purge`."""
    apart, room = await room.kept_back(), room.whole()
    now, kept = room.clock.now(), room.config.retention
    mentions, incidents = kept_since(room, kept.mentions), kept_since(room, kept.incidents)
    old, stays = 0, 0
    if mentions:
        old, stays = await room.store.read(lambda tx: rows.count(tx, mentions, now))
    over: tuple[str, ...] = ()
    if incidents:
        named = await room.store.read(lambda tx: _named(tx, incidents))
        over = tuple(one for one in named if one not in apart)
    unfinished = await room.store.read(lambda tx: erase_begun.interrupted(tx, room.clock))
    return Due(mentions=old - stays, incidents=over, unfinished=unfinished)


async def _named(tx: Tx, before: datetime) -> tuple[str, ...]:
    names = {chain: f"INC-{number}" for chain, number in await log.chains(tx)}
    return tuple(names[chain] for chain in await retention.over(tx, before))


class Emptied(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that tells of nobody outside any more: texts and posts that went."""

    id: str
    texts: int
    posts: int


async def empty(room: Room, before: datetime, *, dry_run: bool = False) -> tuple[Emptied, ...]:
    """Take strangers out of incidents resolved before then, as an erasure does.

    Their chains, our statements and all figures stay; held and reopened incidents do too.
    """
    apart, room = await room.kept_back(), room.whole()
    done = []
    for chain, number in await room.store.read(log.chains):
        if chain in await room.store.read(lambda tx: retention.over(tx, before)):
            one = await _empty(room, chain, f"INC-{number}", before, dry_run=dry_run)
            done.append(one)
    if done and not dry_run:
        await settle(room)
    return tuple(one for one in done if one.id not in apart)


async def _empty(room: Room, chain: str, name: str, before: datetime, *, dry_run: bool) -> Emptied:
    async def look(tx: Tx) -> tuple[Sought, InChain]:
        sought = await retention.strangers(tx, chain)
        return sought, await retention.in_chain(tx, chain, sought)

    async def work(tx: Tx) -> Emptied:
        sought, found = await look(tx)
        if chain not in await retention.over(tx, before):
            return Emptied(id=name, texts=0, posts=0)
        await erase_begun.unsettle(tx, erase_begun.FREE)
        why = "the room's retention"
        data = {"entries": list(found.entries), "words": why}
        text = f"erased {len(found.texts)} texts of people outside: {why}"
        await erase.erase_in(tx, chain, found.texts)
        draft = Draft(kind="words.erased", text=text, data=data)
        await log.append(tx, chain, [draft], room.author(), room.clock.now())
        await rebuild(tx, chain)
        await erase_posts.delete_posts(tx, sought, sorted(sought.numbers), room.clock.now())
        tx.tell("reset")
        return Emptied(id=name, texts=len(found.texts), posts=len(sought.numbers))

    if dry_run:
        sought, found = await room.store.read(look)
        return Emptied(id=name, texts=len(found.texts), posts=len(sought.numbers))
    emptied = await room.store.write(work)
    for cache in (room.store.states, room.store.seen):
        cache.pop(chain, None)
    return emptied
