"""Everything that people are to be told of now: of incidents, early warnings, and the room itself.

What is not among it any more is over, and nobody is told of it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from crisisroom.config import RoomConfig
from crisisroom.config.every_key import every_key, owner_of
from crisisroom.config.keyed import Keyed
from crisisroom.core.incident import Incident
from crisisroom.core.notify import Matter
from crisisroom.core.notify_hours import last_weekly
from crisisroom.core.notify_matters import Duty, happened, matters, warned
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Entry, stamp
from crisisroom.room import Room
from crisisroom.store import Tx, candidates, log, pages, sources
from crisisroom.store import settings as kept

OLD = timedelta(hours=1)  # after which what only happened once is no news any more
SILENT = 3  # missed polls after which a source is silent
SILENT_LEAST = timedelta(minutes=3)
SOON, LAST = timedelta(days=14), timedelta(days=1)  # before a token ends


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """What holds now, and how far the incidents' entries were read for it."""

    matters: tuple[Matter, ...]
    incidents: dict[str, Incident] = {}  # by uid
    read: dict[str, int] = {}  # by chain: the newest entry that was looked at
    unread: int = 0  # how many entries that were, of all chains


def works(room: Room) -> bool:
    """Tell whether the room tells anybody anything: it has a way to, and may."""
    return bool(room.config.messengers) and not room.config.notifying.off


async def live(tx: Tx, room: Room, duty: Duty) -> Live:
    """Return everything that people are to be told of now."""
    now, found = room.clock.now(), list[Matter]()
    incidents, read, unread = dict[str, Incident](), dict[str, int](), 0
    for chain, _ in await log.chains(tx):
        state = await log.state(tx, chain, room.store.seen)
        if state is None:
            continue
        incidents[chain] = state
        found += matters(state, duty, now)
        entries = await _unread(tx, state, now)
        if entries is not None:
            read[chain], unread = state.seq, unread + len(entries)
            found += happened(state, duty, entries)
    found += warned(await candidates.recent(tx, ("open",)), duty)
    if any(one.status == "open" for one in incidents.values()):
        found += await _silent(tx, room.config, duty, now)
    found += await _broken(tx, room.config, duty)
    found += _tokens(room.config, duty, now)
    found += _tests(room.config, duty, now)
    return Live(matters=tuple(found), incidents=incidents, read=read, unread=unread)


def _cursor(chain: str) -> str:
    return f"notified.{chain}"


async def _unread(tx: Tx, state: Incident, now: datetime) -> tuple[Entry, ...] | None:
    """Return the entries nobody was told of, None for none; of a room's past nobody is."""
    known = await kept.get(tx, _cursor(state.uid))
    after = int(known) if known else 0
    if after >= state.seq:
        return None
    if not known and now - state.declared_at > OLD:
        return ()
    return await log.entries(tx, state.uid, after)


async def note_read(tx: Tx, read: dict[str, int]) -> None:
    """Remember how far entries were looked at."""
    for chain, seq in read.items():
        await kept.put(tx, _cursor(chain), str(seq))


async def _silent(tx: Tx, config: RoomConfig, duty: Duty, now: datetime) -> list[Matter]:
    rows = {row.id: row for row in await sources.all_rows(tx)}
    found = []
    for source in config.sources:
        row = rows.get(source.id)
        if row is None or row.last_try_at is None:
            continue
        most = max(timedelta(seconds=source.every * SILENT), SILENT_LEAST)
        since = row.last_ok_at
        if (since is None and row.fails >= SILENT) or (since is not None and now - since > most):
            told = stamp(since) if since else "never"
            found.append(_of_room("stale", f"{source.id}/{told}", now, duty, about=source.id))
    return found


async def failing(tx: Tx, config: RoomConfig) -> dict[str, datetime]:
    """Return the messengers whose last message did not go, or may not have, and since when so."""
    found = {}
    for one in config.messengers:
        last = await pages.last_of(tx, one.id)
        if last is not None and last.state in (pages.FAILED, pages.UNKNOWN):
            well = await kept.get(tx, _well(one.id))
            if not well or well < stamp(last.at):
                found[one.id] = await pages.first_failure(tx, one.id) or last.at
    return found


async def note_well(tx: Tx, messenger: str, now: datetime) -> None:
    """Remember that a messenger works again."""
    await kept.put(tx, _well(messenger), stamp(now))
    tx.tell("page", messenger)


def _well(messenger: str) -> str:
    return f"messenger.{messenger}.well"


async def _broken(tx: Tx, config: RoomConfig, duty: Duty) -> list[Matter]:
    """Yield a way that fails; its key says since when it was last well, not each failure."""
    found = []
    for name, since in (await failing(tx, config)).items():
        one = _of_room("notifier", f"{name}/{stamp(since)}", since, duty, about=name)
        found.append(msgspec.structs.replace(one, without=name))
    return found


def _tokens(config: RoomConfig, duty: Duty, now: datetime) -> Iterator[Matter]:
    """Yield the tokens that end soon: two weeks before, and once more on the last day."""
    for name, keyed in every_key(config):
        ends = ends_at(keyed)
        if ends is None or ends - now > SOON:
            continue
        kind = "token_last" if ends - now <= LAST else "token"
        owner = owner_of(keyed)
        people = (owner,) if owner else duty.first
        yield Matter(
            key=f"{kind}/{name}/{keyed.expires}",
            kind=kind,
            at=now,
            about=name,
            people=people,
            after=tuple(duty.then(None, people)) if kind == "token_last" else (),
        )


def ends_at(keyed: Keyed) -> datetime | None:
    """Return when a secret's last day is over, None where nobody said which that is."""
    if not keyed.expires:
        return None
    return datetime.combine(date.fromisoformat(keyed.expires), time(), UTC) + timedelta(days=1)


def expiring(config: RoomConfig, now: datetime) -> tuple[tuple[str, datetime], ...]:
    """Return the tokens that end within two weeks, or have, and when."""
    ends = ((name, ends_at(keyed)) for name, keyed in every_key(config))
    return tuple((name, at) for name, at in ends if at is not None and at - now <= SOON)


def _tests(config: RoomConfig, duty: Duty, now: datetime) -> Iterator[Matter]:
    """Yield the weekly test page of each member, for as long as it may be answered."""
    within = timedelta(seconds=config.notifying.test_within)
    for member in config.team:
        zone = zone_of(member.zone or config.zone)
        at = last_weekly(config.notifying.test, zone, now)
        if at is not None and now - at < within and not member.notify.off:
            yield test_of(member.id, at)


def test_of(person: str, at: datetime) -> Matter:
    """Return the test page of one person."""
    return Matter(key=f"test/{stamp(at)}/{person}", kind="test", at=at, people=(person,))


def missed(person: str, key: str, at: datetime, duty: Duty) -> Matter:
    """Return that somebody did not acknowledge their test page, for whoever leads."""
    told = [one for one in (*duty.backup, *duty.first) if one != person]
    return Matter(
        key=f"test_missed/{key}", kind="test_missed", at=at, about=person, people=tuple(told[:1])
    )


def _of_room(kind: str, key: str, at: datetime, duty: Duty, *, about: str) -> Matter:
    then: Iterable[str] = duty.then(None, duty.first)
    return Matter(
        key=f"{kind}/{key}", kind=kind, at=at, about=about, people=duty.first, after=tuple(then)
    )
