"""How words are made alike before they are compared: the same for a query and for a text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# accents, the invisible, and what only says how an emoji is drawn; not the vowel signs of Thai,
# Hindi or Arabic, nor the voicing marks of Japanese, which make another word
_NO_MATTER = "\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff"
_DROPPED = re.compile(f"[{_NO_MATTER}]+")
_SPELT = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u2032\u00b4`", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
        **dict.fromkeys(map(chr, range(0xD800, 0xE000)), "\ufffd"),  # half a character
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
        "ı": "i",
    }
)
_RARE = re.compile(r"[\ud800-\udfff\u2018\u2019\u201b\u02bc\u2032\u00b4`\u2010-\u2013\u2212øłđħı]")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_UNEVEN = ("  ", "\n", "\t", "\r")  # the spaces that cleaned text still has


def folded(text: str) -> str:
    """Return a text as it is compared: any case, any accent, one space between words.

    Accents never count, in neither direction: people write Nestle for Nestlé. Full-width letters,
    typographic apostrophes and the several hyphens are the plain ones.
    """
    plain = text.lower() if text.isascii() else _BEYOND.sub(_run, text).lower()
    for space in _UNEVEN:
        if space in plain:
            return " ".join(plain.split())
    return plain


def _run(match: re.Match[str]) -> str:
    """Fold what stands between plain letters: no accent that counts joins one of those."""
    run = match[0]
    return _short(run) if len(run) < 4 else _unaccented(run)


def _unaccented(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text).casefold()
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", apart))
    if _RARE.search(bare):
        bare = bare.translate(_SPELT)
    return unicodedata.normalize("NFC", bare)


_short = lru_cache(maxsize=4096)(_unaccented)  # é, ’ and 😡 come again and again
