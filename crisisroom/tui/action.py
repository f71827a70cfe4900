"""What an action is: its keys, its words, the views it belongs to, and why it cannot be done."""

from __future__ import annotations

import msgspec

from crisisroom.tui.reasons import FEED, TASKS, THREAD, TIMELINE, WORDS, Context, Reason

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


# What changes nothing, in groups of which the rest does; and what does, among the looking.
_LOOKS = frozenset(
    """
    contacts duties review actions programme pauses evidence approvals outbox owed answers bulks
    promises link-open copy export look palette help jump quit leave who digest
    sources pages by-story
    """.split()  # noqa: SIM905 - a list of words reads as one
)
_CHANGES = frozenset({"filter-save", "filter-drop"})


class Action(msgspec.Struct, frozen=True):
    """One thing a person can do: `label` is the hint's verb, `help` one line of plain words."""

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    views: frozenset[int] = EVERYWHERE
    reason: Reason = lambda context: ""

    @property
    def looks(self) -> bool:
        """Whether it only shows something: open to who may change nothing."""
        return self.id not in _CHANGES and (self.group in (MOVE, LOOK) or self.id in _LOOKS)

    def why_not(self, context: Context) -> str:
        """Say why it cannot be done now; empty where it can."""
        if context.reads_only and not self.looks:
            return f"as {context.reads_only} you read only"
        return self.reason(context)
