"""A statement or reply in a transaction: found, laid on its desk, and asked what it may do."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from crisisroom.core.approval import Progress, ladder_words, progress_words
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident, Words
from crisisroom.core.review import Problem, Review
from crisisroom.room import Acted, Room
from crisisroom.room.desk import Desk, desk_in, template_of
from crisisroom.store import Tx
from crisisroom.store import mentions as rows

IN_HAND = ("draft", "submitted", "approved", "rejected")  # states in which a text may change


def words_of(state: Incident, words_id: str) -> Words:
    """Return a statement or reply by its id; Usage where there is none."""
    found = state.words(words_id.upper())
    if found is None:
        raise Usage("unknown-words", f"{state.id} has no {words_id}", "crisisroom outbox")
    return found


def with_words(acted: Acted, words_id: str) -> Acted:
    """Return the act with the statement or reply it was about."""
    return msgspec.structs.replace(acted, thing=acted.incident.words(words_id.upper()))


async def desk_of(tx: Tx, room: Room, state: Incident, words: Words, channel: str = "") -> Desk:
    """Return the desk that a statement or reply lies on."""
    number = await rows.number_of(tx, words.mention) if words.mention else None
    mention = await rows.get(tx, number) if number else None
    return await desk_in(
        tx,
        room,
        state,
        mention=mention,
        template=template_of(state, words.template),
        channel=channel or words.channel,
        words=words,
    )


def refuse_faulty(words: Words, reviewed: Review) -> None:
    """Refuse a text with a blank, a forbidden phrase, too many characters: not even to hand in."""
    _refuse(words, reviewed.faults)


def refuse_blocked(words: Words, reviewed: Review) -> None:
    """Refuse a text that cannot go out as it reads, by this person, now."""
    _refuse(words, reviewed.blocking)


def _refuse(words: Words, flaws: Sequence[Problem]) -> None:
    if flaws:
        listed = "; ".join(problem.message for problem in flaws)
        raise Refused("blocked", f"{words.id} cannot go out: {listed}", "edit it first")


def refuse_unready(words: Words, desk: Desk) -> str:
    """Refuse a text with a problem, or without a standing approval of how it reads now.

    Returns the hash of the template whose approval beforehand stands in for one, usually nothing.
    """
    refuse_blocked(words, desk.review_of(words))
    if not desk.approval_of(words):
        return ""
    standing = desk.standing(words)
    if standing.complete:
        return ""
    if beforehand := desk.beforehand(words):
        return beforehand
    raise _unapproved(words, desk, standing)


def _unapproved(words: Words, desk: Desk, standing: Progress) -> Refused:
    if words.state == "submitted":
        said = progress_words(desk.incident, standing)
        return Refused("unapproved", f"{words.id} is not approved yet: {said}")
    asks = f"crisisroom {words.sort} submit {desk.incident.id} {words.id}"
    hint = asks if words.state in IN_HAND else "draft it anew"
    said_last = words.verdicts[-1].verdict if words.verdicts else ""
    if standing.lapsed or said_last == "lapsed":
        return Refused("lapsed", f"the approval of {words.id} is over", hint)
    told = f"{words.id} has words that nobody approved as they read now"
    return Refused("unapproved", told, hint)


def approvers(state: Incident, words: Words) -> str:
    """Return who has to approve a text, in words: `Legal or Lead, then CEO`."""
    return ladder_words(state, words.approval)
