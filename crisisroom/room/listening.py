"""Where the room listens: each source with how it does, and what nobody listens to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from crisisroom.config import Account, RoomConfig, Source
from crisisroom.config.token import places, secret
from crisisroom.core.errors import Refused
from crisisroom.room import Room, reading
from crisisroom.store import Tx, buckets, sources
from crisisroom.store.sources import SourceRow

DAY = timedelta(hours=24)


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One source: its state (ok, stale, failing, new), why, when next, and what it brought."""

    source: Source
    account: Account | None
    state: str
    reason: str = ""  # why it fails, as the last try said
    missing: str = ""  # what this machine lacks to ask it: its account's token
    last_ok_at: datetime | None = None
    last_try_at: datetime | None = None
    next_at: datetime | None = None
    fails: int = 0
    mentions: int = 0  # of the last 24 hours, as complaints is
    complaints: int = 0
    hourly: tuple[int, ...] = ()  # mentions, the last 24 hours, oldest first


class Listening(msgspec.Struct, frozen=True, kw_only=True):
    """All sources in the order of the settings, and our accounts that none listens to."""

    sources: tuple[Heard, ...]
    unwatched: tuple[Account, ...]
    watched: bool  # somebody asks the sources now
    terms: int  # watched terms that are about us


async def listening(room: Room) -> Listening:
    """Return where the room listens and how it does."""
    status = await reading.status(room)
    rows, counts = await room.store.read(lambda tx: _read(tx, room))
    config = room.config
    states = {one.id: one.state for one in status.sources}
    heard = tuple(
        _heard(source, config, states.get(source.id, "new"), rows.get(source.id), counts)
        for source in config.sources
    )
    unwatched = {*status.unwatched}
    return Listening(
        sources=heard,
        unwatched=tuple(one for one in config.accounts if one.id in unwatched),
        watched=status.watcher is not None,
        terms=sum(term.ours for term in config.terms),
    )


_Counts = dict[str, tuple[int, int, tuple[int, ...]]]


async def _read(tx: Tx, room: Room) -> tuple[dict[str, SourceRow], _Counts]:
    since = room.clock.now() - DAY
    series = {f"source:{source.id}": source.id for source in room.config.sources}
    counts: _Counts = {}
    for name, windows in (await buckets.several(tx, series, since)).items():
        hours = [0] * 24
        for start, many, _ in windows:
            hours[min(23, max(0, int((start - since) / timedelta(hours=1))))] += many
        bad = sum(complaints for _, _, complaints in windows)
        counts[series[name]] = (sum(hours), bad, tuple(hours))
    return {row.id: row for row in await sources.all_rows(tx)}, counts


def _heard(
    source: Source, config: RoomConfig, state: str, row: SourceRow | None, counts: _Counts
) -> Heard:
    account = next((one for one in config.accounts if one.id == source.account), None)
    many, bad, hours = counts.get(source.id, (0, 0, ()))
    return Heard(
        source=source,
        account=account,
        state=state,
        reason=row.reason if row else "",
        missing=next(_missing(account), ""),
        last_ok_at=row.last_ok_at if row else None,
        last_try_at=row.last_try_at if row else None,
        next_at=row.next_at if row else None,
        fails=row.fails if row else 0,
        mentions=many,
        complaints=bad,
        hourly=hours,
    )


def _missing(account: Account | None) -> Iterator[str]:
    """Yield what is wrong with an account's token, where one is named in the settings."""
    if account is not None and {*places(account)} - {"token_command"}:  # which may take its time
        try:
            secret(account)
        except Refused as refused:
            yield f"{refused.message}: {refused.hint}" if refused.hint else refused.message
