"""How well and how fast posts are grouped into narratives, next to two plain ways.

Run it from the checkout: `PYTHONPATH=. python tests/bench/narratives.py [DIR] [--posts N]`. DIR
holds labelled posts, `label<TAB>text` a line in each *.tsv. Every method reads each file in three
shuffled orders, without knowing how many stories there are. NMI is normalised by the mean of both
entropies; accuracy maps stories to narratives one to one in the best way (Hungarian method);
B-cubed F1 is over posts. Speed is of processor time on one core, merges included.

The second part groups synthetic posts of 2,000 stories, by default 100,000: time of each step,
the longest single call and the memory held.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from crisisroom.core.grouping import Grouper, Setting, normal

ORDERS = (1, 2, 3)
BATCH = 100  # posts between merges
STORIES = 2000

Method = Callable[[Sequence[str]], list[int]]


def ours(texts: Sequence[str]) -> list[int]:
    """Group as the room does."""
    return _threads(texts, Setting(), merging=True)


def leader(texts: Sequence[str]) -> list[int]:
    """Group by the same likeness without ever merging."""
    return _threads(texts, Setting(), merging=False)


def exact(texts: Sequence[str]) -> list[int]:
    """Put equal texts together, after taking off what reposting adds."""
    numbers: dict[tuple[str, ...], int] = {}
    return [numbers.setdefault(normal(text).words, len(numbers)) for text in texts]


def _threads(texts: Sequence[str], setting: Setting, *, merging: bool) -> list[int]:
    grouper = Grouper(setting)
    joined = []
    for key, text in enumerate(texts, 1):
        joined.append(grouper.add(key, text, at=0.0).narrative)
        if merging and key % BATCH == 0:
            grouper.settle()
    while merging and grouper.waiting:
        grouper.settle()
    return [grouper.resolve(number) for number in joined]


def nmi(labels: Sequence[str], found: Sequence[int]) -> float:
    """Return the mutual information over the mean of the entropies, 0 to 1."""
    total, both = len(labels), Counter(zip(labels, found, strict=True))
    of_label, of_found = Counter(labels), Counter(found)
    shared = sum(
        n / total * math.log(n * total / (of_label[label] * of_found[one]))
        for (label, one), n in both.items()
    )
    entropies = _entropy(of_label.values(), total) + _entropy(of_found.values(), total)
    return 2 * shared / entropies if entropies else 1.0


def _entropy(counts: Iterable[int], total: int) -> float:
    return -sum(n / total * math.log(n / total) for n in counts)


def b_cubed(labels: Sequence[str], found: Sequence[int]) -> float:
    """Return the harmonic mean of B-cubed precision and recall."""
    both = Counter(zip(labels, found, strict=True))
    of_label, of_found = Counter(labels), Counter(found)
    precision = sum(n * n / of_found[one] for (_, one), n in both.items()) / len(labels)
    recall = sum(n * n / of_label[label] for (label, _), n in both.items()) / len(labels)
    return 2 * precision * recall / (precision + recall)


def accuracy(labels: Sequence[str], found: Sequence[int]) -> float:
    """Return the share of posts that the best one-to-one mapping puts right."""
    both = Counter(zip(labels, found, strict=True))
    rows, columns = sorted(set(labels)), sorted(set(found))
    width = max(len(rows), len(columns))
    costs = [[-both[row, column] for column in columns] for row in rows]
    padded = [row + [0] * (width - len(row)) for row in costs]
    return -_cheapest(padded, width) / len(labels)


def _cheapest(costs: Sequence[Sequence[int]], width: int) -> int:
    """Return the least cost of giving each row a column of its own (shortest augmenting paths)."""
    row_price, column_price = [0.0] * (len(costs) + 1), [0.0] * (width + 1)
    row_of = [0] * (width + 1)
    for row in range(1, len(costs) + 1):
        row_of[0] = row
        at, way = 0, [0] * (width + 1)
        least, used = [math.inf] * (width + 1), [False] * (width + 1)
        while True:
            used[at] = True
            here, step, ahead = row_of[at], math.inf, 0
            for column in range(1, width + 1):
                if used[column]:
                    continue
                left = costs[here - 1][column - 1] - row_price[here] - column_price[column]
                if left < least[column]:
                    least[column], way[column] = left, at
                if least[column] < step:
                    step, ahead = least[column], column
            for column in range(width + 1):
                if used[column]:
                    row_price[row_of[column]] += step
                    column_price[column] -= step
                else:
                    least[column] -= step
            at = ahead
            if not row_of[at]:
                break
        while at:
            row_of[at], at = row_of[way[at]], way[at]
    return sum(costs[row_of[c] - 1][c - 1] for c in range(1, width + 1) if row_of[c])


def labelled(path: Path) -> list[tuple[str, str]]:
    """Return the labels and texts of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(label, text) for label, _, text in (line.partition("\t") for line in lines)]


