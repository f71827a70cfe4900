"""The review on the screen: sections, factors, actions, what should change; each act's way back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tui.after.after_night import after_room, opened, state
from tui.duty_night import choose, tell
from tui.night import screen
from tui.seeing import see, text, until

from crisisroom.room import Actor, Room, corrective, lifecycle, reviewing


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_it_tells_what_is_written_open_late_and_of_nobody(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with after_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await opened(pilot)
            await see(pilot, "2 of 7")
            await see(pilot, "4 open; a draft, due 5 working days after the end")
            shown = text(app)
            for row in ("✓ 03:34     ada     What happened", "• open              Thanks"):
                assert row in shown
            assert "◦ optional          What we said, and when" in shown
            await see(pilot, "It was seen at 03:10.")
            await pilot.press("G")
            await see(pilot, "the bank called us first")
            await see(pilot, "F-2, was luck, written down by ada")
            await pilot.press("tab")
            await see(pilot, "! 8 days late   bo")
            await see(pilot, "▸ 2026-12-24    bo")
            await see(pilot, "bo sees to it by 2026-11-14, 8 days late")
            await pilot.press("3")
            await see(pilot, "! 6 of 6       1 promised  nobody    charged twice")
            await see(pilot, "we promised (P-1, open): a call back")
            await see(pilot, "Nobody mends it.   + makes an action of it")
            await pilot.press("shift+tab", "shift+tab")
            await see(pilot, "Sections and questions")


async def test_an_empty_review_helps_to_begin(tmp_path: Path) -> None:
    async with after_room(tmp_path, written=False) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await opened(pilot)
            await see(pilot, "0 of 7")
            await see(pilot, "None yet.   + writes one down")
            await see(pilot, "What made it hard to see?")
            await see(pilot, "declared to first statement   pending")
            await pilot.press("2")
            await see(pilot, "None yet.   + adds one")
            for key in ("space", "x", "r", "o"):
                await pilot.press(key)
                await see(pilot, "nothing to open here" if key == "o" else "choose an action first")
            await pilot.press("question_mark")
            await see(pilot, "the whole review in $EDITOR")


async def test_a_section_is_written_taken_back_and_names_nobody(tmp_path: Path) -> None:
    async with after_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("j", "j", "enter")
            await see(pilot, "What had been noticed before")
            await pilot.press(*"abc", "escape")
            await see(pilot, "not saved: ctrl+s saves it, esc again throws it away")
            await tell(pilot, "ctrl+s", "  The team's fault: bo\nrang late.\n\n")
            await see(pilot, "1 section is written")
            written = (await state(room)).review["what-went-well"]
            assert written.words == "  The team's fault: bo\nrang late."
            await see(pilot, """says "team's fault": name the thing""")
            await pilot.press("z")
            await see(pilot, "taken back: writing in the review")
            assert (await state(room)).review["what-went-well"].words == ""
            await pilot.press("enter", "escape")
            await see(pilot, "esc room")


async def test_words_that_come_too_late_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with after_room(tmp_path) as room:
        for name in ("what-went-well", "what-did-not", "thanks", "question:2"):
            await reviewing.write(room, "INC-1", name, "words")
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await opened(pilot)
            await pilot.press("enter")
            await see(pilot, "ctrl+s save")
            await reviewing.move(room, "INC-1", "closed")
            await tell(pilot, "ctrl+s save", "typed at night")
            await see(pilot, "the review of INC-1 is closed   your words are in")
            (kept,) = (tmp_path / "state").rglob("INC-1-what-happened.md")
            assert (kept.read_text(), kept.stat().st_mode & 0o077) == ("typed at night", 0)


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ("put yours below", "Bo was here.\n\nmine"),
        ("put yours in place", "mine"),
        ("leave what bo", "Bo was here."),
        ("make one text", "Bo was here.\n\nmine"),
    ],
)
async def test_a_colleague_s_words_are_never_overwritten_unseen(
    tmp_path: Path, chosen: str, left: str
) -> None:
    async with after_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("enter")
            await see(pilot, "ctrl+s save")
            bo = room.as_actor(Actor("bo"))
            await reviewing.write(bo, "INC-1", "what-happened", "Bo was here.", replace=True)
            await tell(pilot, "ctrl+s save", "mine")
            await choose(pilot, "bo wrote under What happened meanwhile", "read what bo wrote")
            await see(pilot, "Bo was here.")
            await pilot.press("escape")
            await choose(pilot, "bo wrote under What happened meanwhile", chosen)
            if chosen.startswith("make"):
                await see(pilot, "bo's words, then yours")
                await pilot.press("ctrl+s")
            await see(pilot, "yours are in" if chosen.startswith("leave") else "1 section is")
            assert (await state(room)).review["what-happened"].words == left
            if not chosen.startswith("leave"):
                await pilot.press("z")
                await see(pilot, "taken back")
                assert (await state(room)).review["what-happened"].words == "Bo was here."


async def test_what_a_colleague_wrote_since_is_not_taken_back(tmp_path: Path) -> None:
    async with after_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("enter")
            await tell(pilot, "ctrl+s save", "mine")
            await see(pilot, "1 section is written")
            bo = room.as_actor(Actor("bo"))
            await reviewing.write(bo, "INC-1", "what-happened", "and bo's", add=True)
            await pilot.press("z")
            await see(pilot, "bo wrote there since: it stays as it is now")


async def test_factors_come_and_go(tmp_path: Path) -> None:
    async with after_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await opened(pilot)
            await pilot.press("plus")
            await choose(pilot, "of things, never of people", "went badly")
            await tell(pilot, "What was it?", "[b]nobody[/b] had the number")
            await see(pilot, "F-3 is written down")
            await see(pilot, "F-3, went badly, written down by ada")
            await pilot.press("x")
            await see(pilot, "F-3 is dropped")
            await pilot.press("z")
            await see(pilot, "taken back: dropping F-3")
            factors = (await state(room)).factors.values()
            assert [one.words for one in factors][-1] == "[b]nobody[/b] had the number"


async def test_a_suggestion_becomes_an_action_with_one_key(tmp_path: Path) -> None:
    async with after_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot, "3")
            await see(pilot, "6 complaints in 6 posts on")
            await pilot.press("plus")
            await see(pilot, "See that it does not happen again: charged twice")
            await pilot.press("enter")
            await choose(pilot, "Whose is it?", "bo")
            await tell(pilot, "By which day?", "soon")
            await tell(pilot, "a day is written", "7d")
            await choose(pilot, "What is it for?", "prevent")
            await see(pilot, "A-4: bo sees to it by 2026-11-29")
            made = (await state(room)).actions["A-4"]
            assert (made.narrative, made.kind, made.due) == ("N-1", "prevent", "2026-11-29")
            await see(pilot, "▸ 6 of 6")
            await until(pilot, lambda: "of nobody" not in text(app))
            await pilot.press("z")
            await see(pilot, "taken back: action A-4")
            assert (await state(room)).actions["A-4"].state == "dropped"
            await pilot.press("enter")
            await see(pilot, "story:N-1")


async def test_an_action_is_changed_done_and_opened_again(tmp_path: Path) -> None:
    async with after_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot, "2")
            await see(pilot, "bo sees to it by 2026-11-14")
            for field, answer, typed in (
                ("its day", "By which day?", "2027-01-15"),
                ("its ticket", "Its ticket?", "https://tickets.example/9"),
                ("what should change", "What should change?", "Two locks"),
            ):
                await pilot.press("enter")
                await choose(pilot, "Change A-1", field)
                await tell(pilot, answer, typed)
                await see(pilot, "A-1 is changed")
            await pilot.press("enter")
            await choose(pilot, "Change A-1", "the story")
            await choose(pilot, "Which story", "N-2")
            await until(pilot, lambda: "story   N-2" in text(app))
            await pilot.press("z")
            await see(pilot, "taken back: change of A-1")
            action = (await state(room)).actions["A-1"]
            assert (action.due, action.link, action.title, action.narrative) == (
                "2027-01-15", "https://tickets.example/9", "Two locks", "",
            )  # fmt: skip
            await pilot.press("space")
            await tell(pilot, "what came of it?", "it runs once")
            await see(pilot, "A-1 is done")
            await pilot.press("z")
            await see(pilot, "taken back: the end of A-1")
            await until(pilot, lambda: re.search("▸ .* A-1 ", text(app)))
            await pilot.press("x")
            await tell(pilot, "A-1 is not done", "the job is gone")
            await see(pilot, "A-1 is dropped")
            await until(pilot, lambda: "- dropped" in text(app))
            await pilot.press("r")
            await tell(pilot, "A-1 is open again", "")
            await pilot.press("z")
            await see(pilot, "taken back: reopening A-1")
            action = (await state(room)).actions["A-1"]
            assert (action.state, action.outcome) == ("dropped", "the job is gone")


async def test_actions_of_all_incidents_are_one_key_away(tmp_path: Path) -> None:
    async with after_room(tmp_path) as room:
        other = await second(room)
        app = screen(room, incident="INC-1")
        async with app.run_test(size=(120, 36)) as pilot:
            await opened(pilot)
            await pilot.press("i")
            await see(pilot, "2 shows the actions first")
            await pilot.press("2", "i")
            await see(pilot, "of all incidents, 3 open, 1 late")
            assert other in text(app)
            await pilot.press("i")
            await see(pilot, "of INC-1, 2 open, 1 late")


async def second(room: Room) -> str:
    """Add an incident with an action; return its id."""
    plan = (await state(room)).plan
    made = await lifecycle.declare(room, "Another", playbook=plan, severity="sev2")
    await corrective.add(room, made.incident.id, "Ask earlier", "ada", "2026-11-30")
    return made.incident.id


async def test_the_review_moves_on_and_is_shut_only_when_nothing_is_open(tmp_path: Path) -> None:
    async with after_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("s")
            await choose(pilot, "The review is", "closed")
            await see(pilot, "nothing is written yet under: What went well")
            for name in ("what-went-well", "what-did-not", "thanks", "question:2"):
                await reviewing.write(room, "INC-1", name, "words")
            await see(pilot, "6 of 7")
            await pilot.press("s")
            await choose(pilot, "The review is", "closed")
            await see(pilot, "the review is closed")
            await pilot.press("tab", "shift+tab")
            await see(pilot, "closed: nothing in it is changed")
            for key in ("enter", "plus", "e"):
                await pilot.press(key)
                await see(pilot, "s opens it again")
            await pilot.press("z")
            await see(pilot, "taken back: moving the review on")
            assert (await state(room)).review_state == "draft"
