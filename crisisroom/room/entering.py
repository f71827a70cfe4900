"""What approvers without a terminal say: heard by phone, put down by somebody in the room.

An approval takes the code that was sent with the text, and counts as the word of the person who was
asked, recorded by who entered it. A no takes none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from crisisroom.core import codes
from crisisroom.core.approval import progress
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident, Words
from crisisroom.core.said import Asked
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.asking import contact_of, flaw_of, given_before, speaks_as
from crisisroom.room.checks import own, required
from crisisroom.room.looked import look
from crisisroom.room.texts import with_words, words_of
from crisisroom.room.verdicts import approved_draft, refuse_decided, verdict_data


async def enter(room: Room, inc: str, words_id: str, code: str, *, command_id: str = "") -> Acted:
    """Put down the approval of whoever was asked and read this code out.

    `.thing` is the text. Refused for a wrong code, which is counted: after a few of them the codes
    for this text are void.
    """
    if not codes.read(code):
        message = f"a code has {codes.LENGTH} letters and digits, like 7F3K-92QD"
        raise Usage("code", message, "ask them to read it out again")
    if before := await given_before(room, inc, command_id):
        return _judged(before, words_id)
    looked = await look(room, inc, words_id)
    refuse_decided(looked.words, room.scene())
    open_ones = codes.open_asks(looked.incident, looked.words, room.clock.now())
    fitting = await asyncio.to_thread(_fitting, open_ones, code)

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        words = words_of(state, words_id)
        refuse_decided(words, scene)
        asks = codes.open_asks(state, words, scene.now)
        late = fitting is not None and fitting.id not in {one.id for one in asks}
        if late or not asks:
            raise _unasked(state, words, scene)
        if fitting is None:
            return [_wrong(one, words) for one in asks]
        return [_agreed(state, words, fitting, scene)]

    acted = await room.act(looked.incident.id, decide, command_id=command_id)
    return _judged(acted, words_id)


def _fitting(asks: Sequence[Asked], code: str) -> Asked | None:
    """Return the ask whose code this is; every one is looked at, so that time tells nothing."""
    found = [one for one in asks if codes.fits(code, one)]
    return found[0] if found else None


def _judged(acted: Acted, words_id: str) -> Acted:
    if acted.entry.kind != "approval.wrong":
        return with_words(acted, words_id)
    ask = acted.incident.asked[acted.entry.data["ask"]]
    told = f"that is not the code for {words_id.upper()}"
    if ask.state == "void":
        raise Refused("wrong-code", f"{told}, and now the code is void", "ask again")
    left = codes.MOST_WRONG - ask.wrong
    raise Refused("wrong-code", f"{told}; {left} more tries", "ask them to read it out again")


def _unasked(state: Incident, words: Words, scene: Scene) -> Refused:
    """Return why there is no code to enter for a text."""
    hint = f"crisisroom {words.sort} ask {state.id} {words.id} CONTACT"
    ours = [one for one in state.asked.values() if one.words == words.id]
    if not ours:
        return Refused("not-asked", f"nobody was asked about {words.id} by message", hint)
    last = ours[-1]
    told = {
        "void": f"the code that {last.name} has is void",
        "used": f"the code that {last.name} has was used, or answered for",
        "expired": f"the code that {last.name} has is too old",
    }
    changed = f"{words.id} reads differently, or came back, since {last.name} was asked"
    why = told.get(codes.state_of(last, words, scene.now), changed)
    return Refused("no-code", why, f"ask again: {hint}")


def _wrong(one: Asked, words: Words) -> Draft:
    void = one.wrong + 1 >= codes.MOST_WRONG
    said = f"entered a wrong code for {words.id}{f': {one.id} is void' if void else ''}"
    return Draft(kind="approval.wrong", text=said, data={"ask": one.id, "void": void})


def _agreed(state: Incident, words: Words, one: Asked, scene: Scene) -> Draft:
    standing = progress(state, words, scene.now)
    if standing.present is None:
        raise Refused("approved", f"{words.id} has every approval it needs now: it may go out")
    contact = contact_of(state, one.contact)
    team = scene.config.team
    if flaw := flaw_of(state, words, contact, standing, team):
        raise Refused("may-not-approve", flaw, "their code is not used up by this")
    held = speaks_as(state, contact, standing, team)
    return approved_draft(state, words, standing, held, scene, one)


async def refused(room: Room, inc: str, ask_id: str, reason: str, *, command_id: str = "") -> Acted:
    """Put down that somebody who was asked says no: it needs no code, and sends the text back."""
    required(reason, "a rejection needs a reason")
    own(reason, "reason")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        one, words = _open(state, ask_id, scene)
        refuse_decided(words, scene)
        said = f"has the word of {one.name}: rejected {words.id} v{words.version}: {reason}"
        data = verdict_data(words, "rejected", reason) | {"name": one.name, "ask": one.id}
        return [Draft(kind=f"{words.sort}.rejected", text=said, data=data)]

    acted = await room.act(inc, decide, command_id=command_id)
    return with_words(acted, acted.entry.data["id"])


async def void(
    room: Room, inc: str, ask_id: str, reason: str = "", *, command_id: str = ""
) -> Acted:
    """Make a code worthless, as when it was sent to the wrong place; `.thing` is the ask."""
    own(reason, "reason")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        one, words = _open(state, ask_id, scene)
        said = f"made the code of {one.name} for {words.id} void{f': {reason}' if reason else ''}"
        return [Draft(kind="approval.void", text=said, data={"ask": one.id, "words": reason})]

    acted = await room.act(inc, decide, command_id=command_id)
    ask_ = acted.incident.asked[acted.entry.data["ask"]]
    return msgspec.structs.replace(acted, thing=ask_)


def _open(state: Incident, ask_id: str, scene: Scene) -> tuple[Asked, Words]:
    one = state.asked.get(ask_id.upper())
    if one is None:
        raise Usage("unknown-ask", f"{state.id} has no {ask_id}", "crisisroom asks lists them")
    words = words_of(state, one.words)
    if (now := codes.state_of(one, words, scene.now)) != "open":
        raise Refused("state", f"{one.id} is {now}: its code holds no more")
    return one, words
