"""How well shipped playbooks are understood in German.

Run it from the checkout: `PYTHONPATH=.:tests python tests/bench/suggest_german.py`. The posts of
suggest_de.tsv were written by hand for it, by the author of the German word lists: they tell
whether German is heard at all, and what is lost beside English, not how real posts fare.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

from bench.suggest_scope import Scope, shown

from crisisroom.core.playbook_load import load_playbook
from crisisroom.core.suggest import Suggester
from crisisroom.library import find
from crisisroom.zones import known

POSTS = Path(__file__).with_name("suggest_de.tsv")
TODAY = date(2026, 11, 22)


def posts() -> dict[str, list[tuple[frozenset[str], str]]]:
    """Return what answers each post, and the post, by playbook."""
    found: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
    for line in POSTS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, answers, post = line.split("\t")
            found[name].append((frozenset(answers.split(",")) - {"-"}, post))
    return found


def suggester(name: str) -> Suggester:
    """Return the suggester of a shipped playbook."""
    text, path = find(name, [])
    book, problems = load_playbook(text, path, today=TODAY, zone_known=known)
    if book is None:
        raise SystemExit(f"{path}: {problems}")
    return Suggester(book)


def main() -> None:
    """Print the figures of each playbook."""
    for name, asked in posts().items():
        ours, scope, ranks = suggester(name), Scope(), []
        for answers, post in asked:
            ranked = ours.rank(post, limit=1000)
            places = [at for at, one in enumerate(ranked, 1) if one.id in answers]
            first = ranked[0].score if ranked else 0.0
            scope.add(first, answerable=bool(answers), right=places[:1] == [1])
            if answers:
                ranks.append(places[0] if places else 10**9)
        hits = [sum(rank <= most for rank in ranks) / len(ranks) for most in (1, 3)]
        print(f"{name}: {len(ranks)} posts with an answer, {len(asked) - len(ranks)} without")
        print(f"  hit@1 {hits[0]:.3f}, hit@3 {hits[1]:.3f}, MRR {_mean(ranks):.3f}")
        print(shown([scope]))


def _mean(ranks: list[int]) -> float:
    return sum(1 / rank for rank in ranks) / len(ranks)


if __name__ == "__main__":
    main()
