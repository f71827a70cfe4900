"""An answer to many let go: queued, what was changed handed in, what may not go held."""

from __future__ import annotations

from dataclasses import dataclass

from crisisroom.core.drafts import id_of_draft
from crisisroom.core.errors import Refused
from crisisroom.room import Room, bulk, drafting, words
from crisisroom.room.bulk import Result
from crisisroom.tui.bulk.listed import Listed, people


@dataclass(frozen=True, slots=True)
class Went:
    """What came of it: how many wait for an approval, and why others are held."""

    result: Result
    asked: int
    held: tuple[str, ...]

    @property
    def told(self) -> str:
        """Say it in one line."""
        told = f"{self.result.bulk.id}: {people(len(self.result.queued))} on their way"
        return told + (f", {self.asked} handed in for approval" if self.asked else "")

    @property
    def more(self) -> str:
        """Say how many are held, and why the first one is."""
        return f"   {len(self.held)} held: {self.held[0]}" if self.held else ""


async def send_list(room: Room, inc: str, story: str, told: Listed, command: str) -> Went:
    """Send exactly what was looked at; who fell out of it meanwhile is held."""
    result = await bulk.send(room, inc, story, told.proposal.words, told.chosen, command_id=command)
    went = await _hand_in(room, inc, result)
    await _forget(room, inc, told, result)
    return went


async def _hand_in(room: Room, inc: str, result: Result) -> Went:
    """Hand the changed texts to whoever approves them."""
    asked, held = 0, []
    for id_, why in result.held:
        if not id_.startswith("R-"):
            held.append(why)
            continue
        try:
            await words.submit(room, inc, id_)
            asked += 1
        except Refused as refused:
            held.append(refused.message)
    return Went(result, asked, tuple(held))


async def _forget(room: Room, inc: str, told: Listed, result: Result) -> None:
    """Throw away the drafts whose words are replies now."""
    replies = result.acted.incident.replies.values()
    answered = {one.mention_id for one in replies if one.bulk == result.bulk.id}
    for one in told.lines:
        if one.edited and one.id in answered:
            await drafting.discard(room, id_of_draft("reply", inc, one.id, room.actor.name))
