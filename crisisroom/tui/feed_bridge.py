"""From the store's change feed to messages: the only way the screen learns that something is new.

One worker listens, one tells; both belong to the app and only post. The first change is told at
once, the following ones are gathered: 250 ms on this machine, a second over SSH or under a flood.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from crisisroom.core.errors import Refused
from crisisroom.room import Change, Room

NEAR, FAR = 0.25, 1.0  # seconds between two tellings
FLOOD = 4  # tellings in a row without a pause, from which on NEAR becomes FAR
RETRY = 1.0


@dataclass
class MentionsChanged(Message):
    """Mentions with numbers in these ranges came or changed; no range: read the list anew."""

    ranges: tuple[tuple[int, int], ...]


@dataclass
class StoriesChanged(Message):
    """Stories came, grew, or were put right."""

    def can_replace(self, message: Message) -> bool:
        """Say it once."""
        return isinstance(message, StoriesChanged)


@dataclass
class CaseChanged(Message):
    """Timelines grew: incidents, tasks, facts, words may differ."""

    chains: frozenset[str]

    def can_replace(self, message: Message) -> bool:
        """Take the place of an older one: every handler reads all that is new."""
        return isinstance(message, CaseChanged)


@dataclass
class RoomChanged(Message):
    """People, sources, settings, early warnings or the watcher changed."""

    settings: bool = False

    def can_replace(self, message: Message) -> bool:
        """Take the place of an older one that asked for no more."""
        return isinstance(message, RoomChanged) and (self.settings or not message.settings)


@dataclass
class ListenFailed(Message):
    """The change feed broke off; it is tried again by itself."""

    error: Refused

    def can_replace(self, message: Message) -> bool:
        """Say it once."""
        return isinstance(message, ListenFailed)


class Bridge:
    """Gathers changes and tells them at a pace the line can carry."""

    def __init__(self, room: Room, post: Callable[[Message], object], *, remote: bool) -> None:
        self._room = room
        self._post = post
        self._pace = FAR if remote else NEAR
        self._changes: list[Change] = []
        self._woken = asyncio.Event()

    async def listen(self) -> None:
        """Gather what changes, for as long as the app lives."""
        while True:
            try:
                async for batch in self._room.changes():
                    self.note(*batch)
            except Refused as error:
                self._post(ListenFailed(error))
                await asyncio.sleep(RETRY)
                self.note(Change(0, "reset"))

    def note(self, *changes: Change) -> None:
        """Take note of changes; they are told soon."""
        self._changes.extend(changes)
        self._woken.set()

    async def tell(self) -> None:
        """Post what was gathered, then rest for as long as the pace asks."""
        in_a_row = 0
        while True:
            if not self._woken.is_set():
                in_a_row = 0
            await self._woken.wait()
            self._woken.clear()
            gathered, self._changes = self._changes, []
            for message in messages(gathered):
                self._post(message)
            in_a_row += 1
            await asyncio.sleep(FAR if in_a_row > FLOOD else self._pace)


def messages(changes: list[Change]) -> list[Message]:
    """Return what to post for a handful of changes: at most one message of a kind."""
    topics = {change.topic for change in changes}
    found: list[Message] = []
    if "reset" in topics:
        return [RoomChanged(settings=True), CaseChanged(frozenset()), MentionsChanged(())]
    if refs := [change.ref for change in changes if change.topic == "mention"]:
        found.append(MentionsChanged(merged(refs)))
    if "narrative" in topics:
        found.append(StoriesChanged())
    if topics & {"entry", "words"}:
        found.append(CaseChanged(frozenset(change.chain for change in changes if change.chain)))
    if topics & {"presence", "source", "config", "lease", "candidate"}:
        found.append(RoomChanged(settings="config" in topics))
    return found


def merged(refs: list[str]) -> tuple[tuple[int, int], ...]:
    """Return references such as `12-40` as ranges of numbers, those that touch made one."""
    ranges: list[tuple[int, int]] = []
    for low, high in sorted(_range(ref) for ref in refs):
        if ranges and low <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], max(high, ranges[-1][1]))
        else:
            ranges.append((low, high))
    return tuple(ranges)


def _range(ref: str) -> tuple[int, int]:
    low, _, high = ref.partition("-")
    return int(low), int(high or low)
