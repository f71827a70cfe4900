"""What the record itself is made of: corrections, pins, evidence, counts, the review."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Visibility = Literal["internal", "legal", "public"]
ActionKind = Literal["", "prevent", "detect", "respond", "communicate"]
ReviewStatus = Literal["draft", "in_review", "reviewed", "closed"]


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry should have said, or when it was: the newest word on it."""

    words: str = ""  # empty: only its time was wrong
    at: datetime | None = None
    entry: int  # the number of the entry that corrects
    by: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was seen and kept, by the hash of its bytes."""

    sha256: str
    size: int  # bytes
    media: str  # image/png, as the bytes say and not the sender
    sort: Literal["picture", "file"]
    name: str = ""
    url: str = ""
    mentions: tuple[str, ...] = ()  # uids of the linked posts that show it
    by: str
    at: datetime


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing of the incident may be purged or erased: by whom, since when, why."""

    by: str
    at: datetime
    words: str


class ReviewText(msgspec.Struct, frozen=True, kw_only=True):
    """What the review says under one heading, or in answer to one question."""

    words: str
    by: str
    at: datetime


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """Something that contributed, went well, or was luck: of things, never of a person."""

    id: str  # F-1
    words: str
    sort: Literal["contributed", "well", "badly", "lucky"] = "contributed"
    by: str
    at: datetime


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """How much was said in one stretch of time."""

    start: datetime
    seconds: int
    mentions: int
    complaints: int
    usual_hundredths: int = 0  # mentions that are usual at that hour; the log keeps no floats
    sources: dict[str, int] = {}
    slots: tuple[tuple[int, int, int], ...] = ()
    """Of its stretches of five minutes those that were not silent: number, mentions, complaints."""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A part that its holder offers a successor, who has yet to accept it."""

    role: str
    person: str
    by: str
    at: datetime
    words: str = ""
    tasks: tuple[str, ...] = ()
