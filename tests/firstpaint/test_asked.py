"""What is plainly the opening of a room, and what is left to the usual way."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from crisisroom.firstpaint import memo
from crisisroom.firstpaint.asked import asked

ME = pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CRISISROOM_ROOM", "CRISISROOM_CONFIG", "SSH_ORIGINAL_COMMAND"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("words", "incident", "person"),
    [
        ("", "", ME),
        ("open", "", ME),
        ("inc-7", "INC-7", ME),
        ("open INC-7 --no-watch --light", "INC-7", ME),
        ("--as ada open --ascii", "", "ada"),
        ("--as=ada", "", "ada"),
    ],
)
def test_an_opening_is_known_by_its_words(words: str, incident: str, person: str) -> None:
    found = asked(["--room", "here.db", *words.split()], os.environ)
    assert found is not None
    assert (found.room, found.incident, found.person) == ("here.db", incident, person)
    assert found.by_name == ("--as" in words)
    assert found.plain == ("--ascii" in words)
    assert found.wish == ("light" if "--light" in words else "")
    assert not found.confined


@pytest.mark.parametrize(
    "words",
    [
        "status",
        "help",
        "--help",
        "open --help",
        "open --driver stock",
        "--ascii",
        "--json",
        "open INC-7 INC-8",
        "open elsewhere",
        "INC-x",
        "open -- INC-7",
        "--as",
        "shell SHA256:x more",
        "open --look-only",
    ],
)
def test_anything_else_goes_the_usual_way(words: str) -> None:
    assert asked(["--room", "here.db", *words.split()], os.environ) is None


def test_a_key_opens_its_own_room_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    line = ["--room", "/rooms/one.db", "--as", "ada", "shell", "SHA256:abc"]
    monkeypatch.setenv("XDG_STATE_HOME", "/elsewhere")
    found = asked(line, os.environ)
    assert found is not None
    assert (found.room, found.person, found.key) == ("/rooms/one.db", "ada", "SHA256:abc")
    assert found.confined
    assert found.kept == f"{pwd.getpwuid(os.getuid()).pw_dir}/.local/state/crisisroom"
    monkeypatch.setenv("CRISISROOM_ROOM", "/rooms/two.db")
    assert asked(["--as", "ada", "shell"], os.environ) is None
    assert asked(["--room", "/rooms/one.db", "shell"], os.environ) is None
    monkeypatch.setenv("SSH_ORIGINAL_COMMAND", "status")
    assert asked(line, os.environ) is None


def test_the_room_is_where_the_configuration_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = f"{os.environ['XDG_DATA_HOME']}/crisisroom/room.db"
    first = asked([], os.environ)
    assert first is not None
    assert first.room == usual
    file = tmp_path / "crisisroom.yaml"
    file.write_text("schema: 1\n")
    assert asked([], os.environ) is None  # it has yet to be read
    memo.keep_room(first.kept, str(file), "~/rooms/one.db")
    second = asked([], os.environ)
    assert second is not None
    assert second.room == f"{os.environ['HOME']}/rooms/one.db"
    memo.keep_room(first.kept, str(file), "")
    third = asked(["--config", "./crisisroom.yaml"], os.environ)
    assert third is not None
    assert third.room == usual
    memo.keep_room(first.kept, str(file), "postgresql://host/room")
    assert asked([], os.environ) is None
    monkeypatch.setenv("CRISISROOM_ROOM", "one.db")
    last = asked([], os.environ)
    assert last is not None
    assert last.room == "one.db"
    monkeypatch.delenv("CRISISROOM_ROOM")
    assert asked(["--config", "missing.yaml"], os.environ) is None


def test_a_name_that_no_person_has_is_refused_by_the_usual_way() -> None:
    for name in ("", "  ", "a\nb", "x" * 65, "\x1b[31m"):
        assert asked(["--room", "here.db", "--as", name], os.environ) is None
