"""Several streams of one server as one: it breaks when one of them breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TypeVar

from crisisroom.tasks import spawn

_Told = TypeVar("_Told")
_WAITING = 32  # events taken in before the servers have to wait


class _End:
    """A stream is over, well or with an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error


async def merged(streams: Sequence[AsyncGenerator[_Told, None]]) -> AsyncGenerator[_Told, None]:
    """Yield what any of the streams tells, until all are over; the first error ends it."""
    queue: asyncio.Queue[_Told | _End] = asyncio.Queue(_WAITING)

    async def pump(stream: AsyncGenerator[_Told, None]) -> None:
        error: Exception | None = None
        try:
            async with aclosing(stream):
                async for told in stream:
                    await queue.put(told)
        except Exception as failure:  # raised again by whoever reads the queue
            error = failure
        await queue.put(_End(error))

    pumps = [spawn(pump(one), name="merged stream", on_error=_handed_on) for one in streams]
    try:
        left = len(pumps)
        while left:
            told = await queue.get()
            if not isinstance(told, _End):
                yield told
            elif told.error is not None:
                raise told.error
            else:
                left -= 1
    finally:
        for task in pumps:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)


def _handed_on(_name: str, error: BaseException) -> None:
    """Leave it at that: errors of a stream reach its reader through the queue."""
