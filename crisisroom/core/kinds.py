"""What the values in a file may be: the marks that struct fields carry for the binder."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated

import msgspec

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+)*")
_DURATION = re.compile(
    r"(?:([0-9]{1,5})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,8})s)?", re.ASCII
)
_ISO = re.compile(
    r"P(?:([0-9]{1,5})D)?(?:T(?:([0-9]{1,5})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,8})S)?)?", re.ASCII
)
_UNITS = (86400, 3600, 60, 1)
_CLOCK = re.compile(r"(?:([01][0-9]|2[0-3]):([0-5][0-9]))")
_TERM = re.compile(r"[1-9][0-9]{0,2}bd")
_ANCHOR = re.compile(r"(?:fact|task|phase|statement)\.[a-z0-9][a-z0-9_-]*")
_ANCHORS = ("declared", "appears", "severity")
_SHAPED = re.compile(r"[0A]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class Rule(msgspec.Struct, frozen=True):
    """How a text is read: at most `most` characters, and `flaw` says what is wrong with it.

    `words` are said in public: quoted or in block style only, because YAML cuts plain text at ` #`.
    """

    most: int = 200
    words: bool = False
    flaw: Callable[[str], str] | None = None


class Span(msgspec.Struct, frozen=True):
    """A duration such as `1h30m`, read as seconds."""

    least: int = 1
    most: int = 366 * 86400


class Number(msgspec.Struct, frozen=True):
    """A whole number within bounds, both included."""

    least: int = 1
    most: int = 999_999_999


def id_flaw(text: str) -> str:
    """Say what keeps a text from being an id; nothing when it is one."""
    if _ID.fullmatch(text):
        return ""
    return "an id has small letters, digits, - and _ only, and starts with a letter or digit"


def date_flaw(text: str) -> str:
    """Say what keeps a text from being a day, written YYYY-MM-DD."""
    if text and not _DATE.fullmatch(text):
        return "a day is written YYYY-MM-DD"
    try:
        date.fromisoformat(text or "2000-01-01")
    except ValueError:
        return "there is no such day"
    return ""


def zone_flaw(text: str) -> str:
    """Say what keeps a text from looking like a time zone's name."""
    if not text or _ZONE.fullmatch(text):
        return ""
    return "a time zone is written like Europe/Berlin"


def moment_flaw(text: str) -> str:
    """Say what keeps a text from being a time of day, or a day and a time."""
    day, _, clock = text.rpartition(" ")
    if not text or (_CLOCK.fullmatch(clock) and not date_flaw(day)):
        return ""
    return "a moment is written 17:30, or 2026-10-21 17:30"


def anchor_flaw(text: str) -> str:
    """Say what keeps a text from naming the moment a time counts from."""
    if not text or text in _ANCHORS or _ANCHOR.fullmatch(text):
        return ""
    return "a time counts from declared, appears, severity, or like fact.ID, task.ID, phase.ID"


def term_flaw(text: str) -> str:
    """Say what keeps a text from being a term: a duration, or business days like `5bd`."""
    if _TERM.fullmatch(text) or span(text):
        return ""
    return "a term is written like 72h, 3d or 5bd (business days)"


def shape_flaw(text: str) -> str:
    """Say what keeps a text from being the shape of a number, such as AB-000000."""
    if len(_SHAPED.findall(text)) >= 4 and "0" in text:
        return ""
    return "a number's shape is written AB-000000: 0 for any digit, A for any letter, 4 or more"


def span(text: str) -> int | None:
    """Return the seconds of `90s`, `5m`, `1h30m`, `2d` or `PT15M`, or None when it is none."""
    match = _DURATION.fullmatch(text) or _ISO.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    return sum(int(part) * unit for part, unit in zip(match.groups(), _UNITS, strict=True) if part)


def language_flaw(text: str) -> str:
    """Say what keeps a text from looking like a language tag."""
    return "" if _LANGUAGE.fullmatch(text) else "a language is written like en or pt-BR"


Id = Annotated[str, Rule(most=48, flaw=id_flaw)]
Ref = Annotated[str, Rule(most=48, flaw=lambda text: id_flaw(text) if text else "")]
Day = Annotated[str, Rule(most=10, flaw=date_flaw)]
Zone = Annotated[str, Rule(most=64, flaw=zone_flaw)]
Anchor = Annotated[str, Rule(most=64, flaw=anchor_flaw)]
Moment = Annotated[str, Rule(most=16, flaw=moment_flaw)]
Term = Annotated[str, Rule(most=16, flaw=term_flaw)]
Language = Annotated[str, Rule(most=35, flaw=language_flaw)]
Prose = Annotated[str, Rule(most=2000)]
Shape = Annotated[str, Rule(most=40, flaw=shape_flaw)]
Salutation = Annotated[str, Rule(most=120, words=True)]
Sentence = Annotated[str, Rule(most=500, words=True)]
Passage = Annotated[str, Rule(most=1000, words=True)]
Document = Annotated[str, Rule(most=8000, words=True)]
Count = Annotated[int, Number()]
Few = Annotated[int, Number(most=99)]
Whole = Annotated[int, Number(least=0)]
Schema = Annotated[int, Number(most=1)]  # the one edition of our files
Duration = Annotated[int, Span()]
Notice = Annotated[int, Span(least=0)]
