"""All keys on one screen, and the palette of all commands; both are made from the registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from crisisroom.tui.actions import Keys, groups, shown_key
from crisisroom.tui.rows import BLANK, Cell, Row, fit, gap, row
from crisisroom.tui.rows.hanging import hanging
from crisisroom.tui.screens.dialogs import Dialog, Reader, asking
from crisisroom.tui.shown import contents, painter


def help_rows(keys: Keys) -> list[Row]:
    """Return every action with its keys, in groups; what has no key is found by `:`."""
    rows: list[Row] = []
    for group, actions in groups():
        rows += [BLANK, row(gap(3), Cell(group, "bold"))]
        for action in actions:
            names = " ".join(shown_key(key) for key in keys.of(action)[:2]) or ":"
            rows.append(
                row(gap(3), Cell(fit(names, 14), "key"), gap(1), Cell(f"{action.help}", "text"))
            )
    return rows


class Help(Reader):
    """All keys."""

    DEFAULT_CSS = """
    Help {
        #dialog { max-height: 100%; height: 1fr; margin-top: 2; }
        VerticalScroll { max-height: 100vh; height: 1fr; }
    }
    """

    def __init__(self, keys: Keys) -> None:
        super().__init__(asking("Keys", "single letters rest while you type"), help_rows(keys))


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the palette: the reason is why it cannot be done now."""

    id: str
    words: str
    key: str
    reason: str


class Palette(Dialog[str | None]):
    """Every command by name: type to narrow, enter does it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", "down", show=False, priority=True),
        Binding("up", "move(-1)", "up", show=False, priority=True),
    ]

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__(
            asking("Commands", "type to narrow"), [("enter", "do it"), ("esc", "back")]
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
        """Do the command under the cursor."""
        event.stop()
        index = self.query_one(OptionList).highlighted
        if index is not None and index < len(self._fitting):
            self.dismiss(self._fitting[index].id)

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
        lines = [hanging(_line(one), width) for one in self._fitting]
        listing.add_options([Option(contents(line, paints)) for line in lines])
        listing.highlighted = 0 if self._fitting else None


def narrowed(commands: Sequence[Command], typed: str) -> tuple[Command, ...]:
    """Return the commands that have all typed words, those that can be done first."""
    words = typed.lower().split()
    fitting = [
        one for one in commands if all(word in f"{one.words} {one.id}".lower() for word in words)
    ]
    return tuple(sorted(fitting, key=lambda one: (bool(one.reason), _distance(one, words))))


def _distance(command: Command, words: Sequence[str]) -> int:
    """Return how far a command is from what was typed: what it is called counts before its help."""
    label = command.words.partition(":")[0].lower()
    typed = " ".join(words)
    named = (label.startswith(typed), all(word in label for word in words))
    return 0 if named[0] else 1 if named[1] else 2


def _line(command: Command) -> Row:
    role = "quiet" if command.reason else "text"
    return row(
        gap(3),
        Cell(fit(command.key, 8), "quiet" if command.reason else "key"),
        Cell(command.words, role),
        Cell(f"   {command.reason}" if command.reason else "", "quiet"),
    )
