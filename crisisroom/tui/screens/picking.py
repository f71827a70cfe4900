"""One of a list: by cursor, by its number, or by a few letters of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from crisisroom.tui.rows import Cell, Row, cell_len
from crisisroom.tui.rows.hanging import two_columns
from crisisroom.tui.screens.dialogs import Dialog
from crisisroom.tui.shown import contents, painter

NUMBERED = 9  # choices that one digit chooses


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a list: what it is called inside, its name, and more about it in quiet."""

    id: str
    name: str
    rest: str = ""


class Pick(Dialog[str | None]):
    """One of a list; digits choose the first nine, `/` narrows a long one."""

    place = "choose"

    def __init__(
        self, title: Row, choices: Sequence[Choice], *, chosen: str = "", verb: str = "choose"
    ) -> None:
        narrow = [("/", "narrow")] if len(choices) > NUMBERED else []
        super().__init__(title, [("enter", verb), ("1-9", "at once"), *narrow, ("esc", "leave it")])
        self._choices = tuple(choices)
        self._fitting = self._choices
        self._chosen = chosen

    def body(self) -> ComposeResult:
        """Yield the list."""
        yield OptionList(*self._options(), markup=False)

    def on_mount(self) -> None:
        """Begin at what is chosen now."""
        super().on_mount()
        ids = [choice.id for choice in self._choices]
        self._listing.highlighted = ids.index(self._chosen) if self._chosen in ids else 0
        self._listing.focus()

    @property
    def _listing(self) -> OptionList:
        return self.query_one(OptionList)

    def _options(self) -> list[Option]:
        paints, width = painter(self.app), self.line_width
        longest = (
            max((cell_len(one.name) for one in self._choices), default=0),
            max((cell_len(one.rest) for one in self._choices), default=0),
        )
        return [
            Option(contents(_numbered(at, one, longest, width), paints))
            for at, one in enumerate(self._fitting)
        ]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer with the row."""
        event.stop()
        self._take(event.option_index)

    def on_key(self, event: events.Key) -> None:
        """Choose one of the first nine at once."""
        if self.focused is self._listing and event.key.isdecimal() and event.key != "0":
            event.stop()
            self._take(int(event.key) - 1)

    def _take(self, index: int) -> None:
        if index < len(self._fitting):
            self.dismiss(self._fitting[index].id)

    def action_move(self, steps: int) -> None:
        """Move the cursor as in every other list."""
        if steps > 0:
            self._listing.action_cursor_down()
        else:
            self._listing.action_cursor_up()

    def action_edge(self, first: bool) -> None:
        """Go to the first line of the list, or the last."""
        if first:
            self._listing.action_first()
        else:
            self._listing.action_last()

    async def action_narrow(self) -> None:
        """Open a line above the list: only what has all its words stays."""
        if not self.query(Input):
            line = Input()
            line.cursor_blink = False
            await self.query_one("#dialog", Vertical).mount(line, before=self._listing)
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        words = event.value.lower().split()
        self._fitting = tuple(
            one
            for one in self._choices
            if all(word in f"{one.name} {one.rest}".lower() for word in words)
        )
        self._listing.clear_options()
        self._listing.add_options(self._options())
        self._listing.highlighted = 0 if self._fitting else None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the row under the cursor."""
        event.stop()
        if self._listing.highlighted is not None:
            self._take(self._listing.highlighted)


def _numbered(number: int, choice: Choice, longest: tuple[int, int], width: int) -> list[Row]:
    head = Cell(f" {number + 1 if number < NUMBERED else ' '} ", "quiet")
    return two_columns(head, Cell(choice.name), Cell(choice.rest, "quiet"), width, longest)
