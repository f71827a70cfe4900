"""What people are to be told of an incident now: derived from it and the time, like its clocks.

A thing that is not yielded any more is over, and nobody is told of it again. What only happened
once, and leaves nothing that could be over, comes from the entries: see `happened`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from crisisroom.core.approval import progress
from crisisroom.core.candidate import Candidate
from crisisroom.core.clocks import clocks, holder, under_way
from crisisroom.core.incident import Incident, Words
from crisisroom.core.notify import Matter
from crisisroom.core.timeline import Entry, stamp
from crisisroom.core.truth import corrections_due

GRAVE = ("sev1", "sev2")
HIGH = ("rising", "storm")
_ONCE = {"person.notified": "told", "action.reminded": "action", "task.assigned": "task"}


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told where nobody else is named.

    `first` is whoever is on duty, or else may lead; `backup` those whom the settings name, and the
    next on duty; `may` says who of the team may hold a role.
    """

    first: tuple[str, ...] = ()
    backup: tuple[str, ...] = ()
    may: dict[str, tuple[str, ...]] = {}

    def of(self, incident: Incident, role: str) -> tuple[str, ...]:
        """Return who a role is: its holder, else those who may hold it, else who is on duty."""
        held = incident.roles.get(role)
        if held and held.holder:
            return (held.holder,)
        return self.first or self.may.get(role, ())

    def then(self, incident: Incident | None, people: Iterable[str], role: str = "") -> list[str]:
        """Return who is told next, one by one: the role's backup, the settings', duty, the lead."""
        held = incident.roles.get(role) if incident and role else None
        next_ones = [held.backup if held else "", *self.backup, *self.first]
        if incident is not None:
            next_ones.append(holder(incident, "lead"))
        before = {*people, "", "lead"}
        return [one for one in dict.fromkeys(next_ones) if one not in before]


def matters(incident: Incident, duty: Duty, now: datetime) -> Iterator[Matter]:
    """Yield what people are to be told of an incident, for as long as it holds."""
    told: list[Matter] = [*_deadlines(incident, duty, now), *_calls(incident)]
    if incident.status == "open":
        told += _declared(incident, duty)
        told += _approvals(incident, duty, now)
        told += _unknown(incident, duty)
        told += _offers(incident, duty)
        told += _corrections(incident, duty)
        told += _questions(incident, duty)
    for one in told:
        yield msgspec.structs.replace(one, incident=incident.id, drill=incident.drill)


def _matter(
    kind: str,
    incident: Incident,
    key: str,
    at: datetime,
    people: Sequence[str],
    after: Sequence[str] = (),
    *,
    about: str = "",
    until_old: bool = False,
) -> Matter:
    return Matter(
        key=f"{kind}/{incident.uid}/{key}",
        kind=kind,
        at=at,
        about=about,
        people=tuple(dict.fromkeys(people)),
        after=tuple(after),
        until_old=until_old,
    )


def _declared(incident: Incident, duty: Duty) -> Iterator[Matter]:
    """Tell of the gravest severity it ever had, once: that it is lowered wakes nobody."""
    changes = [one for one in incident.severities if one.severity in GRAVE]
    if not changes:
        if incident.severity not in GRAVE:
            return
        severity, at = incident.severity, incident.declared_at
    else:
        gravest = min(changes, key=lambda one: (one.severity, one.at))
        severity, at = gravest.severity, gravest.at
    lead = incident.roles.get("lead")
    people = [*duty.first, *([lead.holder] if lead and lead.holder else [])]
    told = [one for one in people if one != incident.declared_by]
    if told:
        then = duty.then(incident, [*people, incident.declared_by], "lead")
        yield _matter("declared", incident, severity, at, told, then, until_old=True)


def _deadlines(incident: Incident, duty: Duty, now: datetime) -> Iterator[Matter]:
    for clock in clocks(incident, now):
        if clock.kind == "deadline" and clock.state in ("warn", "overdue"):
            name = clock.id.partition(":")[2]
            role = incident.deadlines[name].role
            people = duty.of(incident, role)
            key = f"{name}/{stamp(clock.due_at)}/{clock.state}"
            then = duty.then(incident, people, role)
            yield _matter("deadline", incident, key, clock.due_at, people, then, about=name)


