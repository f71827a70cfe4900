"""The outbox: sends what a person released, at most once.

`sending` with its key, first try and count is on disk before the first byte goes out. Whoever
finds a `sending` that nobody works on looks the thread up before any further try; what stays in
doubt becomes `unknown`, and a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from crisisroom.channels import (
    Channel,
    Outgoing,
    Receipt,
    SendFailure,
    SendLater,
    SendRefused,
    SendUnknown,
)
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Send, Words
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Draft, stamp
from crisisroom.room import Acted, Decide, Room, Scene
from crisisroom.room.desk import BY_HAND
from crisisroom.room.sending import owner, sent_drafts, way_draft
from crisisroom.room.texts import refuse_unready
from crisisroom.room.words import desk_of
from crisisroom.store import Tx, leases, log
from crisisroom.store.leases import Lease
from crisisroom.store.processes import proven_dead

if TYPE_CHECKING:
    from crisisroom.fetch import Fetcher

GRACE = timedelta(seconds=10)  # what a server may still be doing with a request after we died
KEY_LIVES = timedelta(minutes=50)  # Mastodon remembers an Idempotency-Key for one hour
PATIENCE = timedelta(minutes=2)  # until another process's silence puts its try in doubt
UNREACHED = timedelta(seconds=15)  # until a network that did not answer is asked again
LOOKS_FAIL = timedelta(minutes=10)  # how long an unreachable server keeps the question open

Channels = Callable[[Incident, str], Channel | None]


class Way(msgspec.Struct, frozen=True):
    """One text on its way to one channel."""

    incident: Incident
    words: Words
    send: Send


class Outbox:
    """Works through what is queued, and through what a crash left half done."""

    def __init__(
        self, room: Room, fetch: Fetcher, channels: Channels, lease: Lease | None = None
    ) -> None:
        self._room = room
        self._fetch = fetch
        self._channels = channels
        self._lease = lease
        self._owner = owner()
        self._flying: set[str] = set()  # keys that this process is trying right now
        self._not_before: dict[str, datetime] = {}

    async def work(self) -> int:
        """Take every step that can be taken now; returns how many were."""
        steps = 0
        for way in await self._ways():
            asked = way.send.not_before or self._now()
            if max(asked, self._not_before.get(way.send.key, asked)) <= self._now():
                steps += await self._step(way)
        return steps

    def _now(self) -> datetime:
        return self._room.clock.now()

    async def _ways(self) -> list[Way]:
        async def find(tx: Tx) -> list[Way]:
            found = []
            for chain, _ in await log.chains(tx):
                state = await log.state(tx, chain, self._room.store.seen)
                found += _ways_of(state) if state else []
            return found

        return await self._room.store.read(find)

    async def _step(self, way: Way) -> int:
        channel = self._channels(way.incident, way.send.channel)
        if channel is None or way.send.key in self._flying:
            return 0
        if way.send.state == "sending":
            return await self._recover(way, channel)
        if not await self._ready(way, channel):
            return 0
        await self._try(way, channel)
        return 1

    async def _ready(self, way: Way, channel: Channel) -> bool:
        """Ask the network for its limits, once; where it cannot be reached, wait and say why."""
        try:
            await channel.prepare(self._fetch)
        except SendFailure as failure:
            self._not_before[way.send.key] = self._now() + UNREACHED
            if way.send.reason != failure.message:
                said = f"{way.words.id} waits: {failure.message}"
                await self._note(way, "queued", said, failure.message)
            return False
        return True

    async def _try(self, way: Way, channel: Channel) -> None:
        self._flying.add(way.send.key)
        try:
            begun = await self._begin(way)
            if begun is not None:
                await self._deliver(begun, channel)
        finally:
            self._flying.discard(way.send.key)

    async def _begin(self, way: Way) -> Way | None:
        """Write `sending` down before anything goes out; None if it may not go out any more."""

        async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
            words = _unmoved(state, way)
            if words is None:
                return []
            try:
                desk = await desk_of(tx, self._room, state, words, way.send.channel)
                refuse_unready(words, desk)
            except Refused as refusal:
                return [self._draft(way, "failed", refusal.message, refusal.message)]
            said = f"sends {words.id} on {way.send.channel}"
            more = {"try": way.send.tries + 1, "owner": self._owner}
            return [_by_room(way_draft(words, way.send, "sending", said, more))]

        acted = await self._act(way, decide)
        return _begun(acted.incident, way) if acted.changed else None

    async def _deliver(self, way: Way, channel: Channel) -> None:
        outgoing = await self._outgoing(way)
        try:
            receipt = await channel.send(outgoing, self._fetch)
        except SendLater as later:
            await self._wait(way, later)
        except SendRefused as refusal:
            said = f"{way.words.id} was refused on {way.send.channel}: {refusal}"
            await self._note(way, "failed", said, str(refusal))
        except SendUnknown:
            self._not_before[way.send.key] = self._now() + GRACE
        else:
            await self._arrived(way, receipt)

    async def _wait(self, way: Way, later: SendLater) -> None:
        """Queue it again until the time the network asked for, which outlives this process."""
        until = self._now() + timedelta(seconds=later.retry_after)
        reason = f"{later}; again at {until.astimezone(zone_of(way.incident.zone)):%H:%M:%S}"
        more = {"words": reason, "not_before": stamp(until)}
        said = f"{way.words.id} waits: {reason}"
        await self._noted(way, _by_room(way_draft(way.words, way.send, "queued", said, more)))

    async def _outgoing(self, way: Way) -> Outgoing:
        words, send = way.words, way.send
        linked = way.incident.mentions.get(words.mention)
        return Outgoing(
            key=send.key,
            text=words.text,
            in_reply_to=linked.external_id if linked else "",
            first_try_at=send.first_try_at or self._now(),
        )

    async def _recover(self, way: Way, channel: Channel) -> int:
        """Go on with a try that nobody works on: look first, then try again or ask a person."""
        tried = way.send.tried_at or self._now()
        if self._now() - tried < GRACE:
            return 0
        if way.send.owner != self._owner and not _owner_dead(way.send.owner):
            if self._now() - tried < PATIENCE:
                return 0
            if not channel.idempotent:
                reason = "another computer tried it and has been silent since"
                await self._note(way, "unknown", f"{way.words.id}: {reason}", reason)
                return 1
        return await self._look(way, channel, tried)

    async def _look(self, way: Way, channel: Channel, tried: datetime) -> int:
        try:
            await channel.prepare(self._fetch)
            receipt = await channel.find(await self._outgoing(way), self._fetch)
        except SendFailure as failure:
            return await self._cannot_look(way, tried, str(failure))
        if receipt is not None:
            await self._arrived(way, receipt)
            return 1
        first = way.send.first_try_at or tried
        died = way.send.owner != self._owner and _owner_dead(way.send.owner)
        if died or (channel.idempotent and self._now() - first < KEY_LIVES):
            await self._note(way, "queued", f"{way.words.id} is not there: tries again", "")
            return 1
        reason = "the answer was lost, and the thread does not show it"
        await self._note(way, "unknown", f"{way.words.id}: {reason}", reason)
        return 1

    async def _cannot_look(self, way: Way, tried: datetime, why: str) -> int:
        if self._now() - tried < LOOKS_FAIL:
            self._not_before[way.send.key] = self._now() + GRACE
            return 0
        reason = f"cannot look whether it went out: {why}"
        await self._note(way, "unknown", f"{way.words.id}: {reason}", reason)
        return 1

    async def _arrived(self, way: Way, receipt: Receipt) -> None:
        async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
            if _is_sent(state, way):
                return []
            to = f" to {way.words.handle}" if way.words.handle else ""
            said = f"{way.words.id} is out{to} on {way.send.channel}"
            drafts = await sent_drafts(
                tx, way.words, way.send, receipt.remote_id, receipt.remote_url, said
            )
            return [_by_room(draft) for draft in drafts]

        await self._act(way, decide)

    async def _note(self, way: Way, step: str, said: str, reason: str) -> None:
        await self._noted(way, self._draft(way, step, said, reason))

    async def _noted(self, way: Way, draft: Draft) -> None:
        async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
            return [] if _unmoved(state, way) is None else [draft]

        await self._act(way, decide)

    def _draft(self, way: Way, step: str, said: str, reason: str) -> Draft:
        return _by_room(way_draft(way.words, way.send, step, said, {"words": reason}))

    async def _act(self, way: Way, decide: Decide) -> Acted:
        async def checked(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
            if self._lease:
                await leases.check(tx, self._lease)
            return await decide(tx, state, scene)

        return await self._room.act_in(way.incident.id, checked)


def _ways_of(state: Incident) -> list[Way]:
    every = [*state.statements.values(), *state.replies.values()]
    return [
        Way(state, words, send)
        for words in every
        for send in words.sends.values()
        if send.state in ("queued", "sending")
        and send.channel != BY_HAND
        and words.state != "withdrawn"
    ]


def _unmoved(state: Incident, way: Way) -> Words | None:
    """Return the words while they stand where they were seen, None once anybody moved them."""
    words = state.words(way.words.id)
    if words is None or words.state == "withdrawn":
        return None
    return words if words.sends.get(way.send.channel) == way.send else None


def _is_sent(state: Incident, way: Way) -> bool:
    words = state.words(way.words.id)
    send = words.sends.get(way.send.channel) if words else None
    return send is not None and send.state == "sent"


def _begun(state: Incident, way: Way) -> Way | None:
    words = state.words(way.words.id)
    send = words.sends.get(way.send.channel) if words else None
    if words is None or send is None or send.state != "sending":
        return None
    return Way(state, words, send)


def _by_room(draft: Draft) -> Draft:
    return msgspec.structs.replace(draft, actor="room", source="system")


def _owner_dead(owned_by: str) -> bool:
    """Tell whether an owner is proven dead; what is not of our making proves nothing."""
    parts = owned_by.rsplit(":", 2)
    if len(parts) != 3 or not parts[1].isdecimal() or len(parts[1]) > 9:
        return False
    return proven_dead(parts[0], int(parts[1]), parts[2])
