"""The review as one document to edit: headings as comments, words read back to the letter.

Each heading's line carries what the words under it were when the document was made, so that words
that somebody else wrote meanwhile are seen and not overwritten.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import msgspec

from crisisroom.core.postmortem import Heading, base_of, trimmed

END = "<!-- end of the review -->"
_HEAD = re.compile(r"<!-- review of (INC-[0-9]+)[ :].*-->")
_HEADING = re.compile(r"<!-- == ([a-z0-9:_-]+) ([0-9a-f]{12}) == .*-->")
_HELP = re.compile(r"<!-- \. .*-->")
_OURS = re.compile(r"\\*<!--")  # a line of words that could be taken for one of these lines


class Broken(ValueError):
    """The document cannot be read back: where, and how to mend it."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}" if line else what)


class Section(msgspec.Struct, frozen=True):
    """What stands under one heading, and what it was made from (see `base_of`)."""

    words: str
    base: str

    @property
    def touched(self) -> bool:
        """Whether somebody wrote here."""
        return base_of(self.words) != self.base


def document(
    inc: str, title: str, sections: Iterable[tuple[Heading, str]], helps: Iterable[str] = ()
) -> str:
    """Return the document with each heading and the words under it; `helps` are lines of advice.

    Words are trimmed; a line of theirs that could be taken for one of ours gets a backslash.
    """
    lines = [f"<!-- review of {inc}: {_told(title)} -->"]
    lines += [f"<!-- . {_told(one)} -->" for one in helps]
    for heading, words in sections:
        kept = trimmed(words)
        lines += ["", f"<!-- == {heading.id} {base_of(kept)} == {_told(heading.title)} -->", ""]
        lines += [_escaped(line) for line in kept.split("\n")] if kept else []
    return "\n".join([*lines, "", END, ""])


def _told(words: str) -> str:
    """Return words as they may stand in a comment: on one line, without its end in them."""
    return " ".join(words.replace("--", "\N{EN DASH}").split())


def _escaped(line: str) -> str:
    return f"\\{line}" if _OURS.match(line) else line


def _plain(line: str) -> str:
    return line[1:] if line.startswith("\\") and _OURS.match(line) else line


def parsed(text: str, inc: str, expected: Collection[str]) -> dict[str, Section]:
    """Return what stands under each of the expected headings; Broken says what is wrong.

    Every heading has to be there, once; nothing may stand before the first or after the end.
    """
    found: dict[str, tuple[str, list[str]]] = {}
    for number, name, base, line in _lines(text, inc):
        if base:
            if name not in expected:
                raise Broken(number, f"{name} is no heading of this document")
            if name in found:
                raise Broken(number, f"the heading {name} stands here twice")
            found[name] = (base, [])
        elif name:
            found[name][1].append(line)
        elif line.strip():
            raise Broken(number, "words before the first heading: put them under one")
    if missing := [name for name in expected if name not in found]:
        raise Broken(0, f"the heading {missing[0]} is gone: put its line back, words and all")
    return {name: Section(trimmed("\n".join(lines)), base) for name, (base, lines) in found.items()}


def _lines(text: str, inc: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield each line of words with its number and heading; of a heading also its base."""
    numbered = enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1)
    _opened(numbered, inc)
    name = ""
    for number, line in numbered:
        if line.rstrip() == END:
            _closed(numbered)
            return
        if match := _HEADING.fullmatch(line.rstrip()):
            name = match[1]
            yield number, name, match[2], ""
        elif line.startswith("<!--"):
            if not _HELP.fullmatch(line.rstrip()):
                hint = "a backslash before it makes words of it"
                raise Broken(number, f"this is none of the document's own lines; {hint}")
        else:
            yield number, name, "", _plain(line)
    raise Broken(0, f"the last line is gone, so the end may be missing: {END}")


def _opened(numbered: Iterator[tuple[int, str]], inc: str) -> None:
    for number, line in numbered:
        if match := _HEAD.fullmatch(line.rstrip()):
            if match[1] != inc:
                raise Broken(number, f"this is the review of {match[1]}, not of {inc}")
            return
        if line.strip():
            break
    raise Broken(1, f"the first line has to be: <!-- review of {inc}: … -->")


def _closed(numbered: Iterator[tuple[int, str]]) -> None:
    for number, line in numbered:
        if line.strip():
            raise Broken(number, "words after the end: put them under a heading")
