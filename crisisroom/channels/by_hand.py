"""By hand: a person copies the words, posts them, and confirms; we never send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from crisisroom.channels import (
    Limits,
    Measure,
    Outgoing,
    Receipt,
    Repeats,
    SendRefused,
    lengths,
    options_as,
)

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher


class ByHandOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a by-hand channel may say: the most characters, 0 for no limit."""

    limit: int = 0


class ByHandChannel:
    """A way out that a person walks."""

    kind = "by-hand"
    repeats: Repeats = "never"
    wait = 0.0

    def __init__(self, channel_id: str, options: ByHandOptions) -> None:
        self.id = channel_id
        self._options = options

    @property
    def limits(self) -> Limits:
        """Return the limit a person set."""
        return Limits(limit=self._options.limit)

    def measure(self, text: str) -> Measure:
        """Count characters as a reader sees them."""
        return lengths.plain(text, self._options.limit)

    async def prepare(self, fetch: Fetcher) -> None:
        """Do nothing: there is nobody to ask."""

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Refuse, always, and say what to do."""
        raise SendRefused(f"{self.id}: goes out by hand: copy it, post it, then confirm it here")

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Return None: only the person knows."""
        return None

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Refuse: what a person posted, a person takes down."""
        raise SendRefused(f"{self.id}: take it down by hand, then confirm it here")


def make(channel_id: str, options: Mapping[str, Any], *, token: str, clock: Clock) -> ByHandChannel:
    """Build a by-hand channel from its options; it takes no token."""
    return ByHandChannel(channel_id, options_as(ByHandOptions, channel_id, options))
