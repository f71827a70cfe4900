"""What a terminal can show, told by its environment: its colours, its letters, or no screen.

One table for the screen, its colours and `doctor`, so that what is told is what is done.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ALL = 1 << 24
SYSTEMS: Mapping[int, str] = {0: "standard", 16: "standard", 256: "256", ALL: "truecolor"}
"""Numbers of colours, and what Rich and Textual call what a terminal with them understands."""

_NO_SCREEN = frozenset({"", "dumb", "unknown", "network", "dialup", "emacs", "vt52"})
_TOLD = {"0": 0, "1": 16, "2": 256, "3": ALL}  # as FORCE_COLOR is read elsewhere
_STARTED = Path("/proc/self/environ")
_MADE_UP = frozenset({"C.UTF-8", "C.utf8", "UTF-8"})  # what Python may set LC_CTYPE to


@dataclass(frozen=True, slots=True)
class _Kind:
    """Terminals with like names: how many colours, and whether COLORTERM may add to them."""

    names: re.Pattern[str]
    colours: int
    believes: bool = True
    letters: bool = True  # whether it may show more than ASCII


def _kind(names: str, colours: int, *, believes: bool = True, letters: bool = True) -> _Kind:
    return _Kind(re.compile(names, re.ASCII | re.DOTALL), colours, believes, letters)


# The first that fits counts. The last is for every name that nobody knows.
_KINDS = (
    _kind(r"vt\d.*", 0, believes=False, letters=False),
    _kind(r".*-(mono|m)", 0, believes=False),
    _kind(r"linux.*", 16, believes=False, letters=False),
    # GNU screen drops the colours it does not know, and COLORTERM is that of what it runs in
    _kind(r"screen.*256color.*", 256, believes=False),
    _kind(r"screen.*", 16, believes=False),
    _kind(r".*(kitty|alacritty|wezterm|ghostty|-direct).*|(foot|contour|rio)(-.*)?", ALL),
    _kind(r".*256color.*", 256),
    _kind(r".*", 16),
)


@dataclass(frozen=True, slots=True)
class Terminal:
    """What a terminal was taken for, and which variable said so."""

    name: str
    screen: bool  # whether the room can be shown at all
    colours: int  # 0, 16, 256 or ALL
    utf8: bool
    colours_by: str
    letters_by: str  # empty where no locale is set

    @property
    def system(self) -> str:
        """Return the most that may be sent, as Rich names it."""
        return SYSTEMS[self.colours]


def here() -> Terminal:
    """Tell what the terminal that this program was started on can show."""
    return taken_for(as_started(os.environ))


def taken_for(environ: Mapping[str, str]) -> Terminal:
    """Tell what the terminal of this environment can show."""
    name = environ.get("TERM", "")
    kind = next(one for one in _KINDS if one.names.fullmatch(name.lower()))
    colours, by = _colours(environ, kind)
    utf8, letters_by = _letters(environ) if kind.letters else (False, "TERM")
    return Terminal(name, name.lower() not in _NO_SCREEN, colours, utf8, by, letters_by)


def as_started(environ: Mapping[str, str], started: Path = _STARTED) -> Mapping[str, str]:
    """Return the environment as it was before Python set LC_CTYPE in the C locale (PEP 538).

    Where the system does not keep what a program was started with, UTF-8 mode tells of it.
    """
    if environ.get("LC_CTYPE") not in _MADE_UP:
        return environ
    try:
        before = re.search(rb"(?:^|\0)LC_CTYPE=([^\0]*)", started.read_bytes())
    except OSError:
        ours = bool(sys.flags.utf8_mode)
        return {**environ, "LC_CTYPE": "" if ours else environ["LC_CTYPE"]}
    return {**environ, "LC_CTYPE": before[1].decode("ascii", "replace") if before else ""}


def _colours(environ: Mapping[str, str], kind: _Kind) -> tuple[int, str]:
    if environ.get("NO_COLOR"):
        return 0, "NO_COLOR"
    if forced := environ.get("FORCE_COLOR", ""):
        return _TOLD.get(forced, max(kind.colours, 16)), "FORCE_COLOR"
    many = environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit")
    if many and (kind.believes or environ.get("TMUX")):
        return ALL, "COLORTERM"
    return kind.colours, "TERM"


def _letters(environ: Mapping[str, str]) -> tuple[bool, str]:
    """Tell whether the locale is of UTF-8; without any it is the C locale, which is not.

    C.UTF-8 beside a LANG of C is what a program of Python's hands on to those it starts.
    """
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        value = environ.get(name, "")
        handed_on = name == "LC_CTYPE" and environ.get("LANG", "") in ("C", "POSIX")
        if value and not (handed_on and value in _MADE_UP):
            return "utf8" in value.lower().replace("-", ""), name
    return False, ""
