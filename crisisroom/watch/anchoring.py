"""Sending anchors: to a file, by mail, to a webhook; when there is news, and no oftener than asked.

What goes out is no secret and harms nobody twice: after any doubt it is sent again, newer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crisisroom import channels, signing
from crisisroom.channels import Channel, Outgoing, SendFailure, SendLater, SendUnknown
from crisisroom.config import Account
from crisisroom.config.anchors import Place
from crisisroom.config.token import secret
from crisisroom.core.errors import Refused, Unavailable
from crisisroom.core.timeline import stamp
from crisisroom.report.anchor import Anchor, encode, in_words, signed_bytes
from crisisroom.room import Room, anchoring
from crisisroom.store import leases
from crisisroom.store.anchors import SENT, UNKNOWN
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.watch.anchor_file import append
from crisisroom.watch.renewing import Renewing
from crisisroom.watch.rests import Rests
from crisisroom.watch.ways import options_of

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

LOOK = 15.0  # seconds between two looks at whether anything is owed
FIRST = timedelta(minutes=1)  # until the first new try; each further one waits twice as long

_WHAT = (
    "This is an anchor of a crisis room's record: how many entries each log had, and the hash of"
    " the newest. Keep it as it is. Whoever doubts the record later checks it against this, with"
    " crisisroom verify --anchor FILE."
)


class NotSent(Exception):
    """Why an anchor did not arrive; `certain` is false where it may have, all the same."""

    def __init__(self, reason: str, *, certain: bool = True, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.certain = certain
        self.wait = wait  # seconds for which it wants to be left alone


async def deliver(room: Room, place: Place, anchor: Anchor, fetch: Fetcher) -> None:
    """Hand an anchor to a place, signed if it wants it so; NotSent where it did not arrive."""
    try:
        if place.sign and not anchor.signature:
            anchor = await asyncio.to_thread(signed, anchor)
        if place.file:
            await asyncio.to_thread(append, Path(place.file), anchor)
            return
        channel = await asyncio.to_thread(_channel, room, place)
        await channel.prepare(fetch)
        await channel.send(_outgoing(room, anchor, channel), fetch)
    except SendUnknown as doubt:
        raise NotSent(doubt.message, certain=False) from doubt
    except SendFailure as failure:
        wait = failure.retry_after if isinstance(failure, SendLater) else 0.0
        raise NotSent(failure.message, wait=wait) from failure
    except Refused as refusal:
        raise NotSent(refusal.message) from refusal


def signed(anchor: Anchor, key: str = "") -> Anchor:
    """Return the anchor with a signature by an SSH key in it; Refused as `sign` does. Blocks."""
    armoured = signing.sign(signed_bytes(anchor), key)
    return msgspec.structs.replace(anchor, signature=armoured.decode())


def _channel(room: Room, place: Place) -> Channel:
    """Return the channel of the place's account; it goes where the place says. Blocks."""
    named = next((one for one in room.config.ways_out if one.id == place.account), None)
    if named is None:
        raise Refused("anchor", f"there is no account {place.account} that sends", "check anchors:")
    account: Account = msgspec.structs.replace(named, to=place.to or named.to)
    options = options_of(account)

    def made(token: str) -> Channel:
        return channels.make(account.type, account.id, options, token=token, clock=room.clock)

    if account.token_command:
        return Renewing(partial(secret, account), made, room.clock)
    return made(secret(account))


def _outgoing(room: Room, anchor: Anchor, channel: Channel) -> Outgoing:
    whole = f"{_WHAT}\n\n{in_words(anchor)}\n\n{encode(anchor).decode()}\n"
    short = f"crisisroom anchor: {in_words(anchor)}"
    name = room.config.name or "crisis room"
    return Outgoing(
        key=f"anchor-{anchor.sha256[:40]}",
        text=whole if channel.measure(whole).fits else short,
        first_try_at=anchor.at,
        title=f"Anchor of {name}, {stamp(anchor.at)}",
    )


class Anchors:
    """Gives every place its anchors, under the watcher's lease; remembers whom to leave alone."""

    def __init__(
        self,
        room: Room,
        fetch: Fetcher,
        lease: Lease | None,
        on_error: Callable[[str, BaseException], None],
    ) -> None:
        self._room = room
        self._fetch = fetch
        self._lease = lease
        self._on_error = on_error
        self._rests = Rests(room.clock)
        self._tries: dict[str, int] = {}

    async def run(self) -> None:
        """Go on for ever."""
        while True:
            seconds = await self.work()
            await asyncio.sleep(seconds)

    async def work(self) -> float:
        """Send what is owed now; returns the seconds until the next look."""
        for place in anchoring.places(self._room):
            if not self._rests.rests(place.id):
                await self._one(place)
        return self._room.clock.real(LOOK)

    async def _one(self, place: Place) -> None:
        anchor = await anchoring.owed(self._room, place)
        if anchor is None:
            return
        if lease := self._lease:
            await self._room.store.read(lambda tx: leases.check(tx, lease))
        try:
            await deliver(self._room, place, anchor, self._fetch)
        except NotSent as failure:
            await self._failed(place, anchor, failure)
        except (LeaseLost, Unavailable):
            raise
        except Exception as error:  # the other places get theirs
            self._on_error(f"anchor {place.id}", error)
            fault = f"a fault of the program ({type(error).__name__})"
            await self._failed(place, anchor, NotSent(fault))
        else:
            self._tries.pop(place.id, None)
            await anchoring.note(self._room, place.id, anchor, state=SENT, lease=self._lease)

    async def _failed(self, place: Place, anchor: Anchor, failure: NotSent) -> None:
        tries = self._tries[place.id] = self._tries.get(place.id, 0) + 1
        asked = timedelta(seconds=failure.wait)
        apart = min(FIRST * 2 ** min(tries - 1, 10), timedelta(seconds=place.every))
        self._rests.leave(place.id, max(asked, apart))
        await note_failure(self._room, place, anchor, failure, self._lease)


async def note_failure(
    room: Room, place: Place, anchor: Anchor, failure: NotSent, lease: Lease | None = None
) -> None:
    """Keep what came of a try: on record where the anchor may have arrived."""
    if failure.certain:
        await anchoring.note_failure(room, place.id, failure.reason, lease)
    else:
        await anchoring.note(room, place.id, anchor, state=UNKNOWN, lease=lease)
