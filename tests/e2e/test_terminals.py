"""Every terminal gets a room it can show, or one line that names the plain verb.

What is expected stands here and not in the program: how many colours each name has, and what may
add to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product

import pytest
from e2e.ground import CRISISROOM, Ground
from e2e.scene import OPEN_WORD, people
from e2e.terminal import Terminal

ALL = 1 << 24
TERMS: Mapping[str, int] = {
    "xterm-256color": 256,
    "xterm": 16,
    "screen": 16,
    "screen-256color": 256,
    "tmux-256color": 256,
    "linux": 16,
    "vt100": 0,
    "vt220": 0,
    "rxvt-unicode-256color": 256,
    "xterm-kitty": ALL,
    "alacritty": ALL,
    "foot": ALL,
    "nonsense": 16,
}
STUBBORN = ("linux", "vt100", "vt220", "screen", "screen-256color")  # whatever COLORTERM says
NO_LETTERS = ("linux", "vt100", "vt220")  # whatever the locale says
NO_SCREEN = ("dumb", "unknown", "", None)
LOCALES: Mapping[str, tuple[Mapping[str, str], bool]] = {
    "utf8": ({"LC_ALL": "C.UTF-8"}, True),
    "c": ({"LC_ALL": "C"}, False),
    "posix": ({"LC_ALL": "POSIX"}, False),
    "latin": ({"LANG": "en_US.ISO-8859-1"}, False),
    "lang": ({"LANG": "C.UTF-8"}, True),
    "none": ({}, False),
}
COLOURS: Mapping[str, Mapping[str, str]] = {
    "plain": {},
    "colorterm": {"COLORTERM": "truecolor"},
    "no-color": {"NO_COLOR": "1"},
    "light": {"COLORFGBG": "0;15"},
    "forced": {"FORCE_COLOR": "3"},
}
SAMPLE = (
    ("xterm-256color", "lang", "plain"),
    ("xterm", "utf8", "colorterm"),
    ("screen", "c", "colorterm"),
    ("linux", "utf8", "light"),
    ("vt100", "posix", "colorterm"),
    ("xterm-kitty", "latin", "no-color"),
    ("foot", "none", "plain"),
    ("nonsense", "none", "light"),
)
EVERY = tuple(one for one in product(TERMS, LOCALES, COLOURS) if one not in SAMPLE)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """One room for all terminals: they only look at it."""
    with Ground(tmp_path_factory.mktemp("terminals") / "ground") as made:
        made.declare()
        people(made)
        made.ingest([{"text": "Ça brûle… 日本 ✓", "author": {"handle": "zoë"}}])
        yield made


@contextmanager
def opened(ground: Ground, term: str | None, *more: Mapping[str, str]) -> Iterator[Terminal]:
    """Open the room on a terminal that is told by these variables and no others."""
    kept = {name: ground.env[name] for name in ("PATH", "HOME", "TMPDIR") if name in ground.env}
    env = kept | {name: value for some in more for name, value in some.items()}
    if term is not None:
        env["TERM"] = term
    argv = [*CRISISROOM, "--room", str(ground.room), "open", "--no-watch"]
    with Terminal(argv, env=env, cwd=ground.folder, size=(120, 36)) as screen:
        yield screen


def colours_of(term: str, said: str) -> int:
    """Return how many colours may be sent."""
    if said == "no-color":
        return 0
    if said == "forced" or (said == "colorterm" and term not in STUBBORN):
        return ALL
    return TERMS[term]


def look(ground: Ground, term: str, locale: str, said: str) -> None:
    """Open the room, read what it says, and hold what was sent against what may be."""
    variables, utf8 = LOCALES[locale]
    utf8 = utf8 and term not in NO_LETTERS
    with opened(ground, term, variables, COLOURS[said]) as screen:
        screen.wait_for(lambda seen: seen.shows(OPEN_WORD, "SEV1", "handle11", "See it with your"))
        screen.wait_for("Ça brûle… 日本 ✓" if utf8 else "Ca brule~ ???? +")
        screen.press("4").wait_for("declared")
        wire = screen.wire
    assert bool(wire.beyond_ascii) is utf8, "the locale says which letters there are"
    many = colours_of(term, said)
    assert wire.colours <= many
    assert bool(wire.coloured) is bool(many), "colours, where there are any"


@pytest.mark.parametrize(("term", "locale", "said"), SAMPLE)
def test_the_room_is_readable(shared: Ground, term: str, locale: str, said: str) -> None:
    look(shared, term, locale, said)


@pytest.mark.full
@pytest.mark.parametrize(("term", "locale", "said"), EVERY)
def test_it_is_everywhere(shared: Ground, term: str, locale: str, said: str) -> None:
    look(shared, term, locale, said)


@pytest.mark.parametrize("term", NO_SCREEN)
def test_where_it_cannot_be_it_names_the_plain_verbs(shared: Ground, term: str | None) -> None:
    with opened(shared, term, {"LANG": "C.UTF-8"}) as screen:
        assert screen.wait_end() == 2
        told = screen.drained().after
    assert told.endswith("\n")
    (line,) = told.splitlines()
    assert (f"TERM={term}" if term else "TERM is not set") in line
    assert "crisisroom status" in line
    assert "crisisroom timeline --follow" in line
    assert screen.wire.counts["csi"] == 0, "nothing is drawn where nothing can be"
