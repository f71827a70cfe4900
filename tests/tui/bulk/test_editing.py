"""The words for one person of many: typing is never lost, discarding is a key of its own."""

from __future__ import annotations

from pathlib import Path

from tui.bulk.hands import editing, go_to, listing, opened, row_of, send, state
from tui.bulk.night import speaking_room
from tui.night import advance, by_handle, screen
from tui.seeing import lines, see, until

from crisisroom.room import Actor, Room, drafting, triage
from crisisroom.tui.bulk.screen import BulkScreen
from crisisroom.tui.compose.editor import Editor


async def drafts(room: Room) -> list[str]:
    """Return what lies on disk."""
    return [one.text for one in await drafting.saved_drafts(room)]


async def test_leaving_keeps_what_was_typed(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            editor = await editing(pilot, app, "tomk")
            keys = lines(app)[-1]
            assert "esc keep as draft" in keys
            assert "ctrl+z undo" in keys
            assert "ctrl+r as approved" in keys
            await pilot.press(*" Soon")
            typed = editor.text
            assert " Soon" in typed
            await pilot.press("escape")
            await see(pilot, "your draft is kept, e goes on with it")
            assert await drafts(room) == [typed]
            assert "gets it, a draft waits" in row_of(app, "tomk")
            await go_to(pilot, app, "tomk")
            await see(pilot, "e your draft")
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.room_screen)
        app = screen(room)  # another day, another terminal
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("K")
            await see(pilot, "a draft waits")
            editor = await editing(pilot, app, "tomk")
            assert editor.text == typed
            await see(pilot, "Your words for this person   your draft")
            await pilot.press("ctrl+s")
            await see(pilot, "changed for this person; Legal decides first")
            await send(pilot, room)
            reply = next(x for x in (await state(room)).replies.values() if x.handle == "tomk")
            assert reply.text == typed
            await until(pilot, lambda: not app.screen_stack[-1].query(Editor))
            assert await drafts(room) == []


async def test_discarding_is_a_key_of_its_own_and_is_undone(tmp_path: Path) -> None:
    async with listing(tmp_path, (120, 36)) as (room, app, pilot):
        editor = await editing(pilot, app, "tomk")
        approved = editor.text
        await pilot.press("ctrl+r")
        await see(pilot, "it reads as it was approved")
        await pilot.press(*" Soon")
        typed = editor.text
        await pilot.press("ctrl+r")
        await see(pilot, "ctrl+z brings your words back")
        assert editor.text == approved
        await pilot.press("ctrl+z")
        await until(pilot, lambda: editor.text == typed)
        await pilot.press("ctrl+s")
        await see(pilot, "changed for this person")
        editor = await editing(pilot, app, "tomk")
        await pilot.press("ctrl+r", "escape")
        await see(pilot, "it reads as it was approved")
        assert await drafts(room) == []
        assert "gets it" in row_of(app, "tomk")
        assert "Legal" not in row_of(app, "tomk")


async def test_nothing_typed_is_no_draft(tmp_path: Path) -> None:
    async with listing(tmp_path) as (room, app, pilot):
        await editing(pilot, app, "tomk")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BulkScreen))
        assert await drafts(room) == []
        await editing(pilot, app, "tomk")
        await pilot.press("x", "backspace", "escape")
        await until(pilot, lambda: isinstance(app.screen, BulkScreen))
        await until(pilot, lambda: "draft" not in row_of(app, "tomk"))
        assert await drafts(room) == []


async def test_a_dropped_line_keeps_it_too(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            editor = await editing(pilot, app, "tomk")
            await pilot.press(*" Soon")
            typed = editor.text
            app.end(1)
        assert await drafts(room) == [typed]


async def test_words_for_somebody_a_colleague_took_are_kept(tmp_path: Path) -> None:
    async with speaking_room(tmp_path) as room:
        posts = await by_handle(room)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            shown = app.screen
            assert isinstance(shown, BulkScreen)
            editor = await editing(pilot, app, "tomk")
            await pilot.press(*" Soon")
            typed = editor.text
            await triage.claim(room.as_actor(Actor("bo")), posts["tomk"].id)
            await until(pilot, lambda: shown.told and len(shown.told.now) == 3)
            await pilot.press("ctrl+s")
            await see(pilot, "they get none now: bo is on it; your words are kept as a draft")
            assert await drafts(room) == [typed]


async def test_what_was_changed_outlives_the_list(tmp_path: Path) -> None:
    async with listing(tmp_path) as (room, app, pilot):
        await editing(pilot, app, "tomk")
        await pilot.press(*" Soon")
        await pilot.press("ctrl+s")
        await see(pilot, "changed for this person")
        advance(room, 1)
        await pilot.press("escape")
        await see(pilot, "your words are kept as drafts")
        await pilot.press("K")
        await see(pilot, "They get")
        await see(pilot, "a draft waits")
