"""How well and how fast approved words are suggested, next to SQLite's bm25 and to TF-IDF.

Run it from the checkout: `PYTHONPATH=. python tests/bench/suggest.py DIR`. DIR holds any of
- stackfaq*.xml: threads of `<rephr>`, `<question>` and `<answer>`. Each answer is one answer of a
  playbook; the rephrasings are asked. MAP is over answers, the rest over threads.
- banking77*.csv: `text,category` rows. Each category is a key message named by its label, with k
  texts as examples; a fifth of the texts is asked (three splits). With two files, of which one is
  called *test*, its texts are asked.

"out of scope" holds a third of the categories out of the playbook: AUROC of the best score, and
the share of posts that get words into a draft unasked, in scope and out of it.

Both ways beside ours see the same documents: a message's name, text and examples. Times are of
the processor.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import re
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from crisisroom.core.playbook import Answer, KeyMessage, Playbook
from crisisroom.core.suggest import FITS, Suggester

EXAMPLES: tuple[int | None, ...] = (0, 1, 3, 5, 10, None)
SPLITS = (1, 2, 3)
ASKED = 1000  # posts asked of a split
MESSAGES = 500

Ranked = list[tuple[str, float]]  # ids with scores, best first
Ranker = Callable[[str], Ranked]
Documents = dict[str, list[str]]  # texts by id
Labelled = dict[str, list[str]]


class Case(NamedTuple):
    """A post, and the label of what answers it."""

    post: str
    label: str


def playbook(messages: Iterable[KeyMessage] = (), faq: Iterable[Answer] = ()) -> Playbook:
    """Return a playbook of nothing but words."""
    return Playbook(
        schema=1, id="x", title="x", version=1, key_messages=tuple(messages), faq=tuple(faq)
    )


def ours(book: Playbook) -> Ranker:
    """Rank as the room does."""
    suggester = Suggester(book)

    def rank(post: str) -> Ranked:
        return [(one.id, one.score) for one in suggester.rank(post, limit=10_000)]

    return rank


def bm25(documents: Documents) -> Ranker:
    """Rank by SQLite's full-text index; each text is a row, the best row of an id counts."""
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, words, tokenize='porter unicode61')"
    )
    rows = [(id_, text) for id_, texts in documents.items() for text in texts]
    db.executemany("INSERT INTO t VALUES (?, ?)", rows)

    def rank(post: str) -> Ranked:
        words = dict.fromkeys(re.findall(r"\w+", post.casefold()))
        query = " OR ".join(f'"{word}"' for word in words)
        found: dict[str, float] = {}
        if query:
            for id_, score in db.execute("SELECT id, -rank FROM t(?) ORDER BY rank", (query,)):
                found.setdefault(id_, score)
        return list(found.items())

    return rank


def tf_idf(documents: Documents) -> Ranker:
    """Rank by the cosine of words and pairs of words, all texts of an id as one."""
    counts = {id_: _grams(" ".join(texts)) for id_, texts in documents.items()}
    seen = Counter(term for count in counts.values() for term in count)
    weight = {term: math.log((1 + len(counts)) / (1 + df)) + 1 for term, df in seen.items()}
    postings: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for id_, count in counts.items():
        length = math.sqrt(sum((n * weight[term]) ** 2 for term, n in count.items())) or 1.0
        for term, n in count.items():
            postings[term].append((id_, n * weight[term] / length))

    def rank(post: str) -> Ranked:
        scores: dict[str, float] = defaultdict(float)
        for term, n in _grams(post).items():
            for id_, part in postings.get(term, ()):
                scores[id_] += n * weight[term] * part
        return sorted(scores.items(), key=lambda one: -one[1])

    return rank


def _grams(text: str) -> Counter[str]:
    words = re.findall(r"\w+", text.casefold())
    return Counter([*words, *(" ".join(pair) for pair in pairwise(words))])


