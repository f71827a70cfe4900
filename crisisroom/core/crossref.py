"""Rules across a file: references that have to lead somewhere, ids that stand once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from crisisroom.core.nearest import did_you_mean
from crisisroom.core.problems import Report, shown
from crisisroom.core.yamltext import Mapping as Lines
from crisisroom.core.yamltext import Node, Scalar, locate, locate_key

Path = tuple[str | int, ...]


class Part(NamedTuple):
    """An included file: its nodes, its problems, and where its lists begin in the whole."""

    root: Node
    report: Report
    begins: Mapping[str, int]


class Crossref:
    """Reports what does not hold together, at the place in the file where it stands."""

    def __init__(self, root: Node, report: Report, parts: Sequence[Part] = ()) -> None:
        self._whole = Part(root, report, {})
        self._parts = parts

    def _part(self, path: Path) -> tuple[Part, Path]:
        """Return the file that a path leads into, and the path inside it."""
        if not self._parts:
            return self._whole, path
        section, index = path[:2] if len(path) > 1 else ("", "")
        for part in reversed(self._parts):
            begin = part.begins.get(str(section))
            if begin is not None and isinstance(index, int) and index >= begin:
                return part, (section, index - begin, *path[2:])
        return self._whole, path

    def node(self, path: Path) -> Node:
        """Return what stands at a path, or the nearest thing above it."""
        part, inner = self._part(path)
        return locate(part.root, inner)

    def report(self, path: Path) -> Report:
        """Return the report of the file that a path leads into."""
        return self._part(path)[0].report

    def add(self, path: Path, message: str, hint: str = "", code: str = "value") -> None:
        """Note a problem at what the path leads to, or at the nearest thing above it."""
        part, inner = self._part(path)
        if not part.report.full:
            part.report.add(locate(part.root, inner), message, hint, code)

    def add_key(self, path: Path, message: str, hint: str = "", code: str = "value") -> None:
        """Note a problem at the key that the path ends with."""
        part, inner = self._part(path)
        if not part.report.full:
            part.report.add(locate_key(part.root, inner), message, hint, code)

    def keys(self, path: Path) -> tuple[str, ...]:
        """Return the keys that the file itself writes there."""
        node = self.node(path)
        return tuple(key.value for key, _ in node.entries) if isinstance(node, Lines) else ()

    def says(self, path: Path, word: str) -> bool:
        """Tell whether the file itself says the word there: a value may be a mere stand-in."""
        node = self.node(path)
        return isinstance(node, Scalar) and node.value == word

    def refer(
        self, path: Path, word: str, known: Collection[str], what: str, *, key: bool = False
    ) -> None:
        """Report a word that is the id of nothing; an empty one refers to nothing.

        With `key` the word is the key that the path ends with.
        """
        if word and word not in known and not self.report(path).full:
            hint = did_you_mean(word, known, "there is") or f"this file names no {what}"
            add = self.add_key if key else self.add
            add(path, f'no {what} is called "{shown(word)}"', hint, "reference")

    def refer_each(
        self, path: Path, words: Sequence[str], known: Collection[str], what: str
    ) -> None:
        """Report every word of a list that is the id of nothing, or stands there twice."""
        seen: set[str] = set()
        for index, word in enumerate(words):
            self.refer((*path, index), word, known, what)
            if word and word in seen:
                self.add((*path, index), f'"{shown(word)}" stands here twice', "", "duplicate")
            seen.add(word)

    def once(self, ids: Iterable[tuple[Path, str]]) -> None:
        """Report every id that another thing of the same kind has already."""
        seen: dict[str, Path] = {}
        for path, word in ids:
            if not word or self.report(path).full:
                continue
            if word in seen:
                first = self.report(seen[word])
                where = f"{first.file}, " if first is not self.report(path) else ""
                line = self.node((*seen[word], "id")).line
                what = f'the id "{shown(word)}" is taken'
                hint = f"the first is on {where}line {line}: give this another one"
                self.add((*path, "id"), what, hint, "duplicate")
            else:
                seen[word] = path
