"""Examining the team: keys, ways to reach people, approvals, the rota."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta

from crisisroom.cli.health import Finding, Patient
from crisisroom.cli.keys_sshd import let_through
from crisisroom.config import RoomConfig
from crisisroom.core.errors import Refused
from crisisroom.core.playbook import Playbook
from crisisroom.core.rota import Shift

_AHEAD = timedelta(days=14)  # of the rota
_SOON = timedelta(days=14)  # until a token ends
_GAPS = 3  # that are named


async def team(patient: Patient) -> AsyncIterator[Finding]:
    """Find who lacks a key or a way to be reached, and approvals that nobody can give."""
    config = patient.config
    if not config.team:
        why = "none: whoever can open the room's file may do everything, approvals too"
        yield Finding("warn", "no_team", "team", why, "add team: with their keys and ways")
        return
    for one in _people(config):
        yield one
    for flaw in let_through() if any(one.keys for one in config.team) else ():
        hint = "crisisroom authorized-keys --help says what to set"
        yield Finding("warn", "sshd", "team", f"{flaw}, which acts before any key's line", hint)
    for one in _approvals(patient, config):
        yield one


def _people(config: RoomConfig) -> Iterator[Finding]:
    from crisisroom.room.notifying_people import person_of

    for member in config.team:
        where = f"team {member.id}"
        if not member.keys:
            why = "has no SSH key: comes in only as a UNIX user of this name"
            yield Finding("warn", "no_key", where, why, "add keys: with their .pub line")
        person = person_of(config, member.id)
        ways = person.ways(config.messengers, important=True) if person else ()
        if member.notify.off:
            yield Finding("ok", "off", where, "wants to be told nothing")
        elif not ways:
            why = "nothing reaches them" if not member.reach else "no messenger serves their ways"
            hint = "add reach: and a messenger that serves it"
            yield Finding("warn", "unreachable", where, why, hint)
        else:
            told = ", ".join(f"{one.by} by {one.messenger}" for one in ways)
            yield Finding("ok", "reachable", where, told)
    if not any(member.roles or not member.access for member in config.team):
        why = "everybody only reads: nobody can act"
        yield Finding("fail", "no_actor", "team", why, "give somebody roles:")


def _approvals(patient: Patient, config: RoomConfig) -> Iterator[Finding]:
    """Yield each step of an approval that nobody of the team can ever give, once."""
    from crisisroom import library

    try:
        plans = library.every(patient.context.playbooks())
    except Refused:  # the playbooks' own check says so
        return
    asking = dict[tuple[str, tuple[str, ...]], list[str]]()
    for plan in plans:
        for approval, roles in _steps(plan):
            asking.setdefault((approval, roles), []).append(plan.id)
    for (approval, roles), names in asking.items():
        if roles and not _able(approval, roles, config):
            names = sorted(set(names))
            where = f"playbook{'s' if len(names) > 1 else ''} {', '.join(names)}"
            why = f"nobody of the team can give the approval {approval} ({', '.join(roles)})"
            yield Finding("fail", "no_approver", where, why, _mended(approval, roles, config))


def _steps(plan: Playbook) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the steps of a playbook's approvals, each by the approval and who may give it."""
    for approval in plan.approvals:
        for roles in [one.by for one in approval.steps] or [approval.by]:
            yield approval.id, tuple(roles)


def _able(approval: str, roles: Sequence[str], config: RoomConfig) -> bool:
    return any(
        member.may_give(approval) and any(member.may_hold(role) for role in roles)
        for member in config.team
    )


def _mended(approval: str, roles: Sequence[str], config: RoomConfig) -> str:
    """Say who only lacks the approval itself; else that somebody has to get the role."""
    for member in config.team:
        if member.approves is not None and any(role in member.roles for role in roles):
            return f"add {approval} to approves: of {member.id}, or leave that line out"
    return f"give somebody the role {roles[0]}"


async def rota(patient: Patient) -> AsyncIterator[Finding]:
    """Find when nobody is on duty in the next fortnight."""
    room, plan = patient.room, patient.config.oncall
    if plan is None or room is None:
        return
    from crisisroom.room import oncall

    now = patient.context.clock.now()
    try:
        shifts = await oncall.duty(room, now, now + _AHEAD)
    except Refused as refused:
        yield Finding("fail", refused.code, "rota", refused.message, refused.hint)
        return
    gaps = list(_gaps(shifts, now, now + _AHEAD))
    zone = oncall.duty_zone(room)
    for start, end in gaps[:_GAPS]:
        told = f"{start.astimezone(zone):%a %d %b %H:%M} to {end.astimezone(zone):%a %d %b %H:%M}"
        yield Finding("warn", "gap", "rota", f"nobody is on duty from {told}", "oncall: swaps")
    known = {member.id for member in patient.config.team}
    for person in sorted({one.person for one in shifts} - known if known else ()):
        why = f"{person} is on duty and not in the team"
        yield Finding("fail", "stranger", "rota", why, "add them under team:")
    if not gaps:
        yield Finding("ok", "rota", "rota", f"somebody is on duty for {_AHEAD.days} days to come")


def _gaps(
    shifts: tuple[Shift, ...], since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the spans in which no shift holds, longer than a minute."""
    at = since
    for shift in shifts:
        if shift.start - at > timedelta(minutes=1):
            yield at, shift.start
        at = max(at, shift.end)
    if until - at > timedelta(minutes=1):
        yield at, until


async def notifying(patient: Patient) -> AsyncIterator[Finding]:
    """Find ways to people that fail, and when they were last tried by a test."""
    room = patient.room
    if room is None or not patient.config.messengers:
        return
    from crisisroom.room import notifying_answers

    failing = set(await notifying_answers.failing(room))
    for messenger in patient.config.messengers:
        where = f"messenger {messenger.id}"
        if messenger.id in failing:
            why = "what it was given last did not arrive"
            yield Finding("fail", "failing", where, why, "crisisroom notify test, and the log")
        else:
            yield Finding("ok", "notifying", where, "no failure is known")
    if patient.config.team and not patient.config.notifying.test:
        why = "no weekly test page: nobody learns that a way is broken until it is needed"
        yield Finding("warn", "no_test", "notifying", why, "notifying: {test: mon 10:00}")


async def expiring(patient: Patient) -> AsyncIterator[Finding]:
    """Find tokens that end soon."""
    from crisisroom.room.notifying_live import expiring as ending

    now = patient.context.clock.now()
    for name, at in ending(patient.config, now):
        left = at - now
        where = name if " " in name else f"account {name}"
        if left <= timedelta():
            why = f"its token ended on {at:%Y-%m-%d}"
            yield Finding("fail", "expired", where, why, "make a new one, and put it there")
        elif left < _SOON:
            why = f"its token ends on {at:%Y-%m-%d}, in {left.days} days"
            yield Finding("warn", "expiring", where, why, "make a new one, and put it there")