class Figures:
    """Adds up how well a way ranks."""

    def __init__(self) -> None:
        self.asked = 0
        self.sums = [0.0] * 4  # average precision, first, among three, reciprocal rank
        self.took: list[float] = []

    def ask(self, rank: Ranker, case: Case, label_of: Callable[[str], str], right: int) -> Ranked:
        """Ask for one post of whose answers there are `right`."""
        start = time.process_time()
        found = rank(case.post)
        self.took.append(time.process_time() - start)
        labels = [label_of(id_) for id_, _ in found]
        hits = [at for at, label in enumerate(labels, 1) if label == case.label]
        precision = sum(number / at for number, at in enumerate(hits, 1)) / right
        order = list(dict.fromkeys(labels))
        place = order.index(case.label) + 1 if case.label in order else math.inf
        self.asked += 1
        for at, value in enumerate((precision, place == 1, place <= 3, 1 / place)):
            self.sums[at] += value
        return found

    @property
    def means(self) -> list[float]:
        """Return MAP, hit@1, hit@3 and MRR."""
        return [value / max(1, self.asked) for value in self.sums]

    def line(self, name: str) -> str:
        """Return the figures as a line."""
        shown = "".join(f"{value:8.3f}" for value in self.means)
        return f"  {name:10}{shown}{1e3 * sum(self.took) / max(1, self.asked):9.2f}"


HEAD = f"  {'':10}{'MAP':>8}{'hit@1':>8}{'hit@3':>8}{'MRR':>8}{'ms':>9}"


def threads(path: Path) -> None:
    """Measure the threads of a StackFAQ file."""
    faq, documents, cases, sizes = [], {}, [], Counter[str]()
    for number, thread in enumerate(ElementTree.parse(path).getroot().iter("qapair")):
        label = f"t{number}"
        question = (thread.findtext("question") or "").strip()
        for answer in thread.findall("answer"):
            id_ = f"{label}-{sizes[label]}"
            words = (answer.text or "").strip()
            faq.append(Answer(id_, question, words))
            documents[id_] = [f"{question} {words}"]
            sizes[label] += 1
        asked = [(one.text or "").strip() for one in thread.findall("rephr")]
        cases += [Case(post, label) for post in asked if post not in ("", "*")]
    print(f"{path.name}: {len(sizes)} threads, {len(faq)} answers, {len(cases)} rephrasings")
    print(HEAD)
    ways = {"ours": ours(playbook(faq=faq)), "bm25": bm25(documents), "tf-idf": tf_idf(documents)}
    for name, rank in ways.items():
        figures = Figures()
        for case in cases:
            figures.ask(rank, case, lambda id_: id_.partition("-")[0], sizes[case.label])
        print(figures.line(name))


def labelled(path: Path) -> Labelled:
    """Return the texts of each category."""
    found: Labelled = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["category"]].append(row["text"])
    return found


def parted(
    texts: Labelled, seed: int, k: int | None, other: Labelled
) -> tuple[Labelled, list[Case]]:
    """Return k examples of each category and the posts to ask, of a split."""
    chance, examples, cases = random.Random(seed), {}, []
    for label in sorted(texts):
        shuffled = chance.sample(texts[label], len(texts[label]))
        cut = 0 if other else len(shuffled) // 5
        cases += [Case(post, label) for post in other.get(label, shuffled[:cut])]
        examples[label] = shuffled[cut:][:k]
    return examples, chance.sample(cases, min(ASKED, len(cases)))


def messages(examples: Labelled) -> list[KeyMessage]:
    """Return a key message for each category, with its examples as what people say."""
    return [
        KeyMessage(label, label.replace("_", " "), label.replace("_", " "), tuple(texts))
        for label, texts in examples.items()
    ]


def intents(path: Path, other: Labelled) -> None:
    """Measure a file of labelled posts with different numbers of examples."""
    texts = labelled(path)
    for k in EXAMPLES:
        print(f"{path.name}: {len(texts)} messages, {'all' if k is None else k} examples each")
        print(HEAD)
        every: dict[str, list[list[float]]] = defaultdict(list)
        for seed in SPLITS if k is not None else SPLITS[:1]:
            examples, cases = parted(texts, seed, k, other)
            documents = {
                label: [label.replace("_", " "), *posts] for label, posts in examples.items()
            }
            book = playbook(messages(examples))
            ways = {"ours": ours(book), "bm25": bm25(documents), "tf-idf": tf_idf(documents)}
            for name, rank in ways.items():
                figures = Figures()
                for case in cases:
                    figures.ask(rank, case, str, 1)
                speed = 1e3 * sum(figures.took) / figures.asked
                every[name].append([*figures.means, speed])
        for name, found in every.items():
            means = [sum(column) / len(found) for column in zip(*found, strict=True)]
            spread = max(one[1] for one in found) - min(one[1] for one in found)
            shown = "".join(f"{value:8.3f}" for value in means[:4])
            print(f"  {name:10}{shown}{means[4]:9.2f}  hit@1 within {spread:.3f}")
        out_of_scope(texts, k, other)


