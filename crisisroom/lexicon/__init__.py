"""The word list that complaints are told by, read once from the package's own data file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def english() -> MappingProxyType[str, float]:
    """Return English words and how people rate what they say, -4 (bad) to 4 (good)."""
    return parsed(files(__name__).joinpath("english.txt").read_text("utf-8"))


def parsed(text: str) -> MappingProxyType[str, float]:
    """Read lines of a rating and its words; `#` opens a remark."""
    found: dict[str, float] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            rating, *words = line.split(" ")
            found.update(dict.fromkeys(words, float(rating)))
    return MappingProxyType(found)
