"""The room as a person sees it: the same night at two sizes, and its other faces."""

from __future__ import annotations

from pathlib import Path

import pytest
from tui.duty_night import duty_room
from tui.night import calm_room, empty_room, night_room, screen
from tui.over_key import over_key
from tui.seeing import lines, see, text, until

from crisisroom.room import lifecycle
from crisisroom.tui.app import RoomApp


async def test_status_names_what_is_most_urgent(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Double charge")
            first, second, *_ = lines(app)
    assert first.startswith("  SEV1       INC-1 Double charge   25m  ada bo cy dee")
    assert first.endswith("5 sources ok  03:35")
    assert second.startswith("  in 5m      public update  update 5m")
    assert "approval 10m" in second
    assert "task 5m" in second


async def test_feed_has_its_columns_at_80(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            shown = lines(app)
    assert shown[3] == "  1 Feed 7   2 Thread   3 Tasks 9   4 Timeline   5 Words 1"
    assert shown[5] == "    12 posts, 7 free   newest first"
    row = next(line for line in shown if "@pat" in line)
    assert row[2] == "▸"
    assert row[4:10] == "03:21!"
    assert row[11:16] == "masto"
    assert row[17:21] == "2.1k"
    assert row[22:25] == "ada"
    assert row[27:31] == "@pat"
    assert row[37:].startswith("You charged my card TWICE")
    assert shown[23].startswith(" enter thread   r reply   o open   x not relevant   n next")


async def test_wide_screen_shows_four_panes(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "2 Thread  bsky")
            shown = lines(app)
    assert shown[3].startswith("  3 Tasks  4 of 13   1 mine, 1 free")
    assert shown[3][46:] == "1 Feed  12 posts, 7 free   newest first"
    assert shown[15].startswith("  4 Timeline")
    assert shown[21][46:].startswith("2 Thread  bsky   1.2k reach")
    assert shown[0].endswith("5 sources ok   03:35 CET")


async def test_wide_screen_of_160_widens_the_left_column(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(160, 48)) as pilot:
            await see(pilot, "Checked again")
            shown = lines(app)
    assert shown[3][58:].startswith("1 Feed")
    assert "Publish the holding text" in text_of(shown)


def text_of(shown: list[str]) -> str:
    return "\n".join(shown)


async def test_thread_keeps_strangers_behind_a_bar(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("slash", "r", "e", "n", "t", "space", "g", "o", "enter")
            await until(pilot, lambda: app.room_screen.feed.count() == 1)
            await pilot.press("enter")
            await see(pilot, "2 answers")
            shown = lines(app)
    theirs = [line for line in shown if "rent goes out" in line or "second charge" in line]
    assert theirs
    assert all(line[2] == "│" for line in theirs)
    assert any(line.startswith("  ▸ ada is on it") for line in shown)
    assert any("KM-2" in line and "apology" in line for line in shown)


async def test_tasks_say_when_who_and_what_they_need(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("3")
            await see(pilot, "Respond")
            shown = lines(app)
    assert "  ✓ Assess   3 of 3 by 03:19" in shown
    held = next(line for line in shown if "Publish the holding text" in line)
    assert held.startswith(" ▌▸ in 5m   ada  Publish the holding text")
    assert any("◦ waits   cy   Write to customers" in line for line in shown)
    assert any(line.endswith("for fact: affected") for line in shown)
    assert any("• 03:55   free Decide: tell regulator?" in line for line in shown)


async def test_timeline_parts_what_is_to_come_from_what_was(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("4")
            await see(pilot, "now  ─")
            shown = lines(app)
    now = next(index for index, line in enumerate(shown) if "03:35   now  ───" in line)
    assert "public update" in shown[now - 1] + shown[now - 2]
    assert shown[now + 1].startswith(" ▌  03:34   ada  phoned dee, no answer")
    assert any("! 03:31   ada  raised SEV2 to SEV1: press asks" in line for line in shown)
    assert any("bo   moved hana to private" in line for line in shown)


async def test_words_shows_facts_and_statements(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("5")
            await see(pilot, "3 known, 1 checking, 2 unknown")
            shown = text(app)
    assert "✓ since       02:40, stopped 03:19" in shown
    assert "▸ affected    eli checks" in shown
    assert "ST-1 holding v1, waits for approval" in shown
    assert "0 of 2 approved" in shown


async def test_room_without_incident_watches(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            shown = lines(app)
    assert shown[0].startswith("  WATCH      no incident")
    assert "I declare" in shown[23]


async def test_first_run_offers_three_ways(tmp_path: Path) -> None:
    async with empty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "This room is empty")
            shown = text(app)
            await pilot.press("enter")
            await see(pilot, "No posts yet.")
    for words in ("Watch a crisis first", "Set up this room", "Open it anyway", "Found here"):
        assert words in shown


async def test_first_run_demo_is_played_after_the_screen(tmp_path: Path) -> None:
    async with empty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "This room is empty")
            await pilot.press("d")
            await pilot.pause()
    assert app.after_end == "demo"


async def test_over_an_ssh_key_an_empty_room_is_only_opened(tmp_path: Path) -> None:
    async with empty_room(tmp_path) as room:
        app = screen(await over_key(room))
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "This room is empty")
            shown = text(app)
            await pilot.press("d", "i")
            await pilot.press("enter")
            await see(pilot, "No posts yet.")
    assert "Watch a crisis first" not in shown
    assert "Set up this room" not in shown
    assert app.after_end == ""


async def test_small_terminal_names_the_way_out(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(39, 12)) as pilot:
            await see(pilot, "crisisroom status")


async def test_ascii_shows_nothing_else(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room, ascii_only=True)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "Checked again")
            assert text(app).isascii()
            await pilot.press("question_mark")
            await see(pilot, "Every post that was heard")
            assert text(app).isascii()


async def test_drill_is_marked(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room, drill_note="drill")
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "DRILL")
            assert lines(app)[0].startswith("  DRILL      INC-1")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_end_of_a_drill_is_said_in_every_view(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room, drill_note="drill")
        async with app.run_test(size=size) as pilot:
            await see(pilot, "mira.k")
            assert "the drill is over" not in lines(app)[-1]
            await lifecycle.resolve(room, "INC-1", "all paid back")
            await see(pilot, "the drill is over")
            for key in "12345":
                await pilot.press(key)
                assert lines(app)[-1].startswith(" Q the drill is over: scorecard and export")
            assert "resolved" in lines(app)[0]


async def test_how_an_incident_stands_is_clear_of_the_people(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        await lifecycle.resolve(room, "INC-1", "all paid back")
        app = screen(room, incident="INC-1")
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, " resolved ada bo")
            assert "the drill is over" not in lines(app)[-1]


@pytest.mark.parametrize("size", [(80, 24), (119, 40), (120, 36), (160, 48), (60, 16), (200, 50)])
async def test_no_line_is_wider_than_the_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await see(pilot, "INC-1")
            for key in "12345":
                await pilot.press(key)
                await pilot.pause()
                strips = app.screen._compositor.render_strips()
                assert {strip.cell_length for strip in strips} == {size[0]}


async def test_light_and_dark_change_places(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app: RoomApp = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            app.turn_light()
            await pilot.pause()
            assert app.palette.name == "light"
            await until(pilot, lambda: "mira.k" in text(app))


async def test_the_mouse_chooses_tabs_and_rows(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.click(offset=(20, 9))
            await until(pilot, lambda: app.room_screen.feed.cursor == 3)
            await pilot.click(offset=(30, 3))
            await see(pilot, "Publish the holding text")
            await pilot.click(offset=(3, 3))
            await see(pilot, "mira.k")


async def test_who_works_on_the_checklist_sees_most_of_it(tmp_path: Path) -> None:
    async with duty_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "Leak")
            assert lines(app)[15].startswith("  4 Timeline")
            await pilot.press("3")
            await until(pilot, lambda: lines(app)[24].startswith("  4 Timeline"))
            await see(pilot, "Thank them")
            await pilot.press("1")
            await until(pilot, lambda: lines(app)[15].startswith("  4 Timeline"))
