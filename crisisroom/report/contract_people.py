"""People and promises as JSON: enquiries, duties, cadences, escalations, the ladder, the rota.

As in `contract`: times are RFC 3339 UTC, fields may be added, these stay.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

import msgspec

from crisisroom.core.brief import Brief
from crisisroom.core.cadence import last_update, next_update_at
from crisisroom.core.clocks import clocks
from crisisroom.core.incident import Call, DeadlineState, Enquiry, Incident
from crisisroom.core.ladder import Rung, hours_words
from crisisroom.core.playbook import Cadence, Contact, Escalation
from crisisroom.core.rota import Shift
from crisisroom.core.timeline import stamp
from crisisroom.report.calls import Run
from crisisroom.report.contract import Json, clock_json, moment


def enquiry_json(asked: Enquiry) -> Json:
    """Return a question from outside with its deadline, owner and answer."""
    return {
        "id": asked.id,
        "sort": asked.sort,
        "outlet": asked.outlet,
        "name": asked.name,
        "reach": asked.reach,
        "question": asked.question,
        "due_at": moment(asked.due_at),
        "owner": asked.owner,
        "state": asked.state,
        "answer": asked.answer,
        "asked_at": stamp(asked.asked_at),
        "answered_at": moment(asked.answered_at),
        "answered_by": asked.answered_by,
    }


def deadline_json(duty: DeadlineState, now: datetime) -> Json:
    """Return a legal duty; `overdue` means not closed by its time, or closed later than that.

    `margin` is how many seconds before its time it was met; less than none is late.
    """
    return {
        "id": duty.id,
        "title": duty.title,
        "role": duty.role,
        "law": duty.law,
        "state": duty.state,
        "waiting_for": duty.waiting_for,
        "started_at": moment(duty.started_at),
        "due_at": moment(duty.due_at),
        "overdue": duty.due_at is not None and (duty.closed_at or now) >= duty.due_at,
        "closed_at": moment(duty.closed_at),
        "closed_by": duty.closed_by,
        "margin": margin(duty),
        "words": duty.words,
    }


def margin(duty: DeadlineState) -> int | None:
    """Return how many seconds before its time a duty was met: less than none where it was late."""
    if duty.state != "met" or duty.due_at is None or duty.closed_at is None:
        return None
    return math.floor((duty.due_at - duty.closed_at).total_seconds())


def cadence_json(incident: Incident, cadence: Cadence, now: datetime) -> Json:
    """Return an owed update: when it is due (null: nothing is owed) and what puts it off."""
    running = {clock.id: clock.state for clock in clocks(incident, now)}
    due = next_update_at(incident, cadence) if f"cadence:{cadence.id}" in running else None
    snooze = incident.snoozes.get(cadence.id)
    held = snooze if snooze and due == snooze.until else None
    return {
        "id": cadence.id,
        "audience": cadence.audience,
        "statement": cadence.statement,
        "due_at": moment(due),
        "state": running.get(f"cadence:{cadence.id}"),
        "last_at": moment(last_update(incident, cadence.audience)),
        "put_off": held
        and {"until": stamp(held.until), "by": held.by, "at": stamp(held.at), "why": held.reason},
    }


def escalation_json(incident: Incident, plan: Escalation) -> Json:
    """Return an escalation with its latest run (state: idle, running, acknowledged, exhausted)."""
    run = incident.escalations.get(plan.id)
    head = {"id": plan.id, "title": plan.title, "rounds": plan.rounds, "steps": len(plan.steps)}
    if run is None:
        return head | {"state": "idle"}
    ended = "acknowledged" if run.acknowledged_by else "exhausted"
    return head | {
        "state": ended if run.next_at is None else "running",
        "why": run.why,
        "started_at": stamp(run.started_at),
        "round": run.round,
        "step": run.step + 1,
        "called": list(run.called),
        "next_at": moment(run.next_at),
        "acknowledged_by": run.acknowledged_by,
        "acknowledged_at": moment(run.acknowledged_at),
    }


def run_json(run: Run) -> Json:
    """Return one run of an escalation: every call of it, and who had it in the end."""
    return {
        "why": run.why,
        "started_at": stamp(run.at),
        "calls": [
            {"at": stamp(one.at), "round": one.round, "step": one.step, "names": [*one.names]}
            for one in run.steps
        ],
        "acknowledged_by": run.acknowledged_by,
        "acknowledged_at": moment(run.acknowledged_at),
        "exhausted": run.exhausted,
    }


def contact_json(contact: Contact, calls: Iterable[Call] = ()) -> Json:
    """Return a contact, the ways to reach it and the attempts that were made."""
    return {
        "id": contact.id,
        "name": contact.name,
        "org": contact.org,
        "roles": [*contact.roles],
        "reach": msgspec.to_builtins(contact.reach),
        "hours": contact.hours,
        "timezone": contact.timezone,
        "language": contact.language,
        "checked": contact.checked,
        "note": contact.note,
        "calls": [_call(call) for call in calls if call.contact == contact.id],
    }


def _call(call: Call) -> Json:
    return {
        "by": call.by,
        "way": call.way,
        "reached": call.reached,
        "outcome": call.outcome,
        "at": stamp(call.at),
        "note": call.note,
    }


def rung_json(rung: Rung) -> Json:
    """Return a contact as it stands on the phone ladder (reachable: null where nobody knows)."""
    contact = rung.contact
    return contact_json(contact, rung.calls) | {
        "place": rung.place,
        "roles": list(contact.roles),
        "holds": list(rung.holds),
        "hours": contact.hours,
        "timezone": rung.zone,
        "local_time": rung.local.isoformat(timespec="minutes"),
        "reachable": rung.opening.now,
        "changes_at": moment(rung.opening.changes_at),
        "when": hours_words(rung),
        "language": contact.language,
        "checked": contact.checked,
        "stale": rung.stale,
        "note": contact.note,
    }


def shift_json(shift: Shift, name: str, contact: Contact | None) -> Json:
    """Return a shift on duty with the ways to reach its person."""
    return {
        "person": shift.person,
        "name": name,
        "start": stamp(shift.start),
        "end": stamp(shift.end),
        "swap": shift.swap,
        "contact": contact.id if contact else "",
        "reach": [{"by": way.by, "to": way.to} for way in contact.reach] if contact else [],
    }


def brief_json(brief: Brief, whom: str) -> Json:
    """Return the brief for a person or a role."""
    return {
        "incident": brief.incident,
        "for": whom,
        "situation": brief.situation,
        "known": brief.known,
        "unknown": brief.unknown,
        "decided": brief.decided,
        "said": brief.said,
        "promised": brief.promised,
        "private": brief.private,
        "not_paused": brief.not_paused,
        "duties": brief.duties,
        "approvals": brief.approvals,
        "enquiries": brief.enquiries,
        "escalations": brief.escalations,
        "open": brief.open,
        "needed_from_you": brief.needed_from_you,
        "roles": brief.roles,
        "contacts": brief.contacts,
        "clocks": [clock_json(clock) for clock in brief.clocks],
        "role": brief.role,
        "audience": brief.audience,
        "title": brief.title,
        "happened": brief.happened,
        "figures": brief.figures,
        "do_not_say": brief.do_not_say,
        "corrections": brief.corrections,
        "lines": brief.lines,
        "messages": brief.messages,
        "paused": brief.paused,
        "agreed": brief.agreed,
        "verbatim": brief.verbatim,
        "holds": brief.holds,
        "evidence": brief.evidence,
        "channels": brief.channels,
        "key_times": brief.key_times,
        "ahead": brief.ahead,
    }
