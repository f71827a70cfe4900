"""What kind of thing an entry tells of: a handful of lanes in place of a hundred kinds."""

from __future__ import annotations

from functools import cache

LANES: dict[str, str] = {
    "heard": "Heard",
    "known": "Known and decided",
    "said": "Said",
    "done": "Done",
    "kept": "Clocks and record",
}
"""The lanes of the timeline, top to bottom."""

_OF = {
    "heard": ("mention", "narrative", "candidate", "volume", "enquiry"),
    "known": ("incident", "fact", "decision", "role", "playbook", "phase", "line", "outgoing"),
    "said": ("statement", "reply", "bulk", "promise", "message", "answer", "wording", "approval"),
    "done": ("task", "pause", "contact", "note", "person", "question", "action", "drill"),
    "kept": (),
}
_LANE = {head: lane for lane, heads in _OF.items() for head in heads}


@cache
def lane(kind: str) -> str:
    """Return the lane of a kind of entry; what no other has is of clocks and the record."""
    return _LANE.get(kind.partition(".")[0], "kept")
