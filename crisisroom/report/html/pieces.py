"""Pieces of text that lines of the report are made of; every text in them is literal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

Tone = Literal["", "mine", "ok", "warn", "late", "quiet"]
"""What a mark says beside its words; colour is never the only sign."""


@dataclass(frozen=True, slots=True)
class When:
    """A moment, to be shown in the report's zone with UTC beside it."""

    at: datetime | None
    brief: bool = False  # only the time of the day


@dataclass(frozen=True, slots=True)
class Code:
    """An id or a hash, in fixed width."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A web address from outside: to be followed only where it is a sound one."""

    url: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Ref:
    """A place in the report itself, by its anchor."""

    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that stands out."""

    words: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Words that somebody wrote, line ends kept; `outside` says that it was a stranger."""

    text: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Strong:
    """The words that a line is about."""

    text: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """What is said beside."""

    text: str


Inline: TypeAlias = str | When | Code | Link | Ref | Mark | Said | Strong | Quiet
Line: TypeAlias = Inline | tuple[Inline, ...]
