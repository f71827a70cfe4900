"""What an act changes: two acts on the same subject may contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Of these kinds: what they are about, and the field that names which one.
_ABOUT: Mapping[str, tuple[str, str]] = {
    "fact.set": ("fact", "fact"),
    "task.done": ("task", "task"),
    "task.skipped": ("task", "task"),
    "task.reopened": ("task", "task"),
    "task.assigned": ("owner of task", "task"),
    "role.taken": ("role", "role"),
    "role.assigned": ("role", "role"),
    "role.handed": ("role", "role"),
    "role.left": ("role", "role"),
    "role.offered": ("role", "role"),
    "role.declined": ("role", "role"),
    "incident.severity": ("severity", ""),
    "incident.retitled": ("title", ""),
    "incident.resolved": ("incident", ""),
    "incident.reopened": ("incident", ""),
    "deadline.met": ("deadline", "deadline"),
    "deadline.waived": ("deadline", "deadline"),
    "escalation.acknowledged": ("escalation", "escalation"),
    "update.snoozed": ("cadence", "cadence"),
    "enquiry.assigned": ("owner of enquiry", "enquiry"),
    "enquiry.answered": ("enquiry", "enquiry"),
    "enquiry.closed": ("enquiry", "enquiry"),
    "promise.kept": ("promise", "promise"),
    "promise.dropped": ("promise", "promise"),
    "question.answered": ("question", "question"),
    "mention.linked": ("link of mention", "mention"),
    "mention.unlinked": ("link of mention", "mention"),
    "mention.triaged": ("mention", "mention"),
    "mention.sorted": ("mention", "mention"),
    "mention.closed": ("private thread", "mention"),
    "narrative.linked": ("story", "narrative"),
    "narrative.unlinked": ("story", "narrative"),
    "line.set": ("line", "narrative"),
    "line.cleared": ("line", "narrative"),
    "pause.set": ("pause", "item"),
    "bulk.stopped": ("bulk", "bulk"),
    "bulk.resumed": ("bulk", "bulk"),
    "approval.void": ("ask", "ask"),
    "outgoing.stopped": ("outgoing", ""),
    "outgoing.resumed": ("outgoing", ""),
    "wording.upheld": ("wording", "uses"),
    "entry.pinned": ("pin", "entry"),
    "entry.unpinned": ("pin", "entry"),
    "entry.marked": ("readers of entry", "entry"),
    "access.restricted": ("access", ""),
    "access.lifted": ("access", ""),
    "hold.set": ("hold", ""),
    "hold.lifted": ("hold", ""),
    "review.written": ("review", "section"),
    "review.state": ("review", ""),
    "factor.dropped": ("factor", "factor"),
    "action.changed": ("action", "action"),
    "action.done": ("action", "action"),
    "action.dropped": ("action", "action"),
    "action.reopened": ("action", "action"),
}
_WORDS = frozenset(
    {
        *("edited", "submitted", "withdrawn", "approved", "rejected", "revoked", "released"),
        *("queued", "retracting", "kept", "settled", "upheld"),
    }
)
_TOGETHER = ("approved",)  # what several people do to the same text, one after the other


def subject(kind: str, data: Mapping[str, Any]) -> str:
    """Return what an entry changes, such as `fact:affected`; empty where it only adds."""
    sort, _, verb = kind.partition(".")
    if sort in ("statement", "reply"):
        return f"words:{data.get('id', '')}" if verb in _WORDS else ""
    about, field = _ABOUT.get(kind, ("", ""))
    return f"{about}:{data.get(field, '')}" if about else ""


def at_odds(kind: str, data: Mapping[str, Any], before: str, known: Mapping[str, Any]) -> bool:
    """Tell whether an act may contradict one that came before it, both as kind and data."""
    if not (about := subject(kind, data)) or about != subject(before, known):
        return False
    return not (kind == before and kind.endswith(_TOGETHER))
