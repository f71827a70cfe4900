"""How well complaints are told, without training on the brand, and what it costs.

Run it from the checkout, with the folder of the rated sentences of Hutto & Gilbert (2014):
`PYTHONPATH=.:tests python tests/bench/triage.py FOLDER`. A sentence rated -0.5 or less stands for
a complaint; each set is judged by a lexicon made of the other three. The made-up mentions in
tests/core/triage were at hand while the cues were written, so they flatter. `--mentions FILE`
adds JSON lines {text, complaint: true|false} of your own, judged by the lexicon that ships.
"""

from __future__ import annotations

import json
import random
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from bench.make_weights import FILES, fitted, rated
from core.triage.labelled import auc, said, to_read

from crisisroom.core.triage import About, Click, Complaints, Learner, Scorer, read
from crisisroom.lexicon import english

CLICKS = (0, 5, 20, 50, 100, 500, 1000)
STARTS = 8
BAD = -0.5  # a rating from which a sentence counts as a complaint
RISKS = ("refund", "charged twice", "smoke", "burn", "hospital", "lawyer")
_USUAL = frozenset(
    [
        "bad", "worst", "terrible", "awful", "horrible", "hate", "poor", "wrong", "broken", "fail",
        "never", "not", "no", "disappointed", "angry", "rude", "late", "problem", "waste", "lost",
    ]
)  # fmt: skip

Labelled = list[tuple[str, bool]]


def methods(lexicon: dict[str, float]) -> dict[str, Callable[[str], float]]:
    """Return the ways to score a text that are compared, ours last."""
    chance = random.Random(1)
    words_only = {word: -rating for word, rating in lexicon.items()}
    judge, cues_only = Complaints(lexicon), Complaints({})
    return {
        "random": lambda text: chance.random(),
        "length": lambda text: len(text),
        "20 negative words, counted": lambda text: sum(word in _USUAL for word in read(text).words),
        "lexicon alone": lambda text: sum(words_only.get(word, 0.0) for word in read(text).words),
        "cues alone": lambda text: cues_only.of(read(text), "en").logit,
        "ours": lambda text: judge.of(read(text), "en").logit,
    }


def compare(name: str, found: Labelled, lexicon: dict[str, float]) -> None:
    """Print how each method ranks one set."""
    wanted = [label for _, label in found]
    print(f"\n{name}: {len(found)} texts, {sum(wanted) / len(wanted):.0%} complaints")
    for method, score in methods(lexicon).items():
        scores = [score(text) for text, _ in found]
        read_to = to_read(scores, wanted)
        print(f"  {method:28} AUC {auc(scores, wanted):.3f}   read for 95 %: {read_to:.2f}")


def curve(name: str, found: Labelled, lexicon: dict[str, float]) -> None:
    """Print what the first clicks of a stream bring, mean and worst of eight starts."""
    judge = Complaints(lexicon)
    taken_apart = [(read(text), label) for text, label in found]
    stream = [Click(words, judge.of(words, "en"), label) for words, label in taken_apart]
    random.Random(1).shuffle(stream)
    cut = len(stream) * 7 // 10
    tests = stream[cut:]
    wanted = [one.wanted for one in tests]
    print(f"\n{name}: AUC on the last 30 % after so many clicks (mean, worst of {STARTS} starts)")
    for count in CLICKS:
        reached = []
        for start in range(STARTS):
            begin = start * cut // STARTS
            learner = Learner((stream[:cut] * 2)[begin : begin + count])
            leanings = [learner.leaning(one.said, one.complaint).likelihood for one in tests]
            reached.append(auc(leanings, wanted))
        print(f"  {count:5}  {sum(reached) / STARTS:.3f}  {min(reached):.3f}")


def cost(texts: list[str]) -> None:
    """Print the CPU time of a mention with risk words and 500 clicks, and of 5,000 clicks."""
    scorer, about = Scorer(english()), About(lang="en", reach=1200, risks=RISKS)
    scorer.relearn((text, bool(at % 2), "en") for at, text in enumerate(texts[:500]))
    rounds = [_seconds(lambda: [scorer.score(text, about) for text in texts]) for _ in range(5)]
    print(f"\n{min(rounds) / len(texts) * 1e6:.0f} us a mention (best of 5)")
    clicks = [(texts[at % len(texts)], bool(at % 2), "en") for at in range(5000)]
    print(f"{_seconds(lambda: scorer.relearn(clicks)):.2f} s to learn 5,000 clicks anew (undo)")


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Compare, learn and measure."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--mentions", type=Path)
    args = parser.parse_args()
    sentences = {name: rated(args.folder, name) for name in FILES}
    for name in FILES:
        lexicon = fitted({other: sentences[other] for other in FILES if other != name})
        found = [(text, rating <= BAD) for text, rating in sentences[name]]
        compare(f"{name}, lexicon of the others", found, lexicon)
        if name in ("tweets", "amazon"):
            curve(name, found, lexicon)
    shipped = dict(english())
    ours = [(text, kind == "complaint") for kind, text in said()]
    compare("made-up mentions (they flatter)", ours, shipped)
    if args.mentions:
        lines = map(json.loads, args.mentions.read_text("utf-8").splitlines())
        own = [(one["text"], bool(one["complaint"])) for one in lines]
        compare(str(args.mentions), own, shipped)
        curve(str(args.mentions), own, shipped)
    cost([text for text, _ in sentences["tweets"]])


if __name__ == "__main__":
    main()
