"""Questions from outside: written down, given to somebody, answered."""

from __future__ import annotations

from functools import partial

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Enquiry
from crisisroom.core.later import later
from crisisroom.room import enquiries
from crisisroom.room.enquiries import LINE
from crisisroom.tui.acted import Undo, final
from crisisroom.tui.acts import Desk, fine, needed
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.picking import Choice

_SORTS = {"media": "a journalist", "authority": "an authority", "partner": "a partner or customer"}


async def enquire(desk: Desk) -> None:
    """Write down a question from outside, with their deadline."""
    choices = [Choice(sort, told) for sort, told in _SORTS.items()]
    sort = await desk.pick("Who asks?", choices)
    outlet = await desk.line("Who asks?", "which outlet or office?", check=_short_and_needed)
    name = await desk.line(f"{outlet}: who?", "their name; may be empty", check=_short)
    reach = await desk.line(
        f"{outlet}: how do we get back to them?", "number or mail; may be empty", check=_short
    )
    question = await desk.line(f"{outlet}: what do they ask?", check=needed)
    typed = await desk.line(
        f"{outlet}: until when do they need it?",
        "17:30, +2h, 2026-11-23 09:00, or empty",
        check=lambda words: _no_moment(desk, words),
    )
    acted = await enquiries.add(
        desk.room,
        desk.incident.id,
        sort,
        outlet,
        question,
        name=name,
        reach=reach,
        due_at=later(typed, desk.now, desk.incident.zone) if typed.strip() else None,
    )
    asked = acted.entry.data["enquiry"]
    back = partial(enquiries.close, desk.room, desk.incident.id, asked, "written down by mistake")
    desk.said(f"{asked} is on the list", Undo(f"question {asked}", back))
    desk.go_to_row(f"enquiry:{asked}")


def _short(words: str) -> str:
    return fine(words) or (f"up to {LINE} characters" if len(words) > LINE else "")


def _short_and_needed(words: str) -> str:
    return needed(words) or _short(words)


def _no_moment(desk: Desk, typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        moment = later(typed, desk.now, desk.incident.zone)
    except Refused as refused:
        return refused.hint or refused.message
    past = clock(moment, desk.now, desk.zone)
    return "" if moment > desk.now else f"{past} is in the past"


async def answer(desk: Desk, asked: Enquiry) -> None:
    """Answer a question from outside: what they were told."""
    at, words = await desk.told(f"{asked.outlet}: what were they told?", asked.question)
    await enquiries.answer(desk.room, desk.incident.id, asked.id, words, at=at)
    desk.said(f"{asked.id} is answered", final(f"the answer to {asked.id}"))


async def give(desk: Desk, asked: Enquiry, name: str) -> None:
    """Give a question to somebody."""
    await enquiries.assign(desk.room, desk.incident.id, asked.id, name)
    back = partial(enquiries.unassign, desk.room, desk.incident.id, asked.id)
    if asked.owner:
        back = partial(enquiries.assign, desk.room, desk.incident.id, asked.id, asked.owner)
    undo = Undo(f"gift of {asked.id}", back)
    desk.said(f"{name} answers {asked.outlet}", undo)
