"""Telling people, once for the whole room: what is due goes out, and who answers ends it.

A message stands in the store before it goes out. Should this process die in between, the next one
looks whether it went, where that can be seen; else it is sent once more under the same id, for two
messages are better than none. It never goes out a third time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from crisisroom.core.errors import Refused, Unavailable
from crisisroom.notifiers.messages import (
    Carrier,
    Hears,
    InDoubt,
    Looks,
    Message,
    Messengers,
    NotDelivered,
    Proves,
)
from crisisroom.notifiers.standin import StandIns
from crisisroom.room import Room, notifying, notifying_answers, notifying_live, notifying_steps
from crisisroom.room.notifying_answers import Awaited
from crisisroom.room.notifying_outcome import Failed, outcome
from crisisroom.room.notifying_people import Way
from crisisroom.room.notifying_steps import Batch
from crisisroom.store import pages
from crisisroom.store.leases import Lease, LeaseLost
from crisisroom.store.pages import Try
from crisisroom.watch.rests import Rests

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

REST = timedelta(minutes=5)  # for which a way that failed is left alone while there is another
LOOK = 15.0  # of the room's seconds, at most, between two looks at what is new
SHORTEST = 0.2
LISTEN = 5.0  # seconds between two looks at who answered, while anything is open
PROVE = 120.0  # of the room's seconds between two tries whether a broken way is well again
LONGEST_TRY = 90.0  # seconds for one message, whatever its way promises
MOST_TRIES = 2

replace = msgspec.structs.replace
OnFault = Callable[[str, BaseException], None]
Carrying = Callable[[str], Carrier | None]
"""What carries messages by a messenger's id; Refused where its settings leave something out."""


