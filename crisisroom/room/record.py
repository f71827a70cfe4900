"""Writing things down: notes, decisions, corrections, calls, corrective actions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Contact
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, required

Outcome = Literal["reached", "no-answer", "message"]
OUTCOMES: dict[str, str] = {
    "reached": "reached",
    "no-answer": "did not reach",
    "message": "left a message for",
}


async def note(
    room: Room, inc: str, words: str, *, at: datetime | None = None, command_id: str = ""
) -> Acted:
    """Write a note on the timeline; `at` is when it happened, if not now."""
    required(words, "a note needs words")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        data = {"words": own(words, "note")}
        return [Draft(kind="note.added", text=words, data=data, at=at)]

    return await room.act(inc, decide, command_id=command_id)


async def decide(
    room: Room,
    inc: str,
    words: str,
    why: str,
    *,
    at: datetime | None = None,
    command_id: str = "",
) -> Acted:
    """Record a decision and its reason."""
    required(words, "what was decided?")

    def deciding(state: Incident, scene: Scene) -> list[Draft]:
        data = {"words": own(words, "decision"), "why": own(why, "reason")}
        text = f"decided: {words}" + (f", because {why}" if why else "")
        return [Draft(kind="decision.made", text=text, data=data, at=at)]

    return await room.act(inc, deciding, command_id=command_id)


async def correct(room: Room, inc: str, seq: int, words: str, *, command_id: str = "") -> Acted:
    """Correct an entry by a new one that points to it; the old one stays as it is."""
    required(words, "a correction needs words")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        if not 1 <= seq <= state.seq:
            raise Usage("unknown-entry", f"{state.id} has no entry {seq}", f"1 to {state.seq}")
        data = {"words": own(words, "correction")}
        text = f"corrected entry {seq}: {words}"
        return [Draft(kind="entry.corrected", text=text, data=data, corrects=seq)]

    return await room.act(inc, decide, command_id=command_id)


async def called(
    room: Room,
    inc: str,
    contact_id: str,
    way: str,
    outcome: Outcome | bool,
    words: str = "",
    *,
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
        return [Draft(kind="contact.called", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)


def _contact(state: Incident, contact_id: str) -> Contact:
    for contact in state.plan.contacts:
        if contact.id == contact_id:
            return contact
    known = ", ".join(one.id for one in state.plan.contacts)
    raise Usage("unknown-contact", f"there is no contact {contact_id}", f"one of {known}")


async def add_action(
    room: Room, inc: str, title: str, owner: str = "", due: str = "", *, command_id: str = ""
) -> Acted:
    """Add a corrective action: what should change afterwards, whose it is and by when."""
    required(title, "an action needs a title")
    if due:
        try:
            date.fromisoformat(due)
        except ValueError:
            raise Usage("date", f"{due} is not a date", "write it as 2026-11-30") from None

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        data = {
            "action": f"A-{len(state.actions) + 1}",
            "title": own(title, "title"),
            "owner": own(owner, "owner"),
            "due": due,
        }
        return [Draft(kind="action.added", text=f"action {data['action']}: {title}", data=data)]

    return await room.act(inc, decide, command_id=command_id)


async def action_done(room: Room, inc: str, action_id: str, *, command_id: str = "") -> Acted:
    """Mark a corrective action as done."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        item = state.actions.get(action_id)
        if item is None:
            raise Usage("unknown-action", f"{state.id} has no action {action_id}")
        if item.state == "done":
            raise Refused("done", f"{item.id} is done already")
        data = {"action": item.id}
        return [Draft(kind="action.done", text=f"done: action {item.id}, {item.title}", data=data)]

    return await room.act(inc, decide, command_id=command_id)
