"""All outgoing words stopped by one key, and let go again by whoever leads."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from textual.binding import BindingsMap

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Stopped
from crisisroom.room import Room, stopping
from crisisroom.room.leading import lead_of, leads, refuse_unless_lead
from crisisroom.tui.actions import BY_ID, Keys
from crisisroom.tui.acts import Desk, Given, Undo, fine, needed
from crisisroom.tui.looking import Look
from crisisroom.tui.rows.times import clock


def bind_stop(bindings: BindingsMap, keys: Keys) -> None:
    """Let the keys of the stop through on every screen, before whatever has the focus there."""
    for pressed in keys.of(BY_ID["stop"]):
        bindings.bind(pressed, "stop_words", show=False, priority=True)


async def with_stop(room: Room, seen: Look) -> Look:
    """Return a reading whose incident knows of the room's stop, also of one before it began."""
    state = seen.situation.incident
    if state is None or state.status != "open":
        return seen
    held = msgspec.structs.replace(state, stopped=await stopping.stopped(room))
    return replace(seen, situation=replace(seen.situation, incident=held))


async def stop(desk: Desk) -> None:
    """Stop all outgoing words at once; the reason is asked for afterwards."""
    before = await stopping.stopped(desk.room)
    if before is not None:
        desk.said(f"stopped already, {_since(desk, before)}; {_way_back(desk)}", role="warn")
        return
    await stopping.stop(desk.room)
    undo = Undo("stop of all words", _not_so)
    told = f"STOPPED: no words of ours go out; {_way_back(desk)}"
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
    if desk.context.incident is not None:
        scene = desk.room.scene()
        refuse_unless_lead(desk.context.incident, scene, "let words go out again")
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


def _way_back(desk: Desk) -> str:
    """Return who lets words go again, and how one does it oneself."""
    state = desk.context.incident
    if state is None or leads(state, desk.room.scene()):
        return "`:` let words go again ends it"
    return f"{leader(state)} lets them go again"


def leader(incident: Incident | None) -> str:
    """Return who leads, in words: `bo (Lead)`."""
    role = lead_of(incident) if incident is not None else None
    if role is None:
        return "the lead"
    return f"{role.holder} ({role.title})" if role.holder else f"whoever takes {role.title}"
