"""Anchors: where every log ends, noted down for somebody who could not change the room.

A screen asks at its opening which anchors were sent, and needs no report for it: what an anchor
says is read and written by `report.anchor`, which is loaded where there is one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from crisisroom.config.anchors import Place
from crisisroom.core.errors import Usage
from crisisroom.core.rules import MACHINE
from crisisroom.core.timeline import ROOM, Draft, Entry, unstamp
from crisisroom.room import Room
from crisisroom.store import Tx, anchors, leases, log
from crisisroom.store.anchors import FAILED, SENT, End, Sending
from crisisroom.store.eyes import SeenTx
from crisisroom.store.leases import Lease

if TYPE_CHECKING:
    from crisisroom.report.anchor import Anchor, Anchors

STALE = 3  # periods without an anchor after which a place is told of, where there is news
_NO_ANSWER = "no answer came: nobody knows whether the last one arrived"
BY_HAND = "by-hand"  # the place of an anchor that somebody made and took along

State = Literal["new", "ok", "due", "stale", "failing"]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a place does: when it was given an anchor last, and whether there is news for it."""

    place: Place
    state: State
    last_at: datetime | None = None
    sha256: str = ""  # of the last one
    reason: str = ""


def places(room: Room) -> tuple[Place, ...]:
    """Return the places that anchors go to; a drill's go nowhere."""
    return () if room.config.rehearses else room.config.anchors


def place(room: Room, name: str) -> Place:
    """Return a place by its id; Usage where the settings have none."""
    known = {one.id: one for one in places(room)}
    if name not in known:
        hint = f"there are: {', '.join(known)}" if known else "add anchors: in crisisroom.yaml"
        raise Usage("anchor", f"there is no place {name[:40]!r} for anchors", hint)
    return known[name]


async def make(room: Room, of: Place | None = None) -> Anchor:
    """Return the anchor of all logs as they end now, or of those that a place is given."""
    return await room.store.read(lambda tx: _make(tx, room.clock.now(), of))


async def owed(room: Room, of: Place) -> Anchor | None:
    """Return the anchor that a place is to be given by now; None where it is not time yet.

    That is `every` seconds after the last one, and only if a log has grown by more than the news
    that anchors were sent.
    """

    async def work(tx: Tx) -> Anchor | None:
        last = await anchors.last(tx, of.id)
        now = room.clock.now()
        if last and now - last.at < timedelta(seconds=of.every):
            return None
        return await _make(tx, now, of) if await _has_news(tx, of, last) else None

    return await room.store.read(work)


async def _make(tx: Tx, now: datetime, of: Place | None) -> Anchor:
    from crisisroom.report.anchor import Anchor, Head

    last = await anchors.last(tx, of.id) if of else None
    ends = _of_place(await anchors.ends(tx), of, last)
    return Anchor(
        room=await anchors.room_id(tx),
        at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        chains=tuple(
            Head(one.chain, ROOM if one.number is None else f"INC-{one.number}", one.seq, one.head)
            for one in ends
        ),
    )


def _of_place(ends: tuple[End, ...], of: Place | None, last: Sending | None) -> tuple[End, ...]:
    """Leave out incidents that are over, once the place knows how they ended."""
    if of is None or of.incidents == "all":
        return ends
    return tuple(
        one
        for one in ends
        if one.number is None or one.open or (last and one.at and unstamp(one.at) > last.at)
    )


async def _has_news(tx: Tx, of: Place, last: Sending | None) -> bool:
    """Tell whether a log moved since the last anchor, but for what anchors left in it."""
    before = _body(last) if last else None
    if before is None:
        return True
    heads = {one.chain: one for one in before.chains}
    for end in _of_place(await anchors.ends(tx), of, last):
        known = heads.get(end.chain)
        if end.chain != ROOM and (known is None or known.head != end.head):
            return True
    return await anchors.room_moved(tx, heads[ROOM].entries if ROOM in heads else 0)


def _body(sending: Sending) -> Anchor | None:
    from crisisroom.report.anchor import parse

    read = parse(sending.body.encode(), sending.place).anchors
    return read[0] if read else None


