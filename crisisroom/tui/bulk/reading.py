"""What the list of an answer to many is read from: proposal, own drafts, replies, the stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crisisroom.core.incident import Incident
from crisisroom.core.said import Stopped
from crisisroom.core.wordings import Wording, words_of
from crisisroom.room import Room, bulk, drafting, reading, stopping
from crisisroom.room.desk import at_desk
from crisisroom.room.stories import BY_HAND
from crisisroom.store import Change
from crisisroom.tui.bulk.editing import needs
from crisisroom.tui.bulk.listed import Line, Listed, listed
from crisisroom.tui.feed_bridge import merged

_KINDS = ("key_message", "faq")


@dataclass(frozen=True, slots=True)
class Seen:
    """One reading of the list, and who stopped all words; `asked` are the words it was read for."""

    asked: str
    state: Incident
    told: Listed
    halt: Stopped | None


async def read_list(
    room: Room, inc: str, story: str, words_id: str, before: Sequence[Line]
) -> Seen:
    """Return the list as it is now; what was changed in it is judged anew."""
    state = await reading.incident(room, inc)
    proposal = await bulk.propose(room, inc, story, words_id)
    drafts = {
        one.mention: one.text
        for one in await drafting.saved_drafts(room)
        if one.kind == "reply" and one.incident == inc
    }
    told = listed(proposal, before, drafts, state.replies.values())
    for one in told.lines:
        if one.edited:
            told = told.with_line(await judged(room, inc, one))
    return Seen(words_id, state, told, await stopping.stopped(room))


async def judged(room: Room, inc: str, one: Line) -> Line:
    """Return the line of somebody whose text was changed: who has to approve it first."""
    desk = await at_desk(room, inc, mention_id=one.id)
    review = desk.review(one.text)
    flaw = "; ".join(problem.message for problem in review.blocking)
    return replace(one, edited=True, needs=needs(desk, review), flaw=flaw)


def touches(told: Listed | None, state: Incident | None, story: str, change: Change) -> bool:
    """Tell whether a change can make a list another one: its posts, story, replies, tags."""
    if change.topic == "mention":
        numbers = [one.person.mention.number for one in told.lines] if told else []
        ranges = merged([change.ref])
        return any(low <= number <= high for number in numbers for low, high in ranges)
    if change.topic == "narrative":
        return change.ref in (story, BY_HAND)
    if change.topic == "entry":
        return state is None or change.chain in ("", state.uid)
    return change.topic in ("author", "config", "reset")


def sayable(state: Incident | None) -> list[Wording]:
    """Return the words of the plan that can answer a story, in its own language."""
    every = words_of(state.plan) if state else []
    return [one for one in every if one.kind in _KINDS and not one.language]


def title_of(state: Incident | None, base: str) -> str:
    """Return what words of the plan are called, their id where it is not known."""
    if state is None:
        return base
    titles = {one.id: one.title for one in state.plan.key_messages}
    titles |= {one.id: one.question for one in state.plan.faq}
    return titles.get(base, base)
