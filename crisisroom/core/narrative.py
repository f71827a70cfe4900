"""A narrative: mentions that tell the same story, which the team counts and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

LIKELY = 0.5  # likelihood from which a mention counts as a complaint
MOST_FREE = 2_000  # free posts of a story that are counted; from there on it is at least so many

NarrativeState = Literal["open", "dismissed", "merged"]


class Narrative(msgspec.Struct, frozen=True, kw_only=True):
    """A story as the room keeps it; `title` is strangers' words unless somebody named it."""

    id: str  # N-3
    uid: str
    title: str
    named_by: str = ""
    by_hand: bool = False  # split off or merged by somebody: the machine leaves it as it is
    mentions: int = 0
    authors: int = 0
    sources: tuple[str, ...] = ()
    reach: int = 0
    complaints: int = 0  # of its mentions, those that are likely complaints
    free: int = 0  # of its mentions, those that nobody has taken
    first_at: datetime
    last_at: datetime
    state: NarrativeState = "open"
    into: str = ""  # N-1, where it was merged
    trend: tuple[int, ...] = ()  # mentions an hour, the last 24, oldest first
