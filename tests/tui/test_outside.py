"""A person's own editor: only its file, only while it is open; what was written is never lost."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from textual.app import App, SuspendNotSupported

from crisisroom.core.errors import Refused
from crisisroom.tui.outside import edited_outside


class Aside:
    """An app that steps aside, or cannot."""

    def __init__(self, able: bool = True) -> None:
        self.able = able
        self.aside = 0

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Step aside."""
        if not self.able:
            raise SuspendNotSupported
        self.aside += 1
        yield


def app_of(aside: Aside) -> App[Any]:
    """Return it as the app it stands for."""
    return cast("App[Any]", aside)


MOST = 200  # characters, for a test


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where a person's reports are kept."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "crisisroom" / "kept"


def edit(aside: Aside, text: str, env: dict[str, str]) -> str:
    """Edit a text that may have so many characters."""
    return edited_outside(app_of(aside), text, "words.txt", env, most=MOST)


def kept_in(folder: Path) -> list[bytes]:
    """Return what was kept there."""
    return [one.read_bytes() for one in folder.rglob("words.txt")]


def editor(folder: Path, script: str) -> dict[str, str]:
    """Return an environment whose editor runs a script on the file `$1`."""
    path = folder / "my editor.sh"
    path.write_text("#!/bin/sh\n" + script + "\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return {"EDITOR": f"'{path}'"}


def test_the_text_comes_back_changed_and_the_file_is_gone(tmp_path: Path) -> None:
    aside, kept = Aside(), tmp_path / "where"
    env = editor(
        tmp_path,
        f'echo "$1" > {kept}; stat -c %a "$(dirname "$1")" >> {kept}; printf "new words\\n" > "$1"',
    )
    assert edit(aside, "old words", env) == "new words"
    assert aside.aside == 1
    path, mode = kept.read_text().split("\n")[:2]
    assert mode == "700"
    assert not Path(path).exists()


def test_an_untouched_text_stays_the_same(tmp_path: Path) -> None:
    for text in ("one\ntwo", "one\n", ""):
        assert edit(Aside(), text, editor(tmp_path, "true")) == text


def test_without_an_editor_it_says_how_to_set_one() -> None:
    with pytest.raises(Refused, match="no editor is set") as caught:
        edit(Aside(), "words", {})
    assert caught.value.hint == "set EDITOR to its command"


def test_an_editor_that_fails_changes_nothing(tmp_path: Path) -> None:
    for env in (editor(tmp_path, "exit 3"), {"VISUAL": str(tmp_path / "nowhere")}):
        with pytest.raises(Refused, match="nothing changed"):
            edit(Aside(), "words", env)


def test_a_terminal_that_cannot_step_aside(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot step aside"):
        edit(Aside(able=False), "words", editor(tmp_path, "true"))


def test_what_an_editor_had_when_it_failed_is_kept(tmp_path: Path, state: Path) -> None:
    with pytest.raises(Refused, match="what it had is in") as caught:
        edit(Aside(), "words", editor(tmp_path, 'printf "hard thought" > "$1"; exit 1'))
    assert kept_in(state) == [b"hard thought"]
    assert str(state) in caught.value.message
    (kept,) = state.rglob("words.txt")
    assert kept.parent.stat().st_mode & 0o777 == 0o700


def test_what_is_no_utf_8_is_kept_and_not_guessed_at(tmp_path: Path, state: Path) -> None:
    with pytest.raises(Refused, match="not UTF-8 at byte 2"):
        edit(Aside(), "words", editor(tmp_path, "printf 'a\\377b' > \"$1\""))
    assert kept_in(state) == [b"a\xffb"]


def test_too_long_a_text_is_refused_whole_and_kept(tmp_path: Path, state: Path) -> None:
    env = editor(tmp_path, f'head -c {MOST + 10} /dev/zero | tr "\\0" x > "$1"')
    with pytest.raises(Refused, match="more than 200 characters"):
        edit(Aside(), "words", env)
    assert kept_in(state) == [b"x" * (MOST + 10)]


def test_a_command_that_cannot_be_read_is_one_line() -> None:
    with pytest.raises(Refused, match="EDITOR cannot be read"):
        edit(Aside(), "words", {"EDITOR": "vim 'x"})
