"""What waits for whose approval, worked out from the incident."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from crisisroom.core.approval import (
    Progress,
    ladder_words,
    progress,
    roles_for,
    waiting_words,
)
from crisisroom.core.approved import Span
from crisisroom.core.codes import open_asks
from crisisroom.core.incident import Incident, Words
from crisisroom.core.said import Asked
from crisisroom.core.wordings import Wording, words_of
from crisisroom.room import Scene
from crisisroom.room.texts import IN_HAND
from crisisroom.room.versions import Version
from crisisroom.tui.compose.marked import changed

_USUAL = 600  # seconds that an approval may take where the playbook names no step


class Step(msgspec.Struct, frozen=True):
    """Whose verdict a text waits for, until when, and why mine does not count (empty: it does)."""

    role: str
    due_at: datetime
    standing: Progress
    why_not: str = ""

    @property
    def place(self) -> str:
        """Which of several steps it is: `2/3  `; empty where there is only one."""
        every = len(self.standing.rungs)
        return "" if every < 2 else str(self.standing.place + 1) + "/" + str(every) + "  "


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """One text that waits for a verdict: a statement or reply, or words of the playbook."""

    id: str
    incident: Incident
    text: str
    sha256: str
    free: tuple[Span, ...] = ()  # what of it is not approved words
    words: Words | None = None
    wording: Wording | None = None
    step: Step | None = None
    may_reject: bool = False
    may_revoke: bool = False
    may_release: bool = False
    own: Mapping[str, tuple[Span, ...]] = {}  # free words of what single channels get
    before: Version | None = None  # the last version that somebody approved
    asked: tuple[Asked, ...] = ()  # whoever has a code for exactly this text

    @property
    def key(self) -> str:
        """What the list knows it by: ids are of one incident."""
        return self.incident.id + "/" + self.id

    @property
    def why_not(self) -> str:
        """Why my verdict does not count; empty when it does."""
        return self.step.why_not if self.step else ""

    @property
    def agreed(self) -> bool:
        """Whether it has its approval, and waits only to go out."""
        return self.words is not None and self.words.state == "approved"


def step_of(incident: Incident, text: Words, scene: Scene) -> Step:
    """Return the step a text waits for, as seen by one person."""
    standing = progress(incident, text, scene.now)
    title = waiting_words(incident, standing)
    asked = text.step_since or text.submitted_at or text.drafted_at
    due_at = standing.due_at or asked + timedelta(seconds=_USUAL)
    return Step(title, due_at, standing, _why_not(incident, text, standing, scene))


def titles_of(incident: Incident, approval: str) -> str:
    """Return who agrees in an approval, step after step: `Legal or Lead, then CEO`."""
    return ladder_words(incident, approval)


def waits_for(incident: Incident, text: Words, scene: Scene) -> str:
    """Return whom a submitted text waits for now."""
    return waiting_words(incident, progress(incident, text, scene.now))


def _why_not(incident: Incident, text: Words, standing: Progress, scene: Scene) -> str:
    present = standing.present
    if text.state != "submitted" or present is None:
        return "it is approved"
    if scene.solo:
        return ""
    title = waiting_words(incident, standing)
    if present.step.by and not roles_for(standing, incident.holds(scene.actor)):
        mine = any(said.by == scene.actor for said in standing.agreed)
        return "you agreed, now " + title + " does" if mine else title + " does"
    if text.author == scene.actor and not standing.approval.self_approval:
        return "these are your own words"
    return ""


def may_release(incident: Incident, text: Words, scene: Scene) -> bool:
    """Whether this person may release the text without approval, in an emergency."""
    roles = incident.plan.approval(text.approval)
    if roles is None or not roles.break_glass or text.state not in IN_HAND:
        return False
    standing = progress(incident, text, scene.now)
    mine = scene.solo or bool(set(roles.break_glass) & set(incident.holds(scene.actor)))
    return mine and not standing.complete


def may_reject(incident: Incident, text: Words, scene: Scene) -> bool:
    """Whether this person may send the text back: whoever decides in any of its steps."""
    if text.state != "submitted" or scene.solo:
        return text.state == "submitted"
    standing = progress(incident, text, scene.now)
    may = standing.may_object
    entitled = not may or bool(set(may) & set(incident.holds(scene.actor)))
    return entitled and (text.author != scene.actor or standing.approval.self_approval)


def may_revoke(incident: Incident, text: Words, scene: Scene) -> bool:
    """Whether this person may take an approval of the text back."""
    standing = progress(incident, text, scene.now)
    given = [*standing.agreed, *([standing.released] if standing.released else [])]
    if not given or text.state not in ("submitted", "approved"):
        return False
    own = any(said.by == scene.actor for said in given)
    return own or scene.solo or bool(set(standing.may_object) & set(incident.holds(scene.actor)))


def waiting(
    incident: Incident, scene: Scene, free: Mapping[str, tuple[Span, ...]]
) -> list[Waiting]:
    """Return the statements and replies that wait: mine to approve first, then the earliest due.

    What is approved and not out yet comes last: its approval can be taken back. `free` holds the
    free words of replies by their id.
    """
    every = [
        Waiting(
            id=text.id,
            incident=incident,
            text=text.text,
            sha256=text.sha256,
            free=free[text.id]
            if text.id in free
            else changed(_template(incident, text), text.text),
            words=text,
            step=step_of(incident, text, scene),
            may_reject=may_reject(incident, text, scene),
            may_revoke=may_revoke(incident, text, scene),
            may_release=may_release(incident, text, scene),
            asked=open_asks(incident, text, scene.now),
        )
        for text in (*incident.statements.values(), *incident.replies.values())
        if text.state in ("submitted", "approved")
    ]
    return by_urgency(every)


def by_urgency(every: Iterable[Waiting]) -> list[Waiting]:
    """Sort what waits: mine to decide first, then the earliest due; what is approved comes last."""
    return sorted(
        every, key=lambda one: (one.agreed, bool(one.why_not), one.step and one.step.due_at)
    )


def _template(incident: Incident, text: Words) -> str:
    found = (one.text for one in incident.plan.statements if one.id == text.template)
    return next(found, "")


def unapproved(incident: Incident, approved: Container[str]) -> Iterator[Waiting]:
    """Yield the playbook's own words whose present text nobody approved."""
    for wording in words_of(incident.plan):
        if wording.sha256 not in approved:
            yield Waiting(
                id=wording.kind + "/" + wording.id,
                incident=incident,
                text=wording.text,
                sha256=wording.sha256,
                wording=wording,
            )
