"""The whole record as one JSON document, one item a line, so that it can be checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from crisisroom.core.approval import Progress
from crisisroom.core.clocks import all_clocks
from crisisroom.core.incident import Words
from crisisroom.core.placeholders import blanks_in
from crisisroom.core.playbook import Escalation
from crisisroom.core.timeline import stamp
from crisisroom.report import contract, contract_heard, contract_people, contract_words, encoding
from crisisroom.report.calls import runs
from crisisroom.report.contract import Json
from crisisroom.report.contract_words import standing_of, words_json
from crisisroom.report.history import linking
from crisisroom.report.metrics import metrics
from crisisroom.report.model import SCHEMA, Record


def shown_words(record: Record, words: Iterable[Words]) -> list[Words]:
    """Return the statements or replies that the record's profile may see."""
    return [one for one in words if record.profile != "public" or one.sent_at is not None]


def document(record: Record) -> Json:
    """Return what the JSON export holds, in the order it is written."""
    incident, now = record.incident, record.as_of
    whole: Json = {
        "schema": SCHEMA,
        "as_of": stamp(now),
        "profile": record.profile,
        "incident": contract.incident_json(incident),
        "metrics": [metric.json() for metric in metrics(record)],
        "roles": [contract.role_json(role) for role in incident.roles.values()],
        "facts": [contract.fact_json(fact) for fact in incident.facts.values()],
        "tasks": [contract.task_json(incident, task, now) for task in incident.tasks.values()],
        "statements": _words(record, incident.statements.values()),
        "replies": _words(record, incident.replies.values()),
        "contacts": [
            contract_people.contact_json(one, incident.calls) for one in incident.plan.contacts
        ],
        "deadlines": [
            contract_people.deadline_json(duty, now) for duty in incident.deadlines.values()
        ],
        "enquiries": [contract_people.enquiry_json(one) for one in incident.enquiries.values()],
        "escalations": _escalations(record),
        "cadences": [
            contract_people.cadence_json(incident, one, now) for one in incident.plan.cadences
        ],
        "clocks": [contract.clock_json(clock) for clock in all_clocks(incident, now)],
        "candidates": [contract_heard.warned_json(one) for one in incident.warnings],
        "narratives": [contract_heard.linked_story_json(one) for one in incident.stories.values()],
        "mentions": _mentions(record),
        "lines": [contract_words.line_json(one) for one in incident.lines.values()],
        "promises": [contract_words.promise_json(one) for one in incident.promised.values()],
        "corrections": [contract_words.owed_json(one) for one in incident.owed.values()],
        "pauses": [contract_words.pause_json(one) for one in incident.pauses.values()],
        "actions": [contract.action_json(action) for action in incident.actions.values()],
        "decisions": [contract.decision_json(made) for made in incident.decisions],
        "timeline": [contract.chained_json(entry, incident.id) for entry in record.entries],
        "head_hash": record.head_hash,
    }
    if record.profile == "public":
        whole["sha256"] = hashlib.sha256(b"\n".join(_lines(whole))).hexdigest()
    return whole


def _escalations(record: Record) -> list[Json]:
    """Return each escalation as it stands, with every run of it; also one whose plan is gone."""
    incident, told = record.incident, runs(record.entries)
    plans = {plan.id: plan for plan in incident.plan.escalations}
    gone = {
        run.id: Escalation(run.id, run.title, ())
        for run in incident.escalations.values()
        if run.id not in plans
    }
    return [
        contract_people.escalation_json(incident, plan)
        | {"runs": [contract_people.run_json(run) for run in told if run.escalation == plan.id]}
        for plan in (plans | gone).values()
    ]


def _mentions(record: Record) -> list[Json]:
    seen = linking(record.entries)
    incident = record.incident
    return [
        contract.linked_json(one, incident.id, seen[one.uid]) for one in incident.mentions.values()
    ]


def _words(record: Record, words: Iterable[Words]) -> list[Json]:
    return [
        words_json(one, [blank.label for blank in blanks_in(one.text)], (), _standing(record, one))
        for one in shown_words(record, words)
    ]


def _standing(record: Record, words: Words) -> Progress | None:
    """Return how far a text is in its approval; who else had to agree is nothing for the public."""
    if record.profile == "public":
        return None
    return standing_of(record.incident, words, record.as_of)


def dump(record: Record) -> bytes:
    """Return the JSON export: an object with a line a field, and a line an item of each list."""
    return b"{\n" + b"\n".join(_lines(document(record))) + b"\n}\n"


def _lines(whole: Json) -> list[bytes]:
    """Return the lines between the outer braces."""
    lines: list[bytes] = []
    for key, value in whole.items():
        rows = _field(key, value)
        lines += [*rows[:-1], rows[-1] + b","]
    lines[-1] = lines[-1].removesuffix(b",")
    return lines


def _field(key: str, value: Any) -> list[bytes]:
    name = encoding.line(key) + b":"
    if not isinstance(value, list) or not value:
        return [name + encoding.line(value)]
    items = [encoding.line(item) for item in value]
    return [name + b"[", *(item + b"," for item in items[:-1]), items[-1], b"]"]


def schema() -> bytes:
    """Return the JSON Schema that every JSON export satisfies."""
    return files("crisisroom.report").joinpath("export.schema.json").read_bytes()
