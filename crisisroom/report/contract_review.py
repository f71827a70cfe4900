"""The review, and what should change in the programme, as JSON.

As in `contract`: times are RFC 3339 UTC, fields may be added, these stay.
"""

from __future__ import annotations

from collections.abc import Iterable

from crisisroom.core.incident import Incident
from crisisroom.core.postmortem import Heading, all_headings, open_headings, task_of, written
from crisisroom.core.programme import Change
from crisisroom.core.timeline import stamp
from crisisroom.report.contract import Json, action_json
from crisisroom.report.contract_record import factor_json
from crisisroom.report.metrics import Metric


def review_of(incident: Incident, figures: Iterable[Metric]) -> Json:
    """Return the review as it stands: headings with their words, what is open, figures, factors."""
    task = task_of(incident)
    return {
        "incident": incident.id,
        "state": incident.review_state,
        "owner": task.owner if task else incident.plan.review.owner,
        "due": task.due if task else "",
        "sections": [section_json(incident, one) for one in all_headings(incident)],
        "open": [one.id for one in open_headings(incident)],
        "figures": [one.json() for one in figures],
        "factors": [factor_json(one) for one in incident.factors.values()],
        "actions": [action_json(one) for one in incident.actions.values()],
    }


def section_json(incident: Incident, heading: Heading) -> Json:
    """Return one heading with what stands under it; `by` and `at` are of the newest words."""
    held = written(incident, heading.id)
    return {
        "id": heading.id,
        "title": heading.title,
        "sort": heading.sort,
        "required": heading.required,
        "words": held.words if held else "",
        "by": held.by if held else "",
        "at": stamp(held.at) if held else None,
    }


def change_json(change: Change) -> Json:
    """Return one thing that should change; `complaints` is null where nobody counted."""
    return {
        "narrative": change.narrative,
        "title": change.title,
        "mentions": change.mentions,
        "complaints": change.complaints,
        "sources": [*change.sources],
        "promised": [
            {"id": one.id, "words": one.words, "state": one.state, "owner": one.owner}
            for one in change.promised
        ],
        "actions": [action_json(one) for one in change.actions],
        "unowned": change.unowned,
    }
