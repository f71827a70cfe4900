"""Sources that do as they are told, and waiting for what must come true."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from room.people import post

from crisisroom.config import RoomConfig
from crisisroom.config import Source as SourceConfig
from crisisroom.core.mention import Incoming
from crisisroom.fetch import Fetcher
from crisisroom.sources import Batch


class Fake:
    """A source whose polls give what stands in `answers`, one after the other."""

    def __init__(self, id_: str, *answers: Batch | BaseException) -> None:
        self.id = id_
        self.answers = list(answers)
        self.cursors: list[dict[str, Any]] = []

    async def poll(self, cursor: dict[str, Any], fetch: Fetcher) -> Batch:
        """Give the next answer; nothing new once there are no more."""
        self.cursors.append(cursor)
        answer = self.answers.pop(0) if self.answers else Batch((), cursor)
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Stream(Fake):
    """A source that can also tell at once."""

    def __init__(self, id_: str, *told: Incoming | BaseException) -> None:
        super().__init__(id_)
        self.told = list(told)
        self.connected = 0

    async def stream(
        self, cursor: dict[str, Any], fetch: Fetcher
    ) -> AsyncGenerator[Incoming, None]:
        """Tell what there is, then stay silent."""
        self.connected += 1
        while self.told:
            one = self.told.pop(0)
            if isinstance(one, BaseException):
                raise one
            yield one
        await asyncio.Event().wait()


def batch(*texts: str, cursor: int = 1, **more: Any) -> Batch:
    """Return a batch of posts whose ids are their texts."""
    return Batch(tuple(post(text, text) for text in texts), {"at": cursor}, **more)


def with_sources(*ids: str, every: int = 60, streaming: bool = False) -> RoomConfig:
    """Return settings with these sources."""
    return RoomConfig(
        name="kettles",
        sources=tuple(
            SourceConfig(id=one, type="mastodon", every=every, streaming=streaming) for one in ids
        ),
    )


async def until(true: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> None:
    """Wait until something is true; TimeoutError when it does not come."""
    async with asyncio.timeout(seconds):
        while True:
            if await true():
                return
            await asyncio.sleep(0.005)
