"""Statements and replies as JSON: the text, who agreed to it, whom it waits for, where it went.

As in `contract`: times are RFC 3339 UTC, fields may be added, these stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crisisroom.core.approval import Progress, Rung, progress
from crisisroom.core.incident import Incident, Send, Verdict, Words
from crisisroom.core.said import Owed, PauseState, Promise, StoryLine
from crisisroom.core.timeline import stamp
from crisisroom.report.contract import Json, moment


def words_json(
    words: Words,
    blanks: Sequence[str] = (),
    problems: Sequence[Any] = (),
    standing: Progress | None = None,
) -> Json:
    """Return a statement or a reply; `blanks` are labels, `problems` what a check found.

    `standing` fills `steps` (each with who agreed and which roles are missing), `waits_for` (the
    roles that may decide now), when the present step is late, and until when an approval holds.
    """
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
        "approval": words.approval,
        "approvals": [_verdict(verdict) for verdict in words.verdicts],
        **_standing(words, standing),
        "blanks": [*blanks],
        "problems": [*problems],
        "remote_url": next((s.remote_url for s in words.sends.values() if s.remote_url), ""),
        "sends": [_send(send) for send in words.sends.values()],
        "promises": moment(words.promises),
        "drafted_at": stamp(words.drafted_at),
        "submitted_at": moment(words.submitted_at),
        "sent_at": moment(words.sent_at),
        "retracted_at": moment(words.retracted_at),
        "form": words.form,
        "language": words.language,
        "variants": [{"channel": one, "text": own} for one, own in words.variants.items()],
        "facts": [{"fact": fact, "value": value} for fact, value in words.facts.items()],
        "suspended": [*words.suspended],
        "corrects": words.corrects,
        "translates": words.translates,
        "bulk": words.bulk,
    }


def owed_json(owed: Owed) -> Json:
    """Return a correction that is due, or how it was settled."""
    return {
        "words": owed.words,
        "fact": owed.fact,
        "label": owed.label,
        "was": owed.was,
        "now": owed.now,
        "at": stamp(owed.at),
        "how": owed.how,
        "settled_at": moment(owed.settled_at),
        "settled_by": owed.settled_by,
        "why": owed.why,
    }


def line_json(line: StoryLine) -> Json:
    """Return how a story is answered; the one without a story is for all others."""
    return {
        "narrative": line.id,
        "line": line.line,
        "by": line.by,
        "at": stamp(line.at),
        "why": line.why,
    }


def promise_json(promise: Promise) -> Json:
    """Return what a reply promised."""
    return {
        "id": promise.id,
        "reply": promise.reply,
        "words": promise.words,
        "due_at": moment(promise.due_at),
        "owner": promise.owner,
        "ticket": promise.ticket,
        "state": promise.state,
        "by": promise.by,
        "at": stamp(promise.at),
        "closed_at": moment(promise.closed_at),
        "closed_by": promise.closed_by,
        "outcome": promise.outcome,
    }


def pause_json(pause: PauseState) -> Json:
    """Return something that speaks for us by itself, and whether it is quiet."""
    return {
        "id": pause.id,
        "title": pause.title,
        "kind": pause.kind,
        "owner": pause.owner,
        "backup": pause.backup,
        "state": pause.state,
        "by": pause.by,
        "at": moment(pause.at),
        "words": pause.words,
        "by_hook": pause.by_hook,
    }


def standing_of(incident: Incident, words: Words, now: datetime) -> Progress | None:
    """Return how far a text is in its approval, of one that went out when it did.

    None for a text that needs none.
    """
    if not words.approval:
        return None
    return progress(incident, words, words.sent_at or now)


def _standing(words: Words, standing: Progress | None) -> Json:
    waits = standing.waits_for if standing and words.state == "submitted" else ()
    return {
        "steps": [_step(rung) for rung in standing.rungs] if standing else [],
        "waits_for": [*waits],
        "step_due_at": moment(standing.due_at) if standing and waits else None,
        "approved_until": moment(standing.lapses_at) if standing else None,
    }


def _step(rung: Rung) -> Json:
    return {
        "step": rung.number,
        "rule": rung.step.rule,
        "by": [*rung.step.by],
        "given": [{"by": one.by, "at": stamp(one.at), "roles": [*one.roles]} for one in rung.given],
        "missing": [*rung.missing],
        "done": rung.done,
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
        "rung": verdict.rung,
        "roles": [*verdict.roles],
        "complete": verdict.complete,
        "recorded_by": verdict.recorded_by,
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
