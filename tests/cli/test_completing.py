"""The tab key in real shells: what stands on the line afterwards, as the shell itself reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli.driver import Cli, declared
from cli.shells import shell

ODD = 'O\'Brien $(touch broken) "x"'
PRESSED: dict[str, list[str]] = {
    "resto": ["restore"],
    "task do": ["task", "done"],
    "--json task do": ["--json", "task", "done"],
    "export --form": ["export", "--format"],
    "export --profile pub": ["export", "--profile", "public"],
    "export --profile=pub": ["export", "--profile=public"],
    "task done INC-1 pause-p": ["task", "done", "INC-1", "pause-posts"],
    "task done pause-p": ["task", "done", "pause-posts"],
    "--room room.db fact set INC-1 affec": [
        "--room",
        "room.db",
        "fact",
        "set",
        "INC-1",
        "affected",
    ],
    "--room=room.d": ["--room=room.db"],
    "check a\\ fi": ["check", "a file.yaml"],
    "who O": ["who", ODD],
    "--as 'somebody else' task do": ["--as", "somebody else", "task", "done"],
    "declare x --playbook product-d": ["declare", "x", "--playbook", "product-defect"],
    "note no-such-thi": ["note", "no-such-thi"],
}


@pytest.fixture
def folder(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a room, in which somebody has an odd name, and a file with a blank in its."""
    monkeypatch.setenv("CRISISROOM_ROOM", str(tmp_path / "room.db"))
    declared(cli, "--json")
    cli.ok("role", "assign", "INC-1", "lead", ODD)
    (tmp_path / "a file.yaml").write_text("")
    return tmp_path


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_a_press_of_the_key(folder: Path, name: str) -> None:
    with shell(name, folder, CRISISROOM_ROOM=str(folder / "room.db")) as here:
        for typed, wanted in PRESSED.items():
            assert here.line(typed) == wanted, typed
    assert not (folder / "broken").exists()


def test_where_a_verb_is_misspelt_nothing_is_shown(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crisisroom", "__complete", "bash", "tsak", ""],
        capture_output=True, check=True, env=os.environ,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == (b"words\n", b"")


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_its_script_is_sound(cli: Cli, tmp_path: Path, name: str) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"no {name} on this machine")
    script = tmp_path / "script"
    script.write_text(cli.ok("completion", name).out)
    done = subprocess.run([name, "-n", str(script)], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
