"""Tokens that a command gives: they go stale, and then the command is asked once more.

Access tokens of an hour, passwords that a vault changes: the network refuses them one day, and the
settings have not changed. Before giving up the command runs again, at most once a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from crisisroom.channels import (
    Channel,
    Limits,
    Measure,
    Outgoing,
    Receipt,
    Repeats,
    SendFailure,
    SendUnknown,
)
from crisisroom.core.errors import Refused
from crisisroom.wire.answer import is_login

if TYPE_CHECKING:
    from crisisroom.clock import Clock
    from crisisroom.fetch import Fetcher

BETWEEN = 60.0  # seconds from one run because of a refusal to the next

_Done = TypeVar("_Done")


class Turns:
    """Says whether the command may run again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: float | None = None

    def take(self) -> bool:
        """Take the turn; False while the last one is less than BETWEEN ago."""
        now = self._clock.monotonic()
        if self._last is not None and now - self._last < BETWEEN:
            return False
        self._last = now
        return True


class Renewing:
    """A channel that is made anew with another token when the network refuses the one it has.

    `ask` runs the command (blocks; Refused where it gives nothing), `make` builds the channel.
    """

    def __init__(
        self, ask: Callable[[], str], make: Callable[[str], Channel], clock: Clock
    ) -> None:
        self._ask = ask
        self._make = make
        self._turns = Turns(clock)
        self._token = ask()
        self._channel = make(self._token)
        self.id = self._channel.id
        self.kind = self._channel.kind

    @property
    def repeats(self) -> Repeats:
        """Return what a repeat does there."""
        return self._channel.repeats

    @property
    def limits(self) -> Limits:
        """Return what the network takes."""
        return self._channel.limits

    @property
    def wait(self) -> float:
        """Return how long the network wants to be left alone, in seconds."""
        return self._channel.wait

    def measure(self, text: str) -> Measure:
        """Count a text as the network does."""
        return self._channel.measure(text)

    async def prepare(self, fetch: Fetcher) -> None:
        """Learn the network's limits, once; SendFailure."""
        await self._tried(fetch, lambda channel: channel.prepare(fetch))

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Post the words once; SendRefused, SendLater or SendUnknown."""
        return await self._tried(fetch, lambda channel: channel.send(words, fetch))

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look for these words there; SendUnknown where nobody can."""
        return await self._tried(fetch, lambda channel: channel.find(words, fetch), looks=True)

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Take back what is out; SendRefused or SendLater."""
        await self._tried(fetch, lambda channel: channel.retract(receipt, fetch))

    async def _tried(
        self, fetch: Fetcher, act: Callable[[Channel], Awaitable[_Done]], *, looks: bool = False
    ) -> _Done:
        """Act, and once more with a new token where the login was refused: then nothing went out.

        What may have gone out is tried again by nobody; who only `looks` may look again.
        """
        try:
            return await act(self._channel)
        except SendFailure as failure:
            certain = looks or not isinstance(failure, SendUnknown)
            if not (certain and is_login(failure) and await self._renewed(failure)):
                raise
        await self._channel.prepare(fetch)
        return await act(self._channel)

    async def _renewed(self, failure: SendFailure) -> bool:
        """Ask for the token again; False where there is no other one, which the failure tells."""
        if not self._turns.take():
            return False
        try:
            token = await asyncio.to_thread(self._ask)
            if token == self._token:
                return False
            self._token, self._channel = token, self._make(token)
        except Refused as refusal:
            failure.message = f"{failure.message}; no new token: {refusal.message}"
            return False
        return True
