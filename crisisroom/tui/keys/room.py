"""The views of the room's screen as places, and how each of its acts is taken back."""

from __future__ import annotations

from collections.abc import Mapping

from crisisroom.tui.action import Action
from crisisroom.tui.action_table import ACTIONS
from crisisroom.tui.keys.key import ASKS, DRAFT, LOOKS, UNDO, Key, Place
from crisisroom.tui.reasons import FEED, TASKS, THREAD, TIMELINE, WORDS

_UNDOES = frozenset(
    """
    claim release assign link unlink dismiss private add sort-answer sort-correct sort-restore
    sort-monitor sort-thank unsort advocate story-name story-merge story-split story-aside
    story-back story-unlink filter-save filter-drop tick skip add-task pin readers keep escalate
    enquire severity roles accept retitle facts line promise restrict
    """.split()  # noqa: SIM905 - a list of words reads as one
)
_ASKS = frozenset({"declare", "resolve", "reopen", "duties", "put-off", "hold", "resume-words"})
_REASONS: Mapping[str, str] = {
    "note": "the timeline keeps every word; C corrects it",
    "decide": "the timeline keeps every word; C corrects it",
    "correct": "a correction stands; one more can be made",
    "contacts": "a call that was made is not unmade; m notes what was wrong",
    "attach": "what is kept by its hash stays",
    "reply": DRAFT,
    "statement": DRAFT,
    "story-answer": "only a list; its review lets words go",
    "edit": DRAFT,
    "stop": "it works at once; `:` let words go ends it",
    "mark": "the same key takes the mark off",
    "undo": "it is the way back itself",
}
TITLES: Mapping[int, tuple[str, str, str]] = {
    FEED: (
        "room.feed",
        "The feed",
        "Every post that was heard, the newest first. Take one, answer it, say what it needs.",
    ),
    THREAD: (
        "room.thread",
        "The thread",
        "The conversation around one post: what was said before and after, and our own words.",
    ),
    TASKS: (
        "room.tasks",
        "The checklist",
        "What the playbook asks for, by phase, with what is due and whose it is.",
    ),
    TIMELINE: (
        "room.timeline",
        "The timeline",
        "Everything that was done and decided, in order. Nothing on it is ever changed.",
    ),
    WORDS: (
        "room.words",
        "Words",
        "What we know, what we say: facts, statements, replies, and what waits for approval.",
    ),
}


def back_of(action: Action) -> str:
    """Return how an action of the room is taken back: LOOKS, UNDO, ASKS, or why it is neither."""
    if action.id in _UNDOES:
        return UNDO
    if action.id in _ASKS:
        return ASKS
    return _REASONS.get(action.id) or (LOOKS if action.looks else "")


def _key(action: Action) -> Key:
    return Key(action.id, action.keys, f"act('{action.id}')", action.help, back_of(action))


def _view(view: int) -> Place:
    id_, title, about = TITLES[view]
    return Place(id_, title, about, tuple(_key(one) for one in ACTIONS if view in one.views))


ROOM: Mapping[int, Place] = {view: _view(view) for view in TITLES}
