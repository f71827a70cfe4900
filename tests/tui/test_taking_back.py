"""What `z` takes back, from whichever screen; and what says that it cannot be."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from tui.duty_night import choose, duty_room, now, on_row, tell
from tui.every import on_screen
from tui.night import night_room, screen
from tui.seeing import see, until

from crisisroom.room import Room, enquiries, reading, tasks, triage
from crisisroom.tui.app import RoomApp


async def _post(room: Room, post: str) -> tuple[str, str]:
    found = await reading.mention(room, post)
    return found.state, found.assignee


def _here(app: RoomApp) -> str:
    post = app.room_screen.feed.mention
    return post.id if post else ""


async def test_a_post_that_was_let_go_is_taken_again(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("a")
            await see(pilot, "mira.k is yours")
            app.perform("release", app.room_screen.context())
            await see(pilot, "mira.k is free again")
            await pilot.press("z")
            await see(pilot, "taken back: letting go of mira.k")
            assert await _post(room, _here(app)) == ("claimed", "ada")


async def test_what_was_taken_over_goes_back_to_who_had_it(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("j", "a")
            await see(pilot, "Take it over from bo?")
            await pilot.press("y")
            await see(pilot, "kettle_on is yours")
            await pilot.press("z")
            await see(pilot, "taken back: claim of kettle_on")
            assert await _post(room, _here(app)) == ("claimed", "bo")


async def test_a_post_that_was_given_goes_back_to_who_had_it(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("a")
            await see(pilot, "mira.k is yours")
            await pilot.press("A")
            await choose(pilot, "Who answers mira.k?", "cy")
            await see(pilot, "cy answers mira.k")
            await pilot.press("z")
            await see(pilot, "taken back: gift of mira.k")
            assert await _post(room, _here(app)) == ("claimed", "ada")


async def test_a_post_that_was_added_by_hand_is_set_aside(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("plus")
            await tell(pilot, "Where was it?", "")
            await see(pilot, "What was said?")
            await pilot.press(*"hi", "ctrl+s")
            await tell(pilot, "Who said it?", "pat")
            await see(pilot, "is in the feed")
            added = app.undo[-1].label.removeprefix("adding ")
            await until(pilot, lambda: app.screen is app.room_screen)
            await pilot.press("z")
            await see(pilot, f"taken back: adding {added}")
            assert (await _post(room, added))[0] == "dismissed"


async def test_a_task_and_a_question_of_nobody_are_nobodys_again(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        await enquiries.add(room, "INC-1", "media", "Daily", "why?")
        await tasks.unassign(room, "INC-1", "pause")
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Leak")
            for row, told in (("task:pause", "gift of"), ("enquiry:EQ-1", "gift of EQ-1")):
                await pilot.press("3")
                await on_row(pilot, row)
                await pilot.press("a")
                await see(pilot, "ada ")
                await until(pilot, lambda: app.undo)
                assert told in app.undo[-1].label
                await pilot.press("z")
                await see(pilot, f"taken back: {told}")
                await until(pilot, lambda: not app.undo)
            state = await now(room)
            assert (state.tasks["pause"].assignee, state.enquiries["EQ-1"].owner) == ("", "")


async def test_a_note_stays_and_says_so(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("x")
            await see(pilot, "mira.k: not relevant")
            await pilot.press("m")
            await tell(pilot, "Note", "phoned the bank")
            await see(pilot, "noted")
            await pilot.press("z")
            await see(pilot, "a note cannot be taken back")
            await pilot.press("z")
            await see(pilot, "taken back: dismissal of mira.k")


async def test_the_way_back_works_from_another_screen() -> None:
    async with on_screen("feed") as app:
        pilot: Pilot[int] = Pilot(app)
        await pilot.press("x")
        await see(pilot, "mira.k: not relevant")
        await pilot.press("b")
        await until(pilot, lambda: type(app.screen).__name__ == "BriefScreen")
        await pilot.press("z")
        await see(pilot, "taken back: dismissal of mira.k")
        assert type(app.screen).__name__ == "BriefScreen"
        assert (await _post(app.room, _here(app)))[0] == "new"


async def test_a_promise_written_on_its_own_screen_is_taken_back() -> None:
    async with on_screen("promises") as app:
        pilot: Pilot[int] = Pilot(app)
        await pilot.press("plus")
        await until(pilot, lambda: type(app.screen).__name__ in ("Pick", "Ask"))
        if type(app.screen).__name__ == "Pick":
            await pilot.press("enter")
        await tell(pilot, "What do we promise", "a call")
        await tell(pilot, "By when?", "")
        await see(pilot, "Who sees to it?")
        await pilot.press("enter")
        await tell(pilot, "Its ticket?", "")
        await until(pilot, lambda: app.undo and app.undo[-1].label.startswith("promise P-"))
        await until(pilot, lambda: type(app.screen).__name__ == "PromisesScreen")
        await pilot.press("z")
        await see(pilot, "taken back: promise P-")


async def test_nobody_unassigns_what_is_free(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        first = await tasks.unassign(room, "INC-1", "pause")
        again = await tasks.unassign(room, "INC-1", "pause")
        assert not again.changed
        assert first.incident.tasks["pause"].assignee == ""
        await tasks.assign(room, "INC-1", "pause", "bo")
        told = await tasks.unassign(room, "INC-1", "pause")
        assert told.entry.text.startswith("nobody's again: ")


async def test_a_claim_of_the_room_can_be_given_back(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        found = (await reading.mentions(room))[0]
        await triage.claim(room, found.id, take=True)
        assert (await triage.release(room, found.id)).state == "new"
