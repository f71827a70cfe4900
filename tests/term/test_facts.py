"""What a terminal can do, by its name."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from crisisroom.term.facts import Facts, facts_of

NAMES = (
    "xterm", "xterm-256color", "rxvt-unicode-256color", "linux", "alacritty", "foot", "xterm-kitty",
    "konsole", "gnome-256color", "vte-256color", "st-256color", "wezterm", "xterm-ghostty",
    "mintty", "mlterm", "putty", "putty-256color", "tmux", "tmux-256color", "screen",
    "screen-256color", "screen.xterm-256color", "vt100", "vt102", "vt220", "vt52", "ansi", "sun",
    "cons25", "nsterm",
)  # fmt: skip
# tmux fills what it erases, amid a row, too (see test_tmux.py); terminfo's entry is made for
# versions that did not.
_MORE_THAN_TERMINFO = ("tmux", "tmux-256color")


def test_nothing_is_taken_for_granted_that_terminfo_denies() -> None:
    infocmp = shutil.which("infocmp")
    if infocmp is None:
        pytest.skip("infocmp is not installed")
    known = 0
    for term in NAMES:
        found = subprocess.run([infocmp, "-1", term], capture_output=True, text=True, check=False)
        facts = facts_of({"TERM": term})
        if found.returncode == 0:
            known += 1
            assert not facts.fills or "\tbce," in found.stdout or term in _MORE_THAN_TERMINFO
            assert not facts.fills or "\tech=" in found.stdout or term in _MORE_THAN_TERMINFO
            assert not facts.scrolls or "\tcsr=" in found.stdout
            assert not facts.ends_attributes or "\trmul=\\E[24m" in found.stdout
    assert known >= 5, "the terminals that come with every system"


@pytest.mark.parametrize(
    ("term", "facts"),
    [
        ("xterm-256color", Facts()),
        ("st", Facts()),
        ("tmux-256color", Facts()),
        ("screen-256color", Facts(fills=False)),
        ("screen.xterm-256color", Facts(fills=False)),
        ("vt220", Facts(fills=False, ends_attributes=False)),
        ("sun", Facts(fills=False, ends_attributes=False, scrolls=False)),
        ("nonsense", Facts(fills=False)),
        ("", Facts(fills=False, ends_attributes=False, scrolls=False)),
    ],
)
def test_what_a_name_says(term: str, facts: Facts) -> None:
    assert facts_of({"TERM": term}) == facts


def test_no_name_says_nothing() -> None:
    assert facts_of({}) == facts_of({"TERM": ""})
