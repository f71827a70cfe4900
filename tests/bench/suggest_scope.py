"""How well a score tells posts that some approved words answer from those that none do."""

from __future__ import annotations

import math
from collections.abc import Sequence

from crisisroom.core.suggest import FITS

ACCEPTED = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # shares of the fitting posts


class Scope:
    """Gathers the best scores of the posts of one playbook."""

    def __init__(self) -> None:
        self.right: list[float] = []  # of the posts for which the first is right
        self.wrong: list[float] = []  # of those that others would have answered
        self.outside: list[float] = []  # of those that nothing answers

    def add(self, score: float, *, answerable: bool, right: bool) -> None:
        """Take in the score of the first suggestion for a post."""
        (self.right if right else self.wrong if answerable else self.outside).append(score)

    def figures(self) -> list[float]:
        """Return the AUROC, three shares from `FITS` on, and those outside at each `ACCEPTED`."""
        order = sorted(self.right, reverse=True)
        bars = [order[min(len(order), math.ceil(share * len(order))) - 1] for share in ACCEPTED]
        return [
            area([*self.right, *self.wrong], self.outside),
            *(_from(FITS, each) for each in (self.right, self.wrong, self.outside)),
            *(_from(bar, self.outside) for bar in bars),
        ]


def _from(bar: float, scores: Sequence[float]) -> float:
    return sum(score >= bar for score in scores) / max(1, len(scores))


def shown(several: Sequence[Scope]) -> str:
    """Return the means of the figures of several splits as lines."""
    rows = [scope.figures() for scope in several]
    auroc, right, wrong, outside, *curve = (
        sum(column) / len(rows) for column in zip(*rows, strict=True)
    )
    points = ", ".join(f"{out:.0%} at {of:.0%}" for out, of in zip(curve, ACCEPTED, strict=True))
    return (
        f"  AUROC {auroc:.3f}; in the draft unasked, of posts whose first suggestion is right"
        f" {right:.0%}, wrong {wrong:.0%}, of posts out of scope {outside:.0%}\n"
        f"  out of scope at shares of the right ones: {points}"
    )


def area(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Return how often a post in scope scores above one out of it; ties count half."""
    order = sorted([(score, 1) for score in inside] + [(score, 0) for score in outside])
    ranks, at = 0.0, 0
    while at < len(order):
        end = at
        while end < len(order) and order[end][0] == order[at][0]:
            end += 1
        ranks += sum(mark for _, mark in order[at:end]) * (at + 1 + end) / 2
        at = end
    return (ranks - len(inside) * (len(inside) + 1) / 2) / (len(inside) * len(outside))
