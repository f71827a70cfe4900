"""Two people, one thing: who was first, when, and what it is now.

A screen hands its acts in with what its person saw. What a colleague did to the same thing since
then is told before anything is written over it, and again where an act is refused because of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import msgspec

from crisisroom.core.apply import apply
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident
from crisisroom.core.mention import Mention
from crisisroom.core.rules import MACHINE
from crisisroom.core.subjects import at_odds
from crisisroom.core.timeline import Draft, Entry
from crisisroom.store import Tx, clicks, log

if TYPE_CHECKING:
    from crisisroom.room import Decide, Room, Scene

T = TypeVar("T")

JUST = timedelta(minutes=2)  # what a command line is told of that was done before it
_MOST = 400  # entries looked back on


class Overtaken(Refused):
    """A colleague was first: who, when, what they did, and what was wanted instead."""

    def __init__(self, by: str, message: str, hint: str, about: Incident | Mention) -> None:
        super().__init__("overtaken", message, hint)
        self.by = by
        self.about = about  # as it is now


class Seen(msgspec.Struct, frozen=True):
    """What a person had before their eyes: entries by chain up to a number, and posts by id."""

    entries: Mapping[str, int] = {}
    posts: Mapping[str, Mention] = {}


class Attention:
    """What the person of a screen saw, and how to ask them whether they still mean it."""

    def __init__(
        self,
        seen: Callable[[], Seen] | None = None,
        ask: Callable[[Overtaken], Awaitable[bool]] | None = None,
    ) -> None:
        self._seen = seen
        self._ask = ask
        self._knows = Seen()  # what they were told of when they were asked

    @property
    def asks(self) -> bool:
        """Whether there is somebody to ask: on a command line there is not."""
        return self._seen is not None

    def after(self, state: Incident) -> int | None:
        """Return the last entry they saw of an incident; None where that is not known."""
        if self._seen is None:
            return None
        seen = self._seen().entries.get(state.uid)
        return None if seen is None else max(seen, self._knows.entries.get(state.uid, 0))

    def post(self, mention: Mention) -> Mention | None:
        """Return a post as they saw it; None where they did not."""
        seen = self._seen().posts.get(mention.id) if self._seen else None
        return self._knows.posts.get(mention.id, seen)

    async def still_means(self, overtaken: Overtaken) -> bool:
        """Ask them whether they still mean it; False where nobody can be asked.

        What they were asked about they know from then on.
        """
        if self._ask is None or not await self._ask(overtaken):
            return False
        about, (entries, posts) = overtaken.about, (self._knows.entries, self._knows.posts)
        if isinstance(about, Incident):
            self._knows = Seen({**entries, about.uid: about.seq}, posts)
        else:
            self._knows = Seen(entries, {**posts, about.id: about})
        return True


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago something was done: `3 s ago`, `4 min ago`."""
    seconds = max(0, round((now - then).total_seconds()))
    if seconds < 2:
        return "just now"
    return f"{seconds} s ago" if seconds < 120 else f"{seconds // 60} min ago"


async def done_since(tx: Tx, room: Room, state: Incident) -> tuple[Entry, ...]:
    """Return what colleagues did to an incident since this person looked, oldest first."""
    attention = room.attention
    if attention is None:
        return ()
    after = attention.after(state)
    if after is None and attention.asks:
        return ()
    first = max(after or 0, state.seq - _MOST)
    found = await log.entries(tx, state.uid, first) if first < state.seq else ()
    since, apart = room.clock.now() - JUST, await log.shut(tx, state.uid)
    return tuple(
        one
        for one in found
        if one.actor not in (room.actor.name, MACHINE)
        and one.seq not in apart  # what is for Legal is told to nobody else
        and (after is not None or one.recorded_at >= since)
    )


def first_of(since: Sequence[Entry], drafts: Sequence[Draft]) -> tuple[Entry, Draft] | None:
    """Return the newest act of a colleague that one of these contradicts, with that one."""
    for entry in reversed(since):
        for draft in drafts:
            if at_odds(draft.kind, draft.data, entry.kind, entry.data):
                return entry, draft
    return None


