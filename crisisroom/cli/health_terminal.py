"""Examining the terminal: whether the screen can be shown here, in which colours and letters."""

from __future__ import annotations

from collections.abc import AsyncIterator

from crisisroom.cli.health import Finding, Patient
from crisisroom.terminals import ALL, Terminal, here

_COLOURS = {0: "no colours", 16: "16 colours", 256: "256 colours", ALL: "all colours"}
_MORE = "export LC_ALL=C.UTF-8, where the terminal shows them"


async def terminal(_: Patient) -> AsyncIterator[Finding]:
    """Find what the terminal was taken for: a screen or none, how many colours, and why."""
    found = here()
    name = found.name or "not set"
    if not found.screen:
        why = f"TERM is {name}: the screen cannot be shown here, crisisroom status can"
        yield Finding("warn", "terminal", "terminal", why, "export TERM=xterm-256color")
        return
    yield Finding("ok", "terminal", "terminal", f"{name}, with {_colours(found)}")


async def letters(_: Patient) -> AsyncIterator[Finding]:
    """Find whether more than ASCII is shown here."""
    found = here()
    if found.utf8:
        yield Finding("ok", "locale", "locale", f"UTF-8, as {found.letters_by} says")
    elif found.letters_by == "TERM":
        why = f"ASCII alone, as TERM={found.name} says: other letters become ?"
        yield Finding("ok", "locale", "locale", why)
    else:
        says = f"{found.letters_by} says" if found.letters_by else "no locale is set"
        why = f"ASCII alone, as {says}: most of the world's letters become ?"
        yield Finding("warn", "locale", "locale", why, _MORE)


def _colours(found: Terminal) -> str:
    """Return how many colours there are, by whose word, and what would say otherwise."""
    told = f"{_COLOURS[found.colours]}, as {found.colours_by} says"
    if found.colours_by == "TERM" and found.colours != ALL:
        return f"{told}; FORCE_COLOR=3 makes it all colours, NO_COLOR=1 none"
    return told
