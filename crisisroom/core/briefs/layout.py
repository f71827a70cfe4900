"""The brief as plain text of a given width: for a terminal, for mail, for paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crisisroom.core.brief import Brief
from crisisroom.text import cells, clip

WIDTH = 80
SCREEN = 40  # lines that the page for who decides above has at most
_INDENT = "  "
_HANGING = "    "
_QUOTE = "  | "
_ALWAYS = {
    "needed from you": "nothing",
    "what we said": "nothing yet",
    "what we said in public, to the letter": "nothing yet",
}
_JOINED = frozenset({"what we do not know"})  # many short things that read well in one
_MORE = "crisisroom brief tells all"


def text(told: Brief, width: int = WIDTH) -> list[str]:
    """Return a brief as lines of at most `width` columns; the one for `exec` fits on one screen.

    Parts with nothing in them are left out. A single word may be wider than that, as links are.
    """
    head = wrapped(_head(told), width, "", "")
    shown = filled(told)
    if told.audience == "exec":
        return [*head, *_fitting(shown, width, SCREEN - len(head))]
    return [*head, *(line for title, lines in shown for line in _part(title, lines, width))]


def filled(told: Brief) -> list[tuple[str, Sequence[str]]]:
    """Return the parts that have something in them, as they are read; some say that it is nothing.

    Many short things stand in one line.
    """
    parts = [(title, lines or _nothing(title)) for title, lines in told.parts()]
    return [(title, _together(title, lines)) for title, lines in parts if lines]


def _head(told: Brief) -> str:
    to = f" for {told.audience}" if told.audience else ""
    return f"{told.incident} {' '.join(told.title.split())}: brief{to}, {told.at}"


def _nothing(title: str) -> tuple[str, ...]:
    return (_ALWAYS[title],) if title in _ALWAYS else ()


def _together(title: str, lines: Sequence[str]) -> Sequence[str]:
    return ("; ".join(lines),) if title in _JOINED else lines


def _part(title: str, lines: Sequence[str], width: int) -> Iterator[str]:
    yield f"{title}:"
    for line in lines:
        first, *quoted = line.split("\n")
        yield from wrapped(first, width, _INDENT, _HANGING)
        for each in quoted:
            yield from _quoted(each, width)


def _quoted(line: str, width: int) -> list[str]:
    """Return a line of somebody's words to the letter, broken only where it is too wide."""
    mark = _INDENT + _QUOTE
    whole = f"{mark}{line}".rstrip()
    return [whole] if cells(whole) <= width else wrapped(line, width, mark, mark)


def _fitting(parts: Sequence[tuple[str, Sequence[str]]], width: int, most: int) -> list[str]:
    """Return parts on so many lines, with as much of each as there is room for."""
    for items in (8, 6, 5, 4, 3, 2, 1):
        for rows in (3, 2, 1):
            lines = [
                line
                for title, told in parts
                for line in _part(title, _shortened(told, items, rows * (width - 4)), width)
            ]
            if len(lines) <= most:
                return lines
    return lines[:most]


def _shortened(told: Sequence[str], items: int, width: int) -> list[str]:
    kept = [clip(" ".join(one.split()), width) for one in told[:items]]
    rest = len(told) - len(kept)
    return [*kept, f"and {rest} more: {_MORE}"] if rest else kept


def wrapped(words: str, width: int, first: str, following: str) -> list[str]:
    """Return a line broken at its spaces, with what each line begins with."""
    lines: list[str] = []
    line, empty = first, True
    for word in words.split():
        if not empty and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line, empty = following, True
        line = f"{line}{word}" if empty else f"{line} {word}"
        empty = False
    return [*lines, line.rstrip() if empty else line]
