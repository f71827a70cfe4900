"""What the tests of the network sources share."""

from __future__ import annotations

from typing import Any

import msgspec
from sources.good_feeds import NOW

from crisisroom.clock import ManualClock
from crisisroom.core.watchquery import parse
from crisisroom.fetch import Fetcher
from crisisroom.sources import Batch, Source, Watched, make

T = int(NOW.timestamp())


def watched(*words: str, languages: tuple[str, ...] = ()) -> tuple[Watched, ...]:
    """Return terms that say these words."""
    return tuple(Watched(f"t{n}", parse(text), languages) for n, text in enumerate(words))


class Asked:
    """A source and its cursor, which goes through JSON between polls as through a database."""

    def __init__(self, source: Source, fetch: Fetcher) -> None:
        self.source = source
        self.cursor: dict[str, Any] = {}
        self._fetch = fetch

    async def poll(self) -> Batch:
        batch = await self.source.poll(self.cursor, self._fetch)
        self.cursor = msgspec.json.decode(msgspec.json.encode(batch.cursor))
        return batch

    async def ids(self) -> list[str]:
        return [one.external_id for one in (await self.poll()).mentions]

    async def all_ids(self) -> list[str]:
        """Poll on while there is more, as a poller does."""
        found: list[str] = []
        for _ in range(40):
            batch = await self.poll()
            found += [one.external_id for one in batch.mentions]
            if not batch.more:
                return found
        raise AssertionError("there is always more")


def asked(
    kind: str,
    server: str,
    clock: ManualClock,
    fetch: Fetcher,
    *,
    terms: tuple[Watched, ...] = (),
    token: str = "",
    **options: Any,
) -> Asked:
    """Return a source whose server is a stand-in."""
    chosen = {"server": server, "private": True, **options}
    return Asked(make(kind, kind, chosen, clock=clock, token=token, watched=terms), fetch)
