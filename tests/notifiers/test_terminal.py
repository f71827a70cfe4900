"""What a terminal is given for a notice: fixed words, whole sequences, nothing where unknown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.notifiers import terminal
from crisisroom.notifiers.terminal import Osc, known_as, notice, passed_through, sequence

INSIDE = re.compile(r"[ -~]*")


@pytest.mark.parametrize(
    ("env", "osc"),
    [
        ({"TERM": "xterm-kitty"}, "99"),
        ({"TERM": "foot"}, "777"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "9"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "9"),
        ({"TERM": "xterm-256color", "WT_SESSION": "1"}, "9"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "777"),
        ({"TERM": "xterm-256color"}, "off"),
        ({}, "off"),
    ],
)
def test_a_terminal_is_known_by_what_it_says_it_is(env: dict[str, str], osc: Osc) -> None:
    assert known_as(env) == osc


@given(st.sampled_from(["9", "777", "99"]), st.text(max_size=400))
def test_whatever_the_words_the_sequence_is_whole_and_the_only_one(osc: Osc, words: str) -> None:
    said = notice(osc, words)
    parts = said.split("\x1b\\")
    assert parts.pop() == ""
    assert all(part.startswith(f"\x1b]{osc};") for part in parts)
    assert all(INSIDE.fullmatch(part[1:]) for part in parts)
    shown = parts[-1].partition("crisisroom" if osc != "99" else "body;")[2]
    assert ";" not in shown.removeprefix(";")
    assert passed_through(said).count("\x1bPtmux;") == 1


def test_tmux_is_asked_and_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = {"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "tmux-256color"}
    monkeypatch.setattr(terminal, "through_tmux", lambda env: (False, "xterm-kitty"))
    assert sequence("9", "a word", inside) == ""
    monkeypatch.setattr(terminal, "through_tmux", lambda env: (True, "xterm-kitty"))
    wanted = notice("99", "a word").replace("\x1b", "\x1b\x1b")
    assert sequence("auto", "a word", inside) == f"\x1bPtmux;{wanted}\x1b\\"
    monkeypatch.setattr(terminal, "through_tmux", lambda env: (True, "xterm-256color"))
    assert sequence("auto", "a word", inside) == ""
    assert sequence("off", "a word", {"TERM": "foot"}) == ""


def test_without_tmux_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert terminal.through_tmux({"PATH": "/nonexistent"}) == (False, "")
