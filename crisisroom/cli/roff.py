"""Pages of the manual: plain words into roff, and roff of ours back into plain words.

Only what `man` of every system knows is used, so that `groff` and `mandoc` read it alike.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

WIDTH = 80  # columns of the plain page

# What roff would turn into typographic signs, and what it acts on.
_NAMED = {
    "\\": "\\e",
    "-": "\\-",
    "'": "\\(aq",
    "`": "\\(ga",
    "^": "\\(ha",
    "~": "\\(ti",
    '"': "\\(dq",
}
_MEANT = {"e": "\\", "-": "-", "(aq": "'", "(ga": "`", "(ha": "^", "(ti": "~", "(dq": '"', "&": ""}
_ESCAPE = re.compile(r"\\(f[BIRP]|\[u([0-9A-F]{4,6})\]|\(..|.)", re.DOTALL)


def escaped(words: str) -> str:
    """Return words of ours, on one line, as roff shows them: every sign as it is, nothing obeyed.

    Controls and lone surrogates become blanks; a dot at the beginning is no request.
    """
    told = "".join(map(_sign, _line(words)))
    return f"\\&{told}" if told.startswith(".") else told


def _line(words: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


def _sign(sign: str) -> str:
    if sign == "…":
        return "..."
    return _NAMED.get(sign) or (sign if sign.isascii() else f"\\[u{ord(sign):04X}]")


def bold(words: str) -> str:
    """Return words in bold."""
    return f"\\fB{escaped(words)}\\fR"


def filled(words: str) -> list[str]:
    """Return words of any length as lines of roff, which sets them as wide as the page is."""
    lines = textwrap.wrap(_line(words), 72, break_on_hyphens=False, break_long_words=False)
    return [*map(escaped, lines)]


def section(title: str) -> str:
    """Return the beginning of a section; its title stands in capitals."""
    return f'.SH "{escaped(title.upper())}"'


def group(title: str) -> str:
    """Return the beginning of a part of a section."""
    return f'.SS "{escaped(title)}"'


def paragraph(words: str) -> list[str]:
    """Return a paragraph."""
    return [".PP", *filled(words)]


def item(tag: str, words: str) -> list[str]:
    """Return something with its meaning set in; the tag is roff already."""
    return [".TP", tag, *(filled(words) or ["\\&"])]


def inset(lines: Iterable[str]) -> list[str]:
    """Return lines set in once more."""
    inner = [*lines]
    return [".RS", *inner, ".RE"] if inner else []


def literal(lines: Iterable[str]) -> list[str]:
    """Return lines that stay as they are, each in one line."""
    return [".PP", ".nf", ".RS", *map(escaped, lines), ".RE", ".fi"]


def as_text(page: str) -> str:
    """Return a page of ours as plain lines, for whoever has no `man`."""
    return "".join(f"{line}\n" for line in _Plain().lines(page.splitlines()))


def plain(words: str) -> str:
    """Return what a line of ours says, without what makes it bold."""
    return _ESCAPE.sub(_meant, words)


def _meant(found: re.Match[str]) -> str:
    if found[2]:
        return chr(int(found[2], 16))
    return "" if found[1][0] == "f" else _MEANT.get(found[1], "")


class _Plain:
    """Sets lines of roff as text: how far in, whether lines stay as they are."""

    def __init__(self) -> None:
        self._margin = 4
        self._hangs = 0
        self._literal = False
        self._tag = False
        self._words: list[str] = []

    def lines(self, page: Iterable[str]) -> Iterator[str]:
        """Yield the lines of a whole page."""
        for line in page:
            if line.startswith("."):
                yield from self._set()
                request, _, rest = line.partition(" ")
                yield from self._obey(request, plain(rest.strip('"')))
            elif self._tag or self._literal:
                self._tag = False
                yield f"{' ' * self._margin}{plain(line)}"
            else:
                self._words.append(plain(line))
        yield from self._set()

    def _set(self) -> Iterator[str]:
        words, self._words = " ".join(self._words), []
        margin = " " * (self._margin + self._hangs)
        yield from textwrap.wrap(
            words, WIDTH, initial_indent=margin, subsequent_indent=margin,
            break_on_hyphens=False, break_long_words=False,
        )  # fmt: skip

    def _obey(self, request: str, rest: str) -> Iterator[str]:
        self._hangs = 4 if request == ".TP" else 0
        self._tag = request == ".TP"
        if request in (".SH", ".SS"):
            self._margin = 4
            yield from ("", f"{'' if request == '.SH' else '  '}{rest}")
        elif request == ".PP":
            yield ""
        elif request in (".RS", ".RE"):
            self._margin += 4 if request == ".RS" else -4
        elif request in (".nf", ".fi"):
            self._literal = request == ".nf"
