"""Phone numbers in a text, as people write them; not dates, times, prices, years or versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LEAST_SAME = 6  # digits in which two spellings of one number agree at least
_COUNTRY = 3  # digits of a country's code at most
_BEFORE = 40  # characters before a number in which it is said what it is

_JOIN = r"[ ./()-]{0,3}"
_FREE = r"(?<![\w#])(?<!\d[.,:/-])(?<!\w-)"  # not the tail of INC-7, 1.2.3 or a word

_ABROAD = re.compile(rf"(?<![\w+])\+ ?[1-9]\d{{0,2}}(?:{_JOIN}\d){{5,14}}(?!\d)")
_PREFIXED = re.compile(rf"{_FREE}00[1-9]\d{{0,2}}(?:{_JOIN}\d){{6,13}}(?!\d)")
_AT_HOME = re.compile(rf"{_FREE}(?:\(0\d{{1,5}}\)|0[1-9]\d{{0,4}})(?:{_JOIN}\d){{5,10}}(?!\d)")
_AMERICAN = re.compile(
    rf"{_FREE}(?:1[ .-]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])\d{{3}}[ .-]\d{{4}}(?![ .-]?\d)"
)
_CUED = re.compile(
    r"(?<![^\W_])(?:tel|phone|telephone|mobile|cell|cellphone|call|calls|ring|dial|text|sms"
    r"|whatsapp|signal|fax|handy|mobil|telefon|anrufen|anruf|ruft|rufen|ruf|erreichbar"
    r"|(?:telefon|handy|ruf|mobil)(?:nummer|nr))\b"
    r"(?:[ :.,()-]{1,3}(?:me|us|him|her|them|on|at|under|unter|is|ist|no|nr|number|nummer|mich"
    r"|uns|an|auf|my|mein|meine|the|die|your|deine|ihre|back|now|bitte|please)(?![^\W_])){0,4}"
    rf"[ :.,(-]{{1,4}}(\d(?:{_JOIN}\d){{5,14}})(?!\d)",
    re.IGNORECASE,
)
_LEAST = 9  # digits of a number that nothing but its first zero gives away
_LEAST_PARTED = 8  # … and whose area stands in brackets or before a slash
_PARTED = re.compile(r"\(|\d/")

# A number right after one of these is what it says, and nobody's phone.
_NAMED = re.compile(
    r"(?:batch|lot|order|ticket|case|claim|serial|article|item|model|part|ref|reference|invoice"
    r"|tracking|version|build|charge|bestellung|auftrag|artikel|vorgang|rechnung|los)"
    r"(?: (?:number|no|nr|nummer|id|code))?\W{0,3}\Z"
    r"|(?:chargen|bestell|artikel|serien|auftrags|vorgangs|kunden|rechnungs|sendungs|modell)-?"
    r"(?:nummer|nr)\W{0,3}\Z",
    re.IGNORECASE,
)
_DAY, _MONTH, _YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)[0-9]{2}"
_ELSE = re.compile(
    rf"(?<!\d){_YEAR}[-./]{_MONTH}[-./]{_DAY}(?!\d)"
    rf"|(?<!\d){_DAY}[-./ ]{{1,2}}{_MONTH}[-./ ]{{1,2}}{_YEAR}(?!\d)"
    rf"|(?<!\d){_MONTH}/{_DAY}/{_YEAR}(?!\d)"
    rf"|(?<![\d.]){_DAY}[-./]{_MONTH}[-./][0-9]{{2}}(?![ ./-]{{0,2}}\d)"
    r"|(?<![\d.:])[0-2]?[0-9][:.][0-5][0-9](?:[:.][0-5][0-9])?(?![.:-]?\d)"
    r"|(?<!\d)[0-2][0-9][:.]?[0-5][0-9] ?- ?[0-2][0-9][:.]?[0-5][0-9](?![ .:-]?\d)"
    r"|[$€£¥] ?\d[\d .,']{0,20}"
    r"|(?<!\d)\d[\d .,']{0,20}(?:€|\$|£|¥|eur\b|euros?\b|usd\b|gbp\b|chf\b|dollars?\b|pounds?\b)",
    re.IGNORECASE,
)
GAP = "\0"


def phones(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where phone numbers stand in a text of plain digits, spaces and dashes."""
    rest = _ELSE.sub(lambda match: GAP * len(match[0]), plain)
    for pattern in (_ABROAD, _CUED, _PREFIXED, _AT_HOME, _AMERICAN):
        found = [match.span(pattern.groups) for match in pattern.finditer(rest)]
        kept = [span for span in found if pattern in (_ABROAD, _CUED) or _likely(rest, *span)]
        yield from kept
        rest = masked(rest, kept)


def masked(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the text with these places made into gaps of the same length."""
    parts: list[str] = []
    done = 0
    for start, end in sorted(spans):
        parts += (text[done:start], GAP * (end - max(start, done)))
        done = max(done, end)
    return "".join((*parts, text[done:]))


def _likely(text: str, start: int, end: int) -> bool:
    number = text[start:end]
    least = _LEAST_PARTED if _PARTED.search(number) else _LEAST
    return len(digits(number)) >= least and not _NAMED.search(text[max(0, start - _BEFORE) : start])


def digits(number: str) -> str:
    """Return a number's digits alone."""
    return "".join(filter(str.isdigit, number))


def same(number: str, known: str) -> bool:
    """Tell whether a number, or how it begins, is a known one: at home or from abroad."""
    return any(_equal(one, _key(known)) for one in _beginnings(number))


def _beginnings(number: str) -> Iterator[str]:
    """Yield the number's key up to the end of each group: "+49 30 1234567 24 hours"."""
    for at, char in enumerate(number):
        if char.isdigit() and not number[at + 1 : at + 2].isdigit():
            yield _key(number[: at + 1])


def _key(number: str) -> str:
    return digits(number.replace("(0)", "")).lstrip("0")


def _equal(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if one == other:
        return len(one) >= _LEAST_SAME
    more = len(long) - len(short)
    return len(short) >= _LEAST_SAME and more <= _COUNTRY and long.endswith(short)
