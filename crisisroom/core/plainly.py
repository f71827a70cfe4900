"""A text as it is searched for persons: one case, no accents, nothing hidden; places are kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_DROPPED = ("Mn", "Me", "Cf")


class Plain:
    """A text made plain; the place that each of its characters came from is counted if asked."""

    __slots__ = ("_of", "_places", "text")

    def __init__(self, text: str, of: str = "") -> None:
        self.text = text
        self._of = of  # what it was made of, where places are not what they were
        self._places: list[tuple[int, int]] = []

    @property
    def places(self) -> list[tuple[int, int]] | None:
        """Return the place of each character in the text it was made of; None: as it is here."""
        if self._of and not self._places:
            self._places = [
                place for char, place in _characters(self._of) for _ in range(len(_plain(char)))
            ]
        return self._places if self._of else None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text it was made of."""
        places = self.places
        return (start, end) if places is None else (places[start][0], places[end - 1][1])


def plain_of(text: str) -> Plain:
    """Return a text as persons are looked for in it."""
    if "%" in text and _ENCODED.search(text):
        return Plain("".join(_plain(char) for char, _ in _characters(text)), text)
    return Plain(text.lower()) if text.isascii() else Plain("".join(map(_plain, text)), text)


def _characters(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the characters that a text means: what is percent-encoded as what it stands for."""
    done = 0
    for run in _ENCODED.finditer(text):
        yield from ((text[at], (at, at + 1)) for at in range(done, run.start()))
        yield from _decoded(run[0], run.start())
        done = run.end()
    yield from ((text[at], (at, at + 1)) for at in range(done, len(text)))


def _decoded(run: str, start: int) -> Iterator[tuple[str, tuple[int, int]]]:
    raw = bytes.fromhex(run.replace("%", ""))
    at = 0
    for char in raw.decode("utf-8", "replace"):
        size = len(char.encode()) if char != "\ufffd" else 1
        yield char, (start + 3 * at, start + min(3 * (at + size), len(run)))
        at = min(at + size, len(raw) - 1)


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    if char.isascii():
        return char.lower()
    if unicodedata.category(char) in _DROPPED:
        return ""
    if (value := unicodedata.digit(char, None)) is not None:
        return str(value)
    apart = unicodedata.normalize("NFKD", char).casefold()
    bare = "".join(one for one in apart if unicodedata.category(one) not in _DROPPED)
    return unicodedata.normalize("NFC", bare)


def unspaced(plain: str) -> bool:
    """Tell whether a text has signs of a script that puts no spaces between words."""
    return _UNSPACED.search(plain) is not None
