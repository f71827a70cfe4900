"""Going on with a try that nobody works on: look first, then repeat it, or ask a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crisisroom.channels import Channel, Receipt, SendFailure
from crisisroom.room.waiting import GRACE
from crisisroom.store.processes import proven_dead
from crisisroom.watch.clerk import Clerk, stuck
from crisisroom.watch.deliver import apart
from crisisroom.watch.parts import outgoing, texts
from crisisroom.watch.rests import Rests
from crisisroom.watch.way import Way

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

KEY_LIVES = timedelta(minutes=50)  # Mastodon remembers an Idempotency-Key for one hour
LANDED = timedelta(seconds=60)  # until what a slow server may still be doing is done, or dropped
PATIENCE = timedelta(minutes=2)  # until another process's silence puts its try in doubt
LOOKS_FAIL = timedelta(minutes=10)  # how long an unreachable server keeps the question open
MOST_TRIES = 20  # in doubt again and again: then a person looks


class Recovery:
    """Looks up, on the network, what a crash or a lost answer left open."""

    def __init__(self, clerk: Clerk, fetch: Fetcher, rests: Rests) -> None:
        self._clerk = clerk
        self._fetch = fetch
        self._rests = rests
        self._met: dict[str, tuple[timedelta, float]] = {}

    async def go_on(self, way: Way, channel: Channel) -> int:
        """Take the next step there is; returns how many were."""
        since = self._since(way)
        elsewhere = way.send.owner != self._clerk.owner and not owner_dead(way.send.owner)
        if (early := (PATIENCE if elsewhere else GRACE) - since) > timedelta():
            self._rests.leave(way.send.key, early)
            return 0
        try:
            await channel.prepare(self._fetch)
            posts = texts(way, channel)
            posts = posts if await self._clerk.still_cut(way, posts) else ()
            post = outgoing(way, channel, posts)
            receipt = await channel.find(post, self._fetch) if post else None
        except SendFailure as failure:
            return await self._cannot_look(way, since, failure.message)
        if post is None:
            await self._clerk.note(way, *_doubt(way, "its thread would be split anew"))
        elif receipt is not None:
            await self._found(way, receipt, posts)
        elif channel.repeats != "put" and since < LANDED:
            self._rests.leave(way.send.key, LANDED - since)
            return 0
        else:
            await self._absent(way, channel, elsewhere)
        return 1

    async def unreachable(self, way: Way, why: str) -> int:
        """Put a try in doubt that nobody can look up any more, once that has lasted."""
        return await self._cannot_look(way, self._since(way), why)

    def _since(self, way: Way) -> timedelta:
        """Return how long a try has been open, whatever was done to the clock since we met it."""
        clock, at = self._clerk.room.clock, way.send.at or self._now()
        before = max(timedelta(), self._now() - at)
        before, met = self._met.setdefault(f"{way.send.key} {at}", (before, clock.monotonic()))
        return before + timedelta(seconds=(clock.monotonic() - met) / clock.real(1.0))

    async def _found(self, way: Way, receipt: Receipt, posts: Sequence[str]) -> None:
        if len(posts) == 1:
            await self._clerk.arrived(way, receipt)
        else:
            await self._clerk.part(way, receipt, posts, rest=None, go_on=False)

    async def _absent(self, way: Way, channel: Channel, elsewhere: bool) -> None:
        """Repeat it where that is harmless, or where whoever tried is dead and nothing arrived."""
        if way.send.tries >= MOST_TRIES:
            reason = f"after {way.send.tries} tries the thread still does not show it"
        elif self._harmless(way, channel):
            await self._again(way)
            return
        elif elsewhere:
            reason = "another computer tried it and has been silent since"
        else:
            reason = "the answer was lost, and the thread does not show it"
        await self._clerk.note(way, *_doubt(way, reason))

    def _harmless(self, way: Way, channel: Channel) -> bool:
        ours = way.send.owner == self._clerk.owner
        if channel.repeats == "put" or (not ours and owner_dead(way.send.owner)):
            return True
        first = way.send.first_try_at or way.send.at or self._now()
        return channel.repeats == "key" and self._now() - first < KEY_LIVES

    async def _again(self, way: Way) -> None:
        said = "is not there: tries again"
        rest = apart(way.send.tries)
        if rest:
            await self._clerk.wait(way, self._now() + rest, said)
        else:
            await self._clerk.note(way, "queued", f"{way.words.id} {said}")

    async def _cannot_look(self, way: Way, since: timedelta, why: str) -> int:
        if since < LOOKS_FAIL:
            self._rests.leave(way.send.key, GRACE)
            return 0
        await self._clerk.note(way, *_doubt(way, f"cannot look whether it went out: {why}"))
        return 1

    def _now(self) -> datetime:
        return self._clerk.now()


def _doubt(way: Way, reason: str) -> tuple[str, str, str]:
    if way.send.parts:
        return stuck(way, reason)
    return "unknown", f"{way.words.id}: {reason}", reason


def owner_dead(owned_by: str) -> bool:
    """Tell whether an owner is proven dead; what is not of our making proves nothing."""
    parts = owned_by.rsplit(":", 2)
    if len(parts) != 3 or not parts[1].isdecimal() or len(parts[1]) > 9:
        return False
    return proven_dead(parts[0], int(parts[1]), parts[2])
