"""Every kind of stream and terminal: refused in one line, shown as it can, or headless."""

from __future__ import annotations

import os
import pty
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from e2e.ground import Ground
from e2e.scene import SMALL, people
from e2e.terminal import Ended, Terminal
from e2e.wire import LINES, LINES_ON_TTY, violations

DEMO_SECONDS = 60


def open_with(ground: Ground, stream: str, closed: bool) -> tuple[int, bytes]:
    """Open the room with one stream that is no terminal; return exit code and all it wrote."""
    master, slave = pty.openpty()
    nothing = ground.folder / "nothing"
    nothing.touch()
    streams: dict[str, Any] = {"stdin": slave, "stdout": slave, "stderr": slave}
    with nothing.open("r+b") as file:
        streams[stream] = file
        argv = [*_crisisroom(ground), "open", "--no-watch"]
        if closed:
            number = ("stdin", "stdout", "stderr").index(stream)
            argv = ["sh", "-c", f'exec "$@" {number}>&-', "sh", *argv]
        code = subprocess.run(argv, cwd=ground.folder, env=ground.env, timeout=60, **streams)
    os.close(slave)
    wrote = _rest(master) + nothing.read_bytes()
    return code.returncode, wrote


def _crisisroom(ground: Ground) -> list[str]:
    from e2e.ground import CRISISROOM

    return [*CRISISROOM, "--room", str(ground.room)]


def _rest(master: int) -> bytes:
    found = b""
    while True:
        try:
            data = os.read(master, 1 << 16)
        except OSError:  # everything read, and no writer left
            break
        if not data:
            break
        found += data
    os.close(master)
    return found


@pytest.mark.parametrize("closed", [False, True], ids=["a-file", "closed"])
@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_the_room_needs_a_terminal_on_all_three(ground: Ground, stream: str, closed: bool) -> None:
    code, wrote = open_with(ground, stream, closed)
    assert code == 2, wrote
    assert b"\x1b" not in wrote
    assert not violations(wrote.replace(b"\r\n", b"\n"), LINES)
    if (stream, closed) != ("stderr", True):
        assert wrote.count(b"\n") == 1
        assert b"terminal" in wrote


def test_a_verb_without_stdout_writes_nothing_into_the_room(ground: Ground) -> None:
    ground.declare()
    argv = ["sh", "-c", 'exec "$@" >&- 2>&- <&-', "sh", *_crisisroom(ground), "note", "a note"]
    done = subprocess.run(argv, cwd=ground.folder, env=ground.env, timeout=60)
    assert done.returncode == 0
    assert [entry.text for entry in ground.timeline()][-1] == "a note"
    assert not ground.broken()


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_can_show_nothing_is_refused_in_one_line(ground: Ground, term: str) -> None:
    with ground.screen(env={"TERM": term}, rules=LINES_ON_TTY) as screen:
        assert screen.wait_end() == 2
        said = screen.drained().after
    assert not screen.wire.violations
    assert said.count("\n") == 1
    assert "crisisroom status" in said


def test_the_demo_in_a_pipe_plays_to_its_end(ground: Ground) -> None:
    done = subprocess.run(
        [*_crisisroom(ground), "demo", "--dir", str(ground.folder / "demo")],
        cwd=ground.folder, env=ground.env, stdin=subprocess.DEVNULL, capture_output=True,
        timeout=DEMO_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not violations(done.stdout, LINES)
    assert done.stderr == b""
    assert b"verified" in done.stdout
    exported = {path.suffix for path in (ground.folder / "demo" / "export").iterdir()}
    assert {".md", ".json", ".jsonl", ".csv"} <= exported


def test_a_verb_whose_reader_had_enough_ends_quietly(ground: Ground) -> None:
    ground.declare()
    people(ground, 400)
    command = " ".join([*_crisisroom(ground), "mentions", "| head -1; echo done ${PIPESTATUS[0]}"])
    done = subprocess.run(
        ["bash", "-c", command], cwd=ground.folder, env=ground.env, capture_output=True, timeout=60
    )
    assert done.stderr == b""
    assert done.stdout.endswith(b"done 0\n")


# What terminals can show.


def opened(ground: Ground, **more: Any) -> Terminal:
    """Open the room with a dozen posts on it, some of them not ASCII."""
    ground.declare()
    people(ground)
    ground.ingest([{"text": "Ça ne marche pas… 日本 ✓", "author": {"handle": "zoë"}}])
    return ground.screen(**more).wait_for("handle11")


def test_no_color_means_none(ground: Ground) -> None:
    screen = opened(ground, env={"NO_COLOR": "1"})
    screen.press("3").wait_for("See it with your own eyes")
    screen.press("Q")
    assert screen.wait_end() == 0
    screen.drained()
    assert screen.wire.coloured == 0
    assert screen.wire.counts["csi"] > 0
    assert not screen.wire.violations


@pytest.mark.parametrize(
    "env",
    [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"TERM": "linux"}],
    ids=["latin", "console"],
)
def test_where_only_ascii_shows_only_ascii_is_sent(ground: Ground, env: dict[str, str]) -> None:
    screen = opened(ground, env=env)
    for key in "12345":
        screen.press(key).wait_for(lambda seen: seen.text.strip())
    screen.press("1", "r").wait_for("Approved words")
    assert screen.wire.beyond_ascii == 0, screen.text
    assert "\\u" not in screen.text
    assert not screen.wire.violations


def test_under_lc_all_c_the_room_is_readable(ground: Ground) -> None:
    screen = opened(ground, env={"LC_ALL": "C"})
    screen.wait_for("See it with your own eyes")
    assert "\\u" not in screen.text
    assert not screen.wire.violations


# Sizes.


@pytest.mark.parametrize("size", [SMALL, (120, 36), (160, 48)])
def test_every_view_fits_its_screen(ground: Ground, size: tuple[int, int]) -> None:
    screen = opened(ground, size=size)
    views = {"1": "handle11", "2": "post 11", "3": "See it", "4": "declared", "5": "affected"}
    for key, shown in views.items():
        screen.press(key).wait_for(shown)
        assert len(screen.lines) == size[1]
    assert not screen.wire.violations


def test_a_screen_that_is_too_small_says_so(ground: Ground) -> None:
    screen = opened(ground, size=SMALL)
    screen.resize(40, 10)
    screen.wait_for("40x12").wait_for("crisisroom status")
    screen.resize(*SMALL)
    screen.wait_for("handle11")
    assert not screen.wire.violations


def test_a_storm_of_sizes_ends_in_the_right_one(ground: Ground) -> None:
    rng = random.Random(20261122)
    screen = opened(ground, size=SMALL)
    for _ in range(100):
        columns, rows = rng.choice([(1, 1), (2, 50), (500, 2), (rng.randint(1, 200), 24), (80, 9)])
        screen.resize(columns, rows)
        screen.press(rng.choice("jk12345"))
    screen.resize(120, 36)
    screen.press("1", "g").wait_for("handle11").wait_for("3 Tasks")
    screen.press("Q")
    assert screen.wait_end() == 0
    assert not screen.drained().wire.violations


def test_the_terminal_says_what_was_seen_when_nothing_came(tmp_path: Path) -> None:
    argv = ["sh", "-c", "printf 'words on the screen'"]
    with (
        Terminal(argv, env={"PATH": os.environ["PATH"]}, cwd=tmp_path) as screen,
        pytest.raises(Ended, match="words on the screen"),
    ):
        screen.wait_for("something else", seconds=10)
