"""What a terminal can do beyond the usual, taken from its name as terminfo has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crisisroom.term.style import Style

# Families that fill what they erase with the background in use (terminfo's `bce`), and erase amid a
# row, too (`ech`); a far host often knows no terminfo of the newer ones. GNU screen and the VT100
# family do not.
_FILLS = (
    "xterm", "rxvt", "linux", "alacritty", "foot", "kitty", "konsole", "gnome", "vte", "st-",
    "wezterm", "ghostty", "contour", "mintty", "mlterm", "iterm", "putty", "Eterm", "tmux",
)  # fmt: skip
_OLD = ("vt100", "vt102", "vt52", "vt220", "ansi", "sun", "cons25")
_NO_REGIONS = ("vt52", "ansi", "sun", "cons25")


@dataclass(frozen=True, slots=True)
class Facts:
    """What differs among terminals; the defaults are those of an xterm."""

    fills: bool = True  # erased cells take on the background in use; amid a row, too
    ends_attributes: bool = True  # one attribute can be ended alone, and columns be addressed
    scrolls: bool = True  # some rows alone can be scrolled (terminfo's `csr`)

    def wipes(self, style: Style) -> bool:
        """Say whether the rest of a row that is wiped looks like blanks in this style."""
        return style.erasable and (self.fills or not style.back)


def facts_of(environ: Mapping[str, str]) -> Facts:
    """Return the facts of the terminal that TERM names; of an unknown one, only what all can.

    `screen.xterm-256color` is GNU screen, whatever it runs in.
    """
    term = environ.get("TERM", "")
    return Facts(
        fills=term == "st" or (term.startswith(_FILLS) and not term.startswith("screen")),
        ends_attributes=bool(term) and not term.startswith(_OLD),
        scrolls=bool(term) and not term.startswith(_NO_REGIONS),
    )
