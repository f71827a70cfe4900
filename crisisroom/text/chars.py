"""Which characters are not what they seem: classes for `re`, shared by the rest of `text`."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

JOINERS = "\u200c\u200d"
ELLIPSIS = "…"

_PLANE_ENDS = "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 15))

CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and line feed, DEL, C1
BIDI = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
TAGS = r"\U000e0000-\U000e007f"
SURROGATES = r"\ud800-\udfff"
LINE_ENDS = r"\u2028\u2029"
ANNOTATIONS = r"\ufff9-\ufffb"
NONCHARACTERS = r"\ufdd0-\ufdef\ufffe\uffff" + _PLANE_ENDS
# Fonts draw anything there, our own marks too, and kitty places pictures by U+10EEEE.
PRIVATE = r"\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
# No ink and no width: soft hyphen, fillers, invisible operators, byte order mark, old format marks.
INVISIBLE = (
    r"\u00ad\u034f\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    r"\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
# Invisible or of unsettled width, yet with an honest use in somebody's script.
_SCRIPT_FORMATS = (
    r"\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u180b-\u180d\u180f"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U000e0080-\U000e0fff"
)

DROPPED = re.compile(f"[{BIDI}{TAGS}{ANNOTATIONS}{INVISIBLE}{_SCRIPT_FORMATS}]+")
REPLACED = re.compile(f"[{CONTROLS}{SURROGATES}{LINE_ENDS}{PRIVATE}{NONCHARACTERS}]")
HIDDEN = re.compile(
    f"[{CONTROLS}{BIDI}{TAGS}{ANNOTATIONS}{INVISIBLE}{SURROGATES}{LINE_ENDS}{JOINERS}]"
)


@cache
def tails() -> re.Pattern[str]:
    """Return the pattern of a run of what hangs on the character before: marks and joiners.

    Making it takes 10 ms, so whoever needs none should not ask.
    """
    # Marks are assigned in planes 0 and 1 only, and the selectors of plane 14, which are dropped.
    near = "".join(chr(code) for code in range(0x300, 0x10000) if hangs(chr(code)))
    far = "".join(chr(code) for code in range(0x10000, 0x20000) if hangs(chr(code)))
    # Apart, because `re` is quick only for a set within plane 0.
    return re.compile(f"(?:[{near}]|(?![\\x00-\\uffff])[{far}])+")


def hangs(char: str) -> bool:
    """Tell whether a character is a mark, a variation selector or a joiner."""
    return char in JOINERS or unicodedata.category(char)[0] == "M"
