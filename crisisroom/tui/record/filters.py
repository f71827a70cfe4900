"""What narrows the timeline, to choose from: for who does not know the words by heart."""

from __future__ import annotations

from collections.abc import Iterator

from crisisroom.core.incident import Incident
from crisisroom.core.timefilter import FAMILIES
from crisisroom.tui.acts import Desk
from crisisroom.tui.reasons import TIMELINE
from crisisroom.tui.screens.picking import Choice

_SAID = {
    "pinned": "what matters most",
    "legal": "for Legal alone",
    "public": "for everybody",
    "corrected": "corrected since",
    "late": "written down later than it happened",
    "who:me": "what I did",
}
_KINDS = {
    "words": "statements, replies, approvals",
    "tasks": "the checklist",
    "facts": "what was known, and when",
    "people": "roles, calls, escalations, questions from outside",
    "posts": "posts, stories, early warnings",
    "clocks": "what fell due",
    "record": "notes, decisions, evidence, the hold",
}


async def filters(desk: Desk) -> None:
    """Choose what narrows the timeline."""
    chosen = await desk.pick("Show only", list(_choices(desk.incident)), "/ takes the same words")
    desk.narrow(chosen, view=TIMELINE)


def _choices(state: Incident) -> Iterator[Choice]:
    for typed, told in _SAID.items():
        yield Choice(typed, typed, told)
    for family in FAMILIES:
        yield Choice(f"kind:{family}", f"kind:{family}", _KINDS[family])
    for person in state.people:
        yield Choice(f"who:{person}", f"who:{person}", "what they did")
    for task in state.tasks.values():
        yield Choice(f"about:T:{task.id}", f"about:T:{task.id}", task.title)
    for words in state.statements.values():
        yield Choice(f"about:{words.id}", f"about:{words.id}", words.kind)
    for fact in state.facts.values():
        yield Choice(f"about:F:{fact.id}", f"about:F:{fact.id}", fact.label)
