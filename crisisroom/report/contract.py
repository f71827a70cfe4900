"""Things as JSON: the fields that scripts may rely on, for exports and for `--json` alike.

Times are RFC 3339 UTC. Fields may be added, these stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from crisisroom.core.incident import (
    ActionItem,
    Call,
    Decision,
    FactState,
    Incident,
    LinkedMention,
    RoleState,
    Send,
    TaskState,
    Verdict,
    Words,
)
from crisisroom.core.mention import Mention
from crisisroom.core.playbook import Contact
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


def moment(at: datetime | None) -> str | None:
    """Return a time as RFC 3339 UTC, None where there is none."""
    return None if at is None else stamp(at)


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
    """Return an incident's head, with who holds which role."""
    playbook = incident.playbook
    return {
        "id": incident.id,
        "uid": incident.uid,
        "title": incident.title,
        "severity": incident.severity,
        "status": incident.status,
        "declared_at": stamp(incident.declared_at),
        "declared_by": incident.declared_by,
        "resolved_at": moment(incident.resolved_at),
        "playbook": {
            "id": playbook.id,
            "version": playbook.version,
            "sha256": playbook.sha256,
        },
        "roles": [role_json(role) for role in incident.roles.values()],
        "drill": incident.drill,
        "brand": incident.brand,
        "zone": incident.zone,
    }


def role_json(role: RoleState) -> Json:
    """Return a role and who holds it; an empty holder means nobody."""
    return {
        "id": role.id,
        "title": role.title,
        "required": role.required,
        "holder": role.holder,
        "since": moment(role.since),
    }


def task_json(incident: Incident, task: TaskState, now: datetime) -> Json:
    """Return a task; `overdue` means due before `now` and not closed, or closed too late."""
    waits = task.waiting_for if task.state in ("open", "waiting") else ""
    return {
        "id": task.id,
        "phase": task.phase,
        "title": task.title,
        "role": task.role,
        "assignee": task.assignee,
        "state": task.state,
        "due_at": moment(task.due_at),
        "overdue": task.due_at is not None and (task.closed_at or now) > task.due_at,
        "required": task.required,
        "evidence": task.evidence,
        "waiting_for": waits,
        "closed_at": moment(task.closed_at),
        "closed_by": task.closed_by,
        "given": task.given,
    }


def fact_json(fact: FactState) -> Json:
    """Return one line of the fact sheet."""
    return {
        "id": fact.id,
        "label": fact.label,
        "state": fact.state,
        "value": fact.value,
        "source": fact.source,
        "at": moment(fact.at),
        "by": fact.by,
    }


def words_json(words: Words, blanks: Sequence[str] = (), problems: Sequence[Any] = ()) -> Json:
    """Return a statement or a reply; `blanks` are labels, `problems` what a check found."""
    return {
        "id": words.id,
        "kind": words.kind,
        "audience": words.audience,
        "channel": words.channel,
        "mention": words.mention_id,
        "to": words.handle,
        "state": words.state,
        "version": words.version,
        "text": words.text,
        "sha256": words.sha256,
        "author": words.author,
        "template": words.template,
        "uses": [*words.uses],
        "approvals": [_verdict(verdict) for verdict in words.verdicts],
        "blanks": [*blanks],
        "problems": [*problems],
        "remote_url": next((s.remote_url for s in words.sends.values() if s.remote_url), ""),
        "sends": [_send(send) for send in words.sends.values()],
        "drafted_at": stamp(words.drafted_at),
        "submitted_at": moment(words.submitted_at),
        "sent_at": moment(words.sent_at),
    }


def _verdict(verdict: Verdict) -> Json:
    return {
        "by": verdict.by,
        "step": verdict.step,
        "at": stamp(verdict.at),
        "verdict": verdict.verdict,
        "version": verdict.version,
        "sha256": verdict.sha256,
        "reason": verdict.reason,
    }


def _send(send: Send) -> Json:
    return {
        "channel": send.channel,
        "state": send.state,
        "at": moment(send.at),
        "tries": send.tries,
        "remote_url": send.remote_url,
        "reason": send.reason,
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
        "media": [],
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
    """Return a clock that runs."""
    return {
        "id": clock.id,
        "kind": clock.kind,
        "title": clock.title,
        "due_at": stamp(clock.due_at),
        "state": clock.state,
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
    }


def decision_json(decision: Decision) -> Json:
    """Return a decision and why it was made."""
    return {
        "words": decision.words,
        "reason": decision.reason,
        "by": decision.by,
        "at": stamp(decision.at),
    }


def contact_json(contact: Contact, calls: Iterable[Call] = ()) -> Json:
    """Return a contact, the ways to reach it and the attempts that were made."""
    return {
        "id": contact.id,
        "name": contact.name,
        "org": contact.org,
        "reach": msgspec.to_builtins(contact.reach),
        "calls": [_call(call) for call in calls if call.contact == contact.id],
    }


def _call(call: Call) -> Json:
    return {
        "by": call.by,
        "way": call.way,
        "reached": call.reached,
        "at": stamp(call.at),
        "note": call.note,
    }
