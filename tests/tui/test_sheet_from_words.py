"""The fact sheet above words that are being written: one key there, and back to the same words."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.duty_night import choose, duty_room, tell
from tui.night import night_room, screen
from tui.seeing import see, until

from crisisroom.room import reading
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.compose.reply import ReplyScreen
from crisisroom.tui.compose.statement import StatementScreen


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_from_a_reply_and_back_to_it(tmp_path: Path, size: tuple[int, int]) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("r")
            await until(pilot, lambda: isinstance(app.screen, ReplyScreen))
            reply = app.screen
            await until(pilot, lambda: isinstance(app.focused, Editor))
            await pilot.press(*"half a word")
            text = reply.query_one(Editor).text
            await pilot.press("ctrl+f")
            await choose(pilot, "What we know   3 of 6 known", "amount")
            await choose(pilot, "amount", "known")
            await until(pilot, lambda: app.screen.query("Input"))
            await tell(pilot, "it stays in the room", "49.00 each")
            await tell(pilot, "who says so?", "bank")
            await until(pilot, lambda: app.screen is reply)
            await see(pilot, "fact: amount: 49.00 each")
            assert "half a word" in text
            assert reply.query_one(Editor).text == text
            assert isinstance(app.focused, Editor)
            await pilot.press("s")
            assert reply.query_one(Editor).text != text, "one types on where one was"
            state = await reading.incident(room, "INC-1")
            assert state.facts["amount"].value == "49.00 each"


async def test_from_a_statement_and_back_by_escape(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("c")
            await choose(pilot, "Which statement?", "Update")
            await until(pilot, lambda: isinstance(app.screen, StatementScreen))
            await until(pilot, lambda: isinstance(app.focused, Editor))
            await pilot.press("ctrl+f")
            await see(pilot, "What we know   0 of 5 known")
            await pilot.press("ctrl+f")
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, StatementScreen))
            assert isinstance(app.focused, Editor)
