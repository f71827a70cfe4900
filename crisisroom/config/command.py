"""Secrets that an executable of one's own prints: a password manager, a vault's client."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

from crisisroom.clock import SystemClock
from crisisroom.core.errors import Refused

SECONDS = 10.0
_LOOK = 0.1  # seconds between looks at whether it ended
_MOST = 4096  # bytes that it may print


def run(path: Path, who: str, env: Mapping[str, str]) -> str:
    """Return the first line that the executable prints; `Refused` where there is none to trust.

    It gets no argument, no shell and no input; what it says on stderr is shown to nobody.
    """
    _require_ours(path, who)
    try:
        process = subprocess.Popen(
            [str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=dict(env),
            start_new_session=True,
        )
    except OSError as error:
        message = f"{path}, which gives the token of {who}, cannot be run: {error.strerror}"
        hint = "its first line names what runs it: #!/bin/sh"
        raise Refused("token_command", message, hint) from error
    try:
        printed = _printed(process, path, who)
    finally:
        _end(process)
    if process.returncode:
        message = f"{path} failed ({process.returncode}); what it said is not shown"
        raise Refused("token_command", message, "run it by hand to see why")
    return printed.partition(b"\n")[0].decode("utf-8", "replace")


def _require_ours(path: Path, who: str) -> None:
    """Refuse what is not there, or what somebody else could have put there or changed."""
    try:
        found = path.lstat()
    except OSError as error:
        message = f"{path}, for the token of {who}, is not there: {error.strerror}"
        raise Refused("token_command", message, "put an executable there") from error
    if not stat.S_ISREG(found.st_mode):
        raise Refused("token_command", f"{path} is no ordinary file", "no links: put it there")
    folder = path.parent.resolve()
    for one in (path, folder, *folder.parents):
        _require_unchanged(one, who)
    if not os.access(path, os.X_OK):
        raise Refused("token_command", f"{path} is not executable", f"chmod u+x {path}")


def _require_unchanged(path: Path, who: str) -> None:
    """Refuse a file or folder that others can write to; a sticky folder keeps what is ours."""
    found = path.lstat()
    sticky = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
    if found.st_uid not in (0, os.geteuid()) or (found.st_mode & 0o022 and not sticky):
        message = f"others can change {path}, by which the token of {who} comes"
        hint = f"chmod go-w {path}, chown it to yourself, and look at what lies there"
        raise Refused("token_command", message, hint)


def _printed(process: subprocess.Popen[bytes], path: Path, who: str) -> bytes:
    """Return what it prints until it ends; what it left running may hold the pipe open."""
    assert process.stdout is not None
    clock = SystemClock()
    until = clock.monotonic() + SECONDS
    printed = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while clock.monotonic() < until:
            ended = process.poll() is not None  # before the look: it may print and end at once
            if selector.select(0 if ended else _LOOK):
                chunk = os.read(process.stdout.fileno(), _MOST + 1)
                printed += chunk
                if len(printed) > _MOST:
                    message = f"{path} prints more than a token ({_MOST} bytes)"
                    raise Refused("token_command", message, "its first line is the token")
                if chunk:
                    continue
                selector.unregister(process.stdout)
            if ended:
                return printed
    message = f"{path} gave no token for {who} within {SECONDS:g} s"
    raise Refused("token_command", message, "run it by hand: it may wait for somebody")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it, with all it started, if it has not ended by itself."""
    assert process.stdout is not None
    process.stdout.close()
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # it ended just now
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
