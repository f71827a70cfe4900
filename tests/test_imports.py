"""Command line and screen pay only for what they need: no network, no reader of YAML, no act."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NEVER = ("textual", "rich", "httpx", "httpcore", "feedparser", "plyer")
VERBS = (
    "--help",
    "--version",
    "check",
    "export INC-1",
    "status",
    "brief",
    "timeline",
    "mentions",
    "task list",
    "reply draft M-1 hello",
    "reply send R-1",
    "verify",
    "playbook list",
    "ingest /dev/null",
)

PROGRAM = """
import sys
from crisisroom.cli import run
code = run(sys.argv[1:])
sys.stderr.write("\\n" + " ".join(sorted({name.split(".")[0] for name in sys.modules})))
sys.exit(code)
"""


def call(*words: str) -> tuple[int, set[str]]:
    """Run a command line in a process of its own; returns what it imported too."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    return done.returncode, set(done.stderr.decode().splitlines()[-1].split())


SCREEN = """
import asyncio, sys
import crisisroom.cli.opening, crisisroom.tui.start
from crisisroom.clock import SystemClock
from crisisroom.room import Actor, Room
from crisisroom.tui.app import RoomApp

async def shown():
    async with await Room.open(sys.argv[1], actor=Actor("ada"), clock=SystemClock()) as room:
        app = RoomApp(room)
        async with app.run_test(size=(120, 36)) as pilot:
            while not (app.room_screen.feed.loaded and app.room_screen.thread.talk):
                await pilot.pause(0.01)
            return sorted(sys.modules)

print(*asyncio.run(shown()))
"""
NOT_FOR_A_FRAME = (
    *("httpx", "httpcore", "h11", "websockets", "asyncpg", "feedparser", "plyer", "apprise"),
    *("yaml", "regex", "ahocorasick_rs", "icalendar", "typst", "importlib.metadata", "statistics"),
    "textual.widgets._text_area",
)
NOT_OURS_FOR_A_FRAME = (
    *("authoring", "channels", "drill", "fetch", "library", "report", "sources", "vocabulary"),
    *("cli.health", "config.load", "config.checking", "config.rules", "config.terms"),
    *("core.compose", "core.detect", "core.guardrails", "core.playbook_check"),
    *("core.playbook_load", "core.triage", "core.watchlist", "core.yamltext"),
    *("notifiers.alerts", "notifiers.messages", "room.desk", "room.triage", "store.postgres"),
    *("text.links", "text.markup", "tui.acts", "tui.after", "tui.bulk.screen", "tui.charts"),
    *("tui.compose", "tui.digest", "tui.figures", "tui.notices", "tui.papers", "tui.pauses"),
    *("tui.promises", "tui.screens.dialogs", "tui.screens.help", "tui.screens.start"),
    *("tui.sources", "tui.team", "tui.warn"),
)


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRISISROOM_ROOM", str(tmp_path / "room.db"))
    for words in (
        ("init",),
        ("mention", "add", "My kettle smokes"),
        ("declare", "x", "--playbook", "product-defect", "--mention", "M-1"),
        ("reply", "draft", "INC-1", "M-1", "We look at it."),
    ):
        assert call(*words)[0] == 0


def test_no_verb_imports_the_screen_or_the_network(prepared: None) -> None:
    for verb in VERBS:
        code, imported = call(*verb.split())
        assert code in (0, 1), verb
        assert not imported & set(NEVER), verb


def test_help_and_check_do_not_import_the_store() -> None:
    for words in (("--help",), ("check", "missing.yaml")):
        assert "aiosqlite" not in call(*words)[1]


def test_the_first_frame_of_the_room_imports_no_more_than_it_shows(
    prepared: None, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCREEN, str(tmp_path / "room.db")],
        capture_output=True,
        check=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"},
    )
    imported = set(done.stdout.split())
    assert "crisisroom.tui.widgets.feed" in imported
    ours = (f"crisisroom.{name}" for name in NOT_OURS_FOR_A_FRAME)
    assert sorted(imported.intersection((*NOT_FOR_A_FRAME, *ours))) == []
