"""Looking: incidents, timelines, mentions, and where the room stands."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from crisisroom.clock import Clock
from crisisroom.config import Source
from crisisroom.core.clocks import ClockState, clocks
from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident, Words
from crisisroom.core.mention import Mention
from crisisroom.core.query import Query, numbered
from crisisroom.core.timeline import ROOM, Entry
from crisisroom.room import Room
from crisisroom.room.places import people_in, veiled
from crisisroom.store import SCHEMA, Tx, changes, leases, log, models, sources
from crisisroom.store import mentions as rows
from crisisroom.store.places import Presence
from crisisroom.text import from_lossless, shown_raw

BEHIND = timedelta(minutes=3)  # after which mentions that wait for the analysis are told of
STALE_AFTER = 3  # missed polls before a source counts as stale


class Watcher(msgspec.Struct, frozen=True):
    """The process that listens and sends for the room."""

    pid: int
    host: str
    since: datetime


class SourceStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a source does: ok, stale, failing, or new (never asked)."""

    id: str
    state: str
    last_ok_at: datetime | None = None
    reason: str = ""


class OutboxItem(msgspec.Struct, frozen=True, kw_only=True):
    """Words that are on their way or need a person."""

    incident: str
    id: str
    channel: str
    state: str
    tries: int
    reason: str


class Unread(msgspec.Struct, frozen=True):
    """Mentions that no story, priority or early warning knows yet, and since when they wait."""

    mentions: int
    since: datetime


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Where the room stands."""

    room: str
    schema: int
    watcher: Watcher | None
    sources: tuple[SourceStatus, ...]
    incidents: tuple[Incident, ...]
    clocks: tuple[ClockState, ...]
    outbox: tuple[OutboxItem, ...]
    unwatched: tuple[str, ...]
    people: tuple[Presence, ...]
    unread: Unread | None = None  # where the analysis is more than `BEHIND` behind


async def incidents(room: Room) -> tuple[Incident, ...]:
    """Return all incidents, the newest first."""
    return await room.store.read(lambda tx: incidents_in(tx, room))


async def incidents_in(tx: Tx, room: Room) -> tuple[Incident, ...]:
    """Return all incidents as of this transaction, the newest first."""
    found = [await _state(tx, room, chain) for chain, _ in await log.chains(tx)]
    return tuple(state for state in found if state is not None)


async def _state(tx: Tx, room: Room, chain: str) -> Incident | None:
    """Return an incident from the reader's own cache: the writer's is not to be shared."""
    return await log.state(tx, chain, room.store.seen)


async def incident(room: Room, inc: str = "") -> Incident:
    """Return one incident by its id, or the only open one; Usage where that fails."""

    return await room.store.read(lambda tx: incident_in(tx, room, inc))


async def incident_in(tx: Tx, room: Room, inc: str) -> Incident:
    """Return one incident as of this transaction; Usage where there is none."""
    state = await _state(tx, room, await room.chain_of(tx, inc, room.store.seen))
    assert state is not None
    return state


async def timeline(
    room: Room, inc: str = "", after: int = 0, limit: int | None = None
) -> tuple[Entry, ...]:
    """Return the entries of an incident after number `after`, oldest first."""

    async def work(tx: Tx) -> tuple[Entry, ...]:
        return await log.entries(tx, await room.chain_of(tx, inc, room.store.seen), after, limit)

    return await room.store.read(work)


async def room_log(room: Room, after: int = 0) -> tuple[Entry, ...]:
    """Return the entries of the room's own chain, oldest first."""
    return await room.store.read(lambda tx: log.entries(tx, ROOM, after))


async def latest_change(room: Room) -> int:
    """Return the number of the newest change: what `Room.changes` goes on from."""
    return await room.store.read(changes.head)


async def mentions(room: Room, query: Query | None = None) -> tuple[Mention, ...]:
    """Return one window of the mentions that fit, newest first unless asked otherwise."""
    return await room.store.read(lambda tx: rows.find(tx, query or Query()))


async def count(room: Room, query: Query | None = None) -> int:
    """Return how many mentions fit."""
    return await room.store.read(lambda tx: rows.count(tx, query or Query()))


async def mention(room: Room, mention_id: str) -> Mention:
    """Return one mention by its id; Usage where there is none."""
    return await room.store.read(lambda tx: mention_in(tx, mention_id))


