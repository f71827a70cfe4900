"""The whole record as one JSON document, one item a line, so that it can be checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from crisisroom.core.approval import Progress
from crisisroom.core.clocks import all_clocks
from crisisroom.core.incident import Incident, Words
from crisisroom.core.placeholders import blanks_in
from crisisroom.core.playbook import Escalation
from crisisroom.core.timeline import stamp
from crisisroom.report import (
    contract,
    contract_heard,
    contract_people,
    contract_record,
    contract_words,
    encoding,
)
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
    whole = {
        key: [*value] if isinstance(value, Iterator) else value for key, value in _fields(record)
    }
    if record.profile == "public":
        whole["sha256"] = _digest(record)
    return whole


def _fields(record: Record) -> Iterator[tuple[str, Any]]:
    """Yield the fields but for `sha256`; a list of things comes as an iterator over them."""
    incident, now = record.incident, record.as_of
    yield "schema", SCHEMA
    yield "as_of", stamp(now)
    yield "profile", record.profile
    yield "incident", contract.incident_json(incident)
    yield "metrics", (metric.json() for metric in metrics(record))
    yield "roles", map(contract.role_json, incident.roles.values())
    yield "facts", map(contract.fact_json, incident.facts.values())
    yield "tasks", (contract.task_json(incident, task, now) for task in incident.tasks.values())
    yield "statements", _words(record, incident.statements.values())
    yield "replies", _words(record, incident.replies.values())
    yield from _owed(record)
    yield "candidates", map(contract_heard.warned_json, incident.warnings)
    yield "narratives", map(contract_heard.linked_story_json, incident.stories.values())
    yield "mentions", _mentions(record)
    yield from _said(incident)
    yield "actions", map(contract.action_json, incident.actions.values())
    yield "decisions", map(contract.decision_json, incident.decisions)
    yield from contract_record.record_json(incident).items()
    yield "timeline", (contract.chained_json(entry, incident.id) for entry in record.entries)
    yield "head_hash", record.head_hash


def _owed(record: Record) -> Iterator[tuple[str, Any]]:
    people, incident, now = contract_people, record.incident, record.as_of
    yield "contacts", (people.contact_json(one, incident.calls) for one in incident.plan.contacts)
    yield "deadlines", (people.deadline_json(one, now) for one in incident.deadlines.values())
    yield "enquiries", map(people.enquiry_json, incident.enquiries.values())
    yield "escalations", iter(_escalations(record))
    yield "cadences", (people.cadence_json(incident, one, now) for one in incident.plan.cadences)
    yield "clocks", map(contract.clock_json, all_clocks(incident, now))


def _said(incident: Incident) -> Iterator[tuple[str, Any]]:
    yield "lines", map(contract_words.line_json, incident.lines.values())
    yield "promises", map(contract_words.promise_json, incident.promised.values())
    yield "corrections", map(contract_words.owed_json, incident.owed.values())
    yield "pauses", map(contract_words.pause_json, incident.pauses.values())


def _escalations(record: Record) -> list[Json]:
    """Return each escalation as it stands, with every run of it; also one whose plan is gone."""
    incident, told = record.incident, runs(record.entries, record.incident)
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


def _mentions(record: Record) -> Iterator[Json]:
    seen = linking(record.entries)
    incident = record.incident
    for one in incident.mentions.values():
        yield contract.linked_json(one, incident.id, seen[one.uid])


def _words(record: Record, words: Iterable[Words]) -> Iterator[Json]:
    for one in shown_words(record, words):
        blanks = [blank.label for blank in blanks_in(one.text)]
        yield words_json(one, blanks, (), _standing(record, one))


def _standing(record: Record, words: Words) -> Progress | None:
    """Return how far a text is in its approval; who else had to agree is nothing for the public."""
    if record.profile == "public":
        return None
    return standing_of(record.incident, words, record.as_of)


def dump(record: Record) -> Iterator[bytes]:
    """Yield the JSON export: an object with a line a field, and a line an item of each list."""
    yield b"{\n"
    digest = hashlib.sha256()
    previous = b""
    for line in _lines(record):
        if previous:
            digest.update(previous + b"\n")
            yield previous + b"\n"
        previous = line
    digest.update(previous)
    if record.profile == "public":
        yield previous + b",\n"
        previous = encoding.line("sha256") + b":" + encoding.line(digest.hexdigest())
    yield previous + b"\n}\n"


def _digest(record: Record) -> str:
    return hashlib.sha256(b"\n".join(_lines(record))).hexdigest()


def _lines(record: Record) -> Iterator[bytes]:
    """Yield the lines between the outer braces, but for that of `sha256`."""
    previous = b""
    for key, value in _fields(record):
        for line in _field(key, value):
            if previous:
                yield previous
            previous = line
        previous += b","
    yield previous.removesuffix(b",")


def _field(key: str, value: Any) -> Iterator[bytes]:
    name = encoding.line(key) + b":"
    rows = iter(value) if isinstance(value, list | Iterator) else None
    first = next(rows, None) if rows is not None else None
    if rows is None or first is None:
        yield name + (encoding.line(value) if rows is None else b"[]")
        return
    yield name + b"["
    for after in rows:
        yield encoding.line(first) + b","
        first = after
    yield encoding.line(first)
    yield b"]"


def schema() -> bytes:
    """Return the JSON Schema that every JSON export satisfies."""
    return files("crisisroom.report").joinpath("export.schema.json").read_bytes()
