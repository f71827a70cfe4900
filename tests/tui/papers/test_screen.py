"""The export on the screen: what is chosen is what is written, and escape leaves nothing."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import socket
import threading
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot
from tui.night import night_room, screen
from tui.over_key import over_key
from tui.pictures import looks
from tui.seeing import see, text, until
from tui.test_acts import write

from crisisroom.room import evidence, exporting, lifecycle, papers, reading
from crisisroom.room.evidence import Found
from crisisroom.room.papers import Order, Papers
from crisisroom.tui.app import RoomApp
from crisisroom.tui.papers import screen as shown
from crisisroom.tui.papers.place import fetching, usual_folder
from crisisroom.tui.papers.screen import PapersScreen

SNAPSHOTS = Path(__file__).parent.parent / "snapshots"
AT_HOME = Path("/home/ada/INC-1-entry-34")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, so that nothing is written elsewhere."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    return folder


async def opened(pilot: Pilot[int]) -> PapersScreen:
    """Open the export."""
    await see(pilot, "mira.k")
    await pilot.press("w")
    await see(pilot, "with the offset")
    return here_now(pilot)


def here_now(pilot: Pilot[int]) -> PapersScreen:
    """Return the export's screen."""
    found = [one for one in pilot.app.screen_stack if isinstance(one, PapersScreen)]
    return found[0]


async def in_words(pilot: Pilot[int]) -> None:
    """Choose the one format that is written in no time."""
    await pilot.press("enter")
    await see(pilot, "Which format?")
    await pilot.press("3")
    await see(pilot, "the post-mortem, to read and to edit")
    await until(pilot, lambda: pilot.app.screen is here_now(pilot))


async def row(pilot: Pilot[int], name: str) -> None:
    """Go to a choice."""
    papers_screen = here_now(pilot)
    await pilot.press("g")
    for _ in range(6):
        if papers_screen.chosen[1] == name:
            return
        await pilot.press("j")
    raise AssertionError(f"there is no {name}: {text(pilot.app)}")


async def written(pilot: Pilot[int]) -> Papers:
    """Write, and wait until it is done."""
    await pilot.press("w")
    await see(pilot, "Written")
    told = here_now(pilot).told
    assert told is not None
    assert told.made is not None
    return told.made


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_everything_is_written_into_a_new_folder(
    tmp_path: Path, here: Path, size: tuple[int, int]
) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await opened(pilot)
            made = await written(pilot)
            seq = (await reading.incident(room, "INC-1")).seq
            folder = here / f"INC-1-entry-{seq}"
            assert {*folder.iterdir()} == {*made.files}
            assert (folder / "INC-1.html").exists()
            await see(pilot, f"Written   {len(made.files)} files")
            await see(pilot, f"{folder.name}/INC-1.html")
            await until(pilot, lambda: here_now(pilot).chosen[0] == "file")
            await pilot.press("y")
            await until(pilot, lambda: app.clipboard == str(folder / "INC-1.html"))
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.room_screen)
        assert (await reading.room_log(room))[-1].kind == "export.made"


async def test_what_is_chosen_is_what_is_written(tmp_path: Path, here: Path) -> None:
    async with night_room(tmp_path) as room:
        await evidence.add(room, "INC-1", [Found("letter", b"a letter")])
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await see(pilot, "1 kept thing, 8 bytes; the words of 11 posts")
            await in_words(pilot)
            await row(pilot, "zone")
            await pilot.press("enter")
            await see(pilot, "Which time zone?")
            await write(pilot, "Mars/Base")
            await see(pilot, "knows no zone Mars/Base")
            await write(pilot, "America/New_York")
            await see(pilot, "America/New_Y")
            await row(pilot, "evidence")
            await pilot.press("space")
            await see(pilot, "evidence    yes")
            await row(pilot, "folder")
            await pilot.press("enter")
            await see(pilot, "Which folder?")
            await write(pilot, "for the board")
            await until(pilot, lambda: here_now(pilot).folder.name == "for the board")
            made = await written(pilot)
    assert {path.parent for path in made.files} == {
        here / "for the board",
        here / "for the board" / "INC-1-evidence",
    }
    assert "21:1" in (here / "for the board" / "INC-1.md").read_text()  # 03:1x in Berlin


