"""`doctor` on the terminal: what it was taken for, by whose word, and what would change it."""

from __future__ import annotations

import pytest
from cli.driver import Cli

VARIABLES = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "TMUX", "LC_ALL", "LC_CTYPE", "LANG")


def told(cli: Cli, monkeypatch: pytest.MonkeyPatch, where: str, environ: dict[str, str]) -> str:
    """Return what is said of a thing on a terminal that is told by these variables alone."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    out = cli("doctor", "host", "--offline").out
    (line,) = (line for line in out.splitlines() if f"  {where}: " in line)
    return line


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        (
            {"TERM": "xterm"},
            "ok    terminal: xterm, with 16 colours, as TERM says;"
            " FORCE_COLOR=3 makes it all colours, NO_COLOR=1 none",
        ),
        (
            {"TERM": "xterm-kitty"},
            "ok    terminal: xterm-kitty, with all colours, as TERM says",
        ),
        (
            {"TERM": "foot", "NO_COLOR": "1"},
            "ok    terminal: foot, with no colours, as NO_COLOR says",
        ),
        (
            {"TERM": "dumb"},
            "warn  terminal: TERM is dumb: the screen cannot be shown here, crisisroom status can"
            " -> export TERM=xterm-256color",
        ),
        (
            {},
            "warn  terminal: TERM is not set: the screen cannot be shown here, crisisroom status"
            " can -> export TERM=xterm-256color",
        ),
    ],
)
def test_its_colours(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], line: str
) -> None:
    assert told(cli, monkeypatch, "terminal", environ) == line


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        ({"LANG": "de_DE.UTF-8"}, "ok    locale: UTF-8, as LANG says"),
        (
            {"TERM": "linux", "LANG": "C.UTF-8"},
            "ok    locale: ASCII alone, as TERM=linux says: other letters become ?",
        ),
        (
            {"TERM": "xterm", "LC_ALL": "C"},
            "warn  locale: ASCII alone, as LC_ALL says: most of the world's letters become ?"
            " -> export LC_ALL=C.UTF-8, where the terminal shows them",
        ),
        (
            {"TERM": "xterm"},
            "warn  locale: ASCII alone, as no locale is set: most of the world's letters become ?"
            " -> export LC_ALL=C.UTF-8, where the terminal shows them",
        ),
    ],
)
def test_its_letters(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], line: str
) -> None:
    assert told(cli, monkeypatch, "locale", environ) == line


def test_a_hostile_name_drives_nothing(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in told(cli, monkeypatch, "terminal", {"TERM": "x\x1b[31m\x07"})
