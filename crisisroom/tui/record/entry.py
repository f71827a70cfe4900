"""An entry of the timeline read whole: its links are followed, it is pinned, marked, corrected."""

from __future__ import annotations

from contextlib import suppress

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from crisisroom.core.incident import Incident
from crisisroom.tui.acted import Given
from crisisroom.tui.acts import Desk
from crisisroom.tui.record import saying
from crisisroom.tui.record.entry_rows import copied, entry_rows
from crisisroom.tui.record.links import follow, leads
from crisisroom.tui.record.reading import NUMBERED, Whole, whole
from crisisroom.tui.screens.dialogs import Dialog, asking
from crisisroom.tui.shown import contents, painter


class EntryScreen(Dialog[str | None]):
    """One entry; answers with what is to be done about it: a key's name, or the digit of a link."""

    place = "entry"

    DEFAULT_CSS = (
        "EntryScreen { VerticalScroll { height: auto; max-height: 70vh; scrollbar-size: 0 0; } }"
    )

    def __init__(self, told: Whole) -> None:
        pinned = told.entry.seq in told.incident.pinned
        keys = [("space", "unpin" if pinned else "pin"), ("C", "correct"), ("V", "readers")]
        self._leading = [link for link in told.links if leads(link)][:NUMBERED]
        if self._leading:
            digits = f"1-{len(self._leading)}" if len(self._leading) > 1 else "1"
            keys.append((digits, "follow"))
        title = asking(told.entry.kind, f"entry {told.entry.seq} of {told.incident.seq}")
        super().__init__(title, [*keys, ("n p", "others"), ("y", "copy"), ("esc", "back")])
        self._told = told

    def body(self) -> ComposeResult:
        """Yield the lines."""
        with VerticalScroll():
            yield Static(contents(entry_rows(self._told, self.line_width), painter(self.app)))

    def action_scroll(self, steps: int) -> None:
        """Scroll by so many lines."""
        self.query_one(VerticalScroll).scroll_relative(y=steps, animate=False)

    def action_follow(self, number: int) -> None:
        """Show what a link leads to, where there is one under this digit."""
        if number <= len(self._leading):
            self.dismiss(self._leading[number - 1].ref)


async def read(desk: Desk) -> None:
    """Show the entry under the cursor whole; from there others, and what they are about."""
    entry = desk.context.entry
    seq = entry.seq if entry else 0
    while seq:
        told = await whole(desk.room, desk.incident.id, seq, desk.zone)
        asked = await desk.ask(EntryScreen(told)) or ""
        if asked in ("older", "newer"):
            seq = _beside(told.incident, seq, -1 if asked == "older" else 1)
        elif asked == "copy":
            desk.copy(copied(told))
            desk.said(f"copied entry {seq}")
        else:
            with suppress(Given):  # whoever leaves a question is back at the entry
                seq = await _done(desk, told, asked)


async def _done(desk: Desk, told: Whole, asked: str) -> int:
    """Do what was asked for; return the number of the entry that is read next, 0 for none."""
    if asked in saying.ACTS:
        await saying.ACTS[asked](desk, told.entry)
        return told.entry.seq
    link = next(one for one in told.links if one.ref == asked)
    if link.sort == "entry":
        return int(link.id)
    await follow(desk, link)
    return 0


def _beside(state: Incident, seq: int, step: int) -> int:
    return max(1, min(seq + step, state.seq))
