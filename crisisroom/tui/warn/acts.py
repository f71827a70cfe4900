"""Opening the early warnings, and what a person decides on one of them."""

from __future__ import annotations

from functools import partial

from crisisroom.core.candidate import Candidate
from crisisroom.core.errors import Refused
from crisisroom.room import Room, warnings
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk, needed
from crisisroom.tui.acts.declaring import declare
from crisisroom.tui.warn.reading import severity_for


async def show(desk: Desk) -> None:
    """Open the early warning that waits; the list where several do, or none."""
    from crisisroom.tui.warn.listing import WarningsScreen  # loaded with the first one
    from crisisroom.tui.warn.screen import WarningScreen

    waiting = await warnings.candidates(desk.room, ("open",))
    if len(waiting) == 1:
        desk.open(WarningScreen(desk, waiting[0].id))
    else:
        desk.open(WarningsScreen(desk))


async def declared(desk: Desk, one: Candidate) -> str:
    """Declare an incident on an early warning; returns its id."""
    return await declare(
        desk,
        candidate=one.id,
        suggested=one.suggested_playbook,
        severity_of=lambda playbook: severity_for(one, playbook).id,
    )


async def watched(desk: Desk, one: Candidate) -> None:
    """Keep an eye on it; it speaks up again when it gets worse."""
    words = await desk.line("What do you look out for?", "may be empty; it tells if it gets worse")
    await warnings.watch(desk.room, one.id, words)
    desk.said(f"you watch {one.id}; it speaks up when it gets worse", _undo(desk.room, one))


async def dismissed(desk: Desk, one: Candidate) -> None:
    """Set it aside, with the reason."""
    rest = "why, in a few words: the room learns from it, the next shift reads it"
    words = await desk.line(f"{one.id} is not a crisis", rest, check=needed)
    await warnings.dismiss(desk.room, one.id, words)
    desk.said(
        f"{one.id} is no crisis; only this story's volume is quiet now", _undo(desk.room, one)
    )


async def taken_back(desk: Desk, one: Candidate) -> None:
    """Take the decision back."""
    await _reopen(desk.room, one.id)
    desk.said(f"{one.id} waits again")


def _undo(room: Room, one: Candidate) -> Undo:
    return Undo(f"decision on {one.id}", partial(_reopen, room, one.id))


async def _reopen(room: Room, candidate_id: str) -> Candidate:
    known = await warnings.candidate(room, candidate_id)
    if known.state not in ("watched", "dismissed"):
        raise Refused("undecided", f"nobody has decided on {known.id}")
    return await warnings.reopen(room, candidate_id)
