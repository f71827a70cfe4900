"""What may stand in words of our own: everything but characters that hide, lie or drive."""

from __future__ import annotations

import re

from crisisroom.text import chars

MOST = 20_000  # characters: far above every channel, far below what slows typing down

_LINE_ENDS = re.compile(f"\r\n?|[{chars.LINE_ENDS}]")
_NEVER = re.compile(
    f"[{chars.CONTROLS}{chars.BIDI}{chars.TAGS}{chars.SURROGATES}"
    f"{chars.INVISIBLE}{chars.ANNOTATIONS}{chars.NONCHARACTERS}]"
)


def own_text(text: str) -> tuple[str, int]:
    """Return the text with line ends as line feeds and forbidden characters left out, and how many.

    Everything else is kept to the letter: what is approved, shown and sent are the same bytes.
    """
    return _NEVER.subn("", _LINE_ENDS.sub("\n", text))
