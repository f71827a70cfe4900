"""One try: `sending` is on disk before the first byte, and every answer has one meaning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from crisisroom.channels import (
    Channel,
    Outgoing,
    Receipt,
    SendFailure,
    SendLater,
    SendRefused,
    SendUnknown,
)
from crisisroom.room.waiting import GRACE
from crisisroom.watch.clerk import Clerk, stuck
from crisisroom.watch.parts import outgoing, texts
from crisisroom.watch.rests import Rests
from crisisroom.watch.way import Way

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

LONGEST = timedelta(minutes=5)  # between two tries that nothing else keeps apart


class Delivery:
    """Hands words to their channel, post by post."""

    def __init__(self, clerk: Clerk, fetch: Fetcher, rests: Rests) -> None:
        self._clerk = clerk
        self._fetch = fetch
        self._rests = rests

    async def attempt(self, way: Way, channel: Channel) -> None:
        """Try once to bring the words out, or what is missing of their thread."""
        begun = await self._clerk.begin(way)
        if begun is not None:
            await self._posts(begun, channel)

    async def _posts(self, way: Way, channel: Channel) -> None:
        posts = texts(way, channel)
        if not await self._clerk.still_cut(way, posts):
            posts = ()
        here: Way | None = way
        while here is not None:
            post = outgoing(here, channel, posts)
            if post is None:
                await self._clerk.note(here, *stuck(here, _misfit(here, channel)))
                return
            receipt = await self._sent(here, channel, post)
            if receipt is None:
                return
            here = await self._taken(here, channel, receipt, posts)

    async def _taken(
        self, way: Way, channel: Channel, receipt: Receipt, posts: Sequence[str]
    ) -> Way | None:
        if len(posts) == 1:
            await self._clerk.arrived(way, receipt)
            return None
        asked = timedelta(seconds=channel.wait)
        rest = self._clerk.now() + asked if asked else None
        return await self._clerk.part(way, receipt, posts, rest=rest, go_on=True)

    async def _sent(self, way: Way, channel: Channel, post: Outgoing) -> Receipt | None:
        try:
            return await channel.send(post, self._fetch)
        except SendLater as later:
            asked = timedelta(seconds=later.retry_after)
            until = self._clerk.now() + max(asked, apart(way.send.tries))
            await self._clerk.wait(way, until, later.message)
        except SendRefused as refusal:
            return await self._refused(way, channel, post, refusal.message)
        except SendUnknown:
            self._rests.leave(way.send.key, GRACE)
        return None

    async def _refused(
        self, way: Way, channel: Channel, post: Outgoing, why: str
    ) -> Receipt | None:
        """Take a refusal for what it says, after an earlier try only if the thread agrees.

        What went out unseen then is refused now for being there already.
        """
        if way.send.tries > 1:
            try:
                found = await channel.find(post, self._fetch)
            except SendFailure:
                self._rests.leave(way.send.key, GRACE)
                return None
            if found is not None:
                return found
        await self._clerk.note(way, *stuck(way, why))
        return None


def apart(tries: int) -> timedelta:
    """Return how long the next try waits at least after so many."""
    return min(GRACE * 2 ** min(tries - 2, 10), LONGEST) if tries > 1 else timedelta()


def _misfit(way: Way, channel: Channel) -> str:
    if way.send.parts:
        return "the network splits texts in another way now"
    over = -channel.measure(way.words.text_on(way.send.channel, channel.kind)).left
    return f"{over} characters too long"
