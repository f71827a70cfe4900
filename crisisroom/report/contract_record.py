"""The record's own parts as JSON: corrections, pins, evidence, counts, the review.

As in `contract`: times are RFC 3339 UTC, fields may be added, these stay.
"""

from __future__ import annotations

from typing import Any

from crisisroom.core.incident import Incident
from crisisroom.core.questions import Question
from crisisroom.core.recorded import Evidence, Factor, Offer, Volume
from crisisroom.core.timeline import stamp
from crisisroom.report.contract import Json, moment


def corrected_json(incident: Incident) -> list[Json]:
    """Return what entries should have said, or when they were: the newest word on each."""
    return [
        {
            "entry": int(seq),
            "words": one.words,
            "at": moment(one.at),
            "by": one.by,
            "corrected_by": one.entry,
        }
        for seq, one in incident.corrected.items()
    ]


def marks_json(incident: Incident) -> list[Json]:
    """Return who may read which entry, where somebody said so."""
    return [{"entry": int(seq), "visibility": seen_by} for seq, seen_by in incident.marked.items()]


def evidence_json(one: Evidence) -> Json:
    """Return what was kept, by its hash; never its bytes."""
    return {
        "sha256": one.sha256,
        "size": one.size,
        "media": one.media,
        "sort": one.sort,
        "name": one.name,
        "url": one.url,
        "mentions": [*one.mentions],
        "by": one.by,
        "at": stamp(one.at),
    }


def volume_json(one: Volume) -> Json:
    """Return how much was said in one stretch of time; `usual_hundredths` is what is usual then."""
    return {
        "start": stamp(one.start),
        "seconds": one.seconds,
        "mentions": one.mentions,
        "complaints": one.complaints,
        "usual_hundredths": one.usual_hundredths,
        "sources": dict(one.sources),
        "slots": [[*slot] for slot in one.slots],
    }


def review_json(incident: Incident) -> Json:
    """Return the state of the review, and what stands in it by section."""
    return {
        "state": incident.review_state,
        "sections": [
            {"id": name, "words": one.words, "by": one.by, "at": stamp(one.at)}
            for name, one in incident.review.items()
        ],
    }


def factor_json(one: Factor) -> Json:
    """Return something that contributed, went well or badly, or was luck."""
    return {
        "id": one.id,
        "sort": one.sort,
        "words": one.words,
        "by": one.by,
        "at": stamp(one.at),
    }


def offer_json(one: Offer) -> Json:
    """Return a part that is offered to a successor."""
    return {
        "role": one.role,
        "person": one.person,
        "by": one.by,
        "at": stamp(one.at),
        "words": one.words,
        "tasks": [*one.tasks],
    }


def question_json(one: Question) -> Json:
    """Return a question to a colleague, with its answer."""
    return {
        "id": one.id,
        "words": one.words,
        "whom": one.whom,
        "ask": one.ask,
        "by": one.by,
        "at": stamp(one.at),
        "answer": one.answer,
        "answered_by": one.answered_by,
        "answered_at": moment(one.answered_at),
    }


def record_json(incident: Incident) -> dict[str, Any]:
    """Return all of it by the fields of the JSON export."""
    return {
        "questions": [question_json(one) for one in incident.questions.values()],
        "pins": [*incident.pinned],
        "marks": marks_json(incident),
        "corrected": corrected_json(incident),
        "evidence": [evidence_json(one) for one in incident.evidence.values()],
        "volume": [volume_json(one) for one in incident.volume.values()],
        "review": review_json(incident),
        "factors": [factor_json(one) for one in incident.factors.values()],
        "offers": [offer_json(one) for one in incident.offers.values()],
    }
