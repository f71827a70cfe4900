"""Every key of the room, once: bindings, hints, palette, help and README come from here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.binding import Binding

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
from crisisroom.tui.reasons import FEED, TASKS, THREAD, TIMELINE

BY_ID: Mapping[str, Action] = {action.id: action for action in ACTIONS}

_NAMES = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "plus": "+",
    "exclamation_mark": "!",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "escape": "esc",
    "minus": "-",
}
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


def shown_key(key: str) -> str:
    """Return a key as people write it: `?` for question_mark."""
    return _NAMES.get(key, key)


class Keys:
    """Which key does what, after the person's own wishes: action id -> keys."""

    def __init__(self, wishes: Mapping[str, str] | None = None) -> None:
        self.wishes = {name: keys for name, keys in (wishes or {}).items() if name in BY_ID}
        self.unknown = tuple(sorted(set(wishes or {}) - set(BY_ID)))

    def of(self, action: Action) -> tuple[str, ...]:
        """Return the keys of an action."""
        wish = self.wishes.get(action.id)
        return tuple(key.strip() for key in wish.split(",")) if wish else action.keys

    def first(self, action: Action) -> str:
        """Return the key as hints show it, empty when it has none."""
        keys = self.of(action)
        return shown_key(keys[0]) if keys else ""


def bindings() -> list[Binding]:
    """Return the bindings of the room's screen; `App.set_keymap` remaps them by id."""
    return [
        Binding(",".join(action.keys), f"act('{action.id}')", action.label, id=action.id)
        for action in ACTIONS
        if action.keys
    ]


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
    "bindings",
    "groups",
    "key_table",
    "label_of",
    "shown_key",
]
