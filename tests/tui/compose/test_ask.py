"""Questions: a hand answers them, a paste does not."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.screen import ModalScreen
from tui.compose.stage import Themed

from crisisroom.tui.compose.ask import TOO_FAST, Ask, Confirm, Line
from crisisroom.tui.compose.guard import QUIET
from crisisroom.tui.compose.said import line
from crisisroom.tui.widgets.hints import Hints


class Asking(Themed):
    """Asks one question and keeps the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 10.0
        self.answers: list[object] = []

    def ask(self, question: ModalScreen[Any]) -> None:
        """Open it."""
        self.push_screen(question, self.answers.append)

    def told(self) -> str:
        """What the line of keys says."""
        return self.screen.query_one(Hints).message

    def confirm(self) -> Confirm:
        """Return a question."""
        return Confirm(line("really?"), (line("it is public"),), lambda: self.seconds, verb="go")


async def test_yes_counts_after_a_silence_only() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.ask(app.confirm())
        await pilot.pause()
        await pilot.press("y")
        assert app.answers == []
        assert app.told() == TOO_FAST
        app.seconds += QUIET
        await pilot.press("y")
        assert app.answers == [True]


async def test_a_paste_that_comes_as_keys_does_not_answer() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.ask(app.confirm())
        await pilot.pause()
        app.seconds += 5
        await pilot.press("s", "o", "r", "r", "y", "y")
        assert app.answers == []


async def test_escape_and_n_say_no() -> None:
    for key in ("escape", "n"):
        app = Asking()
        async with app.run_test() as pilot:
            app.ask(app.confirm())
            await pilot.pause()
            await pilot.press(key)
            assert app.answers == [False]


async def test_a_line_is_answered_by_enter() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.ask(Ask(line("why?"), lambda: app.seconds))
        await pilot.pause()
        await pilot.press("n", "o")
        app.seconds += 1
        await pilot.press("enter")
        assert app.answers == ["no"]


async def test_an_unbracketed_newline_in_a_paste_does_not_answer() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.ask(Ask(line("why?"), lambda: app.seconds))
        await pilot.pause()
        await pilot.press("n", "o", "enter")
        assert app.answers == []
        assert app.told() == TOO_FAST


async def test_a_pasted_line_is_cleaned_and_waits_for_a_hand() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.ask(Ask(line("why?"), lambda: app.seconds))
        await pilot.pause()
        app.post_message(events.Paste("not\x1b all\r\nof them"))
        await pilot.pause()
        app.seconds += QUIET / 2
        await pilot.press("enter")
        assert app.answers == []
        assert app.screen.query_one(Line).value == "not all of them"
        app.seconds += QUIET
        await pilot.press("enter")
        assert app.answers == ["not all of them"]


async def test_an_empty_answer_is_refused_and_escape_gives_none() -> None:
    app = Asking()
    async with app.run_test() as pilot:
        app.ask(Ask(line("why?"), lambda: app.seconds))
        await pilot.pause()
        app.seconds += 1
        await pilot.press("enter")
        assert app.answers == []
        await pilot.press("escape")
        assert app.answers == [None]
