"""Updates that are owed: putting one off for a while, with the reason."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from crisisroom.core.cadence import next_update_at, pace
from crisisroom.core.errors import Refused, Usage
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import Cadence
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import Draft, stamp
from crisisroom.room import Acted, Room, Scene
from crisisroom.room.checks import own, required

MOST = 2  # times the cadence's own pace: later than that is silence


def _cadence(state: Incident, cadence_id: str) -> Cadence:
    for cadence in state.plan.cadences:
        if cadence.id == cadence_id:
            return cadence
    if cadence_id in state.deadlines:
        title = state.deadlines[cadence_id].title
        hint = "crisisroom deadline met or waive closes it"
        raise Refused("law", f"{title} is a legal duty and cannot be put off", hint)
    known = ", ".join(one.id for one in state.plan.cadences)
    hint = f"one of {known}" if known else "its playbook owes nobody updates"
    raise Usage("unknown-cadence", f"{state.id} has no cadence {cadence_id}", hint)


async def snooze(
    room: Room, inc: str, cadence_id: str, seconds: int, reason: str, *, command_id: str = ""
) -> Acted:
    """Put the next update off by so many seconds from when it is due, or from now if it is late.

    All in all it can be put off by twice the time between two updates, no further.
    """
    required(reason, "putting an update off needs a reason")
    if seconds <= 0:
        raise Usage("span", "an update is put off by some time", "write it like 15m")

    def decide(state: Incident, scene: Scene) -> list[Draft]:
        cadence = _cadence(state, cadence_id)
        until = _put_off(state, cadence, seconds, scene.now)
        data = {"cadence": cadence.id, "until": stamp(until), "words": own(reason, "reason")}
        local = until.astimezone(zone_of(state.zone))
        text = f"put the {cadence.audience} update off until {local:%H:%M}: {reason}"
        return [Draft(kind="update.snoozed", text=text, data=data)]

    return await room.act(inc, decide, command_id=command_id)


def _put_off(state: Incident, cadence: Cadence, seconds: int, now: datetime) -> datetime:
    """Return until when it is put off; Refused where nothing is due, or it would be too long."""
    due = next_update_at(state, cadence)
    if due is None or state.status == "resolved":
        raise Refused("not-due", f"no {cadence.audience} update is due")
    latest = latest_at(state, cadence)
    until = max(due, now) + timedelta(seconds=seconds)
    if until > latest:
        local = latest.astimezone(zone_of(state.zone))
        message = f"the {cadence.audience} update can wait until {local:%H:%M} at the latest"
        raise Refused("too-long", message, "say that there is nothing new: silence is news too")
    return until


def latest_at(state: Incident, cadence: Cadence) -> datetime:
    """Return until when an update can be put off: twice its pace after it was due by itself."""
    others = {name: one for name, one in state.snoozes.items() if name != cadence.id}
    bare = msgspec.structs.replace(state, snoozes=others)
    due = next_update_at(bare, cadence)
    assert due is not None
    every = pace(cadence, state.severity, due - state.declared_at)
    calm = timedelta(seconds=cadence.after_news or cadence.first_within)
    return due + MOST * (every or calm)
