"""The room over real OpenSSH: verbs, the screen, a dropped line, and coming back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from e2e.terminal import Terminal

from real.program import Json, Program
from real.servers.base import wait_until
from real.servers.sshd import Sshd
from real.servers.wordpress import WordPress

PROMISED = 2.0  # seconds after which a screen without a line is gone
SLACK = 2.0  # more of them on a busy machine
WRITTEN = "We look into it and tell you"


@contextmanager
def over_ssh(program: Program, sshd: Sshd) -> Iterator[Terminal]:
    """The room on a terminal at this end of an ssh connection."""
    argv = sshd.login.argv(program.script, "open", tty=True)
    env = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with Terminal(argv, env=env, cwd=program.folder, size=(80, 24)) as screen:
        yield screen


@pytest.fixture
def remote(program: Program, wordpress: WordPress) -> Iterator[Program]:
    """A room with an incident and one post, and no watcher but the one a screen starts."""
    program.listens_to_feed("blog", wordpress.rss)
    program.configure()
    wordpress.post("Over-the-wire", "<p>It is down.</p>")
    program.run("watch", "--once")
    program.open_incident()
    yield program
    program.room.unlink(missing_ok=True)  # by which a watcher knows that it is over


def test_verbs_over_ssh(remote: Program, sshd: Sshd) -> None:
    done = sshd.login.run(remote.script, "status", "--json")
    status: Json = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert [one["id"] for one in status["incidents"]] == ["INC-1"]
    assert sshd.login.run(remote.script, "open").returncode == 2  # no terminal, no screen


def test_a_dropped_line_ends_the_screen_alone_and_one_comes_back_to_the_same_place(
    remote: Program, sshd: Sshd
) -> None:
    with over_ssh(remote, sshd) as screen:
        screen.wait_for("Over-the-wire")
        watcher = remote.wait_watched()
        screen.press("r").wait_for("Reply")
        screen.send(WRITTEN)
        screen.wait_for(WRITTEN).wait_for("saved")
        screen.press("escape").wait_for("your draft is kept")
        screen.press("4").wait_for("declared SEV2")
        here = wait_until(remote.screens, "the screen's process")
        asked = remote.source("blog")["last_ok_at"]

        screen.program.kill()  # the connection is lost, nobody says goodbye
        wait_until(lambda: not remote.screens(), "the screen to end", PROMISED + SLACK)

    assert len(here) == 1
    wait_until(lambda: remote.source("blog")["last_ok_at"] > asked, "another poll")
    assert remote.wait_watched() == watcher
    with over_ssh(remote, sshd) as again:
        again.wait_for("declared SEV2")
        again.press("1").wait_for("Over-the-wire")
        again.press("r").wait_for(WRITTEN)
        assert remote.wait_watched() == watcher


def test_a_frozen_client_holds_nobody_up(remote: Program, sshd: Sshd) -> None:
    with over_ssh(remote, sshd) as screen:
        screen.wait_for("Over-the-wire")
        screen.stop_reading()
        remote.run("note", "somebody else goes on")
        remote.run("task", "done", "INC-1", "pause-posts", "paused")
        screen.go_on_reading()
        screen.press("4").wait_for("somebody else goes on")
        assert screen.program.poll() is None
