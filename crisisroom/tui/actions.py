"""Every act of the room, once: hints, palette, help and README come from here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crisisroom.tui.action import (
    CASE,
    EVERYWHERE,
    LOOK,
    MOVE,
    POST,
    ROOM,
    SAY,
    STORY,
    TRIAGE,
    Action,
)
from crisisroom.tui.action_table import ACTIONS
from crisisroom.tui.keys.terminals import shown_key
from crisisroom.tui.keys.wishes import Keys
from crisisroom.tui.reasons import FEED, TASKS, THREAD, TIMELINE

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}

_LABELS = {
    ("open", FEED): "thread",
    ("open", TIMELINE): "detail",
    ("open", TASKS): "detail",
    ("back", THREAD): "feed",
}
_ROW_LABELS = {
    ("open", "phase"): "fold",
    ("open", "deadlines"): "list",
    ("tick", "call"): "who has it",
    ("tick", "deadline"): "met, waived",
    ("tick", "enquiry"): "answered",
    ("claim", "enquiry"): "take",
    ("open", "head"): "fold",
    ("open", "more"): "more",
    ("contacts", "call"): "all ways",
}


def label_of(action: Action, view: int, kind: str = "") -> str:
    """Return the verb of an action in a view, on a row of this kind."""
    label = _LABELS.get((action.id, view), action.label)
    return _ROW_LABELS.get((action.id, kind), label) if view in (TASKS, FEED) else label


def groups() -> Iterator[tuple[str, list[Action]]]:
    """Yield the groups of actions in the order in which help shows them."""
    for group in (MOVE, LOOK, POST, TRIAGE, STORY, CASE, SAY, ROOM):
        yield group, [action for action in ACTIONS if action.group == group]


def key_table() -> str:
    """Return all keys as a Markdown table, for the README."""
    lines = ["| key | does | id |", "| --- | --- | --- |"]
    for _, actions in groups():
        for action in actions:
            keys = " ".join(f"`{shown_key(key)}`" for key in action.keys) or "`:`"
            lines.append(f"| {keys} | {action.help} | {action.id} |")
    return "\n".join(lines) + "\n"


__all__ = [
    "ACTIONS",
    "BY_ID",
    "EVERYWHERE",
    "MOVE",
    "Action",
    "Keys",
    "groups",
    "key_table",
    "label_of",
    "shown_key",
]
