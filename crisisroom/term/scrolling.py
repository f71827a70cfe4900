"""Which rows only moved up or down: the terminal can move them by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crisisroom.term.grid import Grid, Row

LEAST = 3  # rows that must have moved together
TRIED = 2  # distances that are tried


@dataclass(frozen=True, slots=True)
class Scroll:
    """Rows `top` to `bottom` (exclusive) go up by `rows`; below zero, down."""

    top: int
    bottom: int
    rows: int


def scrolls(shown: Grid, wanted: Grid, changed: Sequence[int]) -> Iterator[Scroll]:
    """Yield the scrolls that would bring most changed rows to their place, the best first.

    Rows count as moved where they agree in the columns in which anything changed: beside a list
    that moved stands one that did not, and is written again where the sum is still shorter.
    """
    if len(changed) < LEAST:
        return
    left, right = _band(shown, wanted, changed)
    old = [tuple(row[left:right]) for row in shown.rows]
    new = [tuple(row[left:right]) for row in wanted.rows]
    places: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for y in range(changed[0], changed[-1] + 1):
        if old[y].count(old[y][0]) < len(old[y]):  # a blank row may have come from anywhere
            places[old[y]].append(y)
    moved = Counter(came - y for y in changed for came in places.get(new[y], ()) if came != y)
    for rows, count in moved.most_common(TRIED):
        if count >= LEAST:
            fits = [y for y in changed if 0 <= y + rows < len(old) and new[y] == old[y + rows]]
            top, bottom = min(fits) + min(rows, 0), max(fits) + max(rows, 0) + 1
            yield Scroll(top, bottom, rows)


def _band(shown: Grid, wanted: Grid, changed: Sequence[int]) -> tuple[int, int]:
    """Return the first column in which anything changed, and the one after the last."""
    left, right = shown.width, 0
    for y in changed:
        old, new = shown.rows[y], wanted.rows[y]
        left = min(left, _same(old, new))
        right = max(right, len(new) - _same(old[::-1], new[::-1]))
    return left, right


def _same(old: Row, new: Row) -> int:
    """Return how many cells are the same at the beginning."""
    return next((at for at, (a, b) in enumerate(zip(old, new, strict=True)) if a != b), len(new))
