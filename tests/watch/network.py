"""A network that misbehaves on purpose, and an outbox that can die at any point."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from crisisroom.channels import (
    Limits,
    Measure,
    Outgoing,
    Receipt,
    Repeats,
    SendLater,
    SendRefused,
    SendUnknown,
    lengths,
)
from crisisroom.clock import ManualClock
from crisisroom.fetch import Fetcher

REMEMBERS = timedelta(hours=1)  # how long an idempotent network knows a key
SLOW = 9.0  # seconds: a request may still be worked on after its sender died


class Crash(BaseException):
    """The process dies here: nothing after it runs."""


class Network:
    """A channel with its server: it keeps every post there is, by the text's own number."""

    kind = "mastodon"

    def __init__(self, dice: random.Random, clock: ManualClock, *, idempotent: bool) -> None:
        self.id = "masto"
        self.idempotent = idempotent
        self.limits = Limits(limit=500, retracts=True)
        self.wait = 0.0  # seconds
        self.posts: Counter[str] = Counter()
        self.standing: dict[str, str] = {}  # by text: its id
        self.crashes = 0.0  # how likely a death is at each point
        self.trouble = 0.0  # how likely a failure is at each request
        self._dice = dice
        self._clock = clock
        self._keys: dict[str, datetime] = {}
        self._late: list[tuple[datetime, Outgoing]] = []

    @property
    def repeats(self) -> Repeats:
        """Say what a repeat does."""
        return "key" if self.idempotent else "never"

    def point(self) -> None:
        """Die here, now and then."""
        if self._dice.random() < self.crashes:
            raise Crash

    def measure(self, text: str) -> Measure:
        """Count as Mastodon does."""
        return lengths.mastodon(text, self.limits.limit)

    async def prepare(self, fetch: Fetcher) -> None:
        """Say that the network is there, mostly."""
        if self._dice.random() < self.trouble / 4:
            raise SendLater("no route to the network", 5.0)

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        """Take words: at once, late, not at all, or without an answer."""
        self.point()
        roll = self._dice.random() / max(self.trouble, 1e-9)
        if roll < 0.25:
            raise SendRefused("the text is not liked here")
        if roll < 0.5:
            raise SendLater("too many requests", self._dice.uniform(1, 90))
        if roll < 0.6:
            raise SendUnknown("no answer, and it never arrived")
        if roll < 0.8:
            landing = self._clock.now() + timedelta(seconds=self._dice.uniform(0, SLOW))
            self._late.append((landing, words))
            raise SendUnknown("no answer yet")
        self._accept(words)
        self.point()
        if roll < 1:
            raise SendUnknown("the answer was lost")
        return self._receipt(words)

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        """Look the words up as a thread would show them."""
        self.point()
        self._land()
        if self._dice.random() < self.trouble / 4:
            raise SendUnknown("the network does not answer")
        self.point()
        return self._receipt(words) if self.posts[words.text] else None

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        """Take a post back; what is gone is no failure."""
        self.point()
        for text, at in self.standing.items():
            if at == receipt.remote_id:
                self.posts[text] = 0
        self.point()

    def _receipt(self, words: Outgoing) -> Receipt:
        return Receipt(words.key, f"https://social.example/{words.key}")

    def _land(self) -> None:
        for landing, words in [one for one in self._late if one[0] <= self._clock.now()]:
            self._late.remove((landing, words))
            self._accept(words)

    def settle(self) -> None:
        """Let everything that is still on the wire arrive."""
        for _, words in self._late:
            self._accept(words)
        self._late.clear()

    def _accept(self, words: Outgoing) -> None:
        known = self._keys.get(words.key)
        now = self._clock.now()
        if self.idempotent and known and now - known < REMEMBERS:
            return
        self._keys[words.key] = now
        self.posts[words.text] += 1
        self.standing[words.text] = words.key


def dying(network: Network, act_in: Any) -> Any:
    """Wrap `Room.act_in` so that the process may die before or after each transaction."""

    async def act(*args: Any, **kwargs: Any) -> Any:
        network.point()
        acted = await act_in(*args, **kwargs)
        network.point()
        return acted

    return act
