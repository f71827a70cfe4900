"""One kind of words of all entries: likeness by words and by letter runs, averaged."""

from __future__ import annotations

from collections.abc import Sequence

from crisisroom.core.lexical import Bm25, Likeness
from crisisroom.core.suggesting.features import Reading


class Field:
    """Tells how much of a post each text answers."""

    def __init__(self, texts: Sequence[Reading]) -> None:
        self._words = Bm25([text.meant for text in texts])
        self._runs = Likeness([text.features[2] for text in texts])

    def score(self, post: Reading) -> list[float]:
        """Return one figure a text, 0 to about 1."""
        pairs = zip(self._words.score(post.meant), self._runs.score(post.features[2]), strict=True)
        return [(word + run) / 2 for word, run in pairs]
