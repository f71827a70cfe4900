"""Made-up mentions of many trades, labelled by hand, and how a ranking of them is judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def said() -> list[tuple[str, str]]:
    """Return (label, text): complaint, question, praise, news, joke or neutral."""
    lines = Path(__file__).with_name("said.tsv").read_text("utf-8").splitlines()
    return [(label, text) for label, _, text in (line.partition("\t") for line in lines)]


def auc(scores: Sequence[float], wanted: Sequence[bool]) -> float:
    """Return how often a wanted one scores above another; ties count half."""
    ranked = sorted(range(len(scores)), key=lambda at: scores[at])
    total, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and scores[ranked[end]] == scores[ranked[at]]:
            end += 1
        total += sum(wanted[one] for one in ranked[at:end]) * (at + end + 1) / 2
        at = end
    ours = sum(wanted)
    return (total - ours * (ours + 1) / 2) / (ours * (len(wanted) - ours))


def to_read(scores: Sequence[float], wanted: Sequence[bool], share: float = 0.95) -> float:
    """Return the share of the queue one reads, best first, to see that share of the wanted."""
    ranked = sorted(range(len(scores)), key=lambda at: -scores[at])
    left = share * sum(wanted)
    for count, at in enumerate(ranked, 1):
        left -= wanted[at]
        if left <= 0:
            return count / len(ranked)
    return 1.0
