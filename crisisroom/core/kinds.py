"""What the values in a file may be: the marks that struct fields carry for the binder."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Rule:
    """How a text is read: at most `most` characters, and `flaw` says what is wrong with it.

    `words` are said in public: quoted or in block style only, because YAML cuts plain text at ` #`.
    """

    most: int = 200
    words: bool = False
    flaw: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A duration such as `1h30m`, read as seconds."""

    least: int = 1
    most: int = 366 * 86400


@dataclass(frozen=True, slots=True)
class Number:
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


def language_flaw(text: str) -> str:
    """Say what keeps a text from looking like a language tag."""
    return "" if _LANGUAGE.fullmatch(text) else "a language is written like en or pt-BR"


Id = Annotated[str, Rule(most=48, flaw=id_flaw)]
Ref = Annotated[str, Rule(most=48, flaw=lambda text: id_flaw(text) if text else "")]
Day = Annotated[str, Rule(most=10, flaw=date_flaw)]
Zone = Annotated[str, Rule(most=64, flaw=zone_flaw)]
Language = Annotated[str, Rule(most=35, flaw=language_flaw)]
Prose = Annotated[str, Rule(most=2000)]
Salutation = Annotated[str, Rule(most=120, words=True)]
Sentence = Annotated[str, Rule(most=500, words=True)]
Passage = Annotated[str, Rule(most=1000, words=True)]
Document = Annotated[str, Rule(most=8000, words=True)]
Count = Annotated[int, Number()]
Schema = Annotated[int, Number(most=1)]  # the one edition of our files
Duration = Annotated[int, Span()]
Notice = Annotated[int, Span(least=0)]