async def test_the_public_gets_no_evidence(tmp_path: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            papers_screen = await opened(pilot)
            await in_words(pilot)
            await row(pilot, "evidence")
            await pilot.press("space")
            await see(pilot, "evidence    yes")
            await row(pilot, "profile")
            await pilot.press("enter")
            await see(pilot, "Who is it for?")
            await pilot.press("3")
            await see(pilot, "none of it goes out to the public")
            assert not papers_screen.wish.order.evidence
            await row(pilot, "evidence")
            await pilot.press("space")
            await see(pilot, "none of it goes to the public")
            made = await written(pilot)
    assert made.files[0].parent.name.endswith("-public")


async def test_nothing_is_written_over_without_a_yes(tmp_path: Path, here: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await in_words(pilot)
            made = await written(pilot)
            mine = next(path for path in made.files if path.suffix == ".md")
            whole = mine.read_bytes()
            mine.write_text("mine")
            await pilot.press("w")
            await see(pilot, "Write over it?")
            await pilot.press("n")
            await until(pilot, lambda: app.screen is here_now(pilot))
            assert mine.read_text() == "mine"
            await pilot.press("w")
            await see(pilot, "Write over it?")
            await pilot.press("y")
            await see(pilot, "Written")
            assert mine.read_bytes() == whole


async def test_escape_stops_it_and_leaves_nothing(
    tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    whole = papers.files_of

    def slow(*args: object) -> object:
        begun.set()
        go_on.wait(30)
        return whole(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(papers, "files_of", slow)
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await in_words(pilot)
            await pilot.press("w")
            await asyncio.to_thread(begun.wait, 30)
            await see(pilot, "esc stops it")  # the room is not frozen meanwhile
            await pilot.press("enter")
            await see(pilot, "it is being written; esc stops it")
            await pilot.press("escape")
            go_on.set()
            await see(pilot, "stopped: nothing was written")
            await until(pilot, lambda: "Writing" not in text(app))
            assert not os.listdir(here)
            assert "export.made" not in {one.kind for one in await reading.room_log(room)}


async def test_a_place_that_cannot_be_written_says_what_to_do(tmp_path: Path, here: Path) -> None:
    (here / "taken").write_text("a file")
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await row(pilot, "folder")
            await pilot.press("enter")
            await see(pilot, "Which folder?")
            await write(pilot, str(here / "taken" / "out"))
            await until(pilot, lambda: here_now(pilot).folder.name == "out")
            await pilot.press("w")
            await see(pilot, "cannot write")
            await until(pilot, lambda: "Writing" not in text(app))


async def test_over_ssh_it_says_where_it_is_and_how_to_fetch_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.7 2222")
    async with night_room(tmp_path) as room:
        app = screen(room)
        app.remote = True
        async with app.run_test(size=(120, 36)) as pilot:
            await opened(pilot)
            await in_words(pilot)
            made = await written(pilot)
            await see(pilot, "on the machine of the room, not on yours")
            await see(pilot, "scp -r -P 2222")
            await pilot.press("Y")
            folder = made.files[0].parent
            await until(pilot, lambda: app.clipboard.endswith(f"@192.0.2.7:{folder} ."))


async def test_out_of_the_restricted_shell_goes_only_a_command(tmp_path: Path, here: Path) -> None:
    async with night_room(tmp_path) as room:
        app = screen(await over_key(room))
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await see(pilot, "Nothing can be fetched out of this shell.")
            assert "folder  " not in text(
                app
            )  # nor evidence, nor a signature: one format, as it is
            await pilot.press("w")
            await see(pilot, "nothing can be fetched out of this shell; Y copies")
            await pilot.press("Y")
            await until(pilot, lambda: "'export INC-1 --format html' > INC-1.html" in app.clipboard)
    assert not os.listdir(here)


async def test_out_of_a_browser_goes_only_a_command_too(
    tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RoomApp, "is_web", True)
    async with night_room(tmp_path) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await see(pilot, "Nothing can be fetched out of a browser.")
            await see(pilot, "write: not in a browser")
            await pilot.press("w")
            await see(pilot, "nothing can be fetched out of a browser; Y copies")
            await pilot.press("Y")
            command = "crisisroom --room .* export INC-1 --format html"
            await until(pilot, lambda: re.search(command, app.clipboard))
    assert not os.listdir(here)


async def test_what_is_over_can_be_exported(tmp_path: Path, here: Path) -> None:
    async with night_room(tmp_path) as room:
        await lifecycle.resolve(room, "INC-1", "it is over")
        app: RoomApp = screen(room, incident="INC-1")
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: app.situation.incident)
            await pilot.press("w")
            await see(pilot, "resolved")
            await in_words(pilot)
            made = await written(pilot)
    assert all(here in path.parents for path in made.files)


@pytest.mark.parametrize(
    ("size", "name"), [((80, 24), "export-80x24"), ((120, 36), "export-120x36")]
)
async def test_it_looks_as_it_should(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], name: str
) -> None:
    monkeypatch.setattr(shown, "usual_folder", lambda *args: AT_HOME)
    async with night_room(tmp_path) as room:
        await evidence.add(room, "INC-1", [Found("letter.pdf", b"%PDF-1.7" * 9000)])
        app = screen(room)
        async with app.run_test(size=size) as pilot:
            await opened(pilot)
            await looks(app, pilot, "export", SNAPSHOTS / f"{name}.svg")  # type: ignore[arg-type]
            papers_screen = here_now(pilot)
            one = await exporting.exportable(room, "INC-1")
            files = tuple(
                AT_HOME / one for one in ("INC-1.html", "INC-1.md", "INC-1-evidence/manifest.json")
            )
            papers_screen._made, papers_screen._made_in = Papers(one=one, files=files), AT_HOME
            papers_screen._land = True
            papers_screen.reload()
            await until(pilot, lambda: papers_screen.chosen[0] == "file")
            kept = SNAPSHOTS / f"{name}-written.svg"
            await looks(app, pilot, "written", kept)  # type: ignore[arg-type]


async def test_the_folder_is_where_one_works_else_at_home(
    tmp_path: Path, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with night_room(tmp_path) as room:
        state = await reading.incident(room, "INC-1")
        name = f"INC-1-entry-{state.seq}"
        assert usual_folder(room, state, Order()) == here / name
        assert usual_folder(room, state, Order(profile="legal")) == here / f"{name}-legal"
        drill = msgspec.structs.replace(state, drill=True)
        assert usual_folder(room, drill, Order()) == tmp_path / name
        monkeypatch.setattr(os, "access", lambda path, mode: False)
        assert usual_folder(room, state, Order()) == Path.home() / name


@pytest.mark.parametrize(
    ("connection", "there", "port"),
    [
        ("192.0.2.1 50000 192.0.2.7 22", "192.0.2.7", ""),
        ("2001:db8::1 50000 2001:db8::7 2222", "[2001:db8::7]", " -P 2222"),
        ("nonsense", socket.gethostname(), ""),
    ],
)
def test_what_fetches_it_quotes_what_it_names(connection: str, there: str, port: str) -> None:
    command = fetching(Path("/srv/it's here; rm x"), {"SSH_CONNECTION": connection})
    words = shlex.split(command)
    assert words[:2] == ["scp", "-r"]
    assert (f" {words[2]} {words[3]}" if words[2] == "-P" else "") == port
    host, _, path = words[-2].partition(f"@{there}:")
    assert host
    assert shlex.split(path) == ["/srv/it's here; rm x"]  # what the shell there makes of it
    assert words[-1] == "."
