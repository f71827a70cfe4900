"""A statement or reply as it lies on the desk: what is still to be said of it."""

from __future__ import annotations

import msgspec

from crisisroom.core.approval import Progress
from crisisroom.core.incident import Incident, Words
from crisisroom.room import Room
from crisisroom.room.desk import Review
from crisisroom.room.texts import IN_HAND, desk_of, words_of
from crisisroom.store import Tx, log


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """A statement or reply with its incident; the review is of a text that may still change.

    `needs` names the approval that its text still has to pass, `standing` how far it is in it;
    `beforehand` says that nobody decided in time and its words were approved before.
    """

    incident: Incident
    words: Words
    review: Review | None
    needs: str = ""
    standing: Progress | None = None
    beforehand: bool = False


async def look(room: Room, inc: str, words_id: str) -> Looked:
    """Return a statement or reply with what is to be said of it before it goes out."""

    async def work(tx: Tx) -> Looked:
        chain = await room.chain_of(tx, inc, room.store.seen)
        state = await log.state(tx, chain, room.store.seen)
        assert state is not None
        words = words_of(state, words_id)
        if words.state not in IN_HAND:
            return Looked(incident=state, words=words, review=None)
        desk = await desk_of(tx, room, state, words)
        needed = desk.approval_of(words)
        standing = desk.standing(words) if needed else None
        beforehand = bool(desk.beforehand(words))
        open_yet = standing is not None and not standing.complete and not beforehand
        return Looked(
            incident=state,
            words=words,
            review=desk.review_of(words),
            needs=needed if open_yet else "",
            standing=standing,
            beforehand=beforehand,
        )

    return await room.store.read(work)
