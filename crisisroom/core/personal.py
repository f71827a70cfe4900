"""Numbers and addresses of persons in our own words: cards, accounts, phones, mail, orders.

They are found however they are spelt: with spaces, dashes or dots between, in full-width or other
digits. What stands in words of ours (`ours`) is ours to say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from crisisroom.core.phones import masked, phones, same
from crisisroom.core.playbook import Playbook

Kind = Literal["card", "iban", "phone", "mail", "order"]

_CARD = (13, 19)  # digits
_CARD_RUN = re.compile(r"\d(?:[ ./-]{0,3}\d){12,}+")
_GROUP = re.compile(r"\d+")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_WHOLE_GROUP = 3  # digits of a card's groups, where they are not all as long

_IBAN = re.compile(r"(?<![^\W_])[a-z]{2}(?=[ ./-]{0,3}[0-9][ ./-]{0,3}[0-9])", re.IGNORECASE)
_IBAN_MOST = 34 * 4  # characters with what stands between
_IBAN_DIGITS = 5  # fewer are words of a sentence
_COUNTRIES = """
    AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18
    DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23
    IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31
    MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24
    SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""
LENGTHS = {country[:2]: int(country[2:]) for country in _COUNTRIES.split()}
"""Country -> characters of its account numbers."""

_LINK = re.compile(
    r"(?:https?://|www\.)\S++|(?<![\w@.-])(?:[a-z0-9-]++\.)+[a-z]{2,}/\S*+", re.IGNORECASE
)
_HOST = re.compile(r"(?<![\w@.-])(?:www\.)?((?:[\w-]++\.)+[a-z]{2,})(?![\w-])", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.@+-])[\w.+-]++@((?:[\w-]++\.)+[^\W\d_]{2,})")

_LOOSE = re.compile(r"\+?\d(?:[ ./()-]{0,3}\d){4,}+")  # a contact's number, however short


class Hit(msgspec.Struct, frozen=True):
    """Where somebody's number or address stands in a text (character offsets)."""

    kind: Kind
    start: int
    end: int


class _Known(msgspec.Struct, frozen=True):
    """What is ours: numbers as digits and letters alone, phone numbers, mail addresses, hosts."""

    keys: frozenset[str]
    phones: tuple[str, ...]
    mails: frozenset[str]
    hosts: frozenset[str]


def find(text: str, shapes: Iterable[str] = (), ours: Iterable[str] = ()) -> tuple[Hit, ...]:
    """Return where numbers and addresses of persons stand in a text, in order of place.

    `shapes` say how order numbers look (`AB-000000`: 0 any digit, A any letter); `ours` are the
    texts in which our own numbers and addresses stand.
    """
    plain, places = _plain(text)
    looked, known = tuple(shapes), _known(tuple(ours), tuple(shapes))
    hits = [
        Hit(kind, places[start][0], places[end - 1][1])
        for kind, start, end in _found(plain, looked)
        if not _is_ours(kind, plain[start:end], known)
    ]
    return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end)))


