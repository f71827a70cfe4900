"""Promises in replies written down, and the list of what we owe people."""

from __future__ import annotations

from datetime import datetime

from crisisroom.core.errors import Refused
from crisisroom.core.incident import Incident, Words
from crisisroom.core.later import later
from crisisroom.room import promising
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk, fine, needed
from crisisroom.tui.rows.feed import safe_name
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.picking import Choice


async def promises(desk: Desk) -> None:
    """Open what we owe people, and begin at the reply under the cursor."""
    from crisisroom.tui.promises.screen import PromisesScreen  # loaded with the first one

    desk.open(PromisesScreen(desk, reply_here(desk)))


async def promise(desk: Desk) -> None:
    """Write down what the reply under the cursor promises."""
    state = desk.incident
    made, told = await add(desk, state, reply_here(desk))

    async def back() -> None:
        await promising.drop(desk.room, state.id, made, "written down by mistake")

    desk.said(told, Undo(f"promise {made}", back))


def reply_here(desk: Desk) -> str:
    """Return the id of the reply under the cursor, or of the one to the post there."""
    context, state = desk.context, desk.context.incident
    if context.words is not None:
        return context.words.id if context.words.sort == "reply" else ""
    if state is None or context.mention is None:
        return ""
    uid = context.mention.uid
    found = [one for one in _open(state) if one.mention == uid]
    return found[-1].id if found else ""


def _open(state: Incident) -> list[Words]:
    """Return the replies that can promise something: those that were not taken back."""
    every = state.replies.values()
    return [one for one in every if one.state != "withdrawn" or one.sent_at is not None]


async def add(desk: Desk, state: Incident, reply_id: str = "") -> tuple[str, str]:
    """Ask for a promise and write it down; return its id, and what to say of it."""
    reply = await _reply(desk, state, reply_id)
    whom = safe_name(reply.handle) if reply.handle else reply.id
    words = await desk.line(f"What do we promise in {reply.id}?", f"to {whom}", check=needed)
    typed = await desk.line(
        "By when?", "+2h, 17:30, 2026-11-23 09:00, or empty", check=lambda said: _flaw(desk, said)
    )
    owner = await _owner(desk, state)
    ticket = await desk.line("Its ticket?", "a link, or empty", check=_no_link)
    due_at = _moment(desk, typed)
    acted = await promising.add(
        desk.room, state.id, reply.id, words, due_at=due_at, owner=owner, ticket=ticket
    )
    made: str = acted.entry.data["promise"]
    by = f" by {clock(due_at, desk.now, desk.zone)}" if due_at else ", at no named time"
    return made, f"{made}: {owner} sees to it{by}"


async def _reply(desk: Desk, state: Incident, reply_id: str) -> Words:
    if reply_id in state.replies:
        return state.replies[reply_id]
    known = _open(state)
    if not known:
        raise Refused("no-reply", "nobody has written a reply yet", "r writes one")
    choices = [
        Choice(one.id, f"{one.id}  {one.author}", one.text.replace("\n", " "))
        for one in reversed(known)
    ]
    return state.replies[await desk.pick("Which reply promises something?", choices)]


async def _owner(desk: Desk, state: Incident) -> str:
    roles = [
        Choice(f"role:{one.id}", one.title, one.holder or "free") for one in state.roles.values()
    ]
    people = [Choice(f"person:{name}", name) for name in desk.people]
    chosen = await desk.pick("Who sees to it?", [*people, *roles], "a person, or a role")
    return chosen.partition(":")[2]


def _moment(desk: Desk, typed: str) -> datetime | None:
    return later(typed, desk.now, desk.incident.zone) if typed.strip() else None


def _flaw(desk: Desk, typed: str) -> str:
    try:
        moment = _moment(desk, typed)
    except Refused as refused:
        return refused.hint or refused.message
    past = moment is not None and moment <= desk.now
    return "that is in the past: a promise is kept later" if past else ""


def _no_link(typed: str) -> str:
    if typed.strip() and not typed.strip().lower().startswith(("https://", "http://")):
        return "give its whole address: https://…"
    return fine(typed)
