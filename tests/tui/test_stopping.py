"""One key stops all outgoing words from every screen; the lead lets them go, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from tui.bulk.night import speaking_room
from tui.night import by_handle, calm_room, screen
from tui.seeing import lines, see, text, until
from tui.test_acts import choose, write

from crisisroom.room import Actor, reading, stopping, triage
from crisisroom.tui.app import RoomApp
from crisisroom.tui.compose.editor import Editor
from crisisroom.tui.rows.story import line_word


async def command(pilot: Pilot[int], words: str) -> None:
    """Do something by its name."""
    await pilot.press("colon")
    await see(pilot, "type to narrow")
    await pilot.press(*words)
    await see(pilot, words)
    await pilot.press("enter")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_it_stops_first_and_asks_afterwards(tmp_path: Path, size: tuple[int, int]) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("ctrl+g")
            await see(pilot, "STOPPED: no words of ours go out   why?")
            halt = await stopping.stopped(room)
            assert halt is not None
            assert halt.by == "ada"
            await see(pilot, " STOPPED ada 03:34 ")
            await write(pilot, "KM-4 names the wrong day")
            await see(pilot, "no words of ours go out; `:` let words go again ends it")
            last = (await reading.timeline(room, "INC-1"))[-1]
            assert last.text == "why all outgoing words are stopped: KM-4 names the wrong day"
            await pilot.press("ctrl+g")
            await see(pilot, "stopped already, by ada 03:34")
            assert lines(app)[0].index("STOPPED") < 26


async def test_the_reason_may_be_left_open_and_no_key_takes_it_back(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("ctrl+g")
            await see(pilot, "why?")
            await pilot.press("escape")
            await see(pilot, "no words of ours go out; `:`")
            await pilot.press("z")
            await see(pilot, "a stop is not taken back by one key")
            assert await stopping.stopped(room) is not None


async def test_it_works_while_one_types_and_over_a_question(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        posts = await by_handle(room)
        await triage.link(room, "INC-1", [posts["mira.k"].id])
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("r")
            await until(pilot, lambda: app.screen.query(Editor) and app.focused is not None)
            before = app.screen.query_one(Editor).text
            await pilot.press("ctrl+g")
            await see(pilot, "why?")
            assert await stopping.stopped(room) is not None
            await pilot.press("escape")
            await see(pilot, "no words of ours go out")
            assert app.screen.query_one(Editor).text == before
            await until(pilot, lambda: " STOPPED ada 03:34 " in lines(app)[0])
            await stopping.resume(room, "it was a test")
            await pilot.press("ctrl+p")
            await see(pilot, "type to narrow")
            await pilot.press("ctrl+g")
            await see(pilot, "why?")


async def test_the_lead_lets_words_go_again_with_the_reason(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        await stopping.stop(room, "wrong day")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "STOPPED ada")
            await command(pilot, "let words go")
            await see(pilot, "stopped by ada 03:34: wrong day")
            await write(pilot, "")
            await see(pilot, "it needs some words")
            await write(pilot, "KM-4 is put right")
            await see(pilot, "words may go out again")
            assert await stopping.stopped(room) is None
            await until(pilot, lambda: "STOPPED" not in lines(app)[0])
            await pilot.press("z")
            await see(pilot, "ctrl+g stops all words again")


async def test_others_are_told_who_leads(tmp_path: Path) -> None:
    async with speaking_room(tmp_path, lead="bo") as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("ctrl+g")
            await see(pilot, "why?")
            await pilot.press("escape")
            await see(pilot, "Lead (bo) lets them go again")
            await until(pilot, lambda: "STOPPED" in lines(app)[0])
            await command(pilot, "let words go")
            await see(pilot, "only Lead (bo) of INC-1 may let words go out")
            assert await stopping.stopped(room) is not None


async def test_without_an_incident_it_stops_too(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("ctrl+g")
            await see(pilot, "STOPPED: no words of ours go out")
            assert await stopping.stopped(room) is not None
            await write(pilot, "the wrong plant")
            await command(pilot, "let words go")
            await see(pilot, "the wrong plant")
            await write(pilot, "calm again")
            await see(pilot, "words may go out again")
            await command(pilot, "let words go")
            await see(pilot, "nothing is stopped: words may go out")


async def test_an_incident_declared_after_the_stop_shows_it(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        await stopping.stop(room.as_actor(Actor("bo")))
        app = screen(room, keys={"stop": "ctrl+t"})
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, " STOPPED bo 03:34 ")
            await pilot.press("ctrl+g")
            await pilot.press("ctrl+t")
            await see(pilot, "stopped already, by bo 03:34")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("incident", [True, False])
async def test_the_stop_shows_on_every_screen(
    tmp_path: Path, size: tuple[int, int], incident: bool
) -> None:
    opened = speaking_room if incident else calm_room
    async with opened(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await see(pilot, "mira.k")
            await stopping.stop(room.as_actor(Actor("bo")), "the wrong day")
            for key in "12345":
                await pilot.press(key)
                await until(pilot, lambda: " STOPPED bo " in lines(app)[0])
            opened_by = {"outbox": "Outbox", "sources": "Sources", "keys": "keys and what they do"}
            for name, words in opened_by.items():
                await pilot.press("colon")
                await see(pilot, "type to narrow")
                await until(pilot, lambda: " STOPPED bo " in lines(app)[0])
                await pilot.press(*name, "enter")
                await see(pilot, words)
                await until(pilot, lambda: " STOPPED bo " in lines(app)[0])
                await pilot.press("escape")
                await until(pilot, lambda: app.screen is app.room_screen)
            await pilot.press("S")
            await see(pilot, "Sources")
            await stopping.resume(room, "it is put right")
            await until(pilot, lambda: "STOPPED" not in text(app))


# The line of a story.


async def line_of(app: RoomApp) -> dict[str, str]:
    """Return the lines that are set, by story."""
    state = await reading.incident(app.room, "INC-1")
    return {one.id: one.line for one in state.lines.values()}


async def test_the_lead_sets_the_line_of_a_story_and_takes_it_back(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("v")
            await see(pilot, "when is the refund")
            await pilot.press("L")
            await see(pilot, "How is N-1 answered?   now: answer all")
            await pilot.press("4")
            await see(pilot, "N-1: monitor")
            await write(pilot, "a hoax: answers spread it")
            await until(pilot, lambda: app.screen is app.room_screen)
            assert await line_of(app) == {"N-1": "monitor"}
            state = await reading.incident(room, "INC-1")
            assert line_word(state, "uid-N-1") == "monitor"
            assert line_word(state, "uid-N-2") == line_word(None, "uid-N-1") == ""
            await see(pilot, "N-1: monitor")
            await pilot.press("z")
            await see(pilot, "taken back: line of N-1")
            assert await line_of(app) == {}


async def test_a_line_for_all_others_and_none_again(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("L")  # on a post of N-1 in the flat list
            await choose(pilot, "for all stories")
            await see(pilot, "How are all other stories answered?")
            await choose(pilot, "questions only")
            await write(pilot, "there are too many")
            await see(pilot, "all other stories: questions only")
            assert await line_of(app) == {"": "questions"}
            await pilot.press("3", "L")
            await see(pilot, "now: questions only, ada 03:34")
            await choose(pilot, "no line")
            await see(pilot, "no line of its own any more")
            assert await line_of(app) == {}
            await pilot.press("z")
            await see(pilot, "taken back: line of all")
            assert await line_of(app) == {"": "questions"}


async def test_only_the_lead_sets_a_line(tmp_path: Path) -> None:
    async with speaking_room(tmp_path, lead="bo") as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("L")
            await see(pilot, "only Lead (bo) may say how a story is answered: ask bo")
            assert "How is" not in text(app)
