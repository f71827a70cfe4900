"""Calling a person by their terminal: the bell, and the notice that some terminals can show.

Only fixed words of ours go out this way: a terminal acts on what it is given. Inside tmux the
sequence is wrapped so that it passes through, where `allow-passthrough` lets it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from typing import Literal

from crisisroom.core.notify import TITLE

Osc = Literal["9", "777", "99", "off"]

_SECONDS = 2.0
_LONGEST = 120  # characters
_END = "\x1b\\"
_PLAIN = frozenset(" .,:!?'-+/()")

# What terminals call themselves, and the sequence that each of them shows as a notice.
_KNOWN: tuple[tuple[str, Osc], ...] = (
    ("kitty", "99"),
    ("foot", "777"),
    ("ghostty", "777"),
    ("rxvt", "777"),
    ("wezterm", "777"),
    ("konsole", "777"),
    ("iterm", "9"),
    ("windows terminal", "9"),
    ("vscode", "9"),
)


def notice(osc: Osc, words: str) -> str:
    """Return the sequence that shows fixed words of ours; empty for none."""
    said = "".join(one if one.isascii() and (one.isalnum() or one in _PLAIN) else " "
                   for one in words)[:_LONGEST]  # fmt: skip
    if osc == "9":  # a text that begins with a digit means something else there
        return f"\x1b]9;{TITLE}: {said}{_END}"
    if osc == "777":  # a semicolon parts what is said
        return f"\x1b]777;notify;{TITLE};{said}{_END}"
    if osc == "99":
        return f"\x1b]99;i=crisisroom:d=0;{TITLE}{_END}\x1b]99;i=crisisroom:d=1:p=body;{said}{_END}"
    return ""


def passed_through(sequence: str) -> str:
    """Return a sequence as tmux lets it through to the terminal outside."""
    if not sequence:
        return ""
    doubled = sequence.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}{_END}"


def known_as(env: Mapping[str, str], outer: str = "") -> Osc:
    """Return the sequence of a terminal by what it says it is, `off` where nobody knows.

    `outer` is what the terminal around tmux is called.
    """
    names = (env.get("TERM_PROGRAM", ""), env.get("LC_TERMINAL", ""), env.get("TERM", ""))
    said = outer or " ".join(names)
    if not outer and env.get("WT_SESSION"):
        return "9"
    return next((osc for name, osc in _KNOWN if name in said.lower()), "off")


def through_tmux(env: Mapping[str, str]) -> tuple[bool, str]:
    """Ask tmux whether it lets sequences through, and what the terminal around it is called.

    Blocks for two seconds at most; no for whatever cannot be known.
    """
    asked = "#{allow-passthrough}\t#{client_termname} #{client_termtype}"
    try:
        done = subprocess.run(
            ["tmux", "display-message", "-p", asked],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            env=dict(env),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False, ""
    allowed, _, outer = done.stdout.strip("\n").partition("\t")
    return done.returncode == 0 and allowed in ("on", "all", "1", "2"), outer.strip()


def sequence(osc: Osc | Literal["auto"], words: str, env: Mapping[str, str]) -> str:
    """Return what to write to this terminal for a notice, empty where it would show nothing.

    Blocks inside tmux, which is asked.
    """
    if osc == "off":
        return ""
    if not env.get("TMUX"):
        return notice(known_as(env) if osc == "auto" else osc, words)
    passes, outer = through_tmux(env)
    if not passes:
        return ""
    return passed_through(
        notice(known_as(env, outer or "unknown") if osc == "auto" else osc, words)
    )
