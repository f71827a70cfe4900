"""Following the room: what is new, each time something changed, through a server that was lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import TypeVar

import msgspec

from crisisroom.core.errors import Unavailable
from crisisroom.core.timeline import ROOM
from crisisroom.room import Change, Room, moving, reading

T = TypeVar("T")

LOOK = 1.0  # real seconds between two looks whether a server is there, while it is waited for
RETRY = 1.0  # real seconds between two tries to read a room that is away
_FINAL = ("newer-room", "moved", "closed")  # codes of what another try does not mend


class Turn(msgspec.Struct, frozen=True):
    """The room is away since `at`, or it is back."""

    away: bool
    at: datetime


async def following(room: Room, fresh: Callable[[], AsyncIterator[T]]) -> AsyncIterator[T | Turn]:
    """Yield what `fresh` finds, then what it finds further, each time the room changes.

    `fresh` goes on behind what it yielded last, so that nothing comes twice and nothing is left
    out. Unavailable once the room lives elsewhere: nothing new would ever come.
    """
    reach = _Reach(room)
    while True:
        try:
            async for batch in _batches(room):
                if any(one.topic == "link" and one.ref != "ok" for one in batch):
                    for turn in reach.turned(away=True):
                        yield turn
                    continue
                await _refuse_moved(room, batch)
                async for one in fresh():
                    for turn in reach.turned(away=False):
                        yield turn
                    yield one
                for turn in reach.turned(away=False):
                    yield turn
        except Unavailable as error:
            if error.code in _FINAL:
                raise
            for turn in reach.turned(away=True):
                yield turn
            await asyncio.sleep(RETRY)


class _Reach:
    """Whether the room is reached, as far as it was told."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._away = False

    def turned(self, *, away: bool) -> Iterator[Turn]:
        """Yield the turn, where this is one."""
        if away != self._away:
            self._away = away
            yield Turn(away, self._room.clock.now())


async def _batches(room: Room) -> AsyncIterator[tuple[Change, ...]]:
    """Yield an empty batch at once, then what changes: what is read between is told after it.

    A link that is lost while changes are being asked for is told without waiting for the answer.
    """
    woken = room.changes(await reading.latest_change(room))
    yield ()
    coming = asyncio.ensure_future(anext(woken))
    try:
        while True:
            await asyncio.wait((coming,), timeout=LOOK)
            if coming.done():
                batch = coming.result()
                coming = asyncio.ensure_future(anext(woken))
                yield batch
            elif (state := room.store.link.state) != "ok":
                yield (Change(0, "link", state),)
    finally:
        coming.cancel()


async def _refuse_moved(room: Room, batch: tuple[Change, ...]) -> None:
    """Refuse, where the room's own chain grew or much was missed, a room that moved away."""
    if batch and not any(one.chain == ROOM or one.topic == "reset" for one in batch):
        return
    if gone := await moving.gone(room):
        to = "another place" if room.actor.confined else gone.to
        message = f"this room moved to {to} at {gone.at}: nothing new comes here"
        hint = "open it anew" if room.actor.confined else f"--room {to} follows it there"
        raise Unavailable("moved", message, hint)
