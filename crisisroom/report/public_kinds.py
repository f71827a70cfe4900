"""Which entries strangers may know of, which of their fields, and how a public timeline says it.

For every kind it is decided here: told with a sentence of ours, replayed in silence so that what
is shown stands as it stood, or kept as nothing but a place in the chain.
"""

from __future__ import annotations

from crisisroom.core.apply import KINDS
from crisisroom.report.history import VERSIONS

_FIELDS = """
    id severity drill zone brand playbook role task fact state reached action due mention mention_id
    source posted_at kind audience template channel approval step verdict try clock version verbatim
    promises until cadence phase switched rule rung roles alone complete step_done due_at
    form language corrects translates entry
"""
PLAIN = frozenset(_FIELDS.split())
"""Fields that say nothing of anybody."""

MISSED = {
    ("fact.set", "value"),
    ("decision.made", "words"),
    ("decision.made", "why"),
    ("entry.corrected", "words"),
} | {(kind, "words") for kind in VERSIONS}
"""Fields where it must show that something was said."""

_OURS = ("suspended", "upheld", "owed", "settled", "part", "retracting", "kept")
_INNER = (
    "clock.",
    "deadline.",
    "escalation.",
    "enquiry.",
    "contact.",
    "message.",
    "answer.",
    "drill.",
    "task.added",
    "person.notified",
    "mention.tagged",
    "mention.sorted",
    "candidate.",
    "narrative.",
    "line.",
    "promise.",
    "mention.closed",
    "bulk.",
    "pause.",
    "approval.",
    "outgoing.",
    "question.",
    "fact.moved",
    "wording.",
    "entry.marked",  # what is public shows by itself
    "evidence.",
    "hold.",  # Legal's own business
    "access.",
    "review.",
    "factor.",
    "volume.",  # how much we hear, and what is usual, is ours to know
    "words.erased",
    "role.offered",  # what came of an offer shows as `role.handed`
    "role.declined",
    "action.reminded",
    "page.",  # whom we wake, and by which way
    *(f"{sort}.{act}" for sort in ("statement", "reply") for act in _OURS),
)

OPENED: dict[str, frozenset[str]] = {
    "review.written": frozenset({"section", "words"}),
    "factor.added": frozenset({"factor", "sort", "words"}),
    "evidence.kept": frozenset({"sha256", "size", "media", "sort"}),
    "volume.counted": frozenset({"rows"}),
}
"""Inner kinds of which an entry marked public counts as it did inside, and the fields it keeps."""

_BESIDE = frozenset({"incident.declared", "phase.begun", "task.opened", "task.not_needed"})
KNOWN = frozenset(kind for kind in KINDS if not kind.startswith(_INNER)) | _BESIDE
"""Kinds that strangers may know of; of all others only the place in the chain."""

STILL = frozenset({"phase.begun", "task.opened", "task.not_needed", "note.added"})
"""Kinds without which everything else stands as it stood."""

_TEXTS = {
    "incident.declared": "declared the incident",
    "incident.severity": "set the severity to {severity}",
    "incident.resolved": "resolved the incident",
    "incident.reopened": "reopened the incident",
    "incident.retitled": "renamed the incident",
    "person.joined": "joined",
    "playbook.added": "added a playbook to the plan",
    "phase.begun": "began: {phase}",
    "role.taken": "took {role}",
    "role.assigned": "gave {role} to {person}",
    "role.handed": "handed {role} over to {person}",
    "role.left": "left {role}",
    "task.opened": "now to do: {task}",
    "task.not_needed": "not needed: {task}",
    "task.done": "done: {task}",
    "task.skipped": "skipped: {task}",
    "task.reopened": "reopened: {task}",
    "task.assigned": "gave {task} to {person}",
    "fact.set": "{fact}: {state}",
    "action.added": "corrective action {action}: {title}",
    "action.changed": "changed corrective action {action}",
    "action.done": "done: corrective action {action}",
    "action.dropped": "dropped corrective action {action}",
    "action.reopened": "reopened corrective action {action}",
    "mention.linked": "added {id} by {handle}",
    "statement.sent": "published {id} on {channel}",
    "reply.sent": "answered with {id} on {channel}",
    "statement.retracted": "took {id} back on {channel}",
    "reply.retracted": "took {id} back on {channel}",
    "entry.corrected": "corrected entry {corrects}",
}
NOBODYS = {"task.assigned": "{task} is nobody's again"}
"""What is told where a thing was taken from somebody and given to nobody."""

TOLD = frozenset(_TEXTS)
"""The kinds of entries that a public timeline tells; the rest keeps its place in the chain."""

PINS = frozenset({"entry.pinned", "entry.unpinned"})
"""Strangers see a pin where they see what is pinned."""

TELLING = _TEXTS | {
    "evidence.kept": "kept a picture or a file as evidence",
    "volume.counted": "counted what was said",
}
"""How a kind is told; of an entry marked public, its words follow."""
