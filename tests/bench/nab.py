"""The scoring of the Numenta Anomaly Benchmark, written anew from its description.

A detection within a labelled window earns more the earlier it is, only the first counts; one
outside costs, less shortly after a window; a missed window costs. 0 is silence, 100 is perfect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

PROFILES = {
    "standard": (1.0, 0.11, 1.0),
    "reward_low_FP": (1.0, 0.22, 1.0),
    "reward_low_FN": (1.0, 0.11, 2.0),
}
"""What a detection is worth, what a false one costs, what a missed window costs."""
_PROBATION, _MOST_PROBATION = 0.15, 750  # of the rows, and rows at most: unscored
OUTSIDE = -1


@dataclass(frozen=True, slots=True)
class Point:
    """One scored row: its anomaly score, what it is worth, and in which window it is."""

    score: float
    worth: float
    window: tuple[str, int] | None


def _sigmoid(position: float) -> float:
    return -1.0 if position > 3.0 else 2.0 / (1.0 + exp(5.0 * position)) - 1.0


_BEST = _sigmoid(-1.0)


def worths(rows: int, windows: Sequence[tuple[int, int]]) -> list[tuple[float, int] | None]:
    """Return for each row what a detection there is worth and its window; None: unscored.

    `windows` are the first and last row of each, in order.
    """
    unscored = min(int(_PROBATION * rows), _MOST_PROBATION)
    found: list[tuple[float, int] | None] = []
    past: tuple[int, int] | None = None
    at = 0
    for row in range(rows):
        while at < len(windows) and row > windows[at][1]:
            past, at = windows[at], at + 1
        if row < unscored:
            found.append(None)
        elif at < len(windows) and windows[at][0] <= row:
            left, right = windows[at]
            found.append((_sigmoid(-(right - row + 1) / (right - left + 1)) / _BEST, at))
        elif past is None:
            found.append((-1.0, OUTSIDE))
        else:
            found.append((_sigmoid((row - past[1]) / (past[1] - past[0])), OUTSIDE))
    return found


def points(name: str, scores: Sequence[float], windows: Sequence[tuple[int, int]]) -> list[Point]:
    """Return the scored rows of one file."""
    return [
        Point(score, worth[0], None if worth[1] == OUTSIDE else (name, worth[1]))
        for score, worth in zip(scores, worths(len(scores), windows), strict=True)
        if worth is not None
    ]


def at_threshold(found: Sequence[Point], windows: int, profile: str, threshold: float) -> float:
    """Return the score from 0 to 100 (or below) when rows from this score on are detections."""
    hit, false, missed = PROFILES[profile]
    best: dict[tuple[str, int], float] = {}
    total = 0.0
    for one in found:
        if one.score < threshold:
            continue
        if one.window is None:
            total += false * one.worth
        else:
            best[one.window] = max(best.get(one.window, -missed), hit * one.worth)
    total += sum(best.values()) - missed * (windows - len(best))
    return 100.0 * (total + missed * windows) / (windows * (hit + missed))


def best_threshold(found: Sequence[Point], windows: int, profile: str) -> tuple[float, float]:
    """Return the threshold with the highest score, and that score, by one sweep."""
    hit, false, missed = PROFILES[profile]
    best: dict[tuple[str, int], float] = {}
    total, top = 0.0, (1.1, 0.0)
    ordered = sorted(found, key=lambda one: -one.score)
    for place, one in enumerate(ordered):
        if one.window is None:
            total += false * one.worth
        else:
            old = best.get(one.window, -missed)
            best[one.window] = max(old, hit * one.worth)
            total += best[one.window] - old
        last = place + 1 == len(ordered) or ordered[place + 1].score != one.score
        if last:
            score = 100.0 * total / (windows * (hit + missed))
            top = max(top, (one.score, score), key=lambda pair: pair[1])
    return top


def left_out(files: Mapping[str, tuple[Sequence[Point], int]], profile: str) -> float:
    """Return the score with the threshold of each file chosen on all the others."""
    total, whole = 0.0, 0
    for name, (found, windows) in files.items():
        others = [one for other, (more, _) in files.items() if other != name for one in more]
        count = sum(many for other, (_, many) in files.items() if other != name)
        threshold, _ = best_threshold(others, count, profile)
        total += windows * at_threshold(found, windows, profile, threshold)
        whole += windows
    return total / whole
