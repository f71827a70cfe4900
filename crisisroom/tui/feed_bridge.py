"""From the store's change feed to messages: the only way the screen learns that something is new.

One worker listens, one tells; both belong to the app and only post. The first change is told at
once, the following ones are gathered for a moment. What the line can carry is the driver's own
business; Textual's has no say in that, so over SSH it is told once a second of what streams in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from textual.message import Message

from crisisroom.core.errors import Refused
from crisisroom.room import Change, Room, reading

NEAR, FLOODED, SLOW = 0.045, 0.06, 1.0  # seconds between two tellings
STREAMS = frozenset({"mention", "narrative", "source", "lease", "candidate"})  # not of people
FLOOD = 4  # tellings in a row without a pause, from which on NEAR becomes FLOODED
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
class PeopleChanged(Message):
    """Somebody came, left, or looks elsewhere."""

    def can_replace(self, message: Message) -> bool:
        """Say it once."""
        return isinstance(message, PeopleChanged)


@dataclass
class DraftsChanged(Message):
    """Somebody writes: the ids of the drafts."""

    drafts: frozenset[str]


@dataclass
class RoomChanged(Message):
    """Sources, settings, early warnings, pages or the watcher changed."""

    settings: bool = False

    def can_replace(self, message: Message) -> bool:
        """Take the place of an older one that asked for no more."""
        return isinstance(message, RoomChanged) and (self.settings or not message.settings)


@dataclass
class LinkChanged(Message):
    """The room on a server is lost, or back."""


@dataclass
class Heard(Message):
    """The change feed goes on after it had broken off."""


@dataclass
class ListenFailed(Message):
    """The change feed broke off; it is tried again by itself."""

    error: Refused

    def can_replace(self, message: Message) -> bool:
        """Say it once."""
        return isinstance(message, ListenFailed)


class Bridge:
    """Gathers changes and tells them at a pace the line can carry.

    What people do is told soon, always; what streams in, and in a row, is gathered for longer.
    """

    def __init__(self, room: Room, post: Callable[[Message], object], *, slow: bool) -> None:
        self._room = room
        self._post = post
        self._acts = _Lane(NEAR, NEAR)
        self._stream = _Lane(SLOW, SLOW) if slow else _Lane(NEAR, FLOODED)
        self._deaf = False  # the feed broke off: what came meanwhile was missed

    async def listen(self) -> None:
        """Gather what changes, for as long as the app lives."""
        while True:
            try:
                async for batch in self._room.changes(await self._after()):
                    self.note(*batch)
            except Refused as error:
                self._deaf = True
                self._post(ListenFailed(error))
                await asyncio.sleep(RETRY)

    async def _after(self) -> int | None:
        """Return where to go on: after the feed broke off everything is read anew first."""
        if not self._deaf:
            return None
        head = await reading.latest_change(self._room)
        self._deaf = False
        self._post(Heard())
        self.note(Change(0, "reset"))
        return head

    def note(self, *changes: Change) -> None:
        """Take note of changes; they are told soon."""
        self._stream.take(one for one in changes if one.topic in STREAMS)
        self._acts.take(one for one in changes if one.topic not in STREAMS)

    async def tell(self) -> None:
        """Post what was gathered, then rest for as long as the pace asks."""
        await asyncio.gather(self._acts.tell(self._post), self._stream.tell(self._post))


class _Lane:
    """Changes of one sort on their way: the first at once, those that follow gathered."""

    def __init__(self, pace: float, flood: float) -> None:
        self._pace = pace
        self._flood = flood
        self._changes: list[Change] = []
        self._woken = asyncio.Event()

    def take(self, changes: Iterable[Change]) -> None:
        before = len(self._changes)
        self._changes.extend(changes)
        if len(self._changes) > before:
            self._woken.set()

    async def tell(self, post: Callable[[Message], object]) -> None:
        in_a_row = 0
        while True:
            if not self._woken.is_set():
                in_a_row = 0
            await self._woken.wait()
            self._woken.clear()
            gathered, self._changes = self._changes, []
            for message in messages(gathered):
                post(message)
            in_a_row += 1
            await asyncio.sleep(self._flood if in_a_row > FLOOD else self._pace)


def messages(changes: list[Change]) -> list[Message]:
    """Return what to post for a handful of changes: at most one message of a kind."""
    topics = {change.topic for change in changes}
    found: list[Message] = []
    if "reset" in topics:
        return [
            LinkChanged(),
            RoomChanged(settings=True),
            CaseChanged(frozenset()),
            MentionsChanged(()),
        ]
    if "link" in topics:
        found.append(LinkChanged())
    refs = [change.ref for change in changes if change.topic == "mention"]
    refs += [change.ref.removeprefix("M-") for change in changes if change.topic == "click"]
    if refs:
        found.append(MentionsChanged(merged(refs)))
    if "narrative" in topics:
        found.append(StoriesChanged())
    if topics & {"entry", "words"}:
        found.append(CaseChanged(frozenset(change.chain for change in changes if change.chain)))
    if topics & {"source", "config", "lease", "candidate", "page"}:
        found.append(RoomChanged(settings="config" in topics))
    if "presence" in topics:
        found.append(PeopleChanged())
    if written := frozenset(change.ref for change in changes if change.topic == "draft"):
        found.append(DraftsChanged(written))
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
