"""Questions that open over the room's lower lines: a line, some lines, yes or no, one of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from crisisroom.tui.keys.keyed import Keyed
from crisisroom.tui.rows import Cell, Row, gap, row
from crisisroom.tui.rows.hanging import hanging, hung
from crisisroom.tui.shown import contents, ours, painter
from crisisroom.tui.widgets.hints import Hints

T = TypeVar("T")
Check = Callable[[str], str]
"""Says what is wrong with an answer; an empty text when nothing is."""


class Dialog(Keyed[T], ModalScreen[T]):
    """What all questions share: a title, a body, the keys; escape leaves without an answer."""

    DEFAULT_CSS = """
    Dialog {
        background: transparent; align: left bottom; layout: vertical;
        &:ansi { background: transparent; }
        #dialog { height: auto; max-height: 80%; width: 1fr; padding: 1 1 1 1;
                  background: $background; }
        Static { height: auto; width: 1fr; background: $background; }
        Hints { dock: none; background: $background; }
        Input, TextArea, OptionList {
            border: none; padding: 0; background: $background; margin-left: 3; width: 1fr;
            &:focus { border: none; background-tint: transparent; }
        }
        Input { height: 1; background: $background; }
        TextArea { height: 6; }
        OptionList { height: auto; max-height: 60vh; scrollbar-size: 0 0; margin-left: 0; }
        OptionList > .option-list--option-highlighted { background: $cursor; color: $foreground; }
    }
    """

    def __init__(self, title: Row, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title_row = title
        self._keys = tuple(keys)

    def compose(self) -> ComposeResult:
        """Lay title, body and keys under each other."""
        with Vertical(id="dialog"):
            title = hanging(self._title_row, self.line_width)
            yield Static(contents(title, painter(self.app)), id="title")
            yield from self.body()
        yield Hints()

    def body(self) -> ComposeResult:
        """Yield what asks."""
        yield from ()

    @property
    def line_width(self) -> int:
        """Return how many cells wide a line of the body can be."""
        return max(20, self.app.size.width - 2)

    def on_mount(self) -> None:
        """Show the keys."""
        self.show_keys()

    def on_descendant_focus(self) -> None:
        """Show the key of help that works in what has the focus."""
        self.show_keys()

    def keys(self) -> list[tuple[str, str]]:
        """Return the keys that matter for the question."""
        return list(self._keys)

    def show_keys(self) -> None:
        """Show the keys; a message that nobody read yet stays."""
        self.query_one(Hints).show_keys(self.hinted(self.keys()), keep=True)

    def say(self, words: str) -> None:
        """Say what is wrong, on the line of keys."""
        self.query_one(Hints).say(ours(words, "warn", painter(self.app).palette))

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


def asking(title: str, rest: str = "") -> Row:
    """Return the title of a question."""
    return row(gap(3), Cell(title, "focus"), Cell(f"   {rest}" if rest else "", "quiet"))


class Ask(Dialog[str | None]):
    """One line of words; `check` refuses what will not do and says why."""

    place = "line"

    def __init__(self, title: Row, *, value: str = "", check: Check | None = None) -> None:
        super().__init__(title, [("enter", "done"), ("esc", "leave it")])
        self._value = value
        self._check = check

    def body(self) -> ComposeResult:
        """Yield the line."""
        line = Input(self._value, select_on_focus=False)
        line.cursor_blink = False
        yield line

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer, if nothing is wrong with it."""
        event.stop()
        text = event.value.strip()
        problem = self._check(text) if self._check else ""
        if problem:
            self.say(problem)
        else:
            self.dismiss(text)

    def on_input_changed(self) -> None:
        """Take a complaint away while it is mended."""
        self.query_one(Hints).clear()


class Write(Dialog[str | None]):
    """Some lines of words; ctrl+s is done."""

    place = "lines"

    def __init__(self, title: Row, *, value: str = "", check: Check | None = None) -> None:
        super().__init__(title, [("ctrl+s", "done"), ("esc", "leave it")])
        self._value = value
        self._check = check

    def body(self) -> ComposeResult:
        """Yield the lines."""
        area = TextArea(self._value, soft_wrap=True, show_line_numbers=False)
        area.cursor_blink = False
        yield area

    def action_done(self) -> None:
        """Answer, if nothing is wrong with it."""
        text = self.query_one(TextArea).text.strip()
        problem = self._check(text) if self._check else ""
        if problem:
            self.say(problem)
        else:
            self.dismiss(text)


class Confirm(Dialog[bool]):
    """Yes or no: `y` does it, anything that leaves does not."""

    place = "confirm"

    def __init__(self, title: Row, lines: Sequence[Row] = (), *, verb: str = "yes") -> None:
        super().__init__(title, [("y", verb), ("n", "no")])
        self._lines = lines

    def body(self) -> ComposeResult:
        """Yield what will happen."""
        if self._lines:
            yield Static(contents(hung(self._lines, self.line_width), painter(self.app)))

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(True)

    def action_leave(self) -> None:
        """Do not."""
        self.dismiss(False)


class Reader(Dialog[None]):
    """Lines to read; space pages."""

    place = "reader"
    DEFAULT_CSS = (
        "Reader { VerticalScroll { height: auto; max-height: 60vh; scrollbar-size: 0 0; } }"
    )

    def __init__(self, title: Row, lines: Sequence[Row]) -> None:
        super().__init__(title, [("esc", "back"), ("space", "page")])
        self._lines = lines

    def body(self) -> ComposeResult:
        """Yield the lines."""
        with VerticalScroll():
            yield Static(contents(hung(self._lines, self.line_width), painter(self.app)))

    def action_scroll(self, steps: int) -> None:
        """Scroll by so many lines."""
        self.query_one(VerticalScroll).scroll_relative(y=steps, animate=False)
