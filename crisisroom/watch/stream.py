"""Following a stream beside the polls: at once where the server can, again when it breaks."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from crisisroom.core.errors import Refused
from crisisroom.core.mention import Incoming
from crisisroom.sources import Streaming
from crisisroom.wire.answer import FetchError

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher
    from crisisroom.watch.poll import Poller

AGAIN = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)  # seconds before the next connection


async def follow(poller: Poller, fetch: Fetcher) -> None:
    """Take in what a source streams, for ever; polls go on and close the gaps."""
    try:
        source = poller.source
    except Refused:  # the poll beside it shows the reason
        return
    if not isinstance(source, Streaming):
        return
    broken = 0
    while True:
        heard = source.stream(await poller.cursor(), fetch)
        with contextlib.suppress(FetchError):  # the poll beside it shows the reason
            async with contextlib.aclosing(heard):
                async for told in heard:
                    items = (told,) if isinstance(told, Incoming) else told
                    await poller.take(items, None, durable=True)
                    broken = 0
        broken += 1
        await asyncio.sleep(AGAIN[min(broken, len(AGAIN)) - 1])
