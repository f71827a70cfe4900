"""The stand-in of drills: takes words as a network would, and keeps them to itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.channels import Limits, Measure, Outgoing, Receipt, Repeats, lengths, options_as

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher


class StandInOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a stand-in may say: the limit it plays, and a file to remember in."""

    limit: int = 500
    path: str = ""


class _Kept(msgspec.Struct, frozen=True):
    """One line of the file."""

    words: Outgoing
    receipt: Receipt


class StandInChannel:
    """Takes each key once; with a file it remembers beyond this process."""

    kind = "stand-in"
    repeats: Repeats = "put"
    wait = 0.0

    def __init__(self, channel_id: str, options: StandInOptions) -> None:
        self.id = channel_id
        self._options = options
        self._path = Path(options.path) if options.path else None
        self._kept: dict[str, _Kept] | None = None
        self._lock = asyncio.Lock()

    @property
    def limits(self) -> Limits:
        """Return the limit it plays."""
        return Limits(limit=self._options.limit, retracts=True)

    def measure(self, text: str) -> Measure:
        """Count as Mastodon does."""
        return lengths.mastodon(text, self._options.limit)

    async def prepare(self, fetch: Fetcher) -> None:
        """Read what was taken before."""
        await self._known()

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Take the words, or give the first receipt again for a known key."""
        async with self._lock:
            kept = await self._known()
            if words.key not in kept:
                receipt = Receipt(f"{self.id}-{len(kept) + 1}")
                if self._path:
                    await asyncio.to_thread(_append, self._path, _Kept(words, receipt))
                kept[words.key] = _Kept(words, receipt)
            return kept[words.key].receipt

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Return the receipt of words with this key, if they were taken."""
        found = (await self._known()).get(words.key)
        return found.receipt if found else None

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Do as if it were taken back: nobody saw it."""

    async def sent(self) -> tuple[Outgoing, ...]:
        """Return all words taken, in order."""
        return tuple(one.words for one in (await self._known()).values())

    async def _known(self) -> dict[str, _Kept]:
        if self._kept is None:
            lines = await asyncio.to_thread(_read, self._path) if self._path else []
            self._kept = {one.words.key: one for one in lines}
        return self._kept


def make(
    channel_id: str, options: Mapping[str, Any], *, token: str, clock: Clock
) -> StandInChannel:
    """Build a stand-in from its options; it takes no token."""
    return StandInChannel(channel_id, options_as(StandInOptions, channel_id, options))


def _append(path: Path, one: _Kept) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        file.write(msgspec.json.encode(one) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> list[_Kept]:
    """Return the whole lines; a last one cut off by a crash was never acknowledged and goes."""
    if not path.exists():
        return []
    whole, end, cut_off = path.read_bytes().rpartition(b"\n")
    if cut_off:
        os.truncate(path, len(whole) + len(end))
    return [msgspec.json.decode(line, type=_Kept) for line in whole.split(b"\n") if line]
