"""What a terminal is taken for: colours, letters, or no screen."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisroom.terminals import ALL, SYSTEMS, as_started, taken_for

Environ = dict[str, str]
UTF8 = {"LANG": "C.UTF-8"}


@pytest.mark.parametrize(
    ("term", "colours"),
    [
        ("xterm-256color", 256),
        ("xterm", 16),
        ("xterm-16color", 16),
        ("xterm-mono", 0),
        ("screen", 16),
        ("screen-256color", 256),
        ("screen.xterm-256color", 256),
        ("tmux-256color", 256),
        ("linux", 16),
        ("vt100", 0),
        ("vt220", 0),
        ("vte-256color", 256),
        ("rxvt-unicode-256color", 256),
        ("xterm-kitty", ALL),
        ("alacritty", ALL),
        ("foot", ALL),
        ("foot-extra", ALL),
        ("xterm-direct", ALL),
        ("XTERM-256COLOR", 256),
        ("footrest", 16),
        ("nonsense", 16),
    ],
)
def test_how_many_colours_a_name_stands_for(term: str, colours: int) -> None:
    found = taken_for({"TERM": term, **UTF8})
    assert (found.screen, found.colours, found.colours_by) == (True, colours, "TERM")


@pytest.mark.parametrize(
    ("environ", "colours", "by"),
    [
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, ALL, "COLORTERM"),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, ALL, "COLORTERM"),
        ({"TERM": "xterm", "COLORTERM": "yes"}, 16, "TERM"),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, 16, "TERM"),
        ({"TERM": "vt100", "COLORTERM": "truecolor"}, 0, "TERM"),
        ({"TERM": "screen-256color", "COLORTERM": "truecolor"}, 256, "TERM"),
        ({"TERM": "screen", "COLORTERM": "truecolor", "TMUX": "/tmp/t,1,0"}, ALL, "COLORTERM"),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, 0, "NO_COLOR"),
        ({"TERM": "xterm-kitty", "NO_COLOR": ""}, ALL, "TERM"),
        ({"TERM": "xterm", "NO_COLOR": "1", "FORCE_COLOR": "3"}, 0, "NO_COLOR"),
        ({"TERM": "xterm", "FORCE_COLOR": "3"}, ALL, "FORCE_COLOR"),
        ({"TERM": "xterm-256color", "FORCE_COLOR": "1"}, 16, "FORCE_COLOR"),
        ({"TERM": "xterm-256color", "FORCE_COLOR": "0"}, 0, "FORCE_COLOR"),
        ({"TERM": "xterm-256color", "FORCE_COLOR": "true"}, 256, "FORCE_COLOR"),
        ({"TERM": "vt100", "FORCE_COLOR": "yes"}, 16, "FORCE_COLOR"),
    ],
)
def test_whose_word_counts_for_colours(environ: Environ, colours: int, by: str) -> None:
    found = taken_for(environ)
    assert (found.colours, found.colours_by) == (colours, by)


@pytest.mark.parametrize("term", ["", "dumb", "DUMB", "unknown", "emacs", "vt52"])
def test_where_no_screen_can_be_shown(term: str) -> None:
    assert not taken_for({"TERM": term}).screen
    assert not taken_for({}).screen


@pytest.mark.parametrize(
    ("environ", "utf8", "by"),
    [
        ({"LANG": "en_GB.UTF-8"}, True, "LANG"),
        ({"LANG": "de_DE.utf8"}, True, "LANG"),
        ({"LC_CTYPE": "UTF-8"}, True, "LC_CTYPE"),
        ({"LC_CTYPE": "C.UTF-8"}, True, "LC_CTYPE"),
        ({}, False, ""),
        ({"LANG": ""}, False, ""),
        ({"LANG": "de_DE.ISO-8859-1"}, False, "LANG"),
        ({"LC_ALL": "C", "LANG": "en_GB.UTF-8"}, False, "LC_ALL"),
        ({"LC_ALL": "", "LANG": "en_GB.UTF-8"}, True, "LANG"),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, False, "LANG"),
        ({"TERM": "linux", "LANG": "en_GB.UTF-8"}, False, "TERM"),
        ({"TERM": "vt220", "LANG": "en_GB.UTF-8"}, False, "TERM"),
    ],
)
def test_ascii_where_nothing_else_shows(environ: Environ, utf8: bool, by: str) -> None:
    found = taken_for({"TERM": "xterm", **environ})
    assert (found.utf8, found.letters_by) == (utf8, by)


@pytest.mark.parametrize(
    ("block", "kept"),
    [
        (b"TERM=xterm\0HOME=/\0", ""),
        (b"LC_CTYPE=UTF-8\0TERM=xterm\0", "UTF-8"),
        (b"A=B\0LC_CTYPE=C.UTF-8\0", "C.UTF-8"),
        (b"XLC_CTYPE=C.UTF-8\0", ""),
        (b"LC_CTYPE=\xff\0", "\ufffd"),
    ],
)
def test_the_locale_is_as_it_was_before_python_came(
    tmp_path: Path, block: bytes, kept: str
) -> None:
    started = tmp_path / "environ"
    started.write_bytes(block)
    assert as_started({"LC_CTYPE": "C.UTF-8", "TERM": "x"}, started) == {
        "LC_CTYPE": kept,
        "TERM": "x",
    }
    assert as_started({"LC_CTYPE": "de_DE.UTF-8"}, started) == {"LC_CTYPE": "de_DE.UTF-8"}


@pytest.mark.parametrize(("mode", "kept"), [(1, ""), (0, "C.UTF-8")])
def test_elsewhere_utf8_mode_tells_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, kept: str
) -> None:
    class Flags:
        utf8_mode = mode

    monkeypatch.setattr(sys, "flags", Flags)
    assert as_started({"LC_CTYPE": "C.UTF-8"}, tmp_path / "none") == {"LC_CTYPE": kept}


@given(st.dictionaries(st.sampled_from(("TERM", "COLORTERM", "FORCE_COLOR", "LANG")), st.text()))
def test_any_environment_is_taken_for_something(environ: Environ) -> None:
    found = taken_for(environ)
    assert found.system == SYSTEMS[found.colours]
    assert found.name == environ.get("TERM", "")
