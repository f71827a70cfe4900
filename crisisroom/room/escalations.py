"""Escalations: begun by hand, and ended by whoever says that they have it."""

from __future__ import annotations

from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import EscalationRun, Incident
from crisisroom.core.playbook import Escalation
from crisisroom.core.timeline import Draft
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own


async def start(
    room: Room, inc: str, escalation_id: str = "", why: str = "", *, command_id: str = ""
) -> Acted:
    """Begin to call people, step by step, until somebody acknowledges."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        if state.status == "resolved":
            raise Refused("resolved", f"{state.id} is resolved", "crisisroom reopen opens it again")
        plan = _planned(state, escalation_id)
        run = state.escalations.get(plan.id)
        if run is not None and run.next_at is not None:
            hint = "crisisroom escalation ack stops it"
            raise Refused("running", f"{plan.title}: already under way", hint)
        data = {"escalation": plan.id, "why": own(why, "reason")}
        text = f"escalates: {plan.title}" + (f" ({why})" if why else "")
        return [Draft(kind="escalation.started", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)


def _planned(state: Incident, escalation_id: str) -> Escalation:
    """Return the escalation with this id, the only one where none is named."""
    plans = state.plan.escalations
    if not plans:
        hint = "crisisroom team shows whom to call"
        raise Refused("none", f"the playbook of {state.id} has no escalation", hint)
    if not escalation_id and len(plans) == 1:
        return plans[0]
    for plan in plans:
        if plan.id == escalation_id:
            return plan
    listed = ", ".join(f"{plan.id} ({plan.title})" for plan in plans)
    if not escalation_id:
        raise Usage("which-escalation", "which escalation?", f"one of {listed}")
    message = f"{state.id} has no escalation {escalation_id}"
    raise Usage("unknown-escalation", message, f"one of {listed}")


def unanswered(state: Incident) -> tuple[EscalationRun, ...]:
    """Return the escalations that nobody acknowledged: under way, or through all their steps."""
    return tuple(
        run
        for run in state.escalations.values()
        if run.next_at is not None or (run.exhausted and not run.acknowledged_by)
    )


async def acknowledge(
    room: Room, inc: str, escalation_id: str = "", words: str = "", *, command_id: str = ""
) -> Acted:
    """Say that one has it: nobody else is called from this moment on."""

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        run = _open(state, escalation_id)
        data = {"escalation": run.id, "words": own(words, "words")}
        text = f"acknowledged: {run.title}" + (f": {words}" if words else "")
        return [Draft(kind="escalation.acknowledged", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)


def _open(state: Incident, escalation_id: str) -> EscalationRun:
    """Return the escalation to acknowledge, the only one where none is named."""
    runs = unanswered(state)
    if escalation_id:
        known = {plan.id: plan.title for plan in state.plan.escalations}
        runs = tuple(run for run in runs if run.id == escalation_id)
        if not runs and escalation_id not in known:
            listed = ", ".join(known) or "none"
            message = f"{state.id} has no escalation {escalation_id}"
            raise Usage("unknown-escalation", message, f"one of {listed}")
        if not runs:
            raise _nothing_runs(state, known[escalation_id], escalation_id)
    if not runs:
        raise Refused("not-running", f"no escalation runs in {state.id}")
    if len(runs) > 1:
        listed = ", ".join(run.id for run in runs)
        raise Usage("which-escalation", f"several escalations run: {listed}", "name one")
    return runs[0]


def _nothing_runs(state: Incident, title: str, escalation_id: str) -> Refused:
    run = state.escalations.get(escalation_id)
    who = f": {run.acknowledged_by} acknowledged it" if run and run.acknowledged_by else ""
    return Refused("not-running", f"{title} does not run{who}")
