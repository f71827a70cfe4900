"""New ids and short titles, made of our own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_MOST = 40  # characters of an id or a title made from words


def new_id(words: str, otherwise: str, taken: Collection[str]) -> str:
    """Return a new id made of words, as people would shorten them; `t-1` where none is left."""
    plain = unicodedata.normalize("NFKD", words.replace("ß", "ss")).encode("ascii", "ignore")
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.decode().lower()))
    while len(slug) > _MOST:
        slug = slug.rpartition("-")[0] or slug[:_MOST]
    if slug and slug not in taken:
        return slug
    return numbered(slug or otherwise, taken, 2 if slug else 1)


def numbered(what: str, taken: Collection[str], first: int = 1) -> str:
    """Return a new id without words of people, which no log could ever erase: `task-1`."""
    while f"{what}-{first}" in taken:
        first += 1
    return f"{what}-{first}"


def beginning(text: str) -> str:
    """Return the first words of a text, as a title for it."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST else line[: _MOST - 1].rstrip() + "…"
