"""How well and how fast approved words are suggested, next to SQLite's bm25 and to TF-IDF.

Run it from the checkout: `PYTHONPATH=.:tests python tests/bench/suggest.py DIR`. DIR holds any of
- stackfaq*.xml: threads of `<rephr>`, `<question>` and `<answer>`. Each answer is one answer of a
  playbook; the rephrasings are asked. MAP is over answers, the rest over threads.
- banking77*.csv: `text,category` rows. Each category is a key message named by its label, with k
  texts as examples; a fifth of the texts is asked (three splits). With two files, of which one is
  called *test*, its texts are asked.

Then a third of the categories or threads is held out of the playbook: AUROC of the best score, the
shares of posts that get words into a draft unasked, and which share of the posts out of scope does
where a given share of the posts with a right first suggestion does.

Both ways beside ours see the same documents: a message's name, text and examples. Times are of
the processor.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from bench.suggest_rivals import Ranked, Ranker, bm25, tf_idf
from bench.suggest_scope import Scope, shown

from crisisroom.core.playbook import Answer, KeyMessage, Playbook
from crisisroom.core.suggest import Suggester

EXAMPLES: tuple[int | None, ...] = (0, 1, 3, 5, 10, None)
SPLITS = (1, 2, 3)
ASKED = 1000  # posts asked of a split
MESSAGES = 500

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
    faq, cases = asked_threads(path)
    sizes = Counter(thread_of(answer.id) for answer in faq)
    print(f"{path.name}: {len(sizes)} threads, {len(faq)} answers, {len(cases)} rephrasings")
    print(HEAD)
    texts = {answer.id: [f"{answer.question} {answer.answer}"] for answer in faq}
    ways = {"ours": ours(playbook(faq=faq)), "bm25": bm25(texts), "tf-idf": tf_idf(texts)}
    for name, rank in ways.items():
        figures = Figures()
        for case in cases:
            figures.ask(rank, case, thread_of, sizes[case.label])
        print(figures.line(name))
    scopes: dict[str, list[Scope]] = defaultdict(list)
    for seed in SPLITS:
        kept = set(random.Random(seed).sample(sorted(sizes), len(sizes) * 2 // 3))
        known = [answer for answer in faq if thread_of(answer.id) in kept]
        few = {answer.id: texts[answer.id] for answer in known}
        scopes["ours"].append(scope(ours(playbook(faq=known)), cases, kept, thread_of))
        scopes["bm25"].append(scope(bm25(few), cases, kept, thread_of))
    _print_scope(scopes)


def asked_threads(path: Path) -> tuple[list[Answer], list[Case]]:
    """Return the answers of a StackFAQ file, and its rephrasings with their thread."""
    faq, cases = [], []
    for number, thread in enumerate(ElementTree.parse(path).getroot().iter("qapair")):
        label = f"t{number}"
        question = (thread.findtext("question") or "").strip()
        for place, answer in enumerate(thread.findall("answer")):
            faq.append(Answer(f"{label}-{place}", question, (answer.text or "").strip()))
        asked = [(one.text or "").strip() for one in thread.findall("rephr")]
        cases += [Case(post, label) for post in asked if post not in ("", "*")]
    return faq, cases


def thread_of(id_: str) -> str:
    """Return the thread of an answer."""
    return id_.partition("-")[0]


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
    ways: dict[str, list[Scope]] = defaultdict(list)
    for seed in SPLITS if k is not None else SPLITS[:1]:
        kept = set(random.Random(seed).sample(sorted(texts), len(texts) * 2 // 3))
        examples, cases = parted(texts, seed, k, other)
        known = {label: posts for label, posts in examples.items() if label in kept}
        documents = {label: [label.replace("_", " "), *posts] for label, posts in known.items()}
        ways["ours"].append(scope(ours(playbook(messages(known))), cases, kept))
        ways["bm25"].append(scope(bm25(documents), cases, kept))
    _print_scope(ways)


def scope(
    rank: Ranker, cases: Iterable[Case], kept: Collection[str], label_of: Callable[[str], str] = str
) -> Scope:
    """Return the best scores of posts, of which the `kept` labels can be answered."""
    found = Scope()
    for case in cases:
        first, score = next(iter(rank(case.post)), ("", 0.0))
        found.add(score, answerable=case.label in kept, right=label_of(first) == case.label)
    return found


def _print_scope(ways: dict[str, list[Scope]]) -> None:
    print(f"  a third held out ({len(ways['ours'])} splits); bm25's AUROC {_auroc(ways['bm25'])}")
    print(shown(ways["ours"]))


def _auroc(scopes: Sequence[Scope]) -> str:
    return f"{sum(one.figures()[0] for one in scopes) / len(scopes):.3f}"


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
