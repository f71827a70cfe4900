"""The actions of the record: what is said of entries, evidence, and the hold."""

from __future__ import annotations

from crisisroom.tui.action import CASE, EVERYWHERE, LOOK, POST, Action
from crisisroom.tui.reasons import POSTS, TIMELINE, needs_any_incident
from crisisroom.tui.record import reasons

_TIMELINE = frozenset((TIMELINE,))

RECORD: tuple[Action, ...] = (
    Action(
        "note",
        ("m",),
        "note",
        "write a note; -12m puts it back, legal: keeps it for Legal",
        CASE,
        reason=needs_any_incident,
    ),
    Action(
        "decide",
        (),
        "decision",
        "record a decision: what, why, instead of what, when",
        CASE,
        reason=needs_any_incident,
    ),
    Action(
        "pin",
        ("space",),
        "pin",
        "pin the entry among what matters most, or unpin it",
        CASE,
        _TIMELINE,
        reasons.needs_entry,
    ),
    Action(
        "correct",
        ("C",),
        "correct",
        "say how it really was, and when; the old words stay",
        CASE,
        _TIMELINE,
        reasons.needs_entry,
    ),
    Action(
        "readers",
        ("V",),
        "readers",
        "who may read the entry: the team, Legal, everybody",
        CASE,
        _TIMELINE,
        reasons.needs_entry,
    ),
    Action(
        "entry-filters",
        (),
        "filters of the timeline",
        "show only pinned, legal, facts, one person, one task",
        LOOK,
        _TIMELINE,
        needs_any_incident,
    ),
    Action(
        "keep",
        ("Y",),
        "keep as evidence",
        "keep the post as it is now, with its pictures by hash",
        POST,
        POSTS,
        reasons.keeps,
    ),
    Action(
        "evidence",
        ("Y",),
        "evidence",
        "what is kept by its hash, and whether it is as it was",
        CASE,
        EVERYWHERE - POSTS,
        needs_any_incident,
    ),
    Action(
        "attach",
        (),
        "attach a file",
        "keep a file as evidence, by its hash; on a post about that post",
        CASE,
        reason=reasons.attaches,
    ),
    Action(
        "restrict",
        (),
        "restrict, or open",
        "show the incident to named people alone, or to everybody again",
        CASE,
        reason=needs_any_incident,
    ),
    Action(
        "hold",
        (),
        "hold, or lift it",
        "nothing is purged or erased until Legal lifts the hold",
        CASE,
        reason=needs_any_incident,
    ),
)
