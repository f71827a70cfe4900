"""Taking back what is out: every post of it, as often as it takes, and the truth where it fails."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crisisroom.channels import Channel, Receipt, SendFailure, SendLater, SendRefused
from crisisroom.watch.clerk import Clerk, stuck
from crisisroom.watch.rests import Rests
from crisisroom.watch.way import Way

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

AGAIN = timedelta(seconds=15)  # until a network that did not answer is asked again


class Retracting:
    """Takes words back from the networks they are on; a repeat changes nothing."""

    def __init__(self, clerk: Clerk, fetch: Fetcher, rests: Rests) -> None:
        self._clerk = clerk
        self._fetch = fetch
        self._rests = rests

    async def take_back(self, way: Way, channel: Channel) -> int:
        """Try once; returns 1 where that settled it."""
        try:
            await channel.prepare(self._fetch)
            for receipt in _receipts(way):
                await channel.retract(receipt, self._fetch)
        except SendRefused as refusal:
            await self._kept(way, refusal.message)
            return 1
        except SendFailure as failure:
            asked = failure.retry_after if isinstance(failure, SendLater) else 0.0
            self._rests.leave(way.send.key, max(AGAIN, timedelta(seconds=asked)))
            return 0
        said = f"{way.words.id} is taken back from {way.send.channel}"
        await self._clerk.note(way, "retracted", said)
        return 1

    async def unreachable(self, way: Way, why: str) -> None:
        """Say that it stands where nobody can reach its network any more."""
        await self._kept(way, why)

    async def _kept(self, way: Way, why: str) -> None:
        """Say that it stands; of a thread that is half out, that it is half out still."""
        if way.send.parts and not way.send.remote_id:
            await self._clerk.note(way, *stuck(way, f"it cannot be taken back: {why}"))
            return
        said = f"{way.words.id} stays on {way.send.channel}: {why}"
        await self._clerk.note(way, "kept", said, why)


def _receipts(way: Way) -> list[Receipt]:
    """Return what is to be taken back, the last post first; SendRefused where nobody knows it."""
    send = way.send
    posts = [Receipt(part.remote_id, part.remote_url) for part in reversed(send.parts)]
    known = posts or ([Receipt(send.remote_id, send.remote_url)] if send.remote_id else [])
    if not known:
        raise SendRefused("nobody knows its id there: take it down by hand")
    return known
