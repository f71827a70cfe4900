"""Logs that lack what only Legal may read: seals stay, words and salts went."""

from __future__ import annotations

from collections.abc import Iterable

from crisisroom.core.forlegal import for_legal, withheld
from crisisroom.core.timeline import WITHHELD, Entry, personal_texts

__all__ = ["for_legal", "lacking", "unsealed", "withheld"]


def unsealed(entries: Iterable[Entry]) -> int:
    """Return the first entry from which a text was withheld that its hash is over; 0 for none."""
    for entry in entries:
        for path, words in personal_texts(entry):
            if words == WITHHELD and path not in entry.seals:
                return entry.seq
    return 0


def lacking(entries: Iterable[Entry]) -> int:
    """Return how many texts were withheld from these entries."""
    return sum(_lacks(entry) for entry in entries)


def _lacks(entry: Entry) -> int:
    """Return how many texts of an entry are withheld."""
    blank = {path for path, seal in entry.seals.items() if not seal.salt}
    return sum(path in blank and text == WITHHELD for path, text in personal_texts(entry))