async def check(tx: Tx, room: Room, state: Incident, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
    """Raise Overtaken where a colleague changed the same thing since this person looked.

    Where nobody can be asked the act is done, and what it replaced is returned to be told: the
    same done otherwise, not what it is an answer to, as taking an offered part is.
    """
    if room.attention is None or not drafts:
        return ()
    found = first_of(await done_since(tx, room, state), drafts)
    if found is None:
        return ()
    entry, draft = found
    if not room.attention.asks:
        answers = entry.kind != draft.kind or draft.data.get("was") == entry.actor
        return () if answers else (entry,)
    when = ago(entry.recorded_at, room.clock.now())
    if (entry.kind, entry.data) == (draft.kind, draft.data):
        told = f"{entry.actor} did just this, {when}: {entry.text}"
        raise Refused("done-already", told, "there is nothing left to do")
    told = f"{entry.actor} was first, {when}: {entry.text}"
    raise Overtaken(entry.actor, told, f"yours is not done: {draft.text}", state)


async def explained(
    tx: Tx, room: Room, state: Incident, decide: Decide, scene: Scene, refused: Refused
) -> Refused:
    """Return a refusal with who was first, where a colleague's act since then is the reason."""
    since = await done_since(tx, room, state)
    if not since or isinstance(refused, Overtaken):
        return refused
    before = await _state_at(tx, state, since[0].seq - 1)
    if before is None:
        return refused
    try:
        wanted = await decide(tx, before, scene)
    except Exception:  # it was not possible before either: the refusal stands as it is
        return refused
    found = first_of(since, wanted)
    if found is None:
        return refused
    entry, when = found[0], ago(found[0].recorded_at, scene.now)
    told = f"{entry.actor} was first, {when}: {entry.text}"
    return type(refused)(refused.code, f"{refused.message}; {told}", refused.hint)


async def _state_at(tx: Tx, state: Incident, seq: int) -> Incident | None:
    """Return an incident as it was after an entry."""
    found: Incident | None = None
    for entry in await log.entries(tx, state.uid, 0, seq):
        found = apply(found, entry)
    return found


async def meant(room: Room, act: Callable[[], Awaitable[T]]) -> T:
    """Act, and once more where the person still means it after they heard who was first."""
    try:
        return await act()
    except Overtaken as overtaken:
        if room.attention is None or not await room.attention.still_means(overtaken):
            raise
        return await act()


async def check_post(tx: Tx, room: Room, mention: Mention) -> None:
    """Raise Overtaken where a colleague did something with a post since this person saw it."""
    seen = room.attention.post(mention) if room.attention else None
    if seen is None or _triage(seen) == _triage(mention):
        return
    by, at = await _by(tx, room, mention)
    if by == room.actor.name:
        return
    when = f", {ago(at, room.clock.now())}" if at else ""
    message = f"{by or 'somebody'} was first{when}: {mention.id} {_now(mention)}"
    raise Overtaken(by, message, "yours is not done", mention)


def _triage(mention: Mention) -> tuple[str, str, str]:
    return mention.state, mention.assignee, mention.verdict


def _now(mention: Mention) -> str:
    states = {
        "new": "is free again",
        "claimed": f"is with {mention.assignee}",
        "answered": f"was answered by {mention.assignee}",
        "offline": "was moved to private",
        "dismissed": "was marked not relevant",
    }
    return states.get(mention.state, mention.state)


async def _by(tx: Tx, room: Room, mention: Mention) -> tuple[str, datetime | None]:
    """Return who changed a post last, and when, as far as the room knows."""
    if mention.incident:
        chain = await room.chain_of(tx, mention.incident, room.store.states)
        last, _ = await log.head(tx, chain)
        for entry in reversed(await log.entries(tx, chain, max(0, last - _MOST))):
            about = entry.data.get("mention") == mention.uid
            if about and entry.kind in ("mention.triaged", "mention.sorted", "reply.drafted"):
                return entry.actor, entry.recorded_at
    if mention.state == "claimed":
        until = mention.claimed_until
        return mention.assignee, until - room.scene().claim if until else None
    click = await clicks.last(tx, mention.number)
    return click or (mention.assignee, None)
