"""Duties by law: they cannot be put off, only met, or waived with a reason."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import datetime

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import DeadlineState, Incident
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, required
from crisisroom.room.written import placed


def _deadline(state: Incident, deadline_id: str) -> DeadlineState:
    if deadline := state.deadlines.get(deadline_id):
        return deadline
    near = difflib.get_close_matches(deadline_id, state.deadlines, 1)
    hint = f"did you mean {near[0]}?" if near else f"crisisroom deadline list {state.id}"
    raise Usage("unknown-deadline", f"{state.id} has no deadline {deadline_id}", hint)


def _open(deadline: DeadlineState) -> None:
    if deadline.state in ("met", "waived"):
        message = f"{deadline.title} was {deadline.state} by {deadline.closed_by} already"
        raise Refused("closed", message, "crisisroom correct mends what was written down wrongly")
    if deadline.state == "not_needed":
        raise Refused("not-needed", f"{deadline.title} does not apply in this situation")


async def met(
    room: Room,
    inc: str,
    deadline_id: str,
    words: str,
    *,
    at: datetime | None = None,
    about: Sequence[str] = (),
    visibility: str = "",
    command_id: str = "",
) -> Acted:
    """Record that a duty is met: `words` say who was told, by which way, the file number."""
    required(words, "who was told, and under which file number?")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        deadline = _deadline(state, deadline_id)
        _open(deadline)
        if deadline.state == "waiting":
            waits = deadline.waiting_for or "what starts it"
            hint = "set the fact first: the law counts from it"
            raise Refused("waiting", f"{deadline.title} has not begun: it waits for {waits}", hint)
        data = {"deadline": deadline.id, "words": own(words, "proof")}
        text = f"met: {deadline.title}: {words}"
        draft = Draft(kind="deadline.met", text=text, data=data)
        return [placed(state, scene, draft, at=at, about=about, visibility=visibility)]

    return await room.act(inc, decide, command_id=command_id)


async def waive(
    room: Room,
    inc: str,
    deadline_id: str,
    reason: str,
    *,
    not_applicable: bool = False,
    command_id: str = "",
) -> Acted:
    """Record why a duty is left; one that has not begun only where it does not apply at all."""
    required(reason, "waiving a legal duty needs a reason: who decided it, and why")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        deadline = _deadline(state, deadline_id)
        _open(deadline)
        if deadline.state == "waiting" and not not_applicable:
            waits = deadline.waiting_for or "what starts it"
            hint = "--not-applicable says that this law does not apply here at all"
            raise Refused("waiting", f"{deadline.title} has not begun: it waits for {waits}", hint)
        data = {"deadline": deadline.id, "words": own(reason, "reason")}
        how = "does not apply" if not_applicable else "waived"
        text = f"{how}: {deadline.title}: {reason}"
        return [Draft(kind="deadline.waived", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)