def out_of_scope(texts: Labelled, k: int | None, other: Labelled) -> None:
    """Print how well the best score tells posts that no message answers."""
    areas, drafts = defaultdict(list), []
    for seed in SPLITS if k is not None else SPLITS[:1]:
        kept = set(random.Random(seed).sample(sorted(texts), len(texts) * 2 // 3))
        examples, cases = parted(texts, seed, k, other)
        known = {label: posts for label, posts in examples.items() if label in kept}
        documents = {label: [label.replace("_", " "), *posts] for label, posts in known.items()}
        ways = {"ours": ours(playbook(messages(known))), "bm25": bm25(documents)}
        for name, rank in ways.items():
            tops = [(next(iter(rank(case.post)), ("", 0.0)), case.label) for case in cases]
            inside = [score for (_, score), label in tops if label in kept]
            outside = [score for (_, score), label in tops if label not in kept]
            areas[name].append(area(inside, outside))
            if name == "ours":
                put = [
                    id_ == label for (id_, score), label in tops if score >= FITS and label in kept
                ]
                wrongly = sum(score >= FITS for score in outside) / len(outside)
                drafts.append((len(put) / len(inside), sum(put) / max(1, len(put)), wrongly))
    aurocs = ", ".join(f"{name} {sum(of) / len(of):.3f}" for name, of in areas.items())
    drafted, right, wrongly = (sum(column) / len(drafts) for column in zip(*drafts, strict=True))
    print(f"  out of scope, near: AUROC {aurocs}; words in the draft unasked for {drafted:.0%} in")
    print(f"  scope ({right:.0%} of them right), and for {wrongly:.0%} out of it")


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


def speed(each: int) -> None:
    """Print how long 500 synthetic messages with so many examples take."""
    chance = random.Random(3)
    words = [
        "".join(chance.choices("aeinorstlkmpdugbh", k=chance.randint(3, 9))) for _ in range(6000)
    ]

    def text(many: int) -> str:
        return " ".join(words[int(6000 * chance.random() ** 3)] for _ in range(many))

    made = [
        KeyMessage(f"m{n}", text(3), text(25), (text(1), text(2), *(text(12) for _ in range(each))))
        for n in range(MESSAGES)
    ]
    book = playbook(made)
    start = time.process_time()
    suggester = Suggester(book)
    built = time.process_time() - start
    took = []
    for _ in range(500):
        post = text(20)
        start = time.process_time()
        suggester.rank(post)
        took.append(time.process_time() - start)
    took.sort()
    start = time.process_time()
    suggester.learn("m7", [text(15)])
    learnt = time.process_time() - start
    print(
        f"  {each:2} examples each: built in {1e3 * built:4.0f} ms, one more post learnt in"
        f" {1e3 * learnt:.2f} ms; a suggestion takes {1e3 * sum(took) / len(took):.2f} ms,"
        f" p99 {1e3 * took[len(took) * 99 // 100]:.2f} ms"
    )


def main() -> None:
    """Measure what a folder holds, then the speed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    given = parser.parse_args()
    if given.folder:
        for path in sorted(given.folder.rglob("stackfaq*.xml")):
            threads(path)
        tests = sorted(given.folder.rglob("*test*.csv"))
        other = labelled(tests[0]) if tests else {}
        for path in sorted(given.folder.rglob("banking77*.csv")):
            if path not in tests:
                intents(path, other)
    print(f"{MESSAGES} messages, posts of 20 words:")
    for each in (0, 3, 5, 20):
        speed(each)


if __name__ == "__main__":
    main()
