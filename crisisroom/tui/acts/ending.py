"""The end of an incident, and its going on."""

from __future__ import annotations

from functools import partial

from crisisroom.room import lifecycle
from crisisroom.tui.acted import Undo, final
from crisisroom.tui.acts import Desk, needed, text_row
from crisisroom.tui.rows import BLANK, Row
from crisisroom.tui.screens.dialogs import Confirm, Reader, asking


async def resolve(desk: Desk) -> None:
    """Close the incident; what still stands in the way is named first."""
    state = desk.incident
    known = await lifecycle.before_the_end(desk.room, state)
    if known.firm:
        title = asking(f"{state.id} cannot be resolved yet", "do these, or skip or waive them")
        await desk.ask(Reader(title, _lines(known.blocking, known.loose)))
        return
    anyway = ""
    if known.calm:
        rest = "is it over all the same? say why; esc waits"
        anyway = await desk.line(f"Not calm yet: {known.calm}", rest, check=needed)
    words = await desk.line(f"Resolve {state.id}", "in a sentence: how did it end?")
    lines = _lines((), known.loose)
    if not await desk.ask(
        Confirm(asking(f"Resolve {state.id}?", "its clocks stop"), lines, verb="resolve")
    ):
        return
    await lifecycle.resolve(desk.room, state.id, words, anyway=anyway)
    back = partial(lifecycle.reopen, desk.room, state.id, "resolved by mistake")
    desk.said(f"{state.id} is resolved", Undo(f"resolving of {state.id}", back))


def _lines(blocking: tuple[str, ...], loose: tuple[str, ...]) -> list[Row]:
    lines = [text_row(one) for one in blocking]
    if loose:
        lines += [BLANK, text_row("good to know", "bold"), *(text_row(one) for one in loose)]
    return lines


async def reopen(desk: Desk) -> None:
    """Open a resolved incident again."""
    state = desk.incident
    reason = await desk.line(f"Reopen {state.id}", "why?", check=needed)
    await lifecycle.reopen(desk.room, state.id, reason)
    desk.said(f"{state.id} is open again", final("a reopening"))
