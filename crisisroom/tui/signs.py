"""The signs of the visual language, and what stands for them where only ASCII shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from rich.cells import cell_len

FREE, OWNED, DONE, PRIVATE, WAITS, BAD, LOOK, OFF = "•", "▸", "✓", "»", "◦", "✗", "!", "-"
OPEN, CLOSED, QUOTE, CURSOR, CLIPPED, LINE = "▿", "▹", "│", "▌", "…", "─"
TIMES = "×"
PINNED = "♦"
RISING = " ▁▂▃▄▅▆▇█"

ASCII = str.maketrans(
    {
        FREE: "*",
        OWNED: "@",
        DONE: "+",
        PRIVATE: "=",
        WAITS: ".",
        BAD: "x",
        OPEN: "v",
        CLOSED: ">",
        QUOTE: "|",
        CURSOR: ">",
        CLIPPED: "~",
        LINE: "-",
        TIMES: "x",
        PINNED: "^",
        "‹": "<",
        "›": ">",
        **dict(zip(RISING[1:], "_.-=+*%#", strict=True)),
    }
)


def plain(text: str) -> str:
    """Return our own words in ASCII: the signs by the table, the rest by its nearest letter."""
    return folded(text.translate(ASCII))


def folded(text: str) -> str:
    """Return any words in ASCII, as many cells wide as before: accents go, the rest is `?`."""
    return text if text.isascii() else "".join(map(_folded, text.translate(ASCII)))


def _folded(sign: str) -> str:
    if sign.isascii():
        return sign
    nearest = unicodedata.normalize("NFKD", sign)[0]
    width = cell_len(sign)
    return (nearest if nearest.isascii() else "?").ljust(width, "?") if width else ""


def only_ascii(environ: Mapping[str, str]) -> bool:
    """Say whether the terminal shows ASCII only: the Linux console, or no UTF-8 in the locale.

    Python itself sets LC_CTYPE to C.UTF-8 in the C locale, so that alone tells nothing.
    """
    if environ.get("TERM", "") == "linux":
        return True
    ctype = environ.get("LC_CTYPE", "")
    if ctype == "C.UTF-8" and environ.get("LANG", "") in ("C", "POSIX"):
        ctype = ""
    named = environ.get("LC_ALL") or ctype or environ.get("LANG") or ""
    return bool(named) and "utf8" not in named.lower().replace("-", "")
