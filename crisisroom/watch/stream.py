"""Following a stream beside the polls: at once where the server can, again when it breaks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.core.errors import Refused
from crisisroom.core.mention import Incoming
from crisisroom.sources import Batch, Streaming, Told
from crisisroom.store.leases import LeaseLost
from crisisroom.tasks import spawn
from crisisroom.wire.answer import FetchError

if TYPE_CHECKING:
    from crisisroom.watch.poll import Poller

LAST = 5.0  # seconds to finish what was being written when one is told to stop
AGAIN = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)  # seconds before the next connection


async def follow(poller: Poller) -> None:
    """Take in what a source streams, for ever; polls go on and close the gaps."""
    try:
        source = await poller.source()
    except Refused:  # the poll beside it shows the reason
        return
    if not isinstance(source, Streaming):
        return
    broken = 0
    while True:
        rest = 0.0
        try:
            source = await poller.source()  # another one, where its token went stale
            assert isinstance(source, Streaming)
            heard = source.stream(await poller.cursor(), poller.fetch)
            async with contextlib.aclosing(heard):
                async for told in heard:
                    await _wholly(_take(poller, told))
                    broken = 0
        except FetchError as error:  # the poll beside it shows the reason
            rest = error.retry_after or 0.0
        except LeaseLost:
            raise
        except Refused:  # so does it here: a package that is missing
            rest = AGAIN[-1]
        broken += 1
        await asyncio.sleep(max(rest, AGAIN[min(broken, len(AGAIN)) - 1]))


async def _wholly(taking: Coroutine[Any, Any, None]) -> None:
    """Finish what was begun even where this is cancelled: who told it believes it is kept."""
    task = spawn(taking, name="take", on_error=_told)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=LAST)
        raise


def _told(name: str, error: BaseException) -> None:
    """Leave it at that: whoever waits for the task has the error."""


async def _take(poller: Poller, told: Told) -> None:
    """Take in what was told; a batch moves the cursor too."""
    if not isinstance(told, Batch):
        items = (told,) if isinstance(told, Incoming) else told
        await poller.take(items, None, durable=True)
        return
    row = await poller.row()
    moved = msgspec.structs.replace(row, cursor=told.cursor, reason=told.note or row.reason)
    await poller.take(told.mentions, moved, durable=bool(told.mentions))
