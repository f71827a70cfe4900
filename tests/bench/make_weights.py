"""Derive the lexicon from rated sentences: the same input gives the same file, byte for byte.

Run it from the checkout, with the folder of the four rated files of Hutto & Gilbert (2014):
`python tests/bench/make_weights.py FOLDER > crisisroom/lexicon/english.txt`. It fits a ridge
regression of the sentences' mean ratings on their words (a word under "not" counts -0.6), keeps
the words that matter most, and fits those again. Pure Python; about a minute.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import wrap

from crisisroom.core.triage.said import read

FILES = {  # name: (file, how much one of its sentences counts)
    "tweets": ("tweets_GroundTruth.txt", 2.0),
    "amazon": ("amazonReviewSnippets_GroundTruth.txt", 2.0),
    "movie": ("movieReviewSnippets_GroundTruth.txt", 1.0),
    "nyt": ("nytEditorialSnippets_GroundTruth.txt", 0.7),
}
KEPT = 3000  # words
_PENALTY, _ROUNDS, _DENIED, _STEP = 8.0, 12, -0.6, 0.05
_HEADER = """\
# Mean ratings of English words on a scale of -4 (bad) to 4 (good), in steps of 0.05: each line a
# rating and the words that have it. Derived by tests/bench/make_weights.py from the rated
# sentences of C.J. Hutto & E.E. Gilbert (2014), "VADER: A Parsimonious Rule-based Model for
# Sentiment Analysis of Social Media Text", ICWSM-14; MIT licence, see NOTICE beside this file."""

Row = tuple[dict[str, float], float]
Column = list[tuple[int, float]]


def rated(folder: Path, name: str) -> list[tuple[str, float]]:
    """Return the sentences of one file, each with its mean rating."""
    lines = (folder / FILES[name][0]).read_text("utf-8", errors="replace").splitlines()
    cells = [line.split("\t") for line in lines]
    return [(cell[2], float(cell[1])) for cell in cells if len(cell) > 2]


def fitted(sentences: Mapping[str, Iterable[tuple[str, float]]]) -> dict[str, float]:
    """Return the ratings of the words that tell most, from the sentences of each file."""
    rows: list[Row] = []
    share: list[float] = []
    for name, found in sentences.items():
        ours = [(_features(text), rating) for text, rating in found]
        mean = sum(rating for _, rating in ours) / len(ours)
        rows += [(features, rating - mean) for features, rating in ours]
        share += [FILES[name][1]] * len(ours)
    columns = _columns(rows)
    first = _ridge(columns, rows, share)
    ranked = sorted(first, key=lambda word: (-abs(first[word]) * len(columns[word]) ** 0.5, word))
    return _ridge({word: columns[word] for word in ranked[:KEPT]}, rows, share)


def _features(text: str) -> dict[str, float]:
    said = read(text)
    found: dict[str, float] = {}
    for word, denied in zip(said.words, said.denied, strict=True):
        if not word[0].isdigit() and found.get(word) != 1.0:
            found[word] = _DENIED if denied else 1.0
    return found


def _columns(rows: list[Row]) -> dict[str, Column]:
    columns: defaultdict[str, Column] = defaultdict(list)
    for number, (features, _) in enumerate(rows):
        for word, value in features.items():
            columns[word].append((number, value))
    return {word: columns[word] for word in sorted(columns) if len(columns[word]) > 1}


def _ridge(columns: Mapping[str, Column], rows: list[Row], share: list[float]) -> dict[str, float]:
    """Return the ratings that fit best, by coordinate descent."""
    ratings = dict.fromkeys(columns, 0.0)
    left = [rating for _, rating in rows]
    curve = {
        word: sum(share[at] * value * value for at, value in column) + _PENALTY
        for word, column in columns.items()
    }
    for _ in range(_ROUNDS):
        for word, column in columns.items():
            slope = sum(share[at] * value * left[at] for at, value in column)
            step = (slope - _PENALTY * ratings[word]) / curve[word]
            ratings[word] += step
            for at, value in column:
                left[at] -= step * value
    return ratings


def written(ratings: Mapping[str, float]) -> str:
    """Return the file's text: the words of each rating together, sorted."""
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for word, rating in ratings.items():
        if steps := round(rating / _STEP):
            groups[steps].append(word)
    lines = [
        f"{steps * _STEP:.2f} {line}"
        for steps in sorted(groups)
        for line in wrap(" ".join(sorted(groups[steps])), 92, break_long_words=False)
    ]
    return "\n".join([_HEADER, *lines, ""])


if __name__ == "__main__":
    source = Path(sys.argv[1])
    sys.stdout.write(written(fitted({name: rated(source, name) for name in FILES})))
