"""What we know: one line of the fact sheet at a time, each in its own kind."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from crisisroom.core.errors import Refused
from crisisroom.core.evidence import waits_on
from crisisroom.core.factvalue import said_value
from crisisroom.core.incident import FactState, Incident
from crisisroom.core.settle import KNOWN
from crisisroom.room import facts
from crisisroom.tui.acted import Undo
from crisisroom.tui.acts import Desk, text_row
from crisisroom.tui.acts.factask import known_choices, value_of
from crisisroom.tui.reasons import Context
from crisisroom.tui.rows.times import clock
from crisisroom.tui.screens.dialogs import Reader, asking
from crisisroom.tui.screens.picking import Choice

_STATES = {"checking": "being checked"}
_KNOWN = "known"


async def set_facts(desk: Desk) -> None:
    """Set a fact: known, being checked, unknown; where none is chosen, offer the whole sheet."""
    state = desk.incident
    fact = desk.context.fact
    if fact is None:
        if not state.facts:
            raise Refused("no-facts", f"the playbook {state.plan.id} asks for no facts")
        choices = [Choice(one.id, one.label, shown(desk, one)) for one in state.facts.values()]
        first = wanted(state, desk.context)
        fact = state.facts[await desk.pick("What we know", choices, counts(state), chosen=first)]
    await set_fact(desk, fact)


async def set_fact(desk: Desk, fact: FactState) -> None:
    """Set one line of the sheet."""
    stands = f"known:{fact.value}" if fact.state in KNOWN else fact.state
    choices = _choices(desk, fact)
    first = stands if any(one.id == stands for one in choices) else fact.state
    chosen = await desk.pick(fact.label, choices, fact.ask, chosen=first)
    if chosen == "history":
        await _history(desk, fact)
        return
    status, _, given = chosen.partition(":")
    value, source = "", ""
    if status == _KNOWN:
        value = given or await value_of(desk, fact)
        told = said_value(replace(fact, value=value), desk.now, desk.zone)
        source = await desk.line(f"{fact.label}: {told}", _who_says(desk, fact), value=fact.source)
    inc = desk.incident.id
    acted = await facts.set_fact(desk.room, inc, fact.id, value, status, source)
    back = partial(facts.set_fact, desk.room, inc, fact.id, fact.value, fact.state, fact.source)
    desk.said(
        acted.entry.text if acted.changed else f"{fact.label}: as before",
        Undo(f"fact {fact.label}", back) if acted.changed else None,
    )


def counts(state: Incident) -> str:
    """Return how much of the sheet is filled."""
    known = sum(one.state in KNOWN for one in state.facts.values())
    return f"{known} of {len(state.facts)} known"


def wanted(state: Incident, context: Context) -> str:
    """Return the fact that the row under the cursor waits for, empty where it waits for none."""
    if context.task is not None:
        subjects = [one.partition(".") for one in waits_on(state, context.task)]
        return next((name for sort, _, name in subjects if sort == "fact"), "")
    if context.kind == "deadlines":
        waits = [one.waiting_for for one in state.deadlines.values() if one.state == "waiting"]
        named = {f"fact: {one.label}": one.id for one in state.facts.values()}
        return next((named[one] for one in waits if one in named), "")
    return ""


def shown(desk: Desk, fact: FactState) -> str:
    """Return what is known of a fact, and since when."""
    value = said_value(fact, desk.now, desk.zone)
    state = _STATES.get(fact.state, fact.state)
    words = value if fact.state == _KNOWN and value else f"{state}  {value}".strip()
    return f"{words}  ({fact.by} {clock(fact.at, desk.now, desk.zone)})" if fact.at else words


def _choices(desk: Desk, fact: FactState) -> list[Choice]:
    """Return what can be said of a fact: a kind with few values offers each at once."""
    choices = [
        *known_choices(desk, fact),
        Choice("checking", "being checked"),
        Choice("unknown", "unknown"),
    ]
    return [*choices, Choice("history", "what was said before")] if fact.at else choices


def _who_says(desk: Desk, fact: FactState) -> str:
    role = desk.incident.roles.get(fact.confirm_by)
    if role is None or role.holder == desk.context.me:
        return "who says so?"
    return f"who says so?   {role.title} ({role.holder or 'nobody yet'}) confirms it"


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
