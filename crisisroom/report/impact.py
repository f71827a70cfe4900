"""What a crisis meant in figures, in the words in which every report says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from crisisroom.report.history import linking
from crisisroom.report.page import Page
from crisisroom.report.redact import LEFT_OUT


def impact(page: Page) -> Iterator[tuple[str, str]]:
    """Yield what was counted and how much: people, where, how far it reached, who asked."""
    incident = page.incident
    for fact in incident.facts.values():
        if fact.type == "number" and fact.value not in ("", LEFT_OUT):
            yield fact.label, page.value(fact.id, fact.value)
    sources = Counter(one.source for one in incident.mentions.values())
    if sources:
        yield "Mentions by source", _listed(sources)
    if reach := _reach(page):
        yield "Followers of those who posted, together", f"{reach:,}"
    moved = sum(one.private_at is not None for one in incident.mentions.values())
    if moved:
        yield "Conversations moved to private", f"{moved:,}"
    asked = Counter[str](one.sort for one in incident.enquiries.values())
    if asked:
        yield "Enquiries", _listed(asked)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {many:,}" for name, many in sorted(counts.items()))


def _reach(page: Page) -> int:
    """Return how many followers the authors have together, each author counted once."""
    reaches: dict[tuple[str, str], int] = {}
    for data in linking(page.record.entries).values():
        if data["mention"] in page.incident.mentions and isinstance(data.get("reach"), int):
            author = (data["source"], data["handle"])
            reaches[author] = max(data["reach"], reaches.get(author, 0))
    return sum(reaches.values())
