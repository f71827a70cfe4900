"""Everything that waits for a verdict, of all open incidents, as the approvals screen shows it."""

from __future__ import annotations

import msgspec

from crisisroom.core.approved import Span
from crisisroom.core.incident import Incident, Words
from crisisroom.room import Actor, Room, approvals, reading
from crisisroom.room.desk import at_desk
from crisisroom.room.versions import Version, approved_before
from crisisroom.tui.compose.approving import Waiting, by_urgency, unapproved, waiting
from crisisroom.tui.compose.said import count
from crisisroom.tui.compose.variants import TEXT


class Inbox(msgspec.Struct, frozen=True):
    """What waits, the most urgent first, the playbooks' own words last."""

    here: Incident  # the one that is looked at
    waiting: tuple[Waiting, ...]

    @property
    def several(self) -> bool:
        """Whether words of more than one incident wait."""
        return len({one.incident.id for one in self.waiting}) > 1

    def told(self) -> str:
        """Count what waits for whom."""
        ours = [one for one in self.waiting if one.wording is None]
        mine = sum(not one.why_not for one in ours)
        agreed = sum(one.agreed for one in ours)
        own = len(self.waiting) - len(ours)
        others = len(ours) - mine - agreed
        counts = {
            count(mine, "waits for you", "wait for you"): mine,
            str(others) + " for others": others,
            str(agreed) + " approved": agreed,
            str(own) + " of the playbook": own,
        }
        return ", ".join(words for words, number in counts.items() if number)


async def inbox(room: Room, inc: str) -> Inbox:
    """Read what waits in every open incident, and in the one that is looked at."""
    here = await reading.incident(room, inc)
    every = [one for one in await reading.incidents(room) if one.status == "open"]
    states = {one.id: one for one in (here, *every)}
    ours = [one for state in states.values() for one in await _ours(room, state)]
    return Inbox(here, (*by_urgency(ours), *await _own(room, tuple(states.values()))))


async def _ours(room: Room, state: Incident) -> list[Waiting]:
    asked = [
        one
        for one in (*state.statements.values(), *state.replies.values())
        if one.state in ("submitted", "approved")
    ]
    free = {one.id: await _free(room, state, one) for one in asked}
    texts = {id_: spans[TEXT] for id_, spans in free.items() if TEXT in spans}
    return [
        msgspec.structs.replace(
            one, before=await _before(room, state, one.words), own=free.get(one.id, {})
        )
        for one in waiting(state, room.scene(), texts)
    ]


async def _before(room: Room, state: Incident, words: Words | None) -> Version | None:
    if words is None or words.version < 2:
        return None
    return await approved_before(room, state.id, words.id)


async def _free(room: Room, state: Incident, words: Words) -> dict[str, tuple[Span, ...]]:
    """Return the free words of a text and of its variants, by side.

    A statement whose template nobody approved is left out: what is not its template's is marked.
    """
    author = room.as_actor(Actor(words.author))  # signed by who wrote it
    desk = await at_desk(
        author,
        state.id,
        mention_id=words.mention_id,
        template_id=words.template,
        words_id=words.id,
    )
    texts = {TEXT: words.text, **words.variants}
    checks = {side: desk.review(text).check for side, text in texts.items()}
    if words.sort == "statement" and not checks[TEXT].used:
        checks.pop(TEXT)
    return {side: check.free for side, check in checks.items()}


async def _own(room: Room, states: tuple[Incident, ...]) -> list[Waiting]:
    """Return the playbooks' own words that nobody approved, each text once."""
    approved = await approvals.approved(room)
    found = {one.sha256: one for state in states for one in unapproved(state, approved)}
    return list(found.values())
