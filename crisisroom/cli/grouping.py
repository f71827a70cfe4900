"""Grouping a file of mentions into narratives, without a room."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime
from math import inf
from typing import BinaryIO

import msgspec

from crisisroom.cli.context import Context
from crisisroom.cli.files import opened
from crisisroom.cli.options import paged
from crisisroom.cli.output import fail
from crisisroom.cli.plain import one_line
from crisisroom.core.grouping import Grouper, Setting, title_of
from crisisroom.core.mention import Incoming
from crisisroom.report.contract import Json, moment
from crisisroom.sources.jsonl import LINE_CAP, Problem, parse_line

NAMED = 100  # bad lines that are named: a file that is none of ours has millions
_SETTLED = 100  # mentions after which threads are merged


class _Given(msgspec.Struct):
    """What a line itself calls its mention."""

    external_id: str | None = None


class _Story:
    """The mentions of one narrative of the file."""

    def __init__(self, text: str) -> None:
        self.title = title_of(text)
        self.ids: list[tuple[int, str]] = []  # line and id
        self.authors: set[tuple[str, str]] = set()
        self.sources: dict[str, None] = {}
        self.copies = 0
        self.first_at: datetime | None = None
        self.last_at: datetime | None = None

    def hear(self, line: int, name: str, mention: Incoming, *, copy: bool) -> None:
        """Count a mention in."""
        self.ids.append((line, name))
        self.copies += copy
        if author := mention.author.handle or mention.author.name:
            self.authors.add((mention.source, author))
        if mention.source:
            self.sources[mention.source] = None
        if at := mention.posted_at:
            self.first_at = min(at, self.first_at or at)
            self.last_at = max(at, self.last_at or at)

    def join(self, other: _Story) -> None:
        """Take over the mentions of a narrative that turned out to be the same."""
        self.ids += other.ids
        self.authors |= other.authors
        self.sources |= other.sources
        self.copies += other.copies
        if other.first_at and other.last_at:
            self.first_at = min(other.first_at, self.first_at or other.first_at)
            self.last_at = max(other.last_at, self.last_at or other.last_at)


class _File:
    """Groups the lines of a file as they come."""

    def __init__(self) -> None:
        self._grouper = Grouper(Setting(idle=inf))  # many files tell no times
        self._stories: dict[int, _Story] = {}
        self._heard = 0
        self._at = 0.0  # of the last mention that says its time, in seconds

    def hear(self, number: int, line: bytes, mention: Incoming) -> None:
        """Group the mention of a line."""
        if mention.posted_at:
            self._at = mention.posted_at.timestamp()
        joined = self._grouper.add(number, mention.text, at=self._at)
        story = self._stories.get(joined.narrative)
        if story is None:
            story = self._stories[joined.narrative] = _Story(mention.text)
        story.hear(number, _name(number, line, mention), mention, copy=bool(joined.copy_of))
        self._heard += 1
        if self._heard % _SETTLED == 0:
            self._settle()

    def _settle(self) -> None:
        for merged in self._grouper.settle():
            gone = self._stories.pop(merged.gone)
            self._stories[merged.into].join(gone)

    def stories(self, *, full: bool) -> list[Json]:
        """Return the narratives, the largest first; N-1 is the one that the file tells first."""
        while self._grouper.waiting:
            self._settle()
        for story in self._stories.values():
            story.ids.sort()
        told = sorted(self._stories.items(), key=lambda one: one[1].ids[0])
        found = [
            self._json(f"N-{place}", number, story, full)
            for place, (number, story) in enumerate(told, 1)
        ]
        return sorted(found, key=lambda one: -one["mentions"])

    def _json(self, name: str, number: int, story: _Story, full: bool) -> Json:
        found: Json = {
            "id": name,
            "title": self._grouper.title(number) or story.title,
            "terms": [*self._grouper.terms(number)],
            "mentions": len(story.ids),
            "copies": story.copies,
            "authors": len(story.authors),
            "sources": [*story.sources],
            "first_at": moment(story.first_at),
            "last_at": moment(story.last_at),
            "state": "open",
        }
        return found | ({"mention_ids": [one for _, one in story.ids]} if full else {})


async def from_file(context: Context, args: Namespace) -> int:
    """Group `args.from_file` and print its narratives; 1 where a line is no mention.

    `mention_ids` are the mentions' external ids, and for those without one the number of the
    line, from "1".
    """
    file, bad = _File(), 0
    where = "stdin" if args.from_file == "-" else args.from_file
    with opened(args.from_file, "crisisroom narratives --from FILE, or a pipe") as stream:
        for number, line in _lines(stream):
            found = parse_line(line, number, "") if line else _too_long(number)
            if isinstance(found, Incoming):
                file.hear(number, line, found)
                continue
            bad += 1
            if bad <= NAMED:
                message = f"{where}:{found.line}: {found.message}"
                fail("line", message, as_json=context.options.json)
    shown = paged(file.stories(full=args.full), args, lambda one: str(one["id"]))
    context.show(lambda: [*shown], lambda: _plain(shown, full=args.full))
    return 1 if bad else 0


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that hold something, by number; one that is too long comes empty."""
    number = 0
    while line := stream.readline(LINE_CAP + 1):
        number += 1
        if len(line) <= LINE_CAP or line.endswith(b"\n"):
            if line.strip():
                yield number, line
            continue
        while (rest := stream.readline(LINE_CAP)) and not rest.endswith(b"\n"):
            continue
        yield number, b""


def _too_long(number: int) -> Problem:
    return Problem(number, f"longer than {LINE_CAP} bytes")


def _name(number: int, line: bytes, mention: Incoming) -> str:
    """Return the line's own id for its mention; the reader makes one up where there is none."""
    if b'"external_id"' in line:
        given = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"), type=_Given, strict=False)
        if given.external_id:
            return mention.external_id
    return str(number)


def _plain(found: Sequence[Json], *, full: bool) -> Iterator[str]:
    if not found:
        yield "there is no mention in it"
    for one in found:
        yield f"{one['id']} {_counts(one)}: {one_line(one['title'])}"
        if full:
            yield f"  {one_line(' '.join(one['mention_ids']))}"


def _counts(one: Json) -> str:
    count = one["mentions"]
    parts = [f"{count} mention{'s' if count != 1 else ''}"]
    if one["copies"]:
        parts.append(f"{one['copies']} of them reposts")
    if one["authors"]:
        parts.append(f"{one['authors']} author{'s' if one['authors'] != 1 else ''}")
    if one["sources"]:
        parts.append(one_line(", ".join(one["sources"])))
    return ", ".join(parts)
