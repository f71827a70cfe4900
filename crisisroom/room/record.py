"""Writing things down: notes, decisions, calls, corrective actions.

`at` is when it happened, if not now; `about` are the things it concerns, as `M-12` or `F:affected`;
`visibility` says who may read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from crisisroom.core.errors import Usage
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Contact
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, required
from crisisroom.room.correcting import correct
from crisisroom.room.corrective import add as add_action
from crisisroom.room.corrective import done as action_done
from crisisroom.room.written import placed

__all__ = [
    "OUTCOMES",
    "Outcome",
    "action_done",
    "add_action",
    "called",
    "correct",
    "decide",
    "note",
]

OPTIONS = 20  # that a decision lists
Outcome = Literal["reached", "no-answer", "message"]
OUTCOMES: dict[str, str] = {
    "reached": "reached",
    "no-answer": "did not reach",
    "message": "left a message for",
}


async def note(
    room: Room,
    inc: str,
    words: str,
    *,
    at: datetime | None = None,
    about: Sequence[str] = (),
    visibility: str = "",
    command_id: str = "",
) -> Acted:
    """Write a note on the timeline."""
    required(words, "a note needs words")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        draft = Draft(kind="note.added", text=words, data={"words": own(words, "note")})
        return [placed(state, scene, draft, at=at, about=about, visibility=visibility)]

    return await room.act(inc, decide, command_id=command_id)


async def decide(
    room: Room,
    inc: str,
    words: str,
    why: str,
    *,
    options: Sequence[str] = (),
    at: datetime | None = None,
    about: Sequence[str] = (),
    visibility: str = "",
    command_id: str = "",
) -> Acted:
    """Record a decision and its reason; `options` are what else could have been done."""
    required(words, "what was decided?")
    weighed = [required(one, "an option needs words") for one in options]
    if len(weighed) > OPTIONS:
        raise Usage("options", f"a decision lists up to {OPTIONS} options")

    def deciding(state: Incident, scene: Scene) -> list[Draft]:
        data: dict[str, Any] = {"words": own(words, "decision"), "why": own(why, "reason")}
        if weighed:
            data["options"] = [{"words": own(one, "option")} for one in weighed]
        text = f"decided: {words}" + (f", because {why}" if why else "")
        text += f" (not: {'; '.join(weighed)})" if weighed else ""
        draft = Draft(kind="decision.made", text=text, data=data)
        return [placed(state, scene, draft, at=at, about=about, visibility=visibility)]

    return await room.act(inc, deciding, command_id=command_id)


async def called(
    room: Room,
    inc: str,
    contact_id: str,
    way: str,
    outcome: Outcome | bool,
    words: str = "",
    *,
    at: datetime | None = None,
    about: Sequence[str] = (),
    visibility: str = "",
    command_id: str = "",
) -> Acted:
    """Record that a contact was called, and what came of it; True and False are the old words.

    Whoever is reached has acknowledged the escalation they were just called for: see `followed`.
    """
    if outcome is True or outcome is False:
        outcome = "reached" if outcome else "no-answer"
    if outcome not in OUTCOMES:
        raise Usage("outcome", f"a call is not {outcome!r}", f"one of {', '.join(OUTCOMES)}")
    verb = OUTCOMES[outcome]

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        contact = _contact(state, contact_id)
        data = {
            "contact": contact.id,
            "name": contact.name,
            "way": own(way, "way"),
            "outcome": outcome,
            "reached": outcome == "reached",
            "words": own(words, "note"),
        }
        by = f" by {way}" if way else ""
        said = f": {words}" if words else ""
        text = f"{verb} {contact.name}{by}{said}"
        draft = Draft(kind="contact.called", text=text, data=data)
        return [placed(state, scene, draft, at=at, about=about, visibility=visibility)]

    return await room.act(inc, decide, command_id=command_id)


def _contact(state: Incident, contact_id: str) -> Contact:
    for contact in state.plan.contacts:
        if contact.id == contact_id:
            return contact
    known = ", ".join(one.id for one in state.plan.contacts)
    raise Usage("unknown-contact", f"there is no contact {contact_id}", f"one of {known}")
