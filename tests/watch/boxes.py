"""An outbox on a network that fails exactly as it is told to."""

from __future__ import annotations

import random

from room.people import as_
from watch.network import Network

from crisisroom.channels import Outgoing, Receipt, SendFailure
from crisisroom.clock import ManualClock
from crisisroom.core.incident import Words
from crisisroom.fetch import Fetcher
from crisisroom.room import Room, reading
from crisisroom.watch.outbox import Outbox
from crisisroom.watch.way import Way

ELSEWHERE = "another-host:1:1"


class Obedient(Network):
    """A network that fails exactly as it is told to, one failure a request."""

    def __init__(self, clock: ManualClock, *, idempotent: bool = True) -> None:
        super().__init__(random.Random(1), clock, idempotent=idempotent)
        self.failures: list[SendFailure] = []
        self.before: list[SendFailure] = []
        self.looks: list[SendFailure] = []
        self.sent: list[Outgoing] = []
        self.taken_back: list[str] = []
        self.stays: list[SendFailure] = []

    async def send(self, words: Outgoing, fetch: Fetcher) -> Receipt:
        self.sent.append(words)
        if self.before:
            raise self.before.pop(0)
        receipt = await super().send(words, fetch)
        if self.failures:
            raise self.failures.pop(0)
        return receipt

    async def find(self, words: Outgoing, fetch: Fetcher) -> Receipt | None:
        if self.looks:
            raise self.looks.pop(0)
        return await super().find(words, fetch)

    async def retract(self, receipt: Receipt, fetch: Fetcher) -> None:
        if self.stays:
            raise self.stays.pop(0)
        await super().retract(receipt, fetch)
        self.taken_back.append(receipt.remote_id)


def box_of(room: Room, fetch: Fetcher, network: Network, owner: str = "") -> Outbox:
    """Return an outbox that works for a process, this one unless another is named."""
    box = Outbox(as_(room, "watch"), fetch, lambda incident, name: network)
    if owner:
        box._clerk.owner = owner
    return box


async def way_of(box: Outbox) -> Way:
    """Return the one way on which there is something to do."""
    (way,) = (await box.look()).ways
    return way


async def now_of(room: Room) -> Words:
    """Return the reply as it stands now."""
    return (await reading.incident(room)).replies["R-1"]
