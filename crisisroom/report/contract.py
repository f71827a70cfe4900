"""Things as JSON: the fields that scripts may rely on, for exports and for `--json` alike.

Times are RFC 3339 UTC. Fields may be added, these stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from crisisroom.core.incident import (
    ActionItem,
    Decision,
    FactState,
    Incident,
    LinkedMention,
    PlaybookRef,
    RoleState,
    TaskState,
)
from crisisroom.core.mention import Mention
from crisisroom.core.timeline import Entry, stamp

Json = dict[str, Any]


class Clock(Protocol):
    """What a clock shows; see `core.clocks`."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def state(self) -> str: ...
    @property
    def who(self) -> str: ...


def moment(at: datetime | None) -> str | None:
    """Return a time as RFC 3339 UTC, None where there is none."""
    return None if at is None else stamp(at)


def plainly(thing: Any) -> Any:
    """Return a thing with all its fields as JSON has it; its times as everywhere."""
    return _stamped(msgspec.to_builtins(thing, builtin_types=(datetime,)))


def _stamped(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, dict):
        return {name: _stamped(below) for name, below in value.items()}
    return [_stamped(below) for below in value] if isinstance(value, list | tuple) else value


def entry_json(entry: Entry, incident_id: str) -> Json:
    """Return a timeline entry."""
    return {
        "seq": entry.seq,
        "uid": entry.uid,
        "incident": incident_id,
        "kind": entry.kind,
        "v": entry.v,
        "at": stamp(entry.at),
        "recorded_at": stamp(entry.recorded_at),
        "actor": entry.actor,
        "role": entry.role,
        "text": entry.text,
        "data": entry.data,
        "corrects": entry.corrects,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }


def chained_json(entry: Entry, incident_id: str) -> Json:
    """Return a timeline entry with all that is needed to check and import it."""
    seals = {path: {"digest": s.digest, "salt": s.salt} for path, s in entry.seals.items()}
    extra = {"chain": entry.chain, "source": entry.source, "seals": seals}
    return entry_json(entry, incident_id) | extra


def incident_json(incident: Incident) -> Json:
    """Return an incident's head, with who holds which role.

    `answers` are those to the questions before declaring, `playbooks` what came to it since.
    """
    return {
        "id": incident.id,
        "uid": incident.uid,
        "title": incident.title,
        "severity": incident.severity,
        "status": incident.status,
        "declared_at": stamp(incident.declared_at),
        "declared_by": incident.declared_by,
        "resolved_at": moment(incident.resolved_at),
        "playbook": _playbook(incident.playbook),
        "playbooks": [_playbook(added) for added in incident.playbooks],
        "answers": dict(incident.answers),
        "roles": [role_json(role) for role in incident.roles.values()],
        "drill": incident.drill,
        "brand": incident.brand,
        "zone": incident.zone,
        "hold": hold_json(incident),
        "restricted_to": list(incident.restricted_to),
    }


def hold_json(incident: Incident) -> Json | None:
    """Return since when nothing may be purged or erased, and why; None where it may."""
    held = incident.hold
    return None if held is None else {"by": held.by, "at": stamp(held.at), "words": held.words}


def _playbook(ref: PlaybookRef) -> Json:
    return {"id": ref.id, "version": ref.version, "sha256": ref.sha256}


def role_json(role: RoleState) -> Json:
    """Return a role and who holds it; an empty holder means nobody.

    `backup` is a contact's id, `within` how many seconds the role may stay empty.
    """
    return {
        "id": role.id,
        "title": role.title,
        "required": role.required,
        "holder": role.holder,
        "since": moment(role.since),
        "backup": role.backup,
        "within": role.within,
        "empty_since": moment(role.empty_since),
    }


def task_json(incident: Incident, task: TaskState, now: datetime) -> Json:
    """Return a task.

    `overdue` means due by `now` and not closed, or closed too late. A repeating task stays open:
    `times` says how often it was done, `repeat` how many seconds lie between two times.
    """
    waits = task.waiting_for if task.state in ("open", "waiting") else ""
    return {
        "id": task.id,
        "phase": task.phase,
        "title": task.title,
        "role": task.role,
        "assignee": task.assignee,
        "state": task.state,
        "due_at": moment(task.due_at),
        "overdue": _overdue(task, now),
        "required": task.required,
        "evidence": task.evidence,
        "waiting_for": waits,
        "opened_at": moment(task.opened_at),
        "repeat": task.repeat,
        "times": task.times,
        "added_by": task.added_by,
        "closed_at": moment(task.closed_at),
        "closed_by": task.closed_by,
        "given": task.given,
    }


