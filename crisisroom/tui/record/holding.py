"""The hold: nothing of the incident is purged or erased until Legal lifts it."""

from __future__ import annotations

from crisisroom.room import holding, reading
from crisisroom.room.leading import legal_of, refuse_unless_legal
from crisisroom.tui.acted import final
from crisisroom.tui.acts import Desk, needed
from crisisroom.tui.rows.times import clock


async def hold(desk: Desk) -> None:
    """Put the incident on hold, or lift its hold, with the reason."""
    state = await reading.incident(desk.room, desk.incident.id)
    if state.hold is None:
        rest = "nothing of it is purged or erased; why?"
        why = await desk.line(f"Put {state.id} on hold", rest, check=needed)
        await holding.set_hold(desk.room, state.id, why)
        desk.said(f"{state.id} is on hold: {_lifter(desk)}", final("a hold"))
        return
    refuse_unless_legal(state, desk.room.scene(), "lift a hold")
    held = state.hold
    since = f"{held.by} since {clock(held.at, desk.now, desk.zone)}: {held.words}"
    why = await desk.line(
        f"Lift the hold on {state.id}", f"{since}   why is it over?", check=needed
    )
    await holding.lift(desk.room, state.id, why)
    desk.said(f"the hold on {state.id} is lifted: it may be purged again", final("lifting a hold"))


def _lifter(desk: Desk) -> str:
    legal = legal_of(desk.incident)
    if legal is None or desk.room.scene().solo:
        return "it can be lifted with a reason"
    return f"only {legal.title} lifts it"
