"""What surrounds our words: lines of stories, promises, pauses, corrections that are owed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Line = Literal["answer", "questions", "point", "monitor", "legal"]
PauseStatus = Literal["running", "paused", "failed", "not_needed", "resumed"]


class StoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """How a story is answered, as the lead set it; the one without a story is for all others."""

    narrative: str  # uid; empty: every story without a line of its own
    id: str = ""  # N-3
    line: Line
    by: str
    at: datetime
    why: str = ""


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """What we promised somebody: who sees to it, by when, and what came of it."""

    id: str  # P-1
    reply: str
    mention: str = ""  # uid
    words: str
    due_at: datetime | None = None
    owner: str = ""
    ticket: str = ""  # a link
    state: Literal["open", "kept", "dropped"] = "open"
    by: str
    at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    outcome: str = ""


class Bulk(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to many, person by person; stopped, what is not out yet stays in."""

    id: str  # B-1
    narrative: str  # uid
    narrative_id: str  # N-3
    words: str  # id of the approved words it is made of
    replies: int
    by: str
    at: datetime
    stopped_at: datetime | None = None
    stopped_by: str = ""
    why: str = ""


class PauseState(msgspec.Struct, frozen=True, kw_only=True):
    """Something that speaks for us by itself: whether it is quiet, and who made sure."""

    id: str
    title: str
    kind: str
    owner: str = ""
    backup: str = ""
    hook: str = ""
    detail: str = ""
    state: PauseStatus = "running"
    by: str = ""
    at: datetime | None = None
    words: str = ""  # what the person or the hook said
    by_hook: bool = False


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A text sent to an approver without a terminal, with a code of which only a digest is kept.

    The code is good for this text alone, once.
    """

    id: str  # K-1
    words: str  # ST-3
    sha256: str
    contact: str
    name: str
    roles: tuple[str, ...]
    way: str  # email, sms
    salt: str
    digest: str
    by: str
    at: datetime
    expires_at: datetime
    state: Literal["open", "used", "void"] = "open"
    wrong: int = 0  # codes entered that were not this one


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """No words of ours go out: since when, by whom, why, and in which incident that was said."""

    by: str
    at: datetime
    why: str = ""
    incident: str = ""  # INC-3; empty: in none


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """A correction that is due: words that are out rest on a fact that moved."""

    words: str  # ST-3, R-1
    fact: str
    label: str
    was: str
    now: str
    at: datetime
    settled_at: datetime | None = None
    settled_by: str = ""
    how: Literal["", "corrected", "retracted", "stands"] = ""
    why: str = ""
