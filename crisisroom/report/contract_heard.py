"""What listening brings, as JSON: stories, early warnings, the digest, campaigns."""

from __future__ import annotations

from typing import Any, Protocol

from crisisroom.core.candidate import Candidate
from crisisroom.core.incident import LinkedStory, Warned
from crisisroom.core.narrative import Narrative
from crisisroom.core.timeline import stamp
from crisisroom.report.contract import Json, action_json, mention_json, moment


def narrative_json(story: Narrative) -> Json:
    """Return a story; `trend` is mentions an hour, the last 24, oldest first.

    `free` counts up to 2,000.
    """
    return {
        "id": story.id,
        "uid": story.uid,
        "title": story.title,
        "named_by": story.named_by,
        "mentions": story.mentions,
        "authors": story.authors,
        "sources": [*story.sources],
        "reach": story.reach,
        "complaints": story.complaints,
        "free": story.free,
        "first_at": stamp(story.first_at),
        "last_at": stamp(story.last_at),
        "state": story.state,
        "into": story.into,
        "trend": [*story.trend],
    }


def candidate_json(one: Candidate) -> Json:
    """Return an early warning with what the rule saw and what was decided."""
    return {
        "id": one.id,
        "uid": one.uid,
        "at": stamp(one.at),
        "term": one.term,
        "level": one.level,
        "reason": one.reason,
        "observed": one.observed,
        "expected": round(one.expected, 2),
        "spread": round(one.spread, 2),
        "window_minutes": one.window_minutes,
        "authors": one.authors,
        "sources": one.sources,
        "reach": one.reach,
        "narratives": [*one.narratives],
        "words": [*one.words],
        "score": round(one.score, 2),
        "suggested_playbook": one.suggested_playbook,
        "state": one.state,
        "escalated_at": moment(one.escalated_at),
        "ended_at": moment(one.ended_at),
        "decided_by": one.decided_by,
        "decided_at": moment(one.decided_at),
        "decision": one.decision,
        "incident": one.incident,
    }


def warned_json(one: Warned) -> Json:
    """Return the early warning that an incident was declared on, as its log keeps it.

    An export has whole numbers only: `expected_hundredths` always, `expected` where it is whole.
    """
    whole, rest = divmod(one.expected_hundredths, 100)
    return ({} if rest else {"expected": whole}) | {
        "id": one.id,
        "uid": one.uid,
        "at": stamp(one.at),
        "level": one.level,
        "reason": one.reason,
        "observed": one.observed,
        "expected_hundredths": one.expected_hundredths,
        "window_minutes": one.window_minutes,
        "authors": one.authors,
        "sources": one.sources,
        "narratives": [*one.narratives],
        "suggested_playbook": one.suggested_playbook,
        "state": "declared",
    }


def linked_story_json(one: LinkedStory) -> Json:
    """Return a story as an incident's log keeps it: as it was when it was linked."""
    return {
        "id": one.id,
        "uid": one.uid,
        "title": one.title,
        "mentions": one.mentions,
        "authors": one.authors,
        "sources": [*one.sources],
        "first_at": stamp(one.first_at),
        "last_at": stamp(one.last_at),
        "linked_at": stamp(one.linked_at),
        "state": "open",
    }


class Improving(Protocol):
    """An action of the room's; see `store.improvements`."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def due(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def narrative(self) -> str: ...
    @property
    def outcome(self) -> str: ...


def improvement_json(one: Improving) -> Json:
    """Return an action of the room's."""
    names = ("id", "title", "owner", "due", "state", "narrative", "outcome")
    return {name: getattr(one, name) for name in names}


def digest_json(digest: Any) -> Json:
    """Return a digest; see `room.improving`."""
    return {
        "since": stamp(digest.since),
        "until": stamp(digest.until),
        "mentions": digest.mentions,
        "complaints": digest.complaints,
        "stories": [
            {
                "narrative": narrative_json(one.story),
                "complaints": one.complaints,
                "mentions": one.mentions,
                "complaints_before": one.before,
                "examples": [mention_json(mention) for mention in one.examples],
                "actions": [improvement_json(action) for action in one.actions],
            }
            for one in digest.stories
        ],
        "open_actions": [improvement_json(action) for action in digest.open_actions],
        "late_actions": [
            action_json(one.action) | {"incident": one.incident.id} for one in digest.late
        ],
    }


def campaign_json(watch: Any) -> Json:
    """Return how a campaign does; see `room.campaigning`."""
    one = watch.campaign
    return {
        "id": one.id,
        "title": one.title,
        "owner": one.owner,
        "goal": one.goal,
        "terms": [*one.terms],
        "start": one.start,
        "end": one.end,
        "state": watch.state,
        "mentions": watch.mentions,
        "complaints": watch.complaints,
        "mentions_before": watch.before,
        "days": [
            {"day": day, "mentions": many, "complaints": bad} for day, many, bad in watch.days
        ],
        "result": watch.result.words if watch.result else "",
    }
