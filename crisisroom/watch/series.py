"""What a batch of mentions adds to the counts over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from crisisroom.core.mention import Mention
from crisisroom.core.narrative import LIKELY
from crisisroom.store import buckets
from crisisroom.store.mentions import Analysed

Series = dict[tuple[str, datetime], tuple[int, int]]


def series_of(batch: Sequence[Mention], said: Sequence[Analysed], late: dict[int, int]) -> Series:
    """Return what a batch adds to each series of five-minute counts: mentions, complaints."""
    counts: Counter[tuple[str, datetime]] = Counter()
    complaints: Counter[tuple[str, datetime]] = Counter()
    for mention, one in zip(batch, said, strict=True):
        start = buckets.start_of(mention.posted_at)
        names = [f"term:{term}" for term in mention.terms]
        if not mention.others:
            names += ["", f"source:{mention.source}"]
        narrative = one.narrative or (f"N-{late[one.number]}" if one.number in late else "")
        if narrative:
            names.append(f"narrative:{narrative}")
        for name in names:
            counts[name, start] += 1
            complaints[name, start] += one.complaint >= LIKELY
    return {key: (count, complaints[key]) for key, count in counts.items()}
