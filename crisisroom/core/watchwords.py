"""Watching for words: whether a text says one of ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


class Watchwords:
    """Keywords that are looked for as whole words, whatever their case; none lets all pass."""

    def __init__(self, keywords: Iterable[str]) -> None:
        terms = [re.escape(_folded(word)) for word in keywords if word.strip()]
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(terms)})(?!\w)") if terms else None

    def hit(self, *texts: str) -> bool:
        """Return whether one of the texts says one of the words."""
        return self._pattern is None or any(self._pattern.search(_folded(text)) for text in texts)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
