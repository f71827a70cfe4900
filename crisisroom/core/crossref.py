"""Rules across a file: references that have to lead somewhere, ids that stand once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from crisisroom.core.problems import Report, shown
from crisisroom.core.schema import did_you_mean
from crisisroom.core.yamltext import Node, Scalar, locate

Path = tuple[str | int, ...]


class Crossref:
    """Reports what does not hold together, at the place in the file where it stands."""

    def __init__(self, root: Node, report: Report) -> None:
        self._root = root
        self._report = report

    def add(self, path: Path, message: str, hint: str = "", code: str = "value") -> None:
        """Note a problem at what the path leads to, or at the nearest thing above it."""
        if not self._report.full:
            self._report.add(locate(self._root, path), message, hint, code)

    def says(self, path: Path, word: str) -> bool:
        """Tell whether the file itself says the word there: a value may be a mere stand-in."""
        node = locate(self._root, path)
        return isinstance(node, Scalar) and node.value == word

    def refer(self, path: Path, word: str, known: Collection[str], what: str) -> None:
        """Report a word that is the id of nothing; an empty one refers to nothing."""
        if word and word not in known and not self._report.full:
            hint = did_you_mean(word, known, "there is") or f"this file names no {what}"
            self.add(path, f'no {what} is called "{shown(word)}"', hint, "reference")

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
        seen: set[str] = set()
        for path, word in ids:
            if word and word in seen:
                what = f'the id "{shown(word)}" is taken'
                self.add((*path, "id"), what, "give it another one", "duplicate")
            seen.add(word)
