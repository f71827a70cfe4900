"""The table of the terminal's figures: ours, the peer's in the same run, and what was promised."""

from __future__ import annotations

from pathlib import Path

_HEAD = ("figure", "ours", "peer", "ratio", "goal", "met?")
_WIDTHS = (58, 12, 26, 8, 12, 4)


class Table:
    """Prints one line a figure as soon as it is known, and keeps a copy in a file."""

    def __init__(self, copy: Path | None) -> None:
        self._copy = copy
        if copy is not None:
            copy.write_text("")
        self._line(_HEAD)
        self._line(tuple("-" * width for width in _WIDTHS))

    def part(self, title: str) -> None:
        """Begin a group of figures."""
        self.say(f"\n{title}")

    def ratio(
        self, figure: str, ours: float, peer: float, of: str, unit: str, goal: float | None = None
    ) -> None:
        """Tell a figure beside a peer's; the goal is at most so many times the peer's."""
        times = ours / peer if peer else float("inf") if ours else 0.0
        met = "" if goal is None else _met(times <= goal)
        said = "" if goal is None else f"<= {goal:.3g}x"
        theirs = f"{_number(peer, unit)} {of}"
        self._line((figure, _number(ours, unit), theirs, f"{times:.3f}x", said, met))

    def limit(
        self, figure: str, ours: float, unit: str, most: float | None = None, peer: str = ""
    ) -> None:
        """Tell a figure that has a limit of its own."""
        met = "" if most is None else _met(ours <= most)
        said = "" if most is None else f"<= {_number(most, unit)}"
        self._line((figure, _number(ours, unit), peer, "", said, met))

    def told(self, figure: str, ours: str, met: bool, goal: str, peer: str = "") -> None:
        """Tell what is so or not so."""
        self._line((figure, ours, peer, "", goal, _met(met)))

    def skipped(self, figure: str, why: str) -> None:
        """Tell that a figure could not be had, and why."""
        self.say(f"{figure:<{_WIDTHS[0]}}  skipped: {why}")

    def say(self, line: str) -> None:
        """Print a line as it is."""
        print(line, flush=True)
        if self._copy is not None:
            with self._copy.open("a", encoding="utf-8") as copy:
                copy.write(f"{line}\n")

    def _line(self, cells: tuple[str, ...]) -> None:
        pairs = zip(cells, _WIDTHS, strict=True)
        self.say("  ".join(f"{cell:<{width}}" for cell, width in pairs).rstrip())


def _met(so: bool) -> str:
    return "yes" if so else "NO"


def _number(value: float, unit: str) -> str:
    if unit in ("B", "cells"):
        return f"{value:,.0f} {unit}"
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f} {unit}"
