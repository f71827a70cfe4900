"""The signs of the visual language, and what stands for them where only ASCII shows."""

from __future__ import annotations

import locale
import sys
import unicodedata
from collections.abc import Mapping

from rich.cells import cell_len

FREE, OWNED, DONE, PRIVATE, WAITS, BAD, LOOK, OFF = "•", "▸", "✓", "»", "◦", "✗", "!", "-"
OPEN, CLOSED, QUOTE, CURSOR, CLIPPED, LINE = "▿", "▹", "│", "▌", "…", "─"

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
        "‹": "<",
        "›": ">",
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


def only_ascii(environ: Mapping[str, str], encoding: str = "") -> bool:
    """Say whether the terminal shows ASCII only: its locale, or the Linux console."""
    if environ.get("TERM", "") == "linux":
        return True
    named = encoding or getattr(sys.stdout, "encoding", "") or locale.getpreferredencoding(False)
    return named.lower().replace("-", "") not in ("utf8", "utf8sig")
