"""Playbooks with one slip each, and what `check` has to say about it: what, and where.

`§` stands right before the place to be named.
"""

from __future__ import annotations

from typing import NamedTuple

from whole_playbook import WHOLE

MARK = "§"


class Broken(NamedTuple):
    """A file with a problem: its code, words of the message or the hint, and the place."""

    name: str
    text: str
    code: str
    words: str
    line: int
    col: int


def slip(name: str, old: str, new: str, code: str, words: str, at: str = "") -> Broken:
    """Return the whole playbook with one thing written wrong; `at` begins where it is named."""
    assert old in WHOLE, old
    text = WHOLE.replace(old, new, 1)
    return marked(name, text.replace(at, MARK + at, 1) if at else text, code, words)


def marked(name: str, text: str, code: str, words: str) -> Broken:
    """Return a file whose problem stands behind the mark."""
    before, found, after = text.partition(MARK)
    assert found, name
    line = before.count("\n") + 1
    return Broken(name, before + after, code, words, line, len(before) - before.rfind("\n"))
