"""A person's own editor: only its file, only while it is open; nothing is lost when it fails."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from textual.app import App, SuspendNotSupported

from crisisroom.core.errors import Refused
from crisisroom.tui.compose.outside import edit_outside
from crisisroom.tui.compose.own_text import MOST


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
    assert edit_outside(app_of(aside), "old words", env) == "new words"
    assert aside.aside == 1
    path, mode = kept.read_text().split("\n")[:2]
    assert mode == "700"
    assert not Path(path).exists()


def test_an_untouched_text_stays_the_same(tmp_path: Path) -> None:
    for text in ("one\ntwo", "one\n", ""):
        assert edit_outside(app_of(Aside()), text, editor(tmp_path, "true")) == text


def test_without_an_editor_it_says_how_to_set_one() -> None:
    with pytest.raises(Refused, match="no editor is set") as caught:
        edit_outside(app_of(Aside()), "words", {})
    assert caught.value.hint == "set EDITOR to its command"


def test_an_editor_that_fails_changes_nothing(tmp_path: Path) -> None:
    for env in (editor(tmp_path, "exit 3"), {"VISUAL": str(tmp_path / "nowhere")}):
        with pytest.raises(Refused, match="nothing changed"):
            edit_outside(app_of(Aside()), "words", env)


def test_a_terminal_that_cannot_step_aside(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot step aside"):
        edit_outside(app_of(Aside(able=False)), "words", editor(tmp_path, "true"))


def test_too_long_a_text_is_refused_whole(tmp_path: Path) -> None:
    env = editor(tmp_path, f'head -c {MOST + 10} /dev/zero | tr "\\0" x > "$1"')
    with pytest.raises(Refused, match="nothing changed"):
        edit_outside(app_of(Aside()), "words", env)
