"""What suggestions are measured beside: SQLite's bm25 and TF-IDF."""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise

Ranked = list[tuple[str, float]]  # ids with scores, best first
Ranker = Callable[[str], Ranked]
Documents = dict[str, list[str]]  # texts by id


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
