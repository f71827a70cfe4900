"""The palette: every command of a screen by name, then the room's; what cannot act says why."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from crisisroom.tui.keys.command import Command, narrowed
from crisisroom.tui.rows import Cell, Row, fit, gap, row
from crisisroom.tui.rows.hanging import hanging
from crisisroom.tui.screens.dialogs import Dialog, asking
from crisisroom.tui.shown import contents, painter

_KEYS = 11  # cells before the words
_NOTHING = row(gap(3), Cell("No command has these words.", "quiet"))


class Palette(Dialog[str | None]):
    """Every command by name: type to narrow, enter does it."""

    place = "commands"

    def __init__(self, commands: Sequence[Command], of: str = "") -> None:
        super().__init__(
            asking("Commands", f"{of}   type to narrow" if of else "type to narrow"),
            [("enter", "do it"), ("esc", "back")],
        )
        self._commands = tuple(commands)
        self._fitting: tuple[Command, ...] = ()

    def body(self) -> ComposeResult:
        """Yield the line and the list."""
        line = Input()
        line.cursor_blink = False
        yield line
        yield OptionList(markup=False)

    def on_mount(self) -> None:
        """Begin with everything, what can be done first."""
        super().on_mount()
        self.query_one(OptionList).can_focus = False
        self._narrow("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._narrow(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do the command under the cursor, or say why it cannot be done."""
        event.stop()
        index = self.query_one(OptionList).highlighted
        if index is None or index >= len(self._fitting):
            return
        chosen = self._fitting[index]
        if chosen.reason:
            self.say(f"{chosen.words.partition(':')[0]}: {chosen.reason}")
        else:
            self.dismiss(chosen.id)

    def action_move(self, steps: int) -> None:
        """Move through the list while typing."""
        listing = self.query_one(OptionList)
        if steps > 0:
            listing.action_cursor_down()
        else:
            listing.action_cursor_up()

    def _narrow(self, typed: str) -> None:
        self._fitting = narrowed(self._commands, typed)
        listing = self.query_one(OptionList)
        listing.clear_options()
        paints = painter(self.app)
        width = self.line_width
        lines = [_lines(one, width) for one in self._fitting]
        listing.add_options([Option(contents(line, paints)) for line in lines])
        if not lines:
            listing.add_option(Option(contents([_NOTHING], paints), disabled=True))
        listing.highlighted = 0 if lines else None


def _lines(command: Command, width: int) -> list[Row]:
    """Return a command's key, and beside it its words and why it rests."""
    role = "quiet" if command.reason else "text"
    told = row(
        gap(_KEYS),
        Cell(command.words, role),
        Cell(f"   {command.reason}" if command.reason else "", "quiet"),
    )
    first, *more = hanging(told, width)
    key = Cell(fit(command.key, _KEYS - 3), "quiet" if command.reason else "key")
    return [row(gap(3), key, *first.cells[1:]), *more]
