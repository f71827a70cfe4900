"""The early warning on labelled counts of mentions, next to simple rules, in one run.

`PYTHONPATH=.:tests python tests/bench/volume.py DIR`: DIR holds CSV files of timestamp,value and
windows.json (file -> pairs of first and last moment), as the Numenta Anomaly Benchmark has them.
"""

from __future__ import annotations

import json
import sys
import time
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.nab import PROFILES, Point, at_threshold, best_threshold, left_out, points

from crisisroom.cli.backtest_counts import read_rows, spacing
from crisisroom.core.detect.counts import SPEAKS, scores
from crisisroom.core.detect.rule import Rule

Detector = Callable[["Brand"], list[float]]
_DAY = 288


@dataclass(frozen=True)
class Brand:
    """One file: its moments, counts and labelled windows as rows."""

    name: str
    seconds: list[float]
    counts: list[float]
    windows: list[tuple[int, int]]
    bucket: int


def brands(folder: Path) -> Iterator[Brand]:
    """Yield the labelled files of a folder."""
    labelled = json.loads((folder / "windows.json").read_text())
    for file, pairs in sorted(labelled.items()):
        rows = read_rows(str(folder / file))
        at = [row.second for row in rows]
        windows = [
            (bisect_left(at, _second(first)), bisect_right(at, _second(last)) - 1)
            for first, last in pairs
        ]
        counts = [row.count for row in rows]
        yield Brand(file, at, counts, windows, spacing(file, rows))


def _second(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def ours(brand: Brand) -> list[float]:
    """The shipped rule."""
    rows = zip(brand.seconds, brand.counts, strict=True)
    return [one.score for one in scores(rows, Rule(), brand.bucket)]


def ewma(brand: Brand) -> list[float]:
    """A z-score against a fading mean and variance, half of it forgotten in a day."""
    keep = 0.5 ** (1 / _DAY)
    mean = variance = 0.0
    found = []
    for count in brand.counts:
        z = max(0.0, count - mean) / max(1.0, variance) ** 0.5
        found.append(z / (z + 4.0))
        variance = keep * variance + (1 - keep) * (count - mean) ** 2
        mean = keep * mean + (1 - keep) * count
    return found


def robust(brand: Brand) -> list[float]:
    """Distance from the median of the last day, in median absolute deviations."""
    recent: deque[float] = deque(maxlen=_DAY)
    middle, spread = 0.0, 1.0
    found = []
    for row, count in enumerate(brand.counts):
        if row % 12 == 0 and recent:
            middle = median(recent)
            spread = max(1.0, 1.4826 * median(abs(one - middle) for one in recent))
        z = max(0.0, count - middle) / spread
        found.append(z / (z + 4.0))
        recent.append(count)
    return found


def static(brand: Brand) -> list[float]:
    """So many times the mean of everything before: what people set by hand."""
    total = 0.0
    found = []
    for row, count in enumerate(brand.counts):
        times = count / max(1.0, total / max(1, row))
        found.append(times / (times + 5.0))
        total += count
    return found


def report(name: str, detector: Detector, files: list[Brand], shipped: float | None) -> list[float]:
    """Print how a detector does; return its scores at its one threshold."""
    began = time.process_time()
    scored = {one.name: detector(one) for one in files}
    rows = sum(len(one.counts) for one in files)
    cost = (time.process_time() - began) / rows * 1e6
    by_file: dict[str, tuple[list[Point], int]] = {
        one.name: (points(one.name, scored[one.name], one.windows), len(one.windows))
        for one in files
    }
    whole = [point for found, _ in by_file.values() for point in found]
    windows = sum(many for _, many in by_file.values())
    tuned = [best_threshold(whole, windows, profile) for profile in PROFILES]
    out = [left_out(by_file, profile) for profile in PROFILES]
    bar = shipped if shipped is not None else tuned[0][0]
    at_bar = [at_threshold(whole, windows, profile, bar) for profile in PROFILES]
    false = sum(one.window is None and one.score >= bar for one in whole)
    weeks = sum(one.window is None for one in whole) * files[0].bucket / (7 * 86400)
    told = {one.window for one in whole if one.window and one.score >= bar}
    print(
        f"{name:22} at {bar:.2f} {_three(at_bar)}   tuned {_three([one[1] for one in tuned])}"
        f"   left out {_three(out)}   {len(told)}/{windows} windows"
        f"   {false / weeks:.2f} false/brand-week   {cost:.1f} us/bucket"
    )
    return at_bar


def _three(values: list[float]) -> str:
    return " / ".join(f"{value:.1f}" for value in values)


def main() -> int:
    """Print a line for each rule; 1 where the shipped one misses its figures."""
    files = list(brands(Path(sys.argv[1])))
    print(f"{len(files)} brands; {' / '.join(PROFILES)}")
    reached = report("two scales (shipped)", ours, files, SPEAKS)
    report("EWMA z, 1 day", ewma, files, None)
    report("robust z, 1 day", robust, files, None)
    report("times the mean", static, files, None)
    return 0 if all(got >= goal for got, goal in zip(reached, (84, 80, 87), strict=True)) else 1


if __name__ == "__main__":
    sys.exit(main())
