"""What has to be told in time: duties by law, which nobody can put off, and updates."""

from __future__ import annotations

from crisisroom.core.cadence import next_update_at
from crisisroom.core.clocks import minutes
from crisisroom.core.errors import Refused
from crisisroom.core.incident import DeadlineState
from crisisroom.core.kinds import span
from crisisroom.room import cadences, deadlines
from crisisroom.room.cadences import latest_at
from crisisroom.tui.acted import final
from crisisroom.tui.acts import Desk, needed
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.picking import Choice


async def duty(desk: Desk, deadline: DeadlineState) -> None:
    """Meet a duty by law, or waive it with the reason: neither can be taken back."""
    met = Choice("met", "met", "who was told, when, the file number")
    waived = Choice("waive", "waived", "it does not apply: why, and who says so")
    waits = deadline.state == "waiting"
    rest = f"waits for {deadline.waiting_for}" if waits else deadline.law
    chosen = await desk.pick(deadline.title, [waived] if waits else [met, waived], rest)
    if chosen == met.id:
        at, words = await desk.told(f"Met: {deadline.title}", "who was told, by which way?")
        await deadlines.met(desk.room, desk.incident.id, deadline.id, words, at=at)
        desk.said(f"met: {deadline.title}", final("a duty that is met"))
        return
    reason = await desk.line(f"Waive: {deadline.title}", "why, and who says so?", check=needed)
    await deadlines.waive(desk.room, desk.incident.id, deadline.id, reason, not_applicable=waits)
    desk.said(f"waived: {deadline.title}", final("a duty that is waived"))


async def duties(desk: Desk) -> None:
    """Choose one of the duties by law."""
    state = desk.incident
    open_ = [one for one in state.deadlines.values() if one.state in ("running", "waiting")]
    choices = [Choice(one.id, one.title, _stands(desk, one)) for one in open_]
    await duty(desk, state.deadlines[await desk.pick("Legal duties", choices)])


def _stands(desk: Desk, one: DeadlineState) -> str:
    if one.due_at is None:
        return f"waits for {one.waiting_for}"
    late = one.due_at <= desk.now
    left = minutes(one.due_at - desk.now)
    by = clock(one.due_at, desk.now, desk.zone)
    return f"was due {by}, late {left}" if late else f"by {by}, in {left}"


async def put_off(desk: Desk) -> None:
    """Put an update off, with the reason; a duty by law cannot be."""
    state = desk.incident
    owed = [(one, due) for one in state.plan.cadences if (due := next_update_at(state, one))]
    if not owed:
        raise Refused("no-update", "no update is due")
    choices = [
        Choice(one.id, f"{one.audience} update", f"due {clock(due, desk.now, desk.zone)}")
        for one, due in owed
    ]
    chosen = await desk.pick("Put which update off?", choices)
    cadence = next(one for one, _ in owed if one.id == chosen)
    latest = clock(latest_at(state, cadence), desk.now, desk.zone)
    title = f"Put the {cadence.audience} update off"
    rest = f"by how long? 10m, 1h; until {latest} at the latest"
    typed = await desk.line(title, rest, check=no_span)
    reason = await desk.line(title, "why? it stands on the timeline", check=needed)
    seconds = span(typed.strip()) or 0
    acted = await cadences.snooze(desk.room, state.id, chosen, seconds, reason)
    until = acted.incident.snoozes[chosen].until
    told = f"{cadence.audience} update put off until {clock(until, desk.now, desk.zone)}"
    desk.said(told, final("an update that is put off"))


def no_span(typed: str) -> str:
    """Say how a span is written, where this is none."""
    return "" if span(typed.strip()) else "write it like 10m or 1h"
