"""The feed holds still while somebody reads, and follows when asked to."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.night import advance, by_handle, calm_room, empty_room, many, night_room, screen
from tui.seeing import lines, see, until

from crisisroom.core.mention import Mention
from crisisroom.room import Actor, triage


async def test_rows_stay_and_new_posts_are_counted(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        await triage.ingest(room, many(20))
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "rider19")
            before = lines(app)[6:22]
            await triage.ingest(room, many(7, first=20))
            await see(pilot, "7 newer   g shows them, F follows")
            assert lines(app)[6:22] == before
            await pilot.press("g")
            await see(pilot, "rider26")
            assert "39 posts, 39 free" in lines(app)[5]


async def test_follow_shows_the_newest_and_a_move_stops_it(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("F")
            await see(pilot, "follows the newest")
            await triage.ingest(room, many(20))
            await see(pilot, "rider19")
            await pilot.press("j")
            await triage.ingest(room, many(3, first=20))
            await see(pilot, "3 newer")
            assert not app.room_screen.feed.follows


async def test_a_key_is_not_taken_for_a_row_that_just_came(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("F")
            await see(pilot, "follows the newest")
            await triage.ingest(room, many(1))
            await see(pilot, "rider0")
            await pilot.press("a")
            await see(pilot, "the list just moved")
            advance(room, 1)
            await pilot.press("a")
            await see(pilot, "rider0 is yours")


async def test_first_posts_show_at_once(tmp_path: Path) -> None:
    async with empty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "This room is empty")
            await pilot.press("enter")
            await see(pilot, "No posts yet.")
            await triage.ingest(room, many(3))
            await see(pilot, "rider2")


async def test_what_a_colleague_does_shows_in_its_row(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            post = (await by_handle(room))["mira.k"]
            await triage.claim(room.as_actor(Actor("bo")), post.id)
            await see(pilot, "▸ 03:34  bsky  1.2k bo   mira.k")


async def test_who_was_slower_by_a_moment_is_asked_before_it_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crisisroom.tui.acts.posts._holder", lambda desk: "")  # not seen yet
    async with night_room(tmp_path) as room:
        app = screen(room)
        post = (await by_handle(room))["mira.k"]
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await triage.claim(room.as_actor(Actor("bo")), post.id)
            await pilot.press("a")
            await see(pilot, f"bo is on {post.id}: take it over?")
            await pilot.press("n")
            await see(pilot, f"bo is on {post.id}")
            await pilot.press("a")
            await see(pilot, "take it over?")
            await pilot.press("y")
            await see(pilot, "mira.k is yours")
        assert (await by_handle(room))["mira.k"].assignee == "ada"


async def test_long_lists_are_read_in_windows(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        await triage.ingest(room, many(3000))
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "rider2999")
            posts = app.room_screen.feed
            assert posts.count() == 3012
            await pilot.press("G")
            await see(pilot, "old_tram")
            assert posts.cursor == 3011
            for _ in range(60):
                await pilot.press("pageup")
            await until(pilot, lambda: posts.mention is not None)
            assert posts.window.held <= 4096
            here = posts.mention
            assert isinstance(here, Mention)
            assert here.number == 3012 - posts.cursor


async def test_next_unread_finds_what_is_not_held(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        posts = await by_handle(room)
        for handle, post in posts.items():
            if handle != "old_tram":
                await triage.dismiss(room, post.id)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("n")
            await until(pilot, lambda: app.room_screen.feed.cursor == 11)
            await pilot.press("n")
            await see(pilot, "no free post below")


async def test_filter_narrows_while_typing_and_escape_clears_it(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("slash", *_keys("is:private"))
            await until(pilot, lambda: app.room_screen.feed.count() == 1)
            await pilot.press("enter")
            await see(pilot, "only is:private")
            await pilot.press("escape")
            await see(pilot, "12 posts")


async def test_letters_rest_while_typing(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("slash", *"xqIa")
            await pilot.pause()
            assert app.room_screen.filter_line.value == "xqIa"
            assert (await by_handle(room))["mira.k"].state == "new"


def _keys(words: str) -> list[str]:
    """Return words as key presses."""
    return [{":": "colon", " ": "space", "-": "minus"}.get(sign, sign) for sign in words]


async def test_a_list_that_fits_grows_and_the_cursor_keeps_its_post(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await triage.ingest(room, many(1))
            await see(pilot, "rider0")
            chosen = app.room_screen.feed.mention
            assert chosen is not None
            assert chosen.author.handle == "mira.k"