def _overdue(task: TaskState, now: datetime) -> bool:
    if task.due_at is None:
        return False
    if task.state in ("open", "waiting"):
        return now >= task.due_at
    return task.closed_at is not None and task.closed_at > task.due_at


def fact_json(fact: FactState) -> Json:
    """Return one line of the fact sheet; `confirm_by` is the role that has to say so."""
    return {
        "id": fact.id,
        "label": fact.label,
        "type": fact.type,
        "unit": fact.unit,
        "options": [*fact.options],
        "confirm_by": fact.confirm_by,
        "state": fact.state,
        "value": fact.value,
        "source": fact.source,
        "at": moment(fact.at),
        "by": fact.by,
        "known_at": moment(fact.known_at),
    }


def mention_json(mention: Mention) -> Json:
    """Return a mention of the room."""
    author = mention.author
    return {
        "id": mention.id,
        "uid": mention.uid,
        "source": mention.source,
        "external_id": mention.external_id,
        "brand": mention.brand,
        "account": mention.account,
        "author": {"handle": author.handle, "name": author.name, "reach": author.reach},
        "text": mention.text,
        "url": mention.url,
        "lang": mention.lang,
        "media": [
            {"kind": media.kind, "url": media.url, "alt": media.alt, "sha256": media.sha256}
            for media in mention.media
        ],
        "posted_at": stamp(mention.posted_at),
        "seen_at": stamp(mention.seen_at),
        "state": mention.state,
        "assignee": mention.assignee,
        "narrative": mention.narrative,
        "incident": mention.incident,
        "reply_to": mention.reply_to,
        "kind": mention.kind,
    } | triage_json(mention)


def triage_json(mention: Mention) -> Json:
    """Return what the room thinks of a mention: no part of an incident's record."""
    return {
        "terms": [*mention.terms],
        "others": mention.others,
        "priority": round(mention.priority, 2),
        "complaint": round(mention.complaint, 2),
        "why": [*mention.why],
        "verdict": mention.verdict,
        "tags": [*mention.tags],
        "copies": mention.copies,
        "copy_of": mention.copy_of,
    }


def linked_json(linked: LinkedMention, incident_id: str, seen: Mapping[str, Any]) -> Json:
    """Return a mention as an incident's log keeps it; what the log does not keep is blank.

    `seen` is the data of the entry that linked it.
    """
    reach = seen.get("reach")
    return {
        "id": linked.id,
        "uid": linked.uid,
        "source": linked.source,
        "external_id": linked.external_id,
        "brand": "",
        "account": "",
        "author": {"handle": linked.handle, "name": linked.name, "reach": reach},
        "text": linked.quote,
        "url": linked.url,
        "lang": "",
        "media": [{"sha256": one} for one in linked.pictures],
        "sha256": linked.sha256,
        "posted_at": stamp(linked.posted_at),
        "seen_at": seen.get("seen_at") or None,
        "linked_at": stamp(linked.linked_at),
        "answered_at": moment(linked.answered_at),
        "state": linked.state,
        "assignee": linked.assignee,
        "narrative": "",
        "incident": incident_id,
        "reply_to": "",
        "kind": "",
    }


def clock_json(clock: Clock) -> Json:
    """Return a clock; `who` is a person, or a role where nobody holds it yet."""
    return {
        "id": clock.id,
        "kind": clock.kind,
        "title": clock.title,
        "due_at": stamp(clock.due_at),
        "state": clock.state,
        "who": clock.who,
    }


def action_json(action: ActionItem) -> Json:
    """Return a corrective action."""
    return {
        "id": action.id,
        "title": action.title,
        "owner": action.owner,
        "due": action.due,
        "state": action.state,
        "at": stamp(action.at),
        "kind": action.kind,
        "link": action.link,
        "narrative": action.narrative,
        "closed_at": moment(action.closed_at),
        "outcome": action.outcome,
    }


def decision_json(decision: Decision) -> Json:
    """Return a decision and why it was made."""
    return {
        "words": decision.words,
        "reason": decision.reason,
        "by": decision.by,
        "at": stamp(decision.at),
        "options": [*decision.options],
        "entry": decision.entry,
    }
