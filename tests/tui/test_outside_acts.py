"""Questions from outside: written down, given, answered, taken back."""

from __future__ import annotations

from pathlib import Path

from tui.duty_night import choose, duty_room, now, tell
from tui.night import screen
from tui.seeing import see, until

from crisisroom.room import enquiries

ASKED = "enquiry:EQ-1"


async def test_a_question_is_written_down_given_and_answered(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("E")
            await choose(pilot, "Who asks?", "a journalist")
            await tell(pilot, "which outlet or office?", "")
            await tell(pilot, "it needs some words", "Evening [red]Post[/red]")
            await tell(pilot, "their name", "N. Jones")
            await tell(pilot, "how do we get back", "+44 0")
            await tell(pilot, "what do they ask?", "Since when [b]did[/b] you know?")
            await tell(pilot, "until when", "yesterday")
            await tell(pilot, "write it as", "+45m")
            await see(pilot, "EQ-1 is on the list")
            await see(pilot, "• 04:05   free EQ-1 Evening [red]Post[/red]: Since when [b]did[/b]")
            await until(pilot, lambda: app.room_screen.tasks.chosen == ASKED)
            await pilot.press("enter")
            await see(pilot, "asked by: N. Jones, +44 0")
            await see(pilot, "needed by: 04:05")
            await see(pilot, "answers: nobody yet")
            await pilot.press("escape", "A")
            await choose(pilot, "Who answers Evening", "bo")
            await see(pilot, "bo answers Evening [red]Post[/red]")
            await pilot.press("a")
            await see(pilot, "ada answers Evening [red]Post[/red]")
            await see(pilot, "▸ 04:05   ada")
            await pilot.press("a")
            await see(pilot, "take: it is yours already")
            await pilot.press("z")
            await see(pilot, "taken back: gift of EQ-1")
            assert (await now(room)).enquiries["EQ-1"].owner == "bo"
            await pilot.press("space")
            await tell(pilot, "what were they told?", "")
            await tell(pilot, "it needs some words", "-2m the holding text, by phone")
            await see(pilot, "EQ-1 is answered")
            asked = (await now(room)).enquiries["EQ-1"]
            assert (asked.state, asked.answer) == ("answered", "the holding text, by phone")


async def test_a_question_written_down_by_mistake_is_taken_back(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        await enquiries.add(room, "INC-1", "media", "Daily", "why?")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            await pilot.press("E")
            await choose(pilot, "Who asks?", "an authority")
            for question, typed in (
                ("which outlet", "Police"),
                ("their name", ""),
                ("get back", ""),
                ("what do they ask", "who?"),
                ("until when", ""),
            ):
                await tell(pilot, question, typed)
            await see(pilot, "EQ-2 is on the list")
            await pilot.press("z")
            await see(pilot, "taken back: question EQ-2")
            assert (await now(room)).enquiries["EQ-2"].state == "closed"
