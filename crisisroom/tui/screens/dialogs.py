"""Questions that open over the room's lower lines: a line, some lines, yes or no, one of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from crisisroom.tui.rows import Cell, Row, cell_len, gap, row
from crisisroom.tui.rows.hanging import hanging, hung, two_columns
from crisisroom.tui.shown import contents, ours, painter
from crisisroom.tui.widgets.hints import Hints

T = TypeVar("T")
Check = Callable[[str], str]
"""Says what is wrong with an answer; an empty text when nothing is."""

LEAVE: list[BindingType] = [Binding("escape", "leave", "cancel", show=False)]


class Dialog(ModalScreen[T]):
    """What all questions share: a title, a body, the keys; escape leaves without an answer."""

    BINDINGS: ClassVar[list[BindingType]] = LEAVE
    DEFAULT_CSS = """
    Dialog {
        background: transparent; align: left bottom; layout: vertical;
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
        self.query_one(Hints).show_keys(self._keys)

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

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "done", "done", show=False)]

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

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", "yes", show=False),
        Binding("n,q", "leave", "no", show=False),
    ]

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


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a list: what it is called inside, its name, and more about it in quiet."""

    id: str
    name: str
    rest: str = ""


class Pick(Dialog[str | None]):
    """One of a short list; digits choose the first nine."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)", "down", show=False),
        Binding("k", "move(-1)", "up", show=False),
        Binding("g", "edge(True)", "first", show=False),
        Binding("G", "edge(False)", "last", show=False),
        Binding("q", "leave", "leave", show=False),
    ]

    def __init__(
        self, title: Row, choices: Sequence[Choice], *, chosen: str = "", verb: str = "choose"
    ) -> None:
        super().__init__(title, [("enter", verb), ("1-9", "at once"), ("esc", "leave it")])
        self._choices = tuple(choices)
        self._chosen = chosen

    def body(self) -> ComposeResult:
        """Yield the list."""
        paints = painter(self.app)
        longest = (
            max((cell_len(one.name) for one in self._choices), default=0),
            max((cell_len(one.rest) for one in self._choices), default=0),
        )
        options = [
            Option(contents(_numbered(at, one, longest, self.line_width), paints), id=f"c{at}")
            for at, one in enumerate(self._choices)
        ]
        yield OptionList(*options, markup=False)

    def on_mount(self) -> None:
        """Begin at what is chosen now."""
        super().on_mount()
        ids = [choice.id for choice in self._choices]
        listing = self.query_one(OptionList)
        listing.highlighted = ids.index(self._chosen) if self._chosen in ids else 0
        listing.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer with the row."""
        event.stop()
        self.dismiss(self._choices[event.option_index].id)

    def on_key(self, event: events.Key) -> None:
        """Choose one of the first nine at once."""
        if event.key.isdecimal() and 0 < int(event.key) <= len(self._choices):
            event.stop()
            self.dismiss(self._choices[int(event.key) - 1].id)

    def action_move(self, steps: int) -> None:
        """Move the cursor as in every other list."""
        listing = self.query_one(OptionList)
        if steps > 0:
            listing.action_cursor_down()
        else:
            listing.action_cursor_up()

    def action_edge(self, first: bool) -> None:
        """Go to the first line of the list, or the last."""
        listing = self.query_one(OptionList)
        if first:
            listing.action_first()
        else:
            listing.action_last()


def _numbered(number: int, choice: Choice, longest: tuple[int, int], width: int) -> list[Row]:
    head = Cell(f" {number + 1 if number < 9 else ' '} ", "quiet")
    return two_columns(head, Cell(choice.name), Cell(choice.rest, "quiet"), width, longest)


class Reader(Dialog[None]):
    """Lines to read; space pages."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll(1)", "down", show=False),
        Binding("k,up", "scroll(-1)", "up", show=False),
        Binding("space,pagedown", "scroll(10)", "page", show=False),
        Binding("pageup", "scroll(-10)", "page up", show=False),
        Binding("q,enter,question_mark", "leave", "back", show=False),
    ]
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