async def note(
    room: Room, place_id: str, anchor: Anchor, *, state: str, lease: Lease | None = None
) -> Entry:
    """Put on record that an anchor went to a place: `sent`, or `unknown` where nobody knows.

    Raises LeaseLost where the lease under which it was sent has gone to somebody else.
    """
    from crisisroom.report.anchor import encode

    async def work(tx: Tx) -> Entry:
        if lease:
            await leases.check(tx, lease)
        body = encode(anchor).decode()
        now = room.clock.now()
        await anchors.add(tx, now, place_id, state, "", body)
        written = await log.append(tx, ROOM, [_draft(place_id, anchor, state, lease)], author, now)
        return written[0]

    author = room.author()
    return await room.store.write(work)


def _draft(place_id: str, anchor: Anchor, state: str, lease: Lease | None) -> Draft:
    told = {  # not how many: everybody reads it, and some logs are for few
        SENT: f"noted where the logs end: {place_id}",
        "unknown": f"noted where the logs end, nobody knows whether it arrived: {place_id}",
    }
    data = {"place": place_id, "state": state, "head_hash": anchor.sha256}
    draft = Draft(kind="anchor.sent", text=told[state], data=data)
    if lease is None:
        return draft
    return msgspec.structs.replace(draft, actor=MACHINE, source="system")


async def note_failure(room: Room, place_id: str, reason: str, lease: Lease | None = None) -> None:
    """Keep why a place was not given its anchor; status and doctor tell of it until it was."""

    async def work(tx: Tx) -> None:
        if lease:
            await leases.check(tx, lease)
        await anchors.add(tx, room.clock.now(), place_id, FAILED, reason, "")

    await room.store.write(work)


async def standing(room: Room) -> tuple[Standing, ...]:
    """Return how each place does."""

    async def work(tx: Tx) -> tuple[Standing, ...]:
        now = room.clock.now()
        return tuple([await _standing(tx, one, now) for one in places(room)])

    return await room.store.read(work)


async def _standing(tx: Tx, of: Place, now: datetime) -> Standing:
    last, trouble = await anchors.last(tx, of.id), await anchors.trouble(tx, of.id)
    news = await _has_news(tx, of, last)
    known = _body(last) if last else None
    return Standing(
        place=of,
        state=_state(of, last, trouble, now, news=news),
        last_at=last.at if last else None,
        sha256=known.sha256 if known else "",
        reason=(trouble.reason or _NO_ANSWER) if trouble else "",
    )


def _state(
    of: Place, last: Sending | None, trouble: Sending | None, now: datetime, *, news: bool
) -> State:
    if trouble is not None:
        return "failing"
    if last is None:
        return "new"
    age = (now - last.at).total_seconds()
    if not news or age < of.every:
        return "ok"
    return "stale" if age > STALE * of.every else "due"


async def sent(room: Room, limit: int = 50) -> tuple[Sending, ...]:
    """Return the newest anchors that were sent, or failed, newest first.

    Logs that are not for who asks are left out of them.
    """

    async def work(tx: Tx) -> tuple[Sending, ...]:
        found = await anchors.newest(tx, limit)
        apart = (await tx.kept()).chains if isinstance(tx, SeenTx) else frozenset()
        return tuple(_less(one, apart) for one in found) if apart else found

    return await room.store.read(work)


def _less(sending: Sending, apart: frozenset[str]) -> Sending:
    """Return what was sent without some logs; as it was where it tells of none of them."""
    from crisisroom.report.anchor import encode

    known = _body(sending)
    if known is None or not any(one.chain in apart for one in known.chains):
        return sending
    shown = tuple(one for one in known.chains if one.chain not in apart)
    body = encode(msgspec.structs.replace(known, chains=shown)).decode()
    return msgspec.structs.replace(sending, body=body)


def body_of(sending: Sending) -> Anchors:
    """Return what was sent, as it can be checked against."""
    from crisisroom.report.anchor import parse

    return parse(sending.body.encode(), f"the anchor for {sending.place}")
