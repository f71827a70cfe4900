"""Enquiries: what media, authorities and partners ask, by when, and what they were told.

An answer here is what somebody said to them, written down; nothing is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Enquiry, Incident
from crisisroom.core.timeline import Draft, stamp
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, person, required
from crisisroom.room.restricting import refuse_outsider
from crisisroom.room.written import placed

SORTS = ("media", "authority", "partner")
LINE = 200  # characters of who asks, and of how to reach them


async def add(
    room: Room,
    inc: str,
    sort: str,
    outlet: str,
    question: str,
    *,
    name: str = "",
    reach: str = "",
    due_at: datetime | None = None,
    at: datetime | None = None,
    about: Sequence[str] = (),
    visibility: str = "",
    command_id: str = "",
) -> Acted:
    """Write down a question; `due_at` is their deadline, `reach` how to get back to them."""
    if sort not in SORTS:
        raise Usage("sort", f"an enquiry is not from {sort!r}", f"one of {', '.join(SORTS)}")
    required(outlet, "say which outlet, authority or partner asks")
    required(question, "an enquiry needs the question")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        if due_at is not None and due_at <= scene.now:
            raise Refused("past", "their deadline lies in the past", "an enquiry is due later")
        data = {
            "enquiry": f"EQ-{len(state.enquiries) + 1}",
            "sort": sort,
            "outlet": _line(outlet, "outlet"),
            "name": _line(name, "name"),
            "to": _line(reach, "way to reach them"),
            "quote": own(question, "question"),
        } | ({"due_at": stamp(due_at)} if due_at else {})
        who = f"{name}, {outlet}" if name else outlet
        text = f"{data['enquiry']}, {sort}: {who} asks: {question}"
        draft = Draft(kind="enquiry.added", text=text, data=data)
        return [placed(state, scene, draft, at=at, about=about, visibility=visibility)]

    return await room.act(inc, decide, command_id=command_id)


def _line(words: str, what: str) -> str:
    """Return our own words on one line; Refused where they are more."""
    if "\n" in words or len(words) > LINE:
        raise Refused("too-long", f"{what} is one line of up to {LINE} characters")
    return own(words, what)


def _enquiry(state: Incident, enquiry_id: str) -> Enquiry:
    if asked := state.enquiries.get(enquiry_id):
        return asked
    known = ", ".join(state.enquiries)
    hint = f"one of {known}" if known else "crisisroom enquiry add writes the first one down"
    raise Usage("unknown-enquiry", f"{state.id} has no enquiry {enquiry_id}", hint)


def _not_closed(asked: Enquiry) -> None:
    if asked.state == "closed":
        raise Refused("closed", f"{asked.id} of {asked.outlet} is closed already")


async def assign(room: Room, inc: str, enquiry_id: str, who: str, *, command_id: str = "") -> Acted:
    """Give an enquiry to somebody who will answer it."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        asked = _enquiry(state, enquiry_id)
        _not_closed(asked)
        name = person(who, tuple(member.id for member in scene.config.team))
        if asked.owner == name:
            raise Refused("held", f"{asked.id} is {name}'s already")
        refuse_outsider(state, name, asked.id)
        data = {"enquiry": asked.id, "person": name}
        text = f"gave {name}: {asked.id} of {asked.outlet}"
        return [Draft(kind="enquiry.assigned", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def unassign(room: Room, inc: str, enquiry_id: str, *, command_id: str = "") -> Acted:
    """Take an enquiry from who has it: it is nobody's again; nothing where it is already."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        asked = _enquiry(state, enquiry_id)
        _not_closed(asked)
        if not asked.owner:
            return []
        data = {"enquiry": asked.id, "person": ""}
        text = f"nobody's again: {asked.id} of {asked.outlet}"
        return [Draft(kind="enquiry.assigned", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def answer(
    room: Room,
    inc: str,
    enquiry_id: str,
    words: str,
    *,
    at: datetime | None = None,
    about: Sequence[str] = (),
    visibility: str = "",
    command_id: str = "",
) -> Acted:
    """Record what they were told; their deadline is met by that."""
    required(words, "what were they told?")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        asked = _enquiry(state, enquiry_id)
        _not_closed(asked)
        if asked.state == "answered":
            hint = "crisisroom enquiry add takes a further question"
            message = f"{asked.id} was answered by {asked.answered_by} already"
            raise Refused("answered", message, hint)
        data = {"enquiry": asked.id, "words": own(words, "answer")}
        text = f"answered {asked.id} of {asked.outlet}: {words}"
        draft = Draft(kind="enquiry.answered", text=text, data=data)
        return [placed(state, scene, draft, at=at, about=about, visibility=visibility)]

    return await room.act(inc, decide, command_id=command_id)


async def close(
    room: Room, inc: str, enquiry_id: str, words: str = "", *, command_id: str = ""
) -> Acted:
    """Close an enquiry; one that nobody answered needs the reason."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        asked = _enquiry(state, enquiry_id)
        _not_closed(asked)
        if asked.state == "open" and not words.strip():
            message = f"{asked.id} of {asked.outlet} is not answered yet"
            raise Refused("open", message, "answer it, or say why it needs no answer")
        data = {"enquiry": asked.id, "words": own(words, "reason")}
        why = f": {words}" if words else ""
        text = f"closed {asked.id} of {asked.outlet}{why}"
        return [Draft(kind="enquiry.closed", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)
