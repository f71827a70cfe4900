"""Pieces of Markdown in which every text is literal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from crisisroom.report.plain import one_line, visible
from crisisroom.text.escape import md_escape, md_inline
from crisisroom.text.links import safe_url

# What readers make links of by themselves: links, mail addresses, names on a network, bare hosts.
# Nothing but code keeps an @ from being seen as one of these everywhere, and in code it is easy to
# read; what is not in code is parted by escapes.
_IN_CODE = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}://|\bwww\.)[^\s`|\\<>\"'()\[\]\x00]+"
    r"|(?<![\w.+-])[\w.+-]*+@\w[\w@.-]*",
    re.IGNORECASE,
)
_AFTER = ".,;:!?-"  # what ends a sentence, and no link
_HOST = re.compile(r"(?<=[\w-])\.(?=[^\W\d_]{2,})")
_SLASHES = re.compile(r"(?<!/)/(?=/)")
_PLACE = "\x00"  # stands for what is in code meanwhile: no text has it once what is hidden is named


def cell(text: str) -> str:
    """Return a text for one line of Markdown: a table's cell, a heading, a list's item."""
    return _literal(text, md_inline)


def quote(text: str, indent: str = "") -> list[str]:
    """Return a text as a quotation, line for line."""
    lines = [line.rstrip() for line in _literal(text, md_escape).split("\n")]
    followed = [bool(line and after) for line, after in zip(lines, [*lines[1:], ""], strict=True)]
    return [
        f"{indent}> {line}{chr(92) if more else ''}".rstrip()
        for line, more in zip(lines, followed, strict=True)
    ]


def _literal(text: str, escape: Callable[[str], str]) -> str:
    """Return words as they are, of which no reader makes a link by itself."""
    coded: list[str] = []

    def kept(found: re.Match[str]) -> str:
        said = found[0].rstrip(_AFTER)
        coded.append(f"`{said}`")
        return _PLACE + found[0][len(said) :]

    parted = escape(_IN_CODE.sub(kept, visible(text)))
    plain = _SLASHES.sub(r"\/", _HOST.sub(r"\.", parted))
    first, *others = plain.split(_PLACE)
    return "".join([first, *(f"{code}{rest}" for code, rest in zip(coded, others, strict=True))])


def struck(text: str) -> str:
    """Return a text on one line, struck through."""
    shown = cell(text)
    return f"~~{shown}~~" if shown else ""


def link(url: str) -> str:
    """Return a web link that can be followed; anything else as literal words."""
    safe = safe_url(url)
    return f"<{safe}>" if safe and not set("<>\\ ") & set(safe) else cell(url)


def code(text: str) -> str:
    """Return an id or a hash in fixed width; a text with a backtick in it is escaped instead."""
    plain = one_line(text)
    return f"`{plain}`" if plain and "`" not in plain and "|" not in plain else cell(plain)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a table line by line, none where it has no rows; the cells are Markdown already."""
    marks = ["---"] * len(head)
    first = True
    for row in rows:
        if first:
            yield from (f"| {' | '.join(line)} |" for line in (head, marks))
            first = False
        yield f"| {' | '.join(row)} |"


def section(title: str, body: Iterable[str], empty: str = "") -> Iterator[str]:
    """Yield a section; one without a body says what is not there, or is left out."""
    lines = trimmed(body)
    first = next(lines, empty)
    if not first:
        return
    yield from (f"## {title}", "", first)
    yield from lines
    yield ""


def trimmed(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines without the empty ones before and after all of them."""
    begun, blank = False, 0
    for line in lines:
        if not line:
            blank += begun
            continue
        yield from [""] * blank
        begun, blank = True, 0
        yield line
