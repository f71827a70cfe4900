"""What waits for whose approval, worked out from the incident."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from crisisroom.core.approved import Span
from crisisroom.core.incident import Incident, Words
from crisisroom.core.playbook_load import Wording, words_of
from crisisroom.room import Scene
from crisisroom.tui.compose.marked import changed

_USUAL = 600  # seconds that an approval may take where the playbook names no step


class Step(msgspec.Struct, frozen=True):
    """Whose verdict a text waits for, until when, and why mine does not count (empty: it does)."""

    role: str
    holders: tuple[str, ...]
    due_at: datetime
    why_not: str = ""


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One text that waits for a verdict: a statement or reply, or words of the playbook."""

    id: str
    text: str
    sha256: str
    free: tuple[Span, ...] = ()  # what of it is not approved words
    words: Words | None = None
    wording: Wording | None = None
    step: Step | None = None

    @property
    def why_not(self) -> str:
        """Why my verdict does not count; empty when it does."""
        return self.step.why_not if self.step else ""


def step_of(incident: Incident, text: Words, scene: Scene) -> Step:
    """Return the step a text waits for, as seen by one person."""
    step = incident.plan.approval(text.approval)
    roles = [incident.roles[role] for role in step.by if role in incident.roles] if step else []
    holders = tuple(role.holder for role in roles if role.holder)
    title = titles_of(incident, text.approval)
    due_at = (text.submitted_at or text.drafted_at) + timedelta(
        seconds=step.within if step else _USUAL
    )
    return Step(title, holders, due_at, _why_not(incident, text, scene, title))


def titles_of(incident: Incident, approval: str) -> str:
    """Return the titles of the roles that decide in an approval step."""
    titles = {role.id: role.title for role in incident.roles.values()}
    step = incident.plan.approval(approval)
    return " or ".join(titles.get(role, role) for role in step.by) if step else "somebody else"


def _why_not(incident: Incident, text: Words, scene: Scene, title: str) -> str:
    step = incident.plan.approval(text.approval)
    if scene.solo or step is None:
        return ""
    if not set(step.by) & set(incident.holds(scene.actor)):
        return title + " does"
    if text.author == scene.actor and not step.self_approval:
        return "these are your own words"
    return ""


def waiting(
    incident: Incident, scene: Scene, free: Mapping[str, tuple[Span, ...]]
) -> list[Waiting]:
    """Return the statements and replies that wait: mine to approve first, then the earliest due.

    `free` holds the free words of replies by their id.
    """
    every = [
        Waiting(
            id=text.id,
            text=text.text,
            sha256=text.sha256,
            free=free[text.id]
            if text.id in free
            else changed(_template(incident, text), text.text),
            words=text,
            step=step_of(incident, text, scene),
        )
        for text in (*incident.statements.values(), *incident.replies.values())
        if text.state == "submitted"
    ]
    return sorted(every, key=lambda one: (bool(one.why_not), one.step and one.step.due_at))


def _template(incident: Incident, text: Words) -> str:
    found = (one.text for one in incident.plan.statements if one.id == text.template)
    return next(found, "")


def unapproved(incident: Incident, approved: Container[str]) -> Iterator[Waiting]:
    """Yield the playbook's own words whose present text nobody approved."""
    for wording in words_of(incident.plan):
        if wording.sha256 not in approved:
            yield Waiting(
                id=wording.kind + "/" + wording.id,
                text=wording.text,
                sha256=wording.sha256,
                wording=wording,
            )
