"""Where words are written: a text area that marks problems and lets no control character in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import ClassVar, Literal

import msgspec
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from crisisroom.tui.compose.own_text import MOST, own_text
from crisisroom.tui.compose.said import count

MarkKind = Literal["blank", "forbidden", "asked", "free", "cut"]
UNASKED: tuple[MarkKind, ...] = ("free", "cut")
"""Marks that are no problems: nothing to walk to."""

_JOINERS = "\u200c\u200d"  # typed in Persian and inside emoji; Textual drops them as unprintable


class Mark(msgspec.Struct, frozen=True):
    """A stretch of the text to underline, in character offsets."""

    start: int
    end: int
    kind: MarkKind


class Editor(TextArea):
    """Edits one text; `show_marks` underlines, pasted control characters never get in."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "editor--blank",
        "editor--forbidden",
        "editor--asked",
        "editor--free",
        "editor--cut",
    }
    DEFAULT_CSS = """
    Editor {
        border: none; padding: 0; background: $background; scrollbar-size: 0 0;
        &:focus { border: none; }
        .editor--blank { color: $warning; text-style: underline; }
        .editor--forbidden { color: $error; text-style: bold underline; }
        .editor--asked { color: $warning; text-style: underline; }
        .editor--free { text-style: underline; }
        .editor--cut { background: $chip; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j", "new_line", show=False),  # a line feed is a new line, never an act
    ]

    class Typed(Message):
        """A key was pressed."""

    class Pasted(Message):
        """Something was pasted: `dropped` control characters were left out of it."""

        def __init__(self, dropped: int, refused: int = 0) -> None:
            super().__init__()
            self.dropped = dropped
            self.refused = refused  # characters of a paste that was too long to take

        @property
        def told(self) -> str:
            """Say what was left out, empty where all of it was taken."""
            if self.refused:
                many = count(self.refused, "character")
                return many + " are more than a text can have: nothing was pasted"
            if self.dropped:
                return count(self.dropped, "control character") + " left out of what you pasted"
            return ""

    def __init__(
        self, text: str = "", *, id: str | None = None, wary: Callable[[], None] | None = None
    ) -> None:
        """Begin with a text; `wary` is called at each paste before anything of it is to be seen."""
        super().__init__(own_text(text)[0], id=id, highlight_cursor_line=False)
        self._wary = wary
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self._marks: tuple[Mark, ...] = ()

    def show_marks(self, marks: Iterable[Mark]) -> None:
        """Underline these stretches from now on."""
        fresh = tuple(sorted(marks, key=lambda mark: (mark.start, mark.end)))
        if fresh != self._marks:
            self._marks = fresh
            self.notify_style_update()  # drops the rendered lines
            self.refresh()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The stretches that are underlined now, in order."""
        return self._marks

    def next_mark(self) -> Mark | None:
        """Move the selection to the next marked problem after the cursor, round to the first."""
        problems = [mark for mark in self._marks if mark.kind not in UNASKED]
        if not problems:
            return None
        here = self.cursor_at
        after = (mark for mark in problems if mark.start > here or (mark.end > here))
        mark = next((mark for mark in after if mark.end != here), problems[0])
        self.select(mark.start, mark.end)
        return mark

    def select(self, start: int, end: int) -> None:
        """Select a stretch, cursor at its end."""
        self.move_cursor(self._location(start))
        self.move_cursor(self._location(end), select=True)

    @property
    def cursor_at(self) -> int:
        """The cursor as a character offset in `text`."""
        row, column = self.cursor_location
        return self._starts()[row] + column

    def go_to(self, offset: int) -> None:
        """Put the cursor at a character offset, or at the end when the text is shorter."""
        self.move_cursor(self._location(min(max(offset, 0), len(self.text))))

    def fill(self, words: str, cursor: int) -> None:
        """Put other words in place of all that stands here; undoing brings it back."""
        self.replace(own_text(words)[0], (0, 0), self.document.end)
        self.go_to(cursor)

    def put(self, words: str) -> None:
        """Insert words at the cursor, parted from what stands around them by a space."""
        text, (start, end) = self.text, sorted(map(self._offset, self.selection))
        before = "" if start == 0 or text[start - 1].isspace() else " "
        after = "" if end == len(text) or text[end].isspace() else " "
        self._insert(before + words + after)

    def get_line(self, line_index: int) -> Text:
        """Return one line with its marks."""
        line = super().get_line(line_index)
        start = self._starts()[line_index]
        for mark in self._marks:
            if mark.start < start + len(line) and mark.end > start:
                style = self.get_component_rich_style("editor--" + mark.kind, partial=True)
                line.stylize(style, max(mark.start - start, 0), mark.end - start)
        return line

    def action_new_line(self) -> None:
        """Start a new line at the cursor."""
        self._insert("\n")

    def action_paste(self) -> None:
        """Insert what was copied in this program."""
        self._take(self.app.clipboard)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()  # the base class would insert it as it is
        event.stop()
        self._take(event.text)

    async def _on_key(self, event: events.Key) -> None:
        self.post_message(self.Typed())
        if event.character is not None and event.character in _JOINERS:
            event.prevent_default()
            event.stop()
            self._insert(event.character)

    def _take(self, pasted: str) -> None:
        if self._wary:
            self._wary()
        if len(pasted) + len(self.text) > MOST:
            self.post_message(self.Pasted(0, refused=len(pasted)))
            return
        words, dropped = own_text(pasted)
        self._insert(words)
        self.post_message(self.Pasted(dropped))

    def _insert(self, words: str) -> None:
        self.replace(words, *sorted(self.selection), maintain_selection_offset=False)
        self.scroll_cursor_visible()

    def _starts(self) -> list[int]:
        lines = self.document.lines
        return list(accumulate((len(line) + 1 for line in lines), initial=0))

    def _offset(self, location: tuple[int, int]) -> int:
        return self._starts()[location[0]] + location[1]

    def _location(self, offset: int) -> tuple[int, int]:
        starts = self._starts()
        row = max(index for index, start in enumerate(starts[:-1]) if start <= offset)
        return row, offset - starts[row]
