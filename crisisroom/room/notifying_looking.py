"""Looking at what people were told: each page with its messages, and what is wrong with telling."""

from __future__ import annotations

from datetime import datetime

import msgspec

from crisisroom.core.notify import SORTS
from crisisroom.room import Room, notifying_live, notifying_outside
from crisisroom.room.notifying_live import works
from crisisroom.room.notifying_outside import Reached
from crisisroom.store import Tx, pages
from crisisroom.store.pages import WAITING, Page, Try

MOST = 200


class Noticed(msgspec.Struct, frozen=True):
    """A page, and the messages that told of it, oldest first.

    `until` is how long a test page may be answered.
    """

    page: Page
    tries: tuple[Try, ...] = ()
    until: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether it wants an answer that nobody gave yet."""
        return self.page.state in WAITING and SORTS[self.page.kind].answer


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How telling people does: what waits for an answer, and what keeps it from working."""

    works: bool = False
    waiting: tuple[Page, ...] = ()  # that somebody was told of and nobody acknowledged
    failing: tuple[tuple[str, datetime], ...] = ()  # messengers, and since when
    missed: tuple[Page, ...] = ()  # test pages of those who did not answer the last one
    expiring: tuple[tuple[str, datetime], ...] = ()  # tokens, and when they end
    outside: tuple[Reached, ...] = ()

    def mine(self, person: str) -> tuple[Page, ...]:
        """Return what waits for one person's answer."""
        return tuple(one for one in self.waiting if one.person == person)

    @property
    def unanswered(self) -> tuple[Page, ...]:
        """Return what nobody answered after everybody was told."""
        return tuple(one for one in self.waiting if one.state == pages.UNANSWERED)


async def noticed(room: Room, person: str = "", *, waiting: bool = False) -> tuple[Noticed, ...]:
    """Return the newest pages that whoever asks may know of, newest first; of one person, or all.

    With `waiting` only those that want an answer.
    """

    async def work(tx: Tx) -> tuple[Noticed, ...]:
        found = await pages.recent(tx, MOST, person)
        told: dict[int, list[Try]] = {one.number: [] for one in found}
        for one in await pages.newest_tries(tx, MOST * 5):
            for number in one.pages:
                if number in told:
                    told[number].insert(0, one)
        every = (Noticed(one, tuple(told[one.number]), _until(room, one)) for one in found)
        return tuple(one for one in every if one.waits or not waiting)

    return await room.store.read(work)


def _until(room: Room, page: Page) -> datetime | None:
    if page.kind != "test" or page.state != pages.OPEN:
        return None
    from crisisroom.room.notifying_people import answer_until  # not needed at each look

    return answer_until(room, page)


async def standing(room: Room) -> Standing:
    """Return how telling people does, as whoever asks may know it."""

    async def work(tx: Tx) -> Standing:
        found = [one for one in await pages.in_state(tx, *WAITING) if SORTS[one.kind].answer]
        failing = await notifying_live.failing(tx, room.config)
        return Standing(
            works=works(room),
            waiting=tuple(one for one in found if one.kind != "test"),
            failing=tuple(failing.items()),
            missed=await _missed(tx),
            expiring=notifying_live.expiring(room.config, room.clock.now()),
        )

    known = await room.store.read(work)
    return msgspec.structs.replace(known, outside=await notifying_outside.reached(room))


async def _missed(tx: Tx) -> tuple[Page, ...]:
    """Return the test pages without an answer, where a person's newest is one."""
    newest: dict[str, Page] = {}
    for one in await pages.tests(tx):
        newest[one.person] = one
    return tuple(one for one in newest.values() if one.state == pages.UNANSWERED)
