"""The early warning as values: what is heard, what the rule says, what waits for a person."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Level = Literal["early", "rising", "storm"]
CandidateState = Literal["open", "watched", "declared", "dismissed", "ended"]
SignalKind = Literal["raised", "escalated", "ended"]

OVERALL = ""  # the term under which everything about us is counted


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What the early warning needs to know of one mention; `author` is unique across sources.

    `seen_at - posted_at` above an hour makes it late: it trains, and never alarms.
    """

    posted_at: datetime
    seen_at: datetime
    source: str
    author: str = ""  # empty: unknown, somebody of their own
    reach: int = 0
    terms: tuple[str, ...] = ()  # ids of our terms; the overall count is always taken
    narrative: str = ""
    risk: tuple[str, ...] = ()  # risk terms that it says, in the playbook's own words
    complaint: float = 0.0
    copy: bool = False  # a near-identical repost


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """What the rule says at one moment, with its reason in words."""

    kind: SignalKind
    term: str
    at: datetime
    level: Level
    reason: str
    observed: int
    expected: float
    spread: float = 0.0
    window_minutes: int
    authors: int = 0
    sources: int = 0
    reach: int = 0
    narratives: tuple[str, ...] = ()  # largest first
    words: tuple[str, ...] = ()  # risk terms said, most frequent first
    score: float = 0.0
    of: str = ""  # for escalated and ended: the uid of the signal that was raised
    uid: str = ""  # of this warning, unique within the rule's state


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An early warning that waits for a person: declare, watch, or dismiss with the reason."""

    id: str  # C-3
    uid: str
    at: datetime
    term: str
    level: Level
    reason: str
    observed: int
    expected: float
    spread: float = 0.0
    window_minutes: int
    authors: int = 0
    sources: int = 0
    reach: int = 0
    narratives: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    score: float = 0.0
    suggested_playbook: str = ""
    state: CandidateState = "open"
    escalated_at: datetime | None = None
    ended_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""  # why it was dismissed, or is watched
    incident: str = ""  # INC-7
    signal: str = ""  # the signal's own uid
