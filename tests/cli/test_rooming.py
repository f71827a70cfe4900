"""`room`: where the room lies, and making one on a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from engines import OWNER, WORKER, Databases, owned

from crisisroom.cli import run

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    def call(*words: str) -> tuple[int, str, str]:
        code = run(words)
        done = capsys.readouterr()
        return code, done.out, done.err

    return call


def test_a_file_needs_no_preparing(say: Say, tmp_path: Path) -> None:
    code, _, err = say("--room", str(tmp_path / "room.db"), "room", "prepare")
    assert code == 2
    assert "needs no preparing" in err


def test_a_password_on_the_command_line_is_refused(say: Say) -> None:
    for words in (
        ("room", "prepare", "postgresql://ada:secret@localhost/room"),
        ("--room", "postgresql://ada:secret@localhost/room", "status"),
    ):
        code, out, err = say(*words)
        assert code == 2
        assert "pgpass" in err
        assert "secret" not in out + err


def test_without_the_library_one_line_says_how_to_get_it(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    import crisisroom.store.postgres as far

    monkeypatch.setattr(far, "find_spec", lambda name: None)
    for words in (("room", "prepare", "postgresql://localhost/room"), ("status",)):
        code, _, err = say("--room", "postgresql://localhost/room", *words)
        assert code == 3
        assert "pip install 'crisisroom[team]'" in err


def test_a_server_that_is_not_there_is_said_to_be_so(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crisisroom.store.postgres import engine

    monkeypatch.setattr(engine, "OPENING", 0.1)
    code, _, err = say("--room", "postgresql://127.0.0.1:1/room", "status")
    assert code == 3
    assert "does not answer" in err


def test_a_room_is_prepared_and_shown(
    say: Say,
    databases: Databases | None,
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    if databases is None:
        pytest.skip("needs a server: --engine postgres")
    databases.raw(address, "DROP SCHEMA crisisroom CASCADE")
    code, _, err = say("--room", address, "incidents")
    assert code == 1
    assert "there is no room" in err or "not prepared" in err
    code, out, _ = say("room", "prepare", owned(address), "--for", WORKER)
    assert code == 0
    assert "is made" in out
    assert f"{WORKER} may work in it" in out
    Path("crisisroom.yaml").write_text("schema: 1\nbrand: {name: Ferrow}\n")
    assert say("--room", address, "room", "show")[0] == 0
    assert databases.raw(address, "SELECT count(*) FROM crisisroom.entry") == [(0,)]  # to move into
    assert say("--room", address, "note", "INC-1", "x")[0] == 1
    code, out, _ = say("--room", address, "room", "show")
    assert code == 0
    assert f"you are {WORKER} there" in out
    assert "append-only by privilege" in out
    code, out, _ = say("--room", owned(address), "room", "show")
    assert f"{OWNER} could rewrite the log" in out


def test_a_file_is_shown(say: Say, tmp_path: Path) -> None:
    path = str(tmp_path / "room.db")
    assert say("--room", path, "room", "show")[0] == 1
    assert say("--room", path, "ingest", "--source", "x", str(_empty(tmp_path)))[0] == 0
    code, out, _ = say("--room", path, "room", "show")
    assert code == 0
    assert "a file of" in out


def _empty(folder: Path) -> Path:
    made = folder / "none.jsonl"
    made.write_text("")
    return made
