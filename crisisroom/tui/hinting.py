"""Which keys the last line names for the row under the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from crisisroom.tui.actions import BY_ID, Action, Keys, label_of
from crisisroom.tui.reasons import FEED, POSTS, TASKS, THREAD, TIMELINE, WORDS, Context

HINTS: Mapping[int, tuple[str, ...]] = {
    FEED: ("open", "reply", "link-open", "dismiss", "next", "palette", "help"),
    THREAD: ("reply", "assign", "link", "sort-answer", "next", "back", "help"),
    TASKS: ("tick", "skip", "claim", "assign", "note", "palette", "help"),
    TIMELINE: ("open", "pin", "note", "filter", "evidence", "palette", "help"),
    WORDS: ("open", "statement", "facts", "contacts", "copy", "palette", "help"),
}
ROWS: Mapping[str, tuple[str, ...]] = {
    "call": ("tick", "open", "contacts", "note", "palette", "help"),
    "deadline": ("tick", "open", "facts", "note", "palette", "help"),
    "deadlines": ("open", "facts", "note", "palette", "help"),
    "enquiry": ("tick", "open", "claim", "assign", "statement", "palette", "help"),
    "phase": ("open", "add-task", "facts", "note", "palette", "help"),
}
WAITING = ("tick", "facts", "skip", "assign", "note", "palette", "help")
CALM = ("open", "declare", "sort-answer", "dismiss", "next", "palette", "help")
HEADS: Mapping[str, tuple[str, ...]] = {
    "head": ("open", "story-answer", "line", "sort-answer", "dismiss", "palette", "help"),
    "more": ("open", "by-story", "filter", "palette", "help"),
}
MARKED = ("sort-answer", "dismiss", "private", "story-split", "mark", "palette", "help")
WARNED = ("open", "warnings", "declare", "dismiss", "next", "palette", "help")
OVER = "the drill is over: scorecard and export"
EMPTY = ("add", "declare", "palette", "help", "quit")

_SHORT = {
    "next": "next",
    "palette": "more",
    "link-open": "open",
    "sort-answer": "answer",
    "private": "offline",
    "warnings": "warnings",
    "story-answer": "answer all",
}


def hints(context: Context, keys: Keys, *, width: int) -> list[tuple[str, str]]:
    """Return the hints for the row under the cursor, as many words as `width` cells take.

    A key that cannot act stays in quiet with its reason, where the line has room for it.
    """
    wide = width >= 120
    if context.view == FEED and context.marked:
        names: Sequence[str] = MARKED
    elif context.view == FEED and context.kind in HEADS:
        names = HEADS[context.kind]
    elif context.view in POSTS and context.mention is None:
        names = EMPTY
    elif context.view == FEED and context.incident is None:
        names = WARNED if context.warned else CALM
    else:
        names = _names(context)
    if context.reads_only:
        names = [name for name in names if BY_ID[name].looks]
    told = [_Hint.of(BY_ID[name], context, keys, wide=wide) for name in names]
    if context.drill_over:
        told.insert(0, _Hint(keys.first(BY_ID["leave"]), OVER, ""))
    left = width - 2 - sum(len(hint.key) + len(hint.label) + 4 for hint in told)
    shown = []
    for hint in told:
        said = bool(hint.reason) and len(hint.reason) + 2 <= left
        left -= len(hint.reason) + 2 if said else 0
        shown.append(hint.shown(said=said))
    return shown


def _names(context: Context) -> Sequence[str]:
    """Return the actions to name: of a row on the checklist those that fit it."""
    if context.view != TASKS:
        return HINTS[context.view]
    if context.task is not None and context.task.waiting_for.startswith("fact"):
        return WAITING
    return ROWS.get(context.kind, HINTS[TASKS])


class _Hint(msgspec.Struct, frozen=True):
    key: str
    label: str
    reason: str

    @classmethod
    def of(cls, action: Action, context: Context, keys: Keys, *, wide: bool) -> _Hint:
        label = label_of(action, context.view, context.kind)
        if not wide or action.id == "link-open":
            label = _SHORT.get(action.id, label)
        return cls(keys.first(action), label, action.why_not(context))

    def shown(self, *, said: bool) -> tuple[str, str]:
        if not self.reason:
            return self.key, self.label
        return "", f"{self.key} {self.label}" + (f": {self.reason}" if said else "")