def measure(path: Path, name: str, method: Method) -> None:
    """Print a method's mean figures on a file."""
    posts = labelled(path)
    sums, stories = [0.0] * 4, 0
    for order in ORDERS:
        shuffled = random.Random(order).sample(posts, len(posts))
        labels, texts = [one for one, _ in shuffled], [text for _, text in shuffled]
        start = time.process_time()
        found = method(texts)
        seconds = time.process_time() - start
        figures = (
            nmi(labels, found),
            accuracy(labels, found) if name != "exact" else 0.0,
            b_cubed(labels, found),
            len(texts) / seconds,
        )
        sums = [one + more for one, more in zip(sums, figures, strict=True)]
        stories += len(set(found))
    score, right, cubed, speed = (one / len(ORDERS) for one in sums)
    shown = f"{right:8.3f}" if right else "       -"  # thousands of narratives take hours to map
    print(
        f"{path.stem:16} {name:8} {score:7.3f} {shown} {cubed:7.3f} {stories // len(ORDERS):8}"
        f" {speed:10,.0f}"
    )


def synthetic(count: int) -> Iterator[str]:
    """Yield posts of 2,000 stories that come and go, with idle words and words of their own."""
    chance = random.Random(7)
    for at in range(count):
        newest = at * STORIES // count
        story = max(0, newest - int(chance.expovariate(1 / 40)))
        own = [f"story{story}word{min(29, int(chance.expovariate(0.2)))}" for _ in range(5)]
        common = [f"common{min(4999, int(chance.paretovariate(0.6)))}" for _ in range(5)]
        yield " ".join((*own, *common, f"post{at}"))


def resident() -> float:
    """Return the memory this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def steps(count: int) -> None:
    """Print what the steps of grouping many posts cost."""
    texts = list(synthetic(count))
    before, grouper = resident(), Grouper()
    adding, settling = [], []
    for key, text in enumerate(texts, 1):
        start = time.process_time()
        grouper.add(key, text, at=key * 6.0)
        adding.append(time.process_time() - start)
        if key % BATCH == 0:
            start = time.process_time()
            grouper.settle()
            settling.append(time.process_time() - start)
        if key % (count // 5) == 0:
            print(f"  {key:8,} posts: {grouper.threads:6,} threads, {resident() - before:5.0f} MB")
    for name, took in (("add", adding), ("settle", settling)):
        took.sort()
        mean, high = 1e6 * sum(took) / len(took), 1e3 * took[len(took) * 999 // 1000]
        worst = 1e3 * took[-1]
        print(f"  {name:7} mean {mean:8.1f} us, 99.9 % under {high:6.2f} ms, worst {worst:6.2f}")
    print(f"  all: {count / (sum(adding) + sum(settling)):,.0f} posts/s")


def main() -> None:
    """Measure the files of a folder, then the steps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--posts", type=int, default=100_000)
    given = parser.parse_args()
    if given.folder:
        head = f"{'file':16} {'method':8} {'NMI':>7} {'accuracy':>8} {'B3 F1':>7}"
        print(f"{head} {'found':>8} {'posts/s':>10}")
        for path in sorted(given.folder.glob("*.tsv")):
            for name, method in (("ours", ours), ("leader", leader), ("exact", exact)):
                measure(path, name, method)
    if given.posts:
        print(f"{given.posts:,} synthetic posts of {STORIES:,} stories, merged every {BATCH}:")
        steps(given.posts)


if __name__ == "__main__":
    main()
