"""What the tests of the record on the screen share."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input
from tui.seeing import until

from crisisroom.room import Room, reading
from crisisroom.tui.app import RoomApp


async def to_entry(pilot: Pilot[int], app: RoomApp, seq: int) -> None:
    """Show the timeline with the cursor on an entry."""
    await pilot.press("4")
    pane = app.room_screen.timeline
    await until(pilot, lambda: pane.book.index_of(seq) is not None)
    pane.seek(seq)
    await until(pilot, lambda: pane.entry is not None and pane.entry.seq == seq)


async def fill(pilot: Pilot[int], *lines: str) -> None:
    """Type into the lines that ask, and finish with ctrl+s or enter."""
    await until(pilot, lambda: len(pilot.app.screen.query(Input)) == len(lines))
    for asks, typed in zip(pilot.app.screen.query(Input), lines, strict=True):
        asks.value = typed
    await pilot.press("enter" if len(lines) == 1 else "ctrl+s")


async def command(pilot: Pilot[int], app: RoomApp, name: str) -> None:
    """Do an action by its name, as the palette does."""
    app.room_screen.action_act(name)
    await pilot.pause()


async def seq_of(room: Room, words: str) -> int:
    """Return the number of the newest entry that has these words."""
    every = await reading.timeline(room, "INC-1")
    return next(one.seq for one in reversed(every) if words in one.text)