class Notifier:
    """Takes one step after the other, under the lease of whoever watches."""

    def __init__(
        self,
        room: Room,
        fetch: Fetcher,
        lease: Lease | None = None,
        on_fault: OnFault | None = None,
        *,
        carriers: Carrying | None = None,
    ) -> None:
        self._room = room
        self._fetch = fetch
        self._lease = lease
        self._on_fault = on_fault
        self._carriers = carriers
        self._rests = Rests(room.clock)
        self._heard_at, self._proved_at = -1e9, room.clock.monotonic()
        self._away: set[str] = set()  # messengers that failed because nobody was there
        self._made: dict[str, Carrier | None] = {}
        self._made_of: object = None

    async def work(self) -> float:
        """Take every step that is due, each to its end; returns the real seconds to the next look.

        What tells people all day goes on beside a way that hangs: see `notifying_loop`.
        """
        if not notifying_live.works(self._room):
            return await self.wait()
        for one in await self.half_done():
            await self.settle(one)
        await self.notice()
        await self.listen()
        await asyncio.gather(*(self.tell(one) for one in await self.due()))
        await self.prove()
        return await self.wait()

    async def wait(self) -> float:
        """Return the real seconds until the next step is due, or the next look."""
        clock = self._room.clock
        works = notifying_live.works(self._room)
        due = await notifying_steps.next_due(self._room) if works else None
        wait = (due - clock.now()).total_seconds() if due else LOOK
        real = clock.real(min(max(wait, SHORTEST), LOOK))
        return min(real, LISTEN) if due else real

    async def notice(self) -> None:
        """Write down what is new, and close what is over."""
        await notifying.notice(self._room, self._lease)

    async def due(self) -> tuple[Batch, ...]:
        """Return what is to be told now."""
        return await notifying_steps.due(self._room, self._lease)

    async def tell(self, batch: Batch) -> None:
        """Tell one person; a fault of the program costs the others nothing."""
        try:
            await self._tell(batch)
        except (LeaseLost, Unavailable):
            raise
        except Exception as error:
            if self._on_fault is None:
                raise
            self._on_fault(f"page for {batch.person.id}", error)
            await outcome(self._room, batch, None, (), None, self._lease)

    async def _tell(self, batch: Batch) -> None:
        failed = list[Failed]()
        for way in self._in_turn(batch):
            try:
                one = await notifying_steps.begin(self._room, batch, way, self._lease)
            except Refused as refusal:
                if refusal.code != notifying_steps.BEGUN:
                    raise
                continue  # somebody who died since tried it, in vain
            if one is None:
                return  # it is over, or somebody has it
            one = await self._carried(one, way, asks=batch.asks)
            if one.state == pages.SENT:
                await outcome(self._room, batch, way, failed, one, self._lease)
                return
            await notifying_steps.settle(self._room, one, self._lease)
            self._rests.leave(way.messenger, REST)
            failed.append(Failed(way, one.reason, one.state == pages.UNKNOWN))
        await outcome(self._room, batch, None, failed, None, self._lease)

    def _in_turn(self, batch: Batch) -> list[Way]:
        """Return the ways that are left, those that failed of late at the end."""
        left = list(batch.ways[batch.step :])
        return sorted(left, key=lambda way: self._rests.rests(way.messenger))

    async def _carried(self, one: Try, way: Way, *, asks: bool) -> Try:
        """Hand a message over; returns the try as it ended."""
        message = _message(one, asks=asks)
        try:
            carrier = self._carrier(way.by if one.drill else way.messenger, drill=one.drill)
            if carrier is None:
                raise NotDelivered("no messenger serves it any more")
            async with asyncio.timeout(LONGEST_TRY):
                remote = await carrier.carry(way.to, message)
        except (NotDelivered, Refused) as error:
            self._away.discard(way.messenger)
            if isinstance(error, NotDelivered) and error.away:
                self._away.add(way.messenger)
            return replace(one, state=pages.FAILED, reason=error.message)
        except InDoubt as doubt:
            self._away.add(way.messenger)
            return replace(one, state=pages.UNKNOWN, reason=doubt.message)
        except TimeoutError:
            self._away.add(way.messenger)
            return replace(one, state=pages.UNKNOWN, reason="no answer came in time")
        return replace(one, state=pages.SENT, remote=remote or "")

    def _carrier(self, name: str, *, drill: bool) -> Carrier | None:
        if drill:
            return StandIns(self._room.store.here).serving(name)
        if self._made_of is not self._room.config:
            self._made, self._made_of = {}, self._room.config
        if name not in self._made:
            carriers = self._carriers or Messengers(self._room.config, self._fetch).named
            self._made[name] = carriers(name)
        return self._made[name]

    async def half_done(self) -> tuple[Try, ...]:
        """Return what somebody who died left between sending it and writing that down."""
        return await self._room.store.read(lambda tx: pages.tries(tx, pages.SENDING))

    async def settle(self, one: Try) -> None:
        """See to what somebody left half done: look whether it went, or send it again."""
        batch, way = await notifying_answers.batch_of(self._room, one)
        if batch is None or way is None:
            unseen = replace(one, state=pages.UNKNOWN, reason=pages.UNSEEN)
            await notifying_steps.settle(self._room, unseen, self._lease)
            return
        ended = await self._found_or_again(one, way, asks=batch.asks)
        if ended.state == pages.FAILED:
            await notifying_steps.settle(self._room, ended, self._lease)
            self._rests.leave(way.messenger, REST)  # its next step takes another way
        else:  # sent, or in doubt twice: it counts as told, and goes on from there
            await outcome(self._room, batch, way, (), ended, self._lease)

    async def _found_or_again(self, one: Try, way: Way, *, asks: bool) -> Try:
        name = way.by if one.drill else way.messenger
        carrier: object = self._carrier(name, drill=one.drill)
        if isinstance(carrier, Looks):
            try:
                if remote := await carrier.seen(way.to, _message(one, asks=asks)):
                    return replace(one, state=pages.SENT, remote=remote)
            except (NotDelivered, Refused):
                pass  # it cannot be seen: then it is sent once more
        if one.tries >= MOST_TRIES:
            return replace(one, state=pages.UNKNOWN, reason=pages.UNSEEN)
        one = replace(one, tries=one.tries + 1)
        await notifying_steps.settle(self._room, one, self._lease)  # still sending, once more
        return await self._carried(one, way, asks=asks)

    async def listen(self) -> None:
        """Take in who answered, by a button or a reaction."""
        clock = self._room.clock
        if clock.monotonic() - self._heard_at < LISTEN:
            return
        self._heard_at = clock.monotonic()
        waiting = await notifying_answers.awaited(self._room)
        await asyncio.gather(*(self._hear(name, sent) for name, sent in waiting.items()))

    async def _hear(self, name: str, sent: Sequence[Awaited]) -> None:
        """Take in who answered by one messenger; one that hangs keeps no other waiting."""
        carrier: object = self._carrier(name, drill=False)
        if not isinstance(carrier, Hears):
            return
        places = [(one.to, one.remote) for one in sent if one.remote]
        try:
            heard = await carrier.answers(places, min(one.at for one in sent))
        except (NotDelivered, Refused):
            return  # it is asked again soon
        for answer in heard:
            await notifying_answers.take(self._room, name, answer)

    async def prove(self) -> None:
        """Try, now and then, whether a way works again on which nobody was there.

        One that refused us shows only by a message that it does not any more.
        """
        clock = self._room.clock
        if clock.monotonic() - self._proved_at < clock.real(PROVE):
            return
        self._proved_at = clock.monotonic()
        for name in {*await notifying_answers.failing(self._room)} & self._away:
            carrier: object = self._carrier(name, drill=False)
            if not isinstance(carrier, Proves):
                continue
            try:
                await carrier.prove()
            except (NotDelivered, Refused):
                continue
            await notifying_answers.well(self._room, name, self._lease)


def _message(one: Try, *, asks: bool) -> Message:
    page = f"PAGE-{one.pages[0]}"
    return Message(
        id=f"{one.id}.{one.code[:12]}",
        title=one.title,
        text=one.text,
        at=one.at,
        urgent=one.urgent,
        page=page,
        answer=f"ack {page} {one.code}" if asks else "",
    )
