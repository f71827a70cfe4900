"""Every verb that works over a key, given the name of a file wherever it takes anything at all."""

from __future__ import annotations

import argparse
import io
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import room_file
from cli.driver import Cli

from crisisroom.cli import run
from crisisroom.cli.commands import load, works_over_key
from crisisroom.cli.context import Globals
from crisisroom.cli.examples import EXAMPLES
from crisisroom.logbook import state_folder

SECRET = "root:x:0:0:4711"
STARTED = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.fork", "pty.spawn")
WAITS = frozenset({"--follow"})  # it ends when nobody reads any more
TEAM = """\
schema: 1
room: {name: Ours}
team:
  - {id: ada, name: Ada, roles: [lead, social, legal, care, scribe]}
"""

_events: list[tuple[str, tuple[Any, ...]]] = []
_listening: list[bool] = []


def _heard(event: str, args: tuple[Any, ...]) -> None:
    if _listening and (event in ("open", "os.listdir", "os.scandir") or event in STARTED):
        _events.append((event, args))


sys.addaudithook(_heard)


@contextmanager
def heard() -> Iterator[list[tuple[str, tuple[Any, ...]]]]:
    """What the interpreter is asked to open or to start meanwhile."""
    _events.clear()
    _listening.append(True)
    try:
        yield _events
    finally:
        _listening.clear()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of the host with a secret in it, that could be read as anything."""
    path = tmp_path / "host" / "passwd"
    path.parent.mkdir()
    path.write_text(f"{SECRET}\n")
    return path


@pytest.fixture
def by_key(
    crisis: Cli,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Callable[..., tuple[int, str]]:
    """Runs a verb as ada's key does; returns how it ended, and all that it printed."""
    (tmp_path / "team.yaml").write_text(TEAM)
    monkeypatch.setattr("crisisroom.cli.context._login", lambda uid: "ada")
    crisis.ok("apply", "team.yaml")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")

    def ran(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"words on stdin")))
        capsys.readouterr()
        code = run(words, Globals(room=str(room_file()), person="ada"))
        told = capsys.readouterr()
        return code, told.out + told.err

    return ran


def calls(name: str, given: str, other: str) -> Iterator[list[str]]:
    """The verb with something given in each place that takes anything: one after the other."""
    parser = argparse.ArgumentParser()
    load(name).arguments(parser)
    taken = [one for one in parser._actions if one.dest != "help"]
    words = [*name.split(), *(["INC-1"] if load(name).incident else [])]
    yield [*words, *(_chosen(one, other) for one in taken if not one.option_strings)]
    places = [_chosen(one, given) for one in taken if not one.option_strings]
    for one in taken:
        option = one.option_strings[-1] if one.option_strings else ""
        if option and option not in WAITS:
            value = [] if one.nargs == 0 else [_chosen(one, given)]
            yield [*words, option, *value, *places]
    yield [*words, *places]


def _chosen(action: argparse.Action, given: str) -> str:
    return str(next(iter(action.choices))) if action.choices else given


@pytest.mark.parametrize("first", "abcdefghijklmnopqrstuvwxyz")
def test_no_argument_is_ever_a_file(
    by_key: Callable[..., tuple[int, str]], file: Path, first: str
) -> None:
    before = sorted(str(one) for one in file.parents[1].rglob("*"))
    flaws = list[object]()
    for name in (one for one in works_over_key() if one != "open" and one.startswith(first)):
        for words in filter(None, calls(name, str(file), f"@{file}")):
            with heard() as events:
                code, told = by_key(*words)
            if code not in (0, 1, 2) or SECRET in told or (code and "Traceback" in told):
                flaws.append((words, code, told))
            flaws += [(words, one) for one in _touched(events, file)]
    assert flaws == []
    assert sorted(str(one) for one in file.parents[1].rglob("*")) == before
    assert not (state_folder() / "errors.log").exists()


def _touched(events: list[tuple[str, tuple[Any, ...]]], file: Path) -> list[str]:
    """What was opened of the host, written beside the room, or started."""
    off = []
    for event, args in events:
        if event in STARTED:
            off.append(f"{event} {args[:2]}")
        elif isinstance(args[0], str | bytes | Path) and _off(event, args, file):
            off.append(f"{event} {args[0]!r}")
    return off


def _off(event: str, args: tuple[Any, ...], file: Path) -> bool:
    path = Path(os.fsdecode(args[0]))
    if file.parent in (path, *path.parents) or path.name == file.name:
        return True
    written = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+")
    return bool(written) and path.parent != room_file().parent


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_no_example_tells_where_anything_lies_on_the_host(
    by_key: Callable[..., tuple[int, str]], more: tuple[str, ...]
) -> None:
    places = (str(room_file().parent), str(Path.home()))
    for name in works_over_key():
        for example in EXAMPLES.get(name, ()):
            words = [one.replace("INC-7", "INC-1") for one in shlex.split(example)]
            _, told = by_key(*(one for one in words if one not in WAITS), *more)
            assert not [one for one in places if one in told], (words, told)


def test_no_refusal_tells_where_the_room_lies(
    by_key: Callable[..., tuple[int, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    room_file().write_bytes(b"no database at all" * 100)
    assert str(room_file().parent) not in by_key("status")[1]
    room_file().unlink()
    code, told = by_key("status", "--json")
    assert (code, "there is no room" in told, str(room_file().parent) in told) == (1, True, False)
