"""Where a long reply is cut into the posts of a thread, as the outbox will cut it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from crisisroom.tui.compose.editor import Mark
from crisisroom.tui.compose.said import line
from crisisroom.tui.rows import Row

_NUMBER = re.compile(r" \(\d+/\d+\)\Z")
_WORD = re.compile(r"\S+\Z")
_SHOWN = 28  # characters of an end


def cut_marks(text: str, posts: Sequence[str]) -> tuple[Mark, ...]:
    """Return the last word of each post but the last one, where it stands in the text."""
    found = []
    for start, end in list(_places(text, posts))[:-1]:
        word = _WORD.search(text, start, end)
        if word is not None:
            found.append(Mark(word.start(), end, "cut"))
    return tuple(found)


def _places(text: str, posts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where each post of a thread stands in the text it was cut from."""
    at = 0
    for post in posts if len(posts) > 1 else ():
        words = _NUMBER.sub("", post)
        start = text.find(words, at)
        if start < 0:
            return
        at = start + len(words)
        yield start, at


def cut_row(text: str, posts: Sequence[str]) -> Row | None:
    """Say where a text is cut; None where it goes as one post."""
    places = list(_places(text, posts))
    if len(places) < 2:
        return None
    ends = (_end(text[start:end]) for (start, end), _ in pairwise(places))
    return line(("cut after  ", "quiet"), ("   ".join(ends), "quiet"))


def _end(words: str) -> str:
    plain = " ".join(words.split())
    return "…" + plain[-_SHOWN:].partition(" ")[2] if len(plain) > _SHOWN else plain
