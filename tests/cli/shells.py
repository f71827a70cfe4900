"""Real shells on a pty, in which a key is pressed and the line is then read as the shell has it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest

SECONDS = 30.0  # to wait for what takes a tenth of one
_DOCS = Path(__file__).parents[2] / "crisisroom" / "docs"
_READY = "ready>"
# What each shell is told before: no surprises, our script, and a command that shows its words.
_SETUP: Mapping[str, str] = {
    "bash": (
        "bind 'set show-all-if-ambiguous on'; bind 'set page-completions off';"
        " bind 'set completion-query-items 0'; bind 'set enable-bracketed-paste off';"
        " show() {{ printf '<%s>' \"$@\"; echo; }}; . {docs}/crisisroom.bash; PS1='{ready}'"
    ),
    "zsh": (
        "unsetopt zle_bracketed_paste prompt_cr prompt_sp; autoload -Uz compinit;"
        " compinit -u -D; LISTMAX=0;"
        " show() {{ printf '<%s>' \"$@\"; echo; }}; . {docs}/_crisisroom; PS1='{ready}'"
    ),
    "fish": (
        "function show; printf '<%s>' $argv; echo; end; function fish_prompt; echo -n '{ready}';"
        " end; source {docs}/crisisroom.fish"
    ),
}
_ARGV = {
    "bash": ["--norc", "--noprofile", "-i"],
    "zsh": ["-f", "-i"],
    "fish": ["--no-config", "-i"],
}
_DRIVES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[=>])")


class Shell:
    """One interactive shell, in which `crisisroom` is the program under test."""

    def __init__(self, name: str, folder: Path, more: Mapping[str, str]) -> None:
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"no {name} on this machine")
        self.name = name
        path = f"{_program(folder)}:{os.environ['PATH']}"
        env = {"PATH": path, "TERM": "dumb" if name != "fish" else "xterm", "LANG": "C.UTF-8"}
        env |= {key: value for key, value in os.environ.items() if key.startswith(("XDG_", "TMP"))}
        env |= {"HOME": str(folder), **more}
        self._run = pexpect.spawn(
            found, _ARGV[name], env=env, cwd=str(folder), encoding="utf-8", dimensions=(60, 250),
            timeout=SECONDS,
        )  # fmt: skip
        self._run.sendline(_SETUP[name].format(docs=_DOCS, ready=_READY[:-1] + "''>"))
        self._run.expect_exact(_READY)

    def line(self, typed: str) -> list[str]:
        """Type the beginning of a line, press tab, and return the words the shell then has."""
        self._run.send(f"crisisroom {typed}\t")
        self._run.send("\x01show \x05 END\r")
        self._run.expect(r"((?:<[^>]*>)+)\s")
        said = _DRIVES.sub("", self._run.match[1])
        self._run.expect_exact(_READY)
        return re.findall("<([^>]*)>", said)[1:-1]

    def close(self) -> None:
        """End the shell."""
        self._run.close(force=True)


@contextmanager
def shell(name: str, folder: Path, **env: str) -> Iterator[Shell]:
    """Run a shell with these variables beside the usual ones; skipped where there is none."""
    running = Shell(name, folder, env)
    try:
        yield running
    finally:
        running.close()


def _program(folder: Path) -> Path:
    """Return a folder in which `crisisroom` is this checkout, as this Python runs it."""
    place = folder / "bin"
    place.mkdir()
    program = place / "crisisroom"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m crisisroom "$@"\n')
    program.chmod(0o755)
    return place
