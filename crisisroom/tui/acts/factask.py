"""How the value of a fact is asked for: by its kind, and refused while one types."""

from __future__ import annotations

from crisisroom.core.errors import Refused
from crisisroom.core.factvalue import read_value, said_value
from crisisroom.core.incident import FactState
from crisisroom.tui.acts import Desk, fine
from crisisroom.tui.screens.picking import Choice

_HINTS = {"number": "a number", "time": "09:12, -20m or 2026-11-22 03:10"}


def known_choices(desk: Desk, fact: FactState) -> list[Choice]:
    """Return how a fact may be known: each of its few values, or one to be typed.

    What somebody found while it waits for the person who confirms it can be confirmed as it is.
    """
    if options := _options(fact):
        return [Choice(f"known:{one}", one, _standing(fact, one)) for one in options]
    value = said_value(fact, desk.now, desk.zone)
    if fact.state in ("checking", "changed") and value:
        return [
            Choice(f"known:{fact.value}", f"it is so: {value}", "confirms it"),
            Choice("known", "known otherwise", "what, and who says so"),
        ]
    return [Choice("known", f"known: {value}" if value else "known", "what, and who says so")]


def _options(fact: FactState) -> tuple[str, ...]:
    return ("yes", "no") if fact.type == "yes-no" else fact.options


def _standing(fact: FactState, option: str) -> str:
    if option != fact.value:
        return ""
    return "as it stands" if fact.state == "known" else "confirms it"


async def value_of(desk: Desk, fact: FactState) -> str:
    """Ask for a value that is typed."""
    rest = _HINTS.get(fact.type, "as it may be said" if fact.may_fill else "it stays in the room")
    rest += f", in {fact.unit}" if fact.unit else ""
    value = said_value(fact, desk.now, desk.zone)
    return await desk.line(
        fact.label,
        f"{rest}   {fact.ask}",
        value=value,
        check=lambda text: _flaw(desk, fact, text),
    )


def _flaw(desk: Desk, fact: FactState, typed: str) -> str:
    if not typed.strip():
        return "it needs a value"
    try:
        read_value(fact, typed, desk.now, desk.zone)
    except Refused as refused:
        return refused.hint or refused.message
    return fine(typed)
