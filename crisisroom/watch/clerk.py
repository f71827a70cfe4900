"""Writing a text's way down: each step on the timeline, while it stands where it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from crisisroom.channels import Receipt
from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Words
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Draft, stamp
from crisisroom.room import Acted, Decide, Room, Scene
from crisisroom.room.sending import sent_drafts, way_draft
from crisisroom.room.texts import refuse_unready
from crisisroom.room.waiting import held, stopped_words
from crisisroom.room.words import desk_of
from crisisroom.store import Tx, leases, log
from crisisroom.store.leases import Lease
from crisisroom.text.links import safe_url
from crisisroom.watch.parts import cut_of
from crisisroom.watch.way import Way, is_sent, onward, unmoved


class Clerk:
    """Writes for one process; under a lease, nothing once somebody else holds it."""

    def __init__(self, room: Room, lease: Lease | None, owner: str) -> None:
        self.room = room
        self.owner = owner
        self._lease = lease

    def now(self) -> datetime:
        """Return the room's time."""
        return self.room.clock.now()

    async def begin(self, way: Way) -> Way | None:
        """Write `sending` down before anything goes out; None if it may not go out any more."""

        async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
            words = unmoved(state, way)
            if words is None or held(state, words, await stopped_words(tx)):
                return []
            if why := await self._unready(tx, state, words, way):
                return [self._draft(way, *stuck(way, why))]
            said = f"sends {words.id} on {way.send.channel}"
            more = {"try": way.send.tries + 1, "owner": self.owner}
            return [_by_room(way_draft(words, way.send, "sending", said, more))]

        acted = await self._act(way, decide)
        return onward(acted.incident, way) if acted.changed else None

    async def _unready(self, tx: Tx, state: Incident, words: Words, way: Way) -> str:
        """Return why words must not go out as they read, empty where they may."""
        if words.suspended:
            return f"a fact it relies on moved: {', '.join(words.suspended)}"
        try:
            refuse_unready(words, await desk_of(tx, self.room, state, words, way.send.channel))
        except Refused as refusal:
            return refusal.message
        return ""

    async def note(self, way: Way, step: str, said: str, reason: str = "") -> None:
        """Write a step down: queued, unknown, failed, kept."""
        await self._noted(way, self._draft(way, step, said, reason))

    async def wait(self, way: Way, until: datetime, why: str) -> None:
        """Queue it again until a time, which outlives this process."""
        await self._noted(way, self._later(way, until, why))

    def _later(self, way: Way, until: datetime, why: str) -> Draft:
        at = f"again at {until.astimezone(zone_of(way.incident.zone)):%H:%M:%S}"
        reason = f"{why}; {at}" if why else at
        more = {"words": reason, "not_before": stamp(until)}
        said = f"{way.words.id} waits: {reason}"
        return _by_room(way_draft(way.words, way.send, "queued", said, more))

    async def part(
        self,
        way: Way,
        receipt: Receipt,
        posts: Sequence[str],
        *,
        rest: datetime | None,
        go_on: bool,
    ) -> Way | None:
        """Write down that a post of a thread is out; returns the way where the next may follow.

        The last one makes the words sent. With `rest`, or unless they shall `go_on` at once, they
        are queued again, as they are where words were stopped or a fact moved meanwhile.
        """

        async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
            words = unmoved(state, way)
            if words is None:
                return []
            done = len(way.send.parts) + 1
            parts = [_by_room(self._part(way, receipt, done, posts))]
            if done == len(posts):
                first = way.send.parts[0]
                return [
                    *parts,
                    *await self._sent(tx, way, Receipt(first.remote_id, first.remote_url)),
                ]
            why = held(state, words, await stopped_words(tx))
            if why := why or await self._unready(tx, state, words, way):
                return [*parts, self._draft(way, "queued", f"{words.id} waits: {why}", why)]
            if rest is not None:
                return [*parts, self._later(way, rest, f"{done} of {len(posts)} posts are out")]
            goes_on = f"{words.id} goes on after post {done} of {len(posts)}"
            return parts if go_on else [*parts, self._draft(way, "queued", goes_on, "")]

        acted = await self._act(way, decide)
        return onward(acted.incident, way) if acted.changed else None

    def _part(self, way: Way, receipt: Receipt, number: int, posts: Sequence[str]) -> Draft:
        said = f"post {number} of {len(posts)} of {way.words.id} is out on {way.send.channel}"
        more = {
            "part": number,
            "cut": cut_of(posts),
            "remote_id": receipt.remote_id,
            "remote_url": _link(receipt),
            "words": "",
        }
        return way_draft(way.words, way.send, "part", said, more)

    async def still_cut(self, way: Way, posts: Sequence[str]) -> bool:
        """Tell whether what is out of a thread was cut as these posts are: limits may change."""
        if not way.send.parts:
            return True
        kind, key = f"{way.words.sort}.part", way.send.key
        entries = await self.room.store.read(lambda tx: log.entries(tx, way.incident.uid))
        out = (one.data for one in entries if one.kind == kind and one.data["key"] == key)
        return all(data.get("cut") in (None, cut_of(posts)) for data in out)

    async def arrived(self, way: Way, receipt: Receipt) -> None:
        """Write down that the words are out, whoever said so first."""

        async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
            return [] if is_sent(state, way) else await self._sent(tx, way, receipt)

        await self._act(way, decide)

    async def _sent(self, tx: Tx, way: Way, receipt: Receipt) -> list[Draft]:
        to = f" to {way.words.handle}" if way.words.handle else ""
        said = f"{way.words.id} is out{to} on {way.send.channel}"
        drafts = await sent_drafts(tx, way.words, way.send, receipt.remote_id, _link(receipt), said)
        return [_by_room(draft) for draft in drafts]

    async def _noted(self, way: Way, draft: Draft) -> None:
        async def decide(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
            return [] if unmoved(state, way) is None else [draft]

        await self._act(way, decide)

    def _draft(self, way: Way, step: str, said: str, reason: str) -> Draft:
        return _by_room(way_draft(way.words, way.send, step, said, {"words": reason}))

    async def _act(self, way: Way, decide: Decide) -> Acted:
        async def checked(tx: Tx, state: Incident, scene: Scene) -> Sequence[Draft]:
            if self._lease:
                await leases.check(tx, self._lease)
            return await decide(tx, state, scene)

        return await self.room.act_in(way.incident.id, checked)


def stuck(way: Way, why: str) -> tuple[str, str, str]:
    """Return the step for words that will not go on, what is said of it, and its reason.

    Nothing of them is out, or a person has to see to the posts that are.
    """
    done = len(way.send.parts)
    if not done:
        return "failed", f"{way.words.id} does not go out on {way.send.channel}: {why}", why
    out = "its first post is out" if done == 1 else f"its first {done} posts are out"
    reason = f"{out}, the rest is not: {why}"
    return "unknown", f"{way.words.id}: {reason}", reason


def _link(receipt: Receipt) -> str:
    """Return where it stands; a server may say anything, and people open it."""
    return safe_url(receipt.remote_url) or ""


def _by_room(draft: Draft) -> Draft:
    return msgspec.structs.replace(draft, actor="room", source="system")
