"""The program as a process: exit codes, pipes, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from cli.driver import MENTIONS, as_lines

ROOT = Path(__file__).parents[2]


def start(
    *words: str, stdin: int | None = subprocess.DEVNULL, **more: str
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "crisisroom", *words],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | more,
    )


def finish(
    process: subprocess.Popen[bytes], given: bytes | None = None
) -> tuple[int, bytes, bytes]:
    out, err = process.communicate(given, timeout=60)
    return process.returncode, out, err


def run(words: Sequence[str], given: bytes | None = None) -> tuple[int, bytes, bytes]:
    stdin = subprocess.PIPE if given is not None else subprocess.DEVNULL
    return finish(start(*words, stdin=stdin), given)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("CRISISROOM_ROOM", "CRISISROOM_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def test_exit_codes_and_streams() -> None:
    code, out, err = run(["--version"])
    assert (code, err) == (0, b"")
    assert out.startswith(b"crisisroom ")
    assert run(["taks"])[0] == 2
    assert run(["status"])[0] == 1
    code, out, err = run(["status", "--json"])
    assert (code, out) == (1, b"")
    assert json.loads(err)["error"]["code"] == "no-room"


def test_without_a_terminal_the_screen_says_so() -> None:
    for words in ([], ["open"], ["INC-7"]):
        code, out, err = run(words)
        assert (code, out) == (2, b"")
        assert b"crisisroom status" in err


def test_ingest_keeps_what_a_pipe_brings_before_it_ends() -> None:
    process = start("ingest", "--json", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(as_lines(MENTIONS[:2]))
    process.stdin.flush()
    known: list[object] = []
    while len(known) < 2:
        code, out, _ = run(["mentions", "--json"])
        known = json.loads(out) if code == 0 else []
    code, out, err = finish(process, as_lines(MENTIONS[2:]))
    assert (code, err) == (0, b"")
    assert json.loads(out)["added"] == 3


def test_an_interrupted_ingest_keeps_what_it_had() -> None:
    process = start("ingest", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(as_lines(MENTIONS[:1]))
    process.stdin.flush()
    while b"M-1" not in run(["mentions"])[1]:
        continue
    process.send_signal(signal.SIGINT)
    process.wait(60)  # before its input ends, which would be a good end
    code, _, err = finish(process)
    assert (code, err) == (130, b"")
    assert len(json.loads(run(["mentions", "--json"])[1])) == 1


def test_a_reader_who_had_enough_is_no_error() -> None:
    many = [{"text": f"number {number} {'x' * 400}"} for number in range(400)]
    assert run(["ingest"], as_lines(many))[0] == 0
    process = start("mentions")
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"M-1 ")
    process.stdout.close()
    assert process.wait(60) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line_and_exit_3() -> None:
    run(["ingest"], as_lines(MENTIONS))
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "crisisroom", "mentions"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        b"crisisroom: cannot write: No space left on device (free some space)"
    ]


def test_a_terminal_without_unicode_gets_question_marks() -> None:
    run(["ingest"], as_lines([{"text": "schön 🔥"}]))
    code, out, _ = finish(start("mentions", PYTHONIOENCODING="ascii", LC_ALL="C"))
    assert code == 0
    assert b"sch?n ?" in out
    code, out, _ = finish(start("mentions", "--json", PYTHONIOENCODING="ascii", LC_ALL="C"))
    assert code == 0
    json.loads(out)


def test_two_at_once_both_arrive() -> None:
    run(["declare", "x", "--playbook", "product-defect"])
    notes = [start("note", "INC-1", f"note {number}", "--json") for number in range(4)]
    entries = [json.loads(finish(note)[1])["entry"] for note in notes]
    assert sorted(entries) == [2, 3, 4, 5]
    assert run(["verify"])[0] == 0
