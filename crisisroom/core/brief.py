"""The brief: one page for whoever joins at three in the morning."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import msgspec

from crisisroom.core.clocks import ClockState, clocks, minutes
from crisisroom.core.incident import Incident, Words


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """Where an incident stands; every field holds finished lines of plain words."""

    incident: str
    role: str
    situation: tuple[str, ...]
    said: tuple[str, ...]
    promised: tuple[str, ...]
    open: tuple[str, ...]
    needed_from_you: tuple[str, ...]
    roles: tuple[str, ...]
    clocks: tuple[ClockState, ...]


def brief(incident: Incident, now: datetime, person: str, role: str = "") -> Brief:
    """Return the brief for a person, in the given role or those they hold."""
    zone = _zone(incident.zone)
    running = clocks(incident, now)
    mine = {role} if role else set(incident.holds(person))
    return Brief(
        incident=incident.id,
        role=role,
        situation=_situation(incident, now, zone),
        said=_said(incident, zone),
        promised=tuple(
            f"{clock.title} by {_at(clock.due_at, zone)}"
            for clock in running
            if clock.kind == "cadence"
        ),
        open=_open(incident, running, zone),
        needed_from_you=_needed(incident, running, person, mine),
        roles=tuple(f"{role.title}: {role.holder or 'nobody'}" for role in incident.roles.values()),
        clocks=running,
    )


def _zone(name: str) -> tzinfo:
    """Return the case's zone; UTC where this machine does not know it, as the brief must open."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def _at(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%H:%M")


def _situation(incident: Incident, now: datetime, zone: tzinfo) -> tuple[str, ...]:
    until = incident.resolved_at or now
    age = minutes(until - incident.declared_at)
    lines = [
        f"{incident.id} {incident.title}: {incident.severity.upper()}, {incident.status},"
        f" declared {_at(incident.declared_at, zone)} by {incident.declared_by}, {age} old"
    ]
    waiting = sum(one.state in ("new", "claimed") for one in incident.mentions.values())
    lines.append(f"{len(incident.mentions)} posts linked, {waiting} without an answer")
    for fact in incident.facts.values():
        shown = fact.value if fact.state in ("known", "changed") else fact.state
        lines.append(f"{fact.label}: {shown}")
    return tuple(lines)


def _said(incident: Incident, zone: tzinfo) -> tuple[str, ...]:
    sent = [words for words in incident.statements.values() if words.sent_at]
    lines = [
        f"{_at(words.sent_at, zone)} {words.id} {words.kind} to {words.audience}: {words.text}"
        for words in sorted(sent, key=lambda one: str(one.sent_at))
        if words.sent_at
    ]
    replies = sum(words.sent_at is not None for words in incident.replies.values())
    return (*lines, f"{replies} replies sent")


def _open(incident: Incident, running: tuple[ClockState, ...], zone: tzinfo) -> tuple[str, ...]:
    due = [
        f"{clock.title} ({clock.who or 'free'}) by {_at(clock.due_at, zone)}"
        + (", late" if clock.state == "overdue" else "")
        for clock in running
        if clock.kind == "task"
    ]
    words = [
        f"{one.id} {one.kind}: {one.state}"
        for one in (*incident.statements.values(), *incident.replies.values())
        if one.state not in ("sent", "withdrawn")
    ]
    return (*due, *words)


def _needed(
    incident: Incident, running: tuple[ClockState, ...], person: str, roles: set[str]
) -> tuple[str, ...]:
    tasks = [
        task.title
        for task in incident.tasks.values()
        if task.state == "open" and (task.assignee == person or task.role in roles)
    ]
    return (*(f"task: {title}" for title in tasks), *_to_approve(incident, roles))


def _to_approve(incident: Incident, roles: set[str]) -> tuple[str, ...]:
    steps = {step.id for step in incident.plan.approvals if roles & set(step.by)}
    waiting: list[Words] = [*incident.statements.values(), *incident.replies.values()]
    return tuple(
        f"approve {words.id} by {words.author}"
        for words in waiting
        if words.state == "submitted" and words.approval in steps
    )
