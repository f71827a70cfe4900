"""The review in one's own editor, from the screen: it comes back whole, is mended, is kept."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tui.after.after_night import SAID, after_room, opened, state
from tui.duty_night import choose
from tui.night import screen
from tui.over_key import over_key
from tui.seeing import see

from crisisroom.tui.app import RoomApp


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the app step aside without a terminal, and keep what is kept in a folder of the test."""

    @contextmanager
    def suspend(self: RoomApp) -> Iterator[None]:
        yield

    monkeypatch.setattr(RoomApp, "suspend", suspend)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("VISUAL", raising=False)
    return tmp_path


def editor(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Set an editor that runs a script on the file `$1`."""
    path = folder / "my editor.sh"
    path.write_text("#!/bin/sh\n" + script + "\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("EDITOR", f"'{path}'")


def kept(folder: Path) -> list[str]:
    """Return the texts that were kept."""
    return [one.read_text() for one in (folder / "state").rglob("INC-1-review.md")]


async def test_one_section_comes_back_and_the_others_stay(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(folder, monkeypatch, 'sed -i \'s/310 riders/311 riders/\' "$1"; cp "$1" seen.md')
    monkeypatch.chdir(folder)
    async with after_room(folder) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("e")
            await see(pilot, "1 section is written")
            written = (await state(room)).review
            assert written["what-happened"].words == SAID.replace("310", "311")
            assert "What made it hard to see?" in (folder / "seen.md").read_text()
            assert "question:1" not in (folder / "seen.md").read_text()
            await pilot.press("E")
            await see(pilot, "nothing changed")
            assert "question:1" in (folder / "seen.md").read_text()
            assert not kept(folder)


async def test_a_document_that_cannot_be_read_is_mended_or_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(folder, monkeypatch, "sed -i 's/310/312/; s/<!-- end.*//' \"$1\"")
    async with after_room(folder) as room:
        app = screen(room)
        async with app.run_test(size=(80, 24)) as pilot:
            await opened(pilot)
            await pilot.press("E")
            await see(pilot, "the last line is gone")
            await choose(pilot, "Not written yet", "mend it")
            await see(pilot, "the last line is gone")
            await choose(pilot, "Not written yet", "keep it in a file")
            await see(pilot, "nothing was written; crisisroom review edit INC-1 --from")
            assert ["312 riders" in one for one in kept(folder)] == [True]


async def test_an_editor_that_fails_loses_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with after_room(folder) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await opened(pilot)
            monkeypatch.delenv("EDITOR", raising=False)
            await pilot.press("e")
            await see(pilot, "no editor is set")
            editor(folder, monkeypatch, "exit 3")
            await pilot.press("e")
            await see(pilot, "the editor did not work; nothing changed")
            editor(folder, monkeypatch, 'echo typed >> "$1"; exit 3')
            await pilot.press("e")
            await see(pilot, "the editor failed; what it had is in")
            assert [one.endswith("typed\n") for one in kept(folder)] == [True]


async def test_an_editor_that_fails_the_second_time_loses_nothing_of_the_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = f"[ -e '{folder}/again' ] && exit 3; touch '{folder}/again'"
    editor(folder, monkeypatch, f"{again}; sed -i 's/310/312/; s/<!-- end.*//' \"$1\"")
    async with after_room(folder) as room:
        app = screen(room)
        async with app.run_test(size=(120, 36)) as pilot:
            await opened(pilot)
            await pilot.press("E")
            await see(pilot, "the last line is gone")
            await choose(pilot, "Not written yet", "mend it")
            await see(pilot, "the editor did not work")
            assert ["312 riders" in one for one in kept(folder)] == [True]


async def test_in_the_shell_no_program_is_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(folder, monkeypatch, "touch started")
    async with after_room(folder) as room:
        app = screen(await over_key(room))
        async with app.run_test(size=(120, 36)) as pilot:
            await opened(pilot)
            await see(pilot, "e editor: off here")
            await pilot.press("E")
            await see(pilot, "no other program may start in this login   enter writes here")
