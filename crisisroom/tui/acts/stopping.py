"""All outgoing words stopped by one key, and let go again by whoever leads."""

from __future__ import annotations

from crisisroom.core.errors import Refused
from crisisroom.core.said import Stopped
from crisisroom.room import stopping
from crisisroom.room.leading import leader, leads
from crisisroom.tui.acted import Given, Undo
from crisisroom.tui.acts import Desk, fine, needed
from crisisroom.tui.rows.times import clock


async def stop(desk: Desk) -> None:
    """Stop all outgoing words at once; the reason is asked for afterwards."""
    before = await stopping.stopped(desk.room)
    if before is not None:
        told = f"stopped already, {_since(desk, before)}; {await _way_back(desk)}"
        desk.said(told, role="warn")
        return
    here = desk.context.incident
    await stopping.stop(desk.room, inc=here.id if here else "")
    undo = Undo("stop of all words", _not_so)
    told = f"STOPPED: no words of ours go out; {await _way_back(desk)}"
    try:
        title = "STOPPED: no words of ours go out"
        why = await desk.line(title, "why? for the others; esc leaves it open", check=fine)
    except Given:
        why = ""
    if why:
        await stopping.because(desk.room, why)
    desk.said(told, undo, role="late")


async def _not_so() -> None:
    hint = "the lead does, with the reason: `:` let words go"
    raise Refused("final", "a stop is not taken back by one key", hint)


async def resume(desk: Desk) -> None:
    """Let words go out again, with the reason; others are told who leads."""
    halt = await stopping.stopped(desk.room)
    if halt is None:
        desk.said("nothing is stopped: words may go out", role="quiet")
        return
    await stopping.refuse_unless_decider(desk.room)
    because = f": {halt.why}" if halt.why else ""
    rest = f"stopped {_since(desk, halt)}{because}   why is it right now?"
    why = await desk.line("Let all words go out again?", rest, check=needed)
    await stopping.resume(desk.room, why)
    undo = Undo("going on", _stop_again)
    desk.said("words may go out again; what was queued goes on by itself", undo)


async def _stop_again() -> None:
    raise Refused("final", "what went out cannot be taken back", "ctrl+g stops all words again")


def _since(desk: Desk, halt: Stopped) -> str:
    return f"by {halt.by} {clock(halt.at, desk.now, desk.zone)}"


async def _way_back(desk: Desk) -> str:
    """Return who lets words go again, and how one does it oneself."""
    states = await stopping.deciding(desk.room)
    if not states or any(leads(state, desk.room.scene()) for state in states):
        return "`:` let words go again ends it"
    return f"{' or '.join(map(leader, states))} lets them go again"