async def mention_in(tx: Tx, mention_id: str) -> Mention:
    """Return one mention by its id, as of this transaction; Usage where there is none."""
    number = numbered(mention_id, "M-")
    found = await rows.get(tx, number) if number is not None else None
    if found is None:
        raise Usage("unknown-mention", f"there is no mention {mention_id}", "crisisroom mentions")
    return found


async def thread(room: Room, mention: Mention) -> tuple[Mention, ...]:
    """Return the conversation a mention stands in, oldest first, itself included."""
    return await room.store.read(lambda tx: rows.thread(tx, mention))


async def raw(room: Room, mention_id: str) -> str:
    """Return a mention's original text as a Python literal: nothing in it can act."""
    found = await mention(room, mention_id)
    original = await room.store.read(lambda tx: rows.original(tx, found.number))
    return shown_raw(from_lossless(original))


async def history(room: Room, mention_id: str) -> tuple[tuple[datetime, str], ...]:
    """Return every version of a mention's text as literals, oldest first."""
    found = await mention(room, mention_id)
    versions = await room.store.read(lambda tx: rows.history(tx, found.number))
    return tuple((at, shown_raw(from_lossless(text))) for at, text in versions)


async def status(room: Room) -> Status:
    """Return where the room stands: watcher, sources, incidents, clocks, outbox, people."""
    return await room.store.read(lambda tx: status_in(tx, room))


async def status_in(tx: Tx, room: Room) -> Status:
    """Return where the room stands as of this transaction."""
    now = room.clock.now()
    known = await incidents_in(tx, room)
    running = tuple(state for state in known if state.status == "open")
    return Status(
        room=room.address,
        schema=SCHEMA,
        watcher=await _watcher(tx, room.clock),
        sources=await _sources(tx, room, now),
        incidents=running,
        clocks=tuple(clock for state in running for clock in clocks(state, now)),
        outbox=tuple(item for state in known for item in outbox_of(state)),
        unwatched=tuple(_unwatched(room)),
        unread=await unread_in(tx, now),
        people=veiled(await people_in(tx, room), [state.id for state in known]),
    )


async def _watcher(tx: Tx, clock: Clock) -> Watcher | None:
    held = await leases.holder(tx, "watch", clock)
    return Watcher(held.pid, held.host, held.since) if held else None


async def _sources(tx: Tx, room: Room, now: datetime) -> tuple[SourceStatus, ...]:
    rows_by_id = {row.id: row for row in await sources.all_rows(tx)}
    found = []
    for source in room.config.sources:
        row = rows_by_id.get(source.id)
        found.append(
            SourceStatus(
                id=source.id,
                state=state_of(source, row, now),
                last_ok_at=row.last_ok_at if row else None,
                reason=row.reason if row else "",
            )
        )
    return tuple(found)


def state_of(source: Source, row: sources.SourceRow | None, now: datetime) -> str:
    """Return how a source does: new (never asked), failing, stale, or ok."""
    if row is None:
        return "new"
    limit = max(source.every * STALE_AFTER, 60)
    late = row.last_ok_at is None or (now - row.last_ok_at).total_seconds() > limit
    return "failing" if row.fails else "stale" if late else "ok"


async def unread_in(tx: Tx, now: datetime) -> Unread | None:
    """Return what waits for the analysis for longer than `BEHIND`, None where nothing does."""
    done = await models.analysed_up_to(tx)
    waiting = await rows.after(tx, done, 1)
    if not waiting or now - waiting[0].seen_at < BEHIND:
        return None
    return Unread(await rows.newest(tx) - done, waiting[0].seen_at)


def _unwatched(room: Room) -> list[str]:
    """Return our accounts whose network no source listens to: silence there is not calm."""
    heard = {source.account for source in room.config.sources}
    return [account.id for account in room.config.accounts if account.id not in heard]


def outbox_of(state: Incident) -> tuple[OutboxItem, ...]:
    """Return an incident's words that are on their way, in doubt, or failed."""
    every: list[Words] = [*state.statements.values(), *state.replies.values()]
    return tuple(
        OutboxItem(
            incident=state.id,
            id=words.id,
            channel=send.channel,
            state=send.state,
            tries=send.tries,
            reason=send.reason,
        )
        for words in every
        for send in words.sends.values()
        if send.state not in ("sent", "retracted") and words.state != "withdrawn"
    )
