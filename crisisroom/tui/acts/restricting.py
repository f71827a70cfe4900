"""Restricting: named people alone see that there is an incident."""

from __future__ import annotations

from crisisroom.room import reading, restricting
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk, fine, needed

_NOBODY = "everybody"


async def restrict(desk: Desk) -> None:
    """Show the incident to named people alone, or to everybody again."""
    state = await reading.incident(desk.room, desk.incident.id)
    before = state.restricted_to
    shown = ", ".join(before) if before else "everybody in the room sees it"
    typed = await desk.line(
        f"Restrict {state.id}",
        f"{shown}   who alone? ada, ben   ({_NOBODY} opens it)",
        value=", ".join(before),
        check=needed,
    )
    if typed.strip() == _NOBODY:
        await restricting.lift(desk.room, state.id)
        desk.said(f"{state.id} is for everybody in the room", _back(desk, state.id, before))
        return
    why = await desk.line(f"Restrict {state.id}", "why? enter leaves it open", check=fine)
    people = [name for name in typed.replace(",", " ").split() if name]
    acted = await restricting.restrict(desk.room, state.id, people, why)
    names = ", ".join(acted.incident.restricted_to)
    desk.said(f"{state.id} is restricted to {names}", _back(desk, state.id, before))


def _back(desk: Desk, inc: str, before: tuple[str, ...]) -> Undo:
    async def back() -> None:
        if before:
            await restricting.restrict(desk.room, inc, before)
        else:
            await restricting.lift(desk.room, inc)

    return Undo("the restriction", back)
