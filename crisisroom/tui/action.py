"""What an action is: its keys, its words, the views it belongs to, and why it cannot be done."""

from __future__ import annotations

from dataclasses import dataclass

from crisisroom.tui.reasons import FEED, TASKS, THREAD, TIMELINE, WORDS, Reason

EVERYWHERE = frozenset((FEED, THREAD, TASKS, TIMELINE, WORDS))
CHECKLIST = frozenset((TASKS,))
MOVE, LOOK, POST, TRIAGE, STORY, CASE, SAY, ROOM = (
    "Moving",
    "Looking",
    "Posts",
    "What posts need",
    "Stories",
    "The incident",
    "Words",
    "The room",
)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do: `label` is the hint's verb, `help` one line of plain words."""

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    views: frozenset[int] = EVERYWHERE
    reason: Reason = lambda context: ""
