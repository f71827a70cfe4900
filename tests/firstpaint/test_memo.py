"""What is kept between openings: good for the same file and terminal alone, and for one person."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.firstpaint import memo
from crisisroom.firstpaint.memo import Painting

TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "HOME": "/x"}
HOW = Painting({"text": "38;2;1;2;3", ">text": "", "late": "1"}, plain=False, fills=True)


@pytest.fixture
def kept(tmp_path: Path) -> str:
    return str(tmp_path / "state" / "crisisroom")


def config(tmp_path: Path, words: str = "schema: 1\n") -> str:
    path = tmp_path / "crisisroom.yaml"
    path.write_text(words)
    return str(path)


def test_the_room_of_a_configuration_is_known_until_the_file_changes(
    kept: str, tmp_path: Path
) -> None:
    path = config(tmp_path)
    assert memo.room_of(kept, path) is None
    memo.keep_room(kept, path, "/rooms/one.db")
    assert memo.room_of(kept, path) == "/rooms/one.db"
    config(tmp_path, "schema: 1\nroom: {address: other.db}\n")
    assert memo.room_of(kept, path) is None
    memo.keep_room(kept, path, "")
    assert memo.room_of(kept, path) == ""
    Path(path).unlink()
    assert memo.room_of(kept, path) is None


def test_a_painting_is_of_one_kind_of_terminal(kept: str) -> None:
    memo.keep_painting(kept, TERMINAL, "", HOW)
    found = memo.painting(kept, TERMINAL | {"HOME": "/y"}, "")
    assert found is not None
    assert (found.styles, found.plain, found.fills) == (HOW.styles, False, True)
    assert memo.painting(kept, TERMINAL, "light") is None
    for name in memo.LOOKS:
        assert memo.painting(kept, TERMINAL | {name: "other"}, "") is None


def test_it_is_for_its_owner_alone(kept: str) -> None:
    memo.keep_painting(kept, TERMINAL, "", HOW)
    path = Path(kept, memo.FILE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(kept) == [memo.FILE]
    path.chmod(0o620)
    assert memo.painting(kept, TERMINAL, "") is None


def test_the_newest_of_each_kind_stay(kept: str, tmp_path: Path) -> None:
    path = config(tmp_path)
    memo.keep_room(kept, path, "/rooms/one.db")
    for number in range(20):
        memo.keep_painting(kept, {"TERM": f"xterm-{number}"}, "", HOW)
    assert memo.painting(kept, {"TERM": "xterm-19"}, "") is not None
    assert memo.painting(kept, {"TERM": "xterm-1"}, "") is None
    assert memo.room_of(kept, path) == "/rooms/one.db"


@given(told=st.binary(max_size=300))
def test_a_damaged_file_is_no_memory(tmp_path_factory: pytest.TempPathFactory, told: bytes) -> None:
    kept = str(tmp_path_factory.mktemp("kept"))
    memo.keep_painting(kept, TERMINAL, "", HOW)
    path = Path(kept, memo.FILE)
    begun = path.read_bytes().partition(b"\t01\t")[0]
    for damaged in (told, begun + b"\t" + told):
        path.write_bytes(damaged)
        found = memo.painting(kept, TERMINAL, "")
        for style in found.styles.values() if found else ():
            assert not set(style) - set("0123456789;")


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memo.keep_painting(str(tmp_path / "file" / "below"), TERMINAL, "", HOW)
    assert memo.painting(str(tmp_path / "file" / "below"), TERMINAL, "") is None
