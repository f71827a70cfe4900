"""What is counted of each story while it goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from crisisroom.core.mention import Mention
from crisisroom.core.narrative import LIKELY, Narrative

TEXTS = 24  # of a story, kept to see which playbook fits
AUTHORS = 20_000  # of a story, told apart; later ones may be counted again


def author_key(mention: Mention) -> str:
    """Return who wrote a mention, unique across sources; empty where nobody knows."""
    name = mention.author.handle or mention.author.name
    return f"{mention.source}\0{name}" if name else ""


@dataclass(slots=True)
class Tally:
    """One story's counts: what its row in the store says, and the authors behind it."""

    row: Narrative
    authors: set[int] = field(default_factory=set)  # hashes; beyond the first many none is added
    texts: deque[str] = field(default_factory=lambda: deque(maxlen=TEXTS))

    def know(self, mention: Mention) -> None:
        """Take note of a mention that is counted already: after a restart."""
        if (who := author_key(mention)) and len(self.authors) < AUTHORS:
            self.authors.add(hash(who))
        self.texts.append(mention.text)

    def count(self, mention: Mention, complaint: float) -> None:
        """Count one more mention."""
        who = author_key(mention)
        fresh = not who or hash(who) not in self.authors
        self.know(mention)
        row = self.row
        self.row = msgspec.structs.replace(
            row,
            mentions=row.mentions + 1,
            authors=row.authors + fresh,
            reach=row.reach + (mention.author.reach or 0) * fresh,
            complaints=row.complaints + (complaint >= LIKELY),
            sources=tuple(sorted({*row.sources, mention.source})),
            first_at=min(row.first_at, mention.posted_at),
            last_at=max(row.last_at, mention.posted_at),
        )

    def take(self, other: Tally) -> None:
        """Take another story's counts in."""
        shared = len(self.authors & other.authors)
        self.authors |= other.authors
        self.texts.extend(other.texts)
        mine, theirs = self.row, other.row
        self.row = msgspec.structs.replace(
            mine,
            mentions=mine.mentions + theirs.mentions,
            authors=mine.authors + theirs.authors - shared,
            reach=mine.reach + theirs.reach,
            complaints=mine.complaints + theirs.complaints,
            sources=tuple(sorted({*mine.sources, *theirs.sources})),
            first_at=min(mine.first_at, theirs.first_at),
            last_at=max(mine.last_at, theirs.last_at),
        )


def blank(number: int, uid: str, title: str, at: datetime) -> Tally:
    """Return the tally of a story that begins."""
    row = Narrative(id=f"N-{number}", uid=uid, title=title, first_at=at, last_at=at)
    return Tally(row)


def texts_of(tallies: Iterable[Tally]) -> list[str]:
    """Return some texts of these stories."""
    return [text for tally in tallies for text in tally.texts]
