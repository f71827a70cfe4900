"""The app around the room: where one comes back to, what breaks, what may reach the terminal."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.events import Resize
from textual.geometry import Size
from tui.night import BEGIN, PLAYBOOK, TRUECOLOUR, advance, by_handle, calm_room, night_room, screen
from tui.seeing import lines, see, text, until

from crisisroom.core.errors import Unavailable
from crisisroom.core.mention import Author, Incoming
from crisisroom.room import Actor, lifecycle, places, reading, triage
from crisisroom.tui.app import RoomApp
from crisisroom.tui.guard import Guard, harmless
from crisisroom.tui.report import write_report
from crisisroom.tui.widgets.tasks import TasksPane

HOSTILE = "a\x1b]52;c;aGVsbG8=\x07b [@click=app.leave]press[/] \x9b31m [/oops] \u202egnp.exe \x00"


async def test_several_open_incidents_are_asked_for(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        for title in ("First", "Second"):
            await lifecycle.declare(room, title, playbook=PLAYBOOK)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "Which incident?")
            await pilot.press("1")
            await see(pilot, "INC-2 Second")


async def test_a_person_comes_back_to_the_same_place(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        post = (await by_handle(room))["sunniva"]
        await places.here(room, "an-old-screen", "INC-1", "1", post.id, 3)
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.room_screen.feed.mention is not None)
            assert app.room_screen.feed.mention == post


async def test_the_place_is_remembered_and_the_screen_says_goodbye(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            await pilot.press("3")
            app._remember()
            await pilot.pause(0.2)
            status = await reading.status(room)
            assert "ada" in [one.actor for one in status.people]
        place = await places.last_place(room)
        assert place is not None
        assert (place.incident, place.view) == ("INC-1", "3")
        status = await reading.status(room)
        assert "ada" not in [one.actor for one in status.people]


async def test_a_broken_part_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            monkeypatch.setattr(RoomApp, "is_headless", False)
            secret, breaks = "token-0815", [True]
            sound = TasksPane.on_resize

            def broken(self: TasksPane, event: Resize) -> None:
                if breaks.pop() if breaks else False:
                    raise RuntimeError(f"wrong {len(secret)}")
                sound(self, event)

            monkeypatch.setattr(TasksPane, "on_resize", broken)
            app.room_screen.tasks.post_message(Resize(Size(60, 10), Size(60, 10)))
            for _ in range(400):  # not by the pilot, which waits for the broken part as well
                if app._breaks and app.room_screen.hints.message:
                    break
                await asyncio.sleep(0.02)
            await until(pilot, lambda: "something of ours broke, nothing was lost" in text(app))
            await pilot.press("3")
            await see(pilot, "Publish the holding text")
    report = next((tmp_path / "state" / "crisisroom").glob("report-*.txt"))
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "RuntimeError" in report.read_text()
    assert secret not in report.read_text()


def test_reports_are_private_and_name_the_place(tmp_path: Path) -> None:
    try:
        raise ValueError("\x1b[31mred")
    except ValueError as error:
        path = write_report(error, BEGIN, tmp_path / "deep")
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert "test_reports_are_private" in path.read_text()
    assert "\x1b" not in path.read_text()


def test_a_report_that_cannot_be_written_is_no_second_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert write_report(ValueError(), BEGIN, tmp_path / "file") is None


async def test_a_post_cannot_reach_the_terminal(tmp_path: Path) -> None:
    async with calm_room(tmp_path) as room:
        advance(room, 1)
        post = Incoming(text=HOSTILE, source="\x1bsrc", author=Author(HOSTILE, HOSTILE, 1))
        await triage.ingest(room, [post])
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await see(pilot, "press[/]")
            await pilot.press("2", "o")
            await pilot.pause(0.2)
            shown = text(app)
    assert not any((ord(sign) < 32 and sign != "\n") or 0x7F <= ord(sign) < 0xA0 for sign in shown)
    assert "\u202e" not in shown


def test_guard_is_the_last_net() -> None:
    bad = Segment("a\x1b[31m\x9b\u202eb", Style(link="https://x.example", meta={"@click": "quit"}))
    [clean] = Guard().apply([bad], Color(0, 0, 0))
    assert clean.text == "a[31mb"
    assert clean.style is not None
    assert clean.style.link is None
    assert not clean.style.meta
    assert harmless("plain") == "plain"


def test_guard_leaves_the_mouse_what_it_needs() -> None:
    listed = Segment("row", Style(meta={"option": 3}))
    [kept] = Guard().apply([listed], Color(0, 0, 0))
    assert kept.style is not None
    assert kept.style.meta == {"option": 3}


@pytest.mark.parametrize(
    ("environ", "palette"),
    [
        (TRUECOLOUR, "dark"),
        ({"TERM": "tmux-256color"}, "dark"),
        ({"TERM": "xterm", "COLORFGBG": "0;15"}, "ansi-light"),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, "light"),
        ({"TERM": "linux"}, "ansi-dark"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "mono"),
    ],
)
async def test_palette_fits_the_terminal(
    tmp_path: Path, environ: dict[str, str], palette: str
) -> None:
    async with night_room(tmp_path) as room:
        app = RoomApp(room, environ=environ, remote=False)
        assert app.palette.name == palette
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            strips = app.screen._compositor.render_strips()
            colours = {
                segment.style.color.type.name
                for strip in strips
                for segment in strip
                if segment.style and segment.style.color
            }
    if palette == "mono":
        assert colours <= {"DEFAULT"}
    elif palette.startswith("ansi"):
        assert "TRUECOLOR" not in colours
    else:
        assert "TRUECOLOR" in colours


async def test_toasts_take_the_line_of_keys(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            app.notify("[bold]literal[/]")
            await pilot.pause()
            assert lines(app)[23] == " [bold]literal[/]"


async def test_colleagues_come_and_go(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "ada bo cy dee")
            await places.gone(room.as_actor(Actor("bo")), "screen-of-bo")
            await see(pilot, "ada cy dee")


def test_the_environment_is_set_before_textual_comes() -> None:
    assert os.environ["TEXTUAL_ANIMATIONS"] == "none"
    assert os.environ["TEXTUAL_SMOOTH_SCROLL"] == "0"


async def test_a_room_that_does_not_answer_is_no_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def locked(*unused: object) -> None:
        raise Unavailable("locked", "the room is locked")

    async with night_room(tmp_path) as room:
        monkeypatch.setattr(places, "last_place", locked)
        app = screen(room)
        async with app.run_test(size=(80, 24)):
            pass
    assert app.return_code == 3


async def test_unknown_wishes_are_named(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room, keys={"repyl": "R"})
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "keys: there is no act repyl (did you mean reply?)")


async def test_what_becomes_late_rings_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[bool] = []
    async with night_room(tmp_path) as room:
        app = screen(room)
        monkeypatch.setattr(app, "bell", lambda: rung.append(True))
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            assert not rung
            advance(room, 6)
            app.tick()
            await see(pilot, "late 1m")
            app.look()
            await pilot.pause(0.2)
    assert rung == [True]


async def test_the_terminals_real_size_wins_over_what_was_told_last(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await see(pilot, "mira.k")
            app.fit((80, 24))
            app.fit((0, 0))  # a terminal that does not know
            await pilot.pause()
            assert app.size == (80, 24)
            app.fit((120, 36))
            await until(pilot, lambda: app.size == (120, 36))
            await see(pilot, "4 Timeline")
            assert app.room_screen.frame.wide
