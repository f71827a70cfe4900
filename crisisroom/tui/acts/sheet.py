"""What we know: one line of the fact sheet at a time, each in its own kind."""

from __future__ import annotations

from functools import partial

from crisisroom.core.errors import Refused
from crisisroom.core.factvalue import read_value, said_value
from crisisroom.core.incident import FactState
from crisisroom.room import facts
from crisisroom.tui.acts import Desk, Undo, fine, text_row
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import Choice, Reader, asking

_HINTS = {
    "number": "a number",
    "time": "09:12, -20m or 2026-11-22 03:10",
    "text": "as it may be said",
}
_STATES = {"checking": "being checked"}


async def set_facts(desk: Desk) -> None:
    """Set a fact: known, being checked, unknown; where none is chosen, offer the whole sheet."""
    state = desk.incident
    fact = desk.context.fact
    if fact is None:
        if not state.facts:
            raise Refused("no-facts", f"the playbook {state.plan.id} asks for no facts")
        choices = [Choice(one.id, one.label, shown(desk, one)) for one in state.facts.values()]
        fact = state.facts[await desk.pick("What we know", choices)]
    status = await desk.pick(fact.label, _choices(fact), fact.ask, chosen=fact.state)
    if status == "history":
        await _history(desk, fact)
        return
    value, source = "", ""
    if status == "known":
        value = await _value(desk, fact)
        source = await desk.line(f"{fact.label}: {value}", "who says so?", value=fact.source)
    acted = await facts.set_fact(desk.room, state.id, fact.id, value, status, source)
    back = partial(
        facts.set_fact, desk.room, state.id, fact.id, fact.value, fact.state, fact.source
    )
    desk.said(
        acted.entry.text if acted.changed else f"{fact.label}: as before",
        Undo(f"fact {fact.label}", back) if acted.changed else None,
    )


def shown(desk: Desk, fact: FactState) -> str:
    """Return what is known of a fact, and since when."""
    value = said_value(fact, desk.now, desk.zone)
    words = f"{_STATES.get(fact.state, fact.state)}  {value}".strip()
    return f"{words}  ({fact.by} {clock(fact.at, desk.now, desk.zone)})" if fact.at else words


def _choices(fact: FactState) -> list[Choice]:
    known = "known" if not fact.value else f"known: {fact.value}"
    choices = [
        Choice("known", known if fact.state != "checking" else "known", "what, and who says so"),
        Choice("checking", "being checked"),
        Choice("unknown", "unknown"),
    ]
    return [*choices, Choice("history", "what was said before")] if fact.at else choices


async def _value(desk: Desk, fact: FactState) -> str:
    options = ("yes", "no") if fact.type == "yes-no" else fact.options
    if options:
        return await desk.pick(fact.label, [Choice(one, one) for one in options], fact.ask)
    rest = _HINTS.get(fact.type, "") + (f", in {fact.unit}" if fact.unit else "")
    value = said_value(fact, desk.now, desk.zone)
    return await desk.line(
        fact.label, rest, value=value, check=lambda text: _flaw(desk, fact, text)
    )


def _flaw(desk: Desk, fact: FactState, typed: str) -> str:
    if not typed.strip():
        return "it needs a value"
    try:
        read_value(fact, typed, desk.now, desk.zone)
    except Refused as refused:
        return refused.hint or refused.message
    return fine(typed)


async def _history(desk: Desk, fact: FactState) -> None:
    entries = await facts.history(desk.room, desk.incident.id, fact.id)
    lines = [
        text_row(
            f"{clock(one.at, desk.now, desk.zone)}  {one.actor}  {one.text}"
            + (f"  (by {one.data['words']})" if one.data["words"] else "")
        )
        for one in reversed(entries)
    ]
    await desk.ask(Reader(asking(fact.label, fact.ask), lines))
