"""What is wrong in a file, and where: the lines that `check` prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec

MAX_PROBLEMS = 100


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong in a file, where (line and column from 1), and how to mend it."""

    file: str
    line: int
    col: int
    message: str
    hint: str = ""
    code: str = ""

    def __str__(self) -> str:
        """Return the line that compilers and editors understand."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{self.line}:{self.col}: {self.message}{hint}"


class Placed(Protocol):
    """Whatever has a line and a column, both from 1."""

    @property
    def line(self) -> int:
        """Return the line."""
        ...

    @property
    def column(self) -> int:
        """Return the column, counted in characters."""
        ...


class Place(msgspec.Struct, frozen=True):
    """A position in a file."""

    line: int = 1
    column: int = 1


class Report:
    """Collects the problems of one file, the first hundred of them."""

    def __init__(self, file: str, known: Iterable[Problem] = ()) -> None:
        self.file = shown(file, 200)
        self._problems = [*known]

    def __bool__(self) -> bool:
        return bool(self._problems)

    @property
    def full(self) -> bool:
        """Tell that no more problems are taken, so that looking for hints can stop."""
        return len(self._problems) >= MAX_PROBLEMS

    def add(self, at: Placed, message: str, hint: str = "", code: str = "value") -> None:
        """Note a problem at a place, unless there are enough."""
        if not self.full:
            self._problems.append(Problem(self.file, at.line, at.column, message, hint, code))

    def __len__(self) -> int:
        return len(self._problems)

    def problems(self) -> list[Problem]:
        """Return the problems in the order of the file."""
        return sorted(self._problems, key=lambda problem: (problem.line, problem.col))


def shown(text: str, most: int = 40) -> str:
    """Return a piece of a file as it may stand in a message: short, and without control signs."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut)
