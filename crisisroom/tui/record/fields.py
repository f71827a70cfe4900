"""A question of several lines at once: each with its name; tab and enter go on, ctrl+s is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from crisisroom.tui.rows import Cell, Row, fit, gap, row
from crisisroom.tui.screens.dialogs import Check, Dialog
from crisisroom.tui.shown import content, painter
from crisisroom.tui.widgets.hints import Hints

_NAMES = 13  # cells of the names at the left


@dataclass(frozen=True, slots=True)
class Field:
    """One line that is asked for; `hint` stands in it while it is empty."""

    id: str
    name: str
    check: Check
    hint: str = ""
    value: str = ""


class Fields(Dialog[dict[str, str] | None]):
    """Some lines; answers with what was typed, by the ids of the fields."""

    place = "fields"

    DEFAULT_CSS = """
    Fields {
        Horizontal { height: 1; width: 1fr; }
        Horizontal Static { width: auto; }
        Horizontal Input { margin-left: 0; }
        Input > .input--placeholder { color: $quiet; }
    }
    """

    def __init__(self, title: Row, fields: Sequence[Field]) -> None:
        super().__init__(title, [("enter", "next line"), ("ctrl+s", "done"), ("esc", "leave it")])
        self._fields = tuple(fields)
        self._refused: list[str] = []  # what was typed when it was last complained of

    def body(self) -> ComposeResult:
        """Yield a line for each field."""
        for number, field in enumerate(self._fields):
            name = row(gap(3), Cell(fit(field.name, _NAMES), "quiet"))
            line = Input(
                field.value, placeholder=field.hint, id=f"field-{number}", select_on_focus=False
            )
            line.cursor_blink = False
            with Horizontal():
                yield Static(content(name, painter(self.app)))
                yield line

    def on_mount(self) -> None:
        """Begin at the first line."""
        super().on_mount()
        self._line(0).focus()

    def _typed(self) -> list[str]:
        return [self._line(number).value.strip() for number in range(len(self._fields))]

    def _line(self, number: int) -> Input:
        return self.query_one(f"#field-{number}", Input)

    @property
    def _place(self) -> int:
        lines = [self._line(number) for number in range(len(self._fields))]
        return next((at for at, line in enumerate(lines) if line is self.focused), 0)

    def action_go(self, step: int) -> None:
        """Go to the next line, or the one before."""
        self._line((self._place + step) % len(self._fields)).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on; behind the last line it is done."""
        event.stop()
        if self._place + 1 < len(self._fields):
            self.action_go(1)
        else:
            self.action_done()

    def on_input_changed(self) -> None:
        """Take a complaint away while it is mended."""
        if self._typed() != self._refused:
            self.query_one(Hints).clear()

    def action_done(self) -> None:
        """Answer, if nothing is wrong with any line; else go to the first that is."""
        typed = self._typed()
        for number, (field, words) in enumerate(zip(self._fields, typed, strict=True)):
            if problem := field.check(words):
                self._refused = typed
                self._line(number).focus()
                self.say(f"{field.name}: {problem}")
                return
        self.dismiss({field.id: words for field, words in zip(self._fields, typed, strict=True)})
