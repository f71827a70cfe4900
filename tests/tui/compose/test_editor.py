"""The editor: what gets in, what is underlined, where the cursor goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import events
from textual.app import ComposeResult
from textual.pilot import Pilot
from tui.compose.stage import Themed

from crisisroom.tui.compose.editor import Editor, Mark
from crisisroom.tui.compose.own_text import MOST


class Alone(Themed):
    """An editor and nothing else."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = text
        self.pasted: list[Editor.Pasted] = []

    def compose(self) -> ComposeResult:
        """Show it."""
        yield Editor(self._text, id="editor")

    def on_editor_pasted(self, message: Editor.Pasted) -> None:
        """Remember."""
        self.pasted.append(message)


@asynccontextmanager
async def editing(text: str = "") -> AsyncIterator[tuple[Alone, Editor, Pilot[None]]]:
    """Run an editor."""
    app = Alone(text)
    async with app.run_test(size=(60, 10)) as pilot:
        editor = app.query_one(Editor)
        editor.focus()
        await pilot.pause()
        yield app, editor, pilot


async def paste(app: Alone, pilot: Pilot[None], text: str) -> None:
    """Paste as a terminal does."""
    app.post_message(events.Paste(text))
    before = len(app.pasted)
    for _ in range(200):
        await pilot.pause()
        if len(app.pasted) > before:
            return
    raise AssertionError("the paste did not arrive")


async def test_a_pasted_escape_never_gets_in() -> None:
    async with editing() as (app, editor, pilot):
        await paste(app, pilot, "hi\x1b]52;c;c2VjcmV0\x07 there\r\nyou\x9b")
        assert editor.text == "hi]52;c;c2VjcmV0 there\nyou"
        assert app.pasted[0].dropped == 3


async def test_too_long_a_paste_is_left_out_whole() -> None:
    async with editing("kept") as (app, editor, pilot):
        await paste(app, pilot, "x" * 1_000_000)
        assert editor.text == "kept"
        assert app.pasted[0].refused == 1_000_000


async def test_a_paste_as_long_as_a_text_can_be_is_taken() -> None:
    async with editing() as (app, editor, pilot):
        await paste(app, pilot, "x" * MOST)
        assert len(editor.text) == MOST


async def test_a_line_feed_is_a_new_line() -> None:
    async with editing("ab") as (_, editor, pilot):
        await pilot.press("right", "ctrl+j")
        assert editor.text == "a\nb"
        assert editor.cursor_at == 2


async def test_marks_are_underlined_and_visited_in_turn() -> None:
    text = "We guarantee it\nby ‹day› or ‹hour›"
    async with editing(text) as (_, editor, pilot):
        forbidden = Mark(3, 12, "forbidden")
        day, hour = Mark(19, 24, "blank"), Mark(28, 34, "blank")
        editor.show_marks([hour, forbidden, day, Mark(0, 2, "free")])
        await pilot.pause()
        styles = [span.style for span in editor.get_line(0).spans]
        assert len(styles) == 2
        assert [editor.next_mark() for _ in range(4)] == [forbidden, day, hour, forbidden]
        assert editor.selected_text == "guarantee"


async def test_typing_over_a_selected_blank_fills_it() -> None:
    async with editing("by ‹day›.") as (_, editor, pilot):
        editor.show_marks([Mark(3, 8, "blank")])
        editor.next_mark()
        await pilot.press(*"Tue")
        assert editor.text == "by Tue."


async def test_without_problems_the_cursor_stays() -> None:
    async with editing("fine") as (_, editor, _pilot):
        editor.go_to(2)
        assert editor.next_mark() is None
        assert editor.cursor_at == 2


async def test_words_are_put_in_between_spaces() -> None:
    async with editing("one.three") as (_, editor, pilot):
        editor.go_to(4)
        editor.put("two")
        await pilot.pause()
        assert editor.text == "one. two three"
        assert editor.cursor_at == len("one. two ")


async def test_what_was_cut_here_is_pasted_clean() -> None:
    async with editing("x") as (app, editor, pilot):
        app.copy_to_clipboard("a\x1bb")
        await pilot.press("end", "ctrl+v")
        await pilot.pause()
        assert editor.text == "xab"
