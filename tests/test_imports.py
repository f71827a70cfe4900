"""The command line pays only for what it needs: no screen, no network."""

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