def ours(plan: Playbook, values: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the texts in which our own numbers stand: a plan's words, contacts and page.

    `values` are what fills its placeholders: what we know, and who is addressed.
    """
    said = (
        *(one.text for one in plan.key_messages),
        *(other for one in plan.key_messages for other in one.also),
        *(one.answer for one in plan.faq),
        *(one.text for one in plan.statements),
        *(variant.text for one in plan.statements for variant in one.variants.values()),
        *(words for one in plan.translations for words in one.words.values()),
        *(words for one in plan.translations for words in one.statements.values()),
        *(words for one in plan.translations for words in (one.pointer, one.sign_off)),
        *(reach.to for contact in plan.contacts for reach in contact.reach),
        *(plan.sign_off, plan.pointer, plan.source_of_truth),
        *(values or {}).values(),
    )
    return tuple(dict.fromkeys(words for words in said if words.strip()))


def _found(plain: str, shapes: Sequence[str]) -> list[tuple[Kind, int, int]]:
    """Return kinds and places, none inside another; digits in links are nobody's."""
    rest = masked(plain, [match.span() for match in _LINK.finditer(plain)])
    looks: tuple[tuple[Kind, Callable[[str], Iterable[tuple[int, int]]]], ...] = (
        ("mail", _mails),
        ("iban", _ibans),
        ("order", lambda left: _orders(left, shapes)),
        ("card", _cards),
        ("phone", phones),
    )
    found: list[tuple[Kind, int, int]] = []
    for kind, look in looks:
        spans = list(look(rest))
        found += [(kind, start, end) for start, end in spans]
        rest = masked(rest, spans)
    return found


def _mails(plain: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _MAIL.finditer(plain))


def _ibans(plain: str) -> Iterator[tuple[int, int]]:
    done = 0
    for match in _IBAN.finditer(plain):
        length = LENGTHS.get(match[0].upper())
        if length is None or match.start() < done:
            continue
        taken = [
            at
            for at in range(match.start(), min(len(plain), match.start() + _IBAN_MOST))
            if plain[at].isascii() and plain[at].isalnum()
        ][:length]
        if len(taken) == length and _is_iban(plain, taken):
            done = taken[-1] + 1
            yield taken[0], done


def _is_iban(plain: str, taken: Sequence[int]) -> bool:
    between = plain[taken[0] : taken[-1] + 1]
    after = plain[taken[-1] + 1 : taken[-1] + 2]
    if re.search(r"[^a-z0-9 ./-]|[ ./-]{4}", between, re.IGNORECASE) or after.isalnum():
        return False
    number = "".join(plain[at] for at in taken)
    if sum(char.isdigit() for char in number) < _IBAN_DIGITS:
        return False
    turned = "".join(str(int(char, 36)) for char in number[4:] + number[:4])
    return int(turned) % 97 == 1


def _cards(plain: str) -> Iterator[tuple[int, int]]:
    for run in _CARD_RUN.finditer(plain):
        groups = [(at.start(), at.end()) for at in _GROUP.finditer(plain, *run.span())]
        first = 0
        while first < len(groups):
            last = _card_from(plain, groups, first)
            if last is not None:
                yield groups[first][0], groups[last][1]
            first = first + 1 if last is None else last + 1


def _card_from(plain: str, groups: Sequence[tuple[int, int]], first: int) -> int | None:
    """Return the last group of the longest card that begins with this one, None for none."""
    start, number, found = groups[first][0], "", None
    if plain[start] == "0" or _lettered(plain, start):
        return None
    for last in range(first, len(groups)):
        number += plain[groups[last][0] : groups[last][1]]
        if len(number) > _CARD[1]:
            break
        if len(number) >= _CARD[0] and _luhn(number):
            sizes = [end - begin for begin, end in groups[first : last + 1]]
            if _spelt(sizes) and not _years(plain, groups[first : last + 1]):
                found = last
    return found


def _lettered(plain: str, start: int) -> bool:
    """Tell whether one letter stands right before, as in the middle of a hash."""
    before = plain[max(0, start - 2) : start]
    return before[-1:].isalpha() and not before[:-1].isalpha()


def _spelt(sizes: Sequence[int]) -> bool:
    """Tell whether a card is grouped like that: 4-4-4-4, 4-6-5, or evenly."""
    *most, _ = sizes
    return min(most, default=_WHOLE_GROUP) >= _WHOLE_GROUP or len(set(most)) == 1


def _years(plain: str, groups: Sequence[tuple[int, int]]) -> bool:
    return all(
        end - start == 4 and plain[start : start + 2] in ("19", "20") for start, end in groups
    )


def _luhn(number: str) -> bool:
    odd = sum(map(int, number[-1::-2]))
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (odd + even) % 10 == 0 and len(set(number)) > 1


def _orders(plain: str, shapes: Sequence[str]) -> Iterator[tuple[int, int]]:
    done = list[tuple[int, int]]()
    for shape in shapes:
        for match in _shape(shape).finditer(plain):
            start, end = match.span()
            if all(end <= before or start >= after for before, after in done):
                done.append((start, end))
                yield start, end


@lru_cache(maxsize=64)
def _shape(shape: str) -> re.Pattern[str]:
    """Return what finds numbers of a shape; with a letter in it, they may be spaced as well."""
    signs = {"0": "[0-9]", "A": r"[^\W\d_]"}
    parts: list[str] = []
    spaced = any(char.isalpha() for char in shape)
    for char in shape:
        if char in " -./_":
            parts.append("[ ./_-]{0,2}")
            continue
        if spaced and parts and not parts[-1].endswith("{0,2}"):
            parts.append("[ .-]?")
        parts.append(signs.get(char, re.escape(char)))
    return re.compile(rf"(?<![^\W_]){''.join(parts)}(?![^\W_])", re.IGNORECASE)


@lru_cache(maxsize=8)
def _known(texts: tuple[str, ...], shapes: tuple[str, ...]) -> _Known:
    keys: set[str] = set()
    numbers: list[str] = []
    mails: set[str] = set()
    hosts: set[str] = set()
    for text in texts:
        plain = _plain(text)[0]
        for kind, start, end in _found(plain, shapes):
            (mails if kind == "mail" else keys).add(_key(plain[start:end], kind))
        hosts |= {match[1].casefold() for match in _HOST.finditer(plain)}
        numbers += [match[0] for match in _LOOSE.finditer(plain)]
    return _Known(frozenset(keys), tuple(numbers), frozenset(mails), frozenset(hosts))


def _key(said: str, kind: Kind) -> str:
    if kind == "mail":
        return said.casefold()
    return "".join(filter(str.isalnum, said)).casefold()


def _is_ours(kind: Kind, said: str, known: _Known) -> bool:
    key = _key(said, kind)
    if kind == "mail":
        domain = key.rpartition("@")[2]
        return key in known.mails or any(_within(domain, host) for host in known.hosts)
    if key in known.keys:
        return True
    return kind in ("phone", "card") and any(same(said, one) for one in known.phones)


def _within(domain: str, host: str) -> bool:
    return domain == host or host.endswith(f".{domain}") or domain.endswith(f".{host}")


def _plain(text: str) -> tuple[str, Sequence[tuple[int, int]]]:
    """Return the text in plain digits, spaces and dashes, and the span each character came from."""
    if text.isascii():
        return text.replace("\t", " "), [(at, at + 1) for at in range(len(text))]
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    for at, char in enumerate(text):
        plain = _plainly(char)
        parts.append(plain)
        places += [(at, at + 1)] * len(plain)
    return "".join(parts), places


@lru_cache(maxsize=4096)
def _plainly(char: str) -> str:
    """Return what a character counts as: nothing for invisible ones and marks."""
    if char.isascii():
        return " " if char == "\t" else char
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if (value := unicodedata.digit(char, None)) is not None:
        return str(value)
    if category == "Pd" or char == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    return "." if char in "\u00b7\u2022\u30fb\u3002" else unicodedata.normalize("NFKC", char)
