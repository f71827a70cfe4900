"""Contacts from vCards, versions 3 and 4."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crisisroom.authoring.imported import Imported, Refusal, cut
from crisisroom.authoring.people import Candidate, gathered
from crisisroom.authoring.table import decoded
from crisisroom.core.errors import Refused
from crisisroom.core.kinds import language_flaw, zone_flaw
from crisisroom.core.playbook import Contact, Reach

_LINE = re.compile(
    r'(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;(?:"[^"]*"|[^":;])*)*):(.*)', re.DOTALL
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PIECE = re.compile(r"\\.|[^\\;]+|;|\\", re.DOTALL)
_WAYS = {"TEL": "phone", "EMAIL": "email", "IMPP": "chat"}
_READ = {*_WAYS, "BEGIN", "END", "VERSION", "FN", "N", "ORG", "TITLE", "ROLE", "NOTE", "TZ", "LANG"}
_QUIET = {"KIND", "UID", "REV", "PRODID", "PROFILE"}  # say nothing about how to reach somebody


@dataclass(frozen=True, slots=True)
class Line:
    """One property: the number of its first line, its name and value."""

    number: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Card:
    """The properties between BEGIN and END, in order."""

    number: int
    lines: tuple[Line, ...]

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of a property, unescaped, without empty ones."""
        found = (text(line.value).strip() for line in self.lines if line.name == name)
        return tuple(value for value in found if value)

    def one(self, name: str) -> str:
        """Return the first value, empty where there is none."""
        return next(iter(self.all(name)), "")


def contacts_from_vcards(data: bytes) -> Imported:
    """Return the contacts of a file of vCards; Refused where there is none in it."""
    words, remarks = decoded(data)
    cards, refused = _cards(_unfolded(words))
    if not cards and not refused:
        raise Refused("empty", "there is no vCard in this file", "it begins with BEGIN:VCARD")
    candidates: list[Candidate] = [(one.number, _label(one), _contact(one)) for one in cards]
    unread = {line.name for one in cards for line in one.lines} - _READ - _QUIET
    if unread:
        remarks += (f"properties that are not read: {', '.join(sorted(unread))[:400]}",)
    return gathered(candidates, tuple(refused), remarks)


def text(value: str) -> str:
    """Return a value without its escapes: \\n is a line end, every other sign itself."""
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def _unfolded(words: str) -> Iterator[tuple[int, str]]:
    """Yield whole lines with the number of their first; a blank at the start goes on with one."""
    held: list[str] = []
    start = 0
    for number, line in enumerate(re.split(r"\r\n|\n|\r", words), 1):
        if line[:1] in (" ", "\t") and held:
            held.append(line[1:])
            continue
        if held:
            yield start, "".join(held)
        held, start = [line], number
    if held:
        yield start, "".join(held)


def _cards(lines: Iterator[tuple[int, str]]) -> tuple[list[Card], list[Refusal]]:
    cards: list[Card] = []
    refused: list[Refusal] = []
    begun, inside, flaw = 0, list[Line](), ""
    for number, words in lines:
        if not words.strip():
            continue
        match = _LINE.fullmatch(words)
        name, value = (match[1].upper(), match[3]) if match else ("", "")
        mark = (name, value.strip().upper())
        if mark == ("BEGIN", "VCARD"):
            if begun:
                refused.append(Refusal(begun, _names(inside), "the card is cut off: it has no END"))
            begun, inside, flaw = number, [], ""
        elif not begun:
            refused.append(Refusal(number, cut(words), "this stands in no card"))
        elif mark == ("END", "VCARD"):
            if flaw:
                refused.append(Refusal(begun, _names(inside), flaw))
            else:
                cards.append(Card(begun, tuple(inside)))
            begun = 0
        elif match is None:
            flaw = flaw or f"line {number} is no line of a vCard: {cut(words, 40)}"
        else:
            inside.append(Line(number, name, value))
    if begun:
        refused.append(Refusal(begun, _names(inside), "the card is cut off: it has no END"))
    return cards, refused


def _names(lines: Sequence[Line]) -> str:
    return _label(Card(0, tuple(lines)))


def _label(card: Card) -> str:
    return cut(_name(card) or card.one("EMAIL") or card.one("TEL") or "a card without a name")


def _name(card: Card) -> str:
    """Return the name as it is shown, else made of its parts, else that of the organisation."""
    if shown := card.one("FN"):
        return " ".join(shown.split())
    whole = next((line.value for line in card.lines if line.name == "N"), "")
    family, given, *_ = (*_parts(whole), "", "")
    return f"{given} {family}".strip() or card.one("ORG").replace(";", ", ")


def _parts(value: str) -> tuple[str, ...]:
    """Return the parts between semicolons, unescaped."""
    parts = [""]
    for piece in _PIECE.findall(value):
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return tuple(" ".join(text(part).split()) for part in parts)


def _contact(card: Card) -> Contact | str:
    """Return the contact of a card, or why it is none."""
    version = card.one("VERSION")
    if version not in ("3.0", "4.0"):
        return f"it is vCard {cut(version, 8) or 'of no version'}: export it as version 3.0 or 4.0"
    if card.one("KIND").lower() == "group":
        return "it is a group, not somebody to reach"
    if not _name(card):
        return "it has no name"
    ways = tuple(dict.fromkeys(_ways(card)))
    if not ways:
        return "it has no telephone and no mail address"
    zone, language = card.one("TZ"), card.one("LANG")
    return Contact(
        id="",
        name=_name(card),
        reach=ways,
        timezone=zone if "/" in zone and not zone_flaw(zone) else "",
        language=language if language and not language_flaw(language) else "en",
        note="\n".join(_about(card)),
    )


def _ways(card: Card) -> Iterator[Reach]:
    for line in card.lines:
        way, value = _WAYS.get(line.name, ""), text(line.value).strip()
        if way and value:
            start = {"phone": "tel:", "email": "mailto:"}.get(way, "\0")
            yield Reach(way, value[len(start) :] if value.lower().startswith(start) else value)


def _about(card: Card) -> Iterator[str]:
    for line in card.lines:
        if line.name == "ORG":
            yield ", ".join(part for part in _parts(line.value) if part)
    for name in ("TITLE", "ROLE", "NOTE"):
        yield from card.all(name)
    zone = card.one("TZ")
    if zone and ("/" not in zone or zone_flaw(zone)):
        yield f"time zone: {zone}"
