"""`web`: whom it is for, what it refuses, and what it takes."""

from __future__ import annotations

import importlib.util
import subprocess
from argparse import Namespace
from pathlib import Path

import pytest
from cli.conftest import room_file
from cli.driver import Cli

from crisisroom.cli import run
from crisisroom.cli.context import Context, Globals
from crisisroom.cli.webbing import _command
from crisisroom.clock import SystemClock


def test_only_loopback_is_served_and_the_way_from_elsewhere_is_named(crisis: Cli) -> None:
    error = crisis.refused(1, "web", "--host", "0.0.0.0", "--json").error
    assert error["code"] == "not-loopback"
    assert "ssh -L 8000:127.0.0.1:8000" in error["hint"]


@pytest.mark.parametrize("words", [("--port", "70000"), ("--port", "x"), ("--act", "--read-only")])
def test_what_cannot_be_is_one_line(crisis: Cli, words: tuple[str, ...]) -> None:
    crisis.refused(2, "web", *words)


def test_without_a_room_no_page_is_served_and_none_is_begun(cli: Cli) -> None:
    assert cli.refused(1, "web", "--port", "0", "--json").error["code"] == "no-room"
    assert not room_file().exists()


def test_a_room_of_the_page_takes_no_module_from_where_it_was_started(tmp_path: Path) -> None:
    (tmp_path / "sqlite3.py").write_text("raise SystemExit('planted')")
    wishes = Namespace(inc="", ascii=False, contrast=False, light=False, mouse=False)
    words = _command(Context(Globals(), SystemClock()), wishes)
    ran = subprocess.run(
        [*words[:-1], "--version"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert words[-1] == "open"
    assert words[1] == "-P"


def test_over_a_key_there_is_no_page(crisis: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["web"], Globals(room=str(room_file()), person="ada")) == 1
    assert "not over this key: web" in capsys.readouterr().err


def test_without_the_extra_its_name_is_told(crisis: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    error = crisis.refused(3, "web", "--json").error
    assert error["hint"] == "pip install 'crisisroom[web]'"
