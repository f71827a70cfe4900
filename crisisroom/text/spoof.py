"""Names made to be taken for others: mixed alphabets and look-alike letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from crisisroom.text.chars import DROPPED, HIDDEN

# Alphabets that share shapes with the Latin one; Japanese and Korean words mix with Latin honestly.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
_WORD_BREAKS = re.compile(r"[\W\d_]+")
_TURNS = re.compile("[\u202b\u202e\u2067]")
_GAPS = ("", " ", "_", "-", ".")
_SEPARATORS = re.compile(r"[\s._\-·•']+")

# One line a Latin letter: the letters of any alphabet that are drawn like it, in either case.
_SHAPES = {
    "a": "аАɑαΑᴀᎪⲁǝ@",
    "b": "вВЬьƄƅβΒʙᏴƀ",
    "c": "сСϲϹᴄᏟⲥ¢",
    "d": "ԁԀᴅᎠđĐɗ",
    "e": "еЕҽэΕεᴇᎬєЄё€3",
    "f": "ғƒϝꜰſ",
    "g": "ɡցԌɢᏀǥ",
    "h": "һнНҺΗհʜᎻħћ",
    "j": "јЈϳᴊᎫʝ",
    "k": "кКκΚᴋᏦⲕĸќ",
    "l": "iIіІıɪιΙӏӀ1|!ⅼʟᏞłŁĺǀ",
    "m": "мМΜᴍᎷⅿ",
    "n": "пոΝηɴŋ",
    "o": "оОοΟօՕσᴏ0øØѳѲⲟ",
    "p": "рРρΡᴘᏢⲣþ",
    "q": "ԛԚզ",
    "r": "гᴦʀᎡⲅ",
    "s": "ѕЅꜱᏚʂ5$",
    "t": "тТτΤᴛᎢŧ",
    "u": "ԱսυᴜՍʋц",
    "v": "ѵѴνᴠᏙⅴ",
    "w": "ԝԜωшᴡᎳɯ",
    "x": "хХχΧⅹ×",
    "y": "уУүҮγΥʏўᎩ",
    "z": "ΖᴢᏃʐ",
}
_LATIN = {ord(char): letter for letter, chars in _SHAPES.items() for char in chars}


def mixed_scripts(word: str) -> bool:
    """Tell whether a word mixes alphabets of like shapes, as Latin with Cyrillic letters."""
    return any(len(_scripts(part)) > 1 for part in _WORD_BREAKS.split(word))


def lookalike(handle: str, brands: Iterable[str]) -> str | None:
    """Return the brand that `handle` imitates by letters drawn alike, None if it is that brand.

    Case, a leading `@` and how the blanks of the brand's name are filled do not matter; what
    follows a second `@` is compared only with brands that have one too.
    """
    for brand in brands:
        seen = _local(handle) if "@" not in _bare(brand) else _bare(handle)
        shape = _shape(_bare(brand))
        if shape and shape in _readings(seen) and not _is_same(seen, _bare(brand)):
            return brand
    return None


def unpuny(host: str) -> str:
    """Return a host's name as readers see it: `xn--` labels decoded, broken ones left."""
    return ".".join(_label(label) for label in host.split("."))


def _label(label: str) -> str:
    if not label.lower().startswith("xn--") or len(label) > 63:
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, OverflowError):
        return label


def _scripts(word: str) -> set[str]:
    return {_script(char) for char in word if not char.isascii()} & _ALIKE | (
        {"LATIN"} if any(char.isascii() for char in word) else set()
    )


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """Return the alphabet of a letter: the first word of its name, FULLWIDTH set aside."""
    return unicodedata.name(char, "").removeprefix("FULLWIDTH ").partition(" ")[0]


def _bare(name: str) -> str:
    return name.strip().removeprefix("@")


def _local(handle: str) -> str:
    return _bare(handle).partition("@")[0]


def _readings(handle: str) -> set[str]:
    """Return the shapes that a name may show, backwards too if it turns the direction."""
    readings = {_shape(handle)}
    if _TURNS.search(handle):
        readings.add(_shape(handle[::-1]))
    return readings


@lru_cache(maxsize=4096)
def _shape(name: str) -> str:
    """Return what a hasty eye reads: Latin letters without accents, case and separators."""
    latin = unpuny(HIDDEN.sub("", DROPPED.sub("", name))).translate(_LATIN)
    plain = _unmarked(latin).translate(_LATIN).casefold().translate(_LATIN)
    return _SEPARATORS.sub("", plain).replace("rn", "m").replace("vv", "w")


@lru_cache(maxsize=4096)
def _unmarked(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(char for char in parts if unicodedata.category(char)[0] != "M")


def _is_same(handle: str, brand: str) -> bool:
    """Tell whether the handle is the brand's name as networks let one write it."""
    seen = unicodedata.normalize("NFC", handle).casefold()
    own = " ".join(unicodedata.normalize("NFC", brand).casefold().split())
    spellings = {own, _unmarked(own)}
    return any(seen == name.replace(" ", gap) for name in spellings for gap in _GAPS)
