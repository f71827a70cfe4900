"""`watch` as a service: a real process, with a socket in systemd's place."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from report.prometheus_text import parse

PATIENCE = 30.0


class Systemd:
    """What systemd would be told by the watcher, and the signals it would send."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.said: list[str] = []
        address = Path(os.environ["XDG_RUNTIME_DIR"]) / "notify"
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ear.bind(str(address))
        self._ear.settimeout(0.1)
        env = os.environ | {"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "600000"}
        self.errors = (folder / "stderr").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "crisisroom", "watch", *options],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.errors,
        )

    def until(self, done: Callable[[list[str]], object]) -> None:
        """Listen until what was said has it; fails after a while."""
        end = time.monotonic() + PATIENCE
        while not done(self.said):
            assert time.monotonic() < end, (self.said[-10:], self.process.poll())
            with contextlib.suppress(TimeoutError):
                self.said += self._ear.recv(4096).decode().split("\n")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.errors.close()
        self._ear.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "crisisroom.yaml").write_text(
        f"schema: 1\nroom: {{address: {tmp_path}/room/room.db}}\nbrand: {{name: Ferrow}}\n"
        "sources: [{id: in, type: jsonl, path: in.jsonl, every: 1s}]\n"
    )
    (tmp_path / "in.jsonl").write_text("")
    return tmp_path


@pytest.fixture
def systemd(folder: Path) -> Iterator[Systemd]:
    started = Systemd(folder, "--log", "-", "--metrics", str(folder / "c.prom"))
    yield started
    started.close()


def test_it_is_ready_lives_reloads_and_stops(systemd: Systemd, folder: Path) -> None:
    systemd.until(lambda said: said.count("WATCHDOG=1") > 2)
    assert systemd.said.count("READY=1") == 1
    systemd.until(lambda said: "STATUS=leads; asks 1 of 1 sources" in said)
    systemd.process.send_signal(signal.SIGHUP)
    systemd.until(lambda said: "RELOADING=1" in said and said.count("READY=1") == 2)
    file = folder / "c.prom"
    systemd.until(lambda _: file.exists())
    assert parse(file.read_text())["crisisroom_watcher_up", ()] == 1
    systemd.process.send_signal(signal.SIGTERM)
    assert systemd.process.wait(PATIENCE) == 0
    systemd.until(lambda said: "STOPPING=1" in said)
    systemd.errors.seek(0)
    events = [line.split()[3] for line in systemd.errors.read().splitlines()]
    assert (events[0], events[-1]) == ("began", "ended")
    assert "reloaded" in events


def test_a_watcher_whose_loops_hang_gives_no_sign_of_life(systemd: Systemd) -> None:
    systemd.until(lambda said: "WATCHDOG=1" in said)
    systemd.process.send_signal(signal.SIGSTOP)
    before = len(systemd.said)
    end = time.monotonic() + 1.5
    systemd.until(lambda _: time.monotonic() > end)
    assert systemd.said[before:].count("WATCHDOG=1") <= 1  # one may have been on its way
    systemd.process.send_signal(signal.SIGCONT)


def test_an_older_or_newer_room_ends_it_with_one_line(folder: Path) -> None:
    command = [sys.executable, "-m", "crisisroom", "mention", "add", "Ferrow smokes"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    with contextlib.closing(sqlite3.connect(folder / "room" / "room.db")) as other:
        other.execute("PRAGMA user_version = 99")
    done = subprocess.run(
        [sys.executable, "-m", "crisisroom", "watch", "--json"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert "schema 99" in json.loads(line)["error"]["message"]