def _calls(incident: Incident) -> Iterator[Matter]:
    """Tell whom an escalation calls; who is next is the playbook's to say."""
    for run, _ in under_way(incident):
        if run.called:
            key = f"{run.id}/{stamp(run.started_at)}/{run.round}.{run.step}"
            yield _matter("escalation", incident, key, run.started_at, run.called, about=run.id)


def _approvals(incident: Incident, duty: Duty, now: datetime) -> Iterator[Matter]:
    for words in _texts(incident):
        if words.state != "submitted":
            continue
        found = progress(incident, words, now)
        step = found.present.number if found.present else 0
        since = words.step_since or words.submitted_at or words.drafted_at
        for role in found.waits_for:
            for person in duty.of(incident, role):
                if person != words.author:
                    key = f"{words.id}/{words.version}/{step}/{person}"
                    then = duty.then(incident, (person, words.author), role)
                    told = (person,)
                    yield _matter("approval", incident, key, since, told, then, about=words.id)


def _texts(incident: Incident) -> tuple[Words, ...]:
    return (*incident.statements.values(), *incident.replies.values())


def _unknown(incident: Incident, duty: Duty) -> Iterator[Matter]:
    for words in _texts(incident):
        for send in words.sends.values():
            if send.state == "unknown":
                key = f"{words.id}/{send.channel}/{send.tries}"
                people = (words.author,)
                then = duty.then(incident, people)
                at = send.at or words.drafted_at
                yield _matter("unknown", incident, key, at, people, then, about=words.id)


def _offers(incident: Incident, duty: Duty) -> Iterator[Matter]:
    for one in incident.offers.values():
        key, people = f"{one.role}/{stamp(one.at)}", (one.person,)
        yield _matter("offer", incident, key, one.at, people, (one.by,), about=one.role)


def _corrections(incident: Incident, duty: Duty) -> Iterator[Matter]:
    for one in corrections_due(incident):
        words = incident.words(one.words)
        people = (words.author,) if words else duty.of(incident, "lead")
        key = f"{one.words}/{one.fact}/{stamp(one.at)}"
        yield _matter("correction", incident, key, one.at, people, about=one.words)


def _questions(incident: Incident, duty: Duty) -> Iterator[Matter]:
    for one in incident.questions.values():
        if one.open:
            whom = duty.of(incident, one.whom) if one.whom in incident.roles else (one.whom,)
            yield _matter("question", incident, one.id, one.at, whom, about=one.id)


def happened(incident: Incident, duty: Duty, entries: Iterable[Entry]) -> Iterator[Matter]:
    """Yield what entries tell single people: a task that is theirs now, a word of the playbook.

    What somebody did themselves, and what an offer says anyway, is left out.
    """
    for entry in entries:
        kind = _ONCE.get(entry.kind)
        who = entry.data.get("person" if kind == "task" else "who", "")
        mark = str(entry.data.get("mark", ""))
        if kind is None or not who or who == entry.actor or mark.startswith("offer:"):
            continue
        people = duty.of(incident, who) if who in incident.roles else (who,)
        about = str(entry.data.get("task") or entry.data.get("action") or "")
        found = _matter(kind, incident, str(entry.seq), entry.at, people, about=about)
        yield msgspec.structs.replace(
            found, incident=incident.id, drill=incident.drill, until_old=True
        )


def still(incident: Incident, kind: str, about: str) -> bool:
    """Tell whether what once happened is still something to tell of."""
    if kind == "task":
        task = incident.tasks.get(about)
        return task is not None and task.state in ("open", "waiting")
    if kind == "action":
        action = incident.actions.get(about)
        return action is not None and action.state == "open"
    return incident.status == "open"


def warned(candidates: Iterable[Candidate], duty: Duty) -> Iterator[Matter]:
    """Yield the early warnings that wait for a person; one that got worse is another thing."""
    for one in candidates:
        if one.state != "open":
            continue
        kind = "warning" if one.level in HIGH else "burst"
        at = one.escalated_at or one.at
        yield Matter(
            key=f"{kind}/{one.uid}/{one.level}",
            kind=kind,
            at=at,
            about=one.id,
            people=duty.first,
            after=tuple(duty.then(None, duty.first)),
            until_old=True,
        )
