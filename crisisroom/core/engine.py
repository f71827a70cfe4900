"""The clock engine: what clocks leave on the timeline, each exactly once and at its second.

It looks at nothing but the incident and the time, so it does not matter who asks, how often, or
how late: whoever writes to an incident first writes down what was due before, in order. What a
clock left is remembered by its mark, and therefore survives restarts and take-overs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from crisisroom.core.apply_plan import planned
from crisisroom.core.approval import lapses_at
from crisisroom.core.clocks import ClockState, clocks, holder, under_way
from crisisroom.core.corrective import late_words, reminders
from crisisroom.core.handing import unanswered
from crisisroom.core.incident import EscalationRun, Incident
from crisisroom.core.playbook import Consequence, Escalation, EscalationStep
from crisisroom.core.rules import MACHINE
from crisisroom.core.settle import holds
from crisisroom.core.timeline import Draft, stamp

replace = msgspec.structs.replace

MOST_ROUNDS = 99  # of calls, whatever the playbook says: nobody answers after that


class _Fire(msgspec.Struct, frozen=True):
    """One entry a clock owes, and when."""

    due: datetime
    rank: int  # of those at the same second, the lateness comes before what follows from it
    mark: str
    draft: Draft

    @property
    def at(self) -> datetime:
        """Return the moment the entry is of: what it is due for may have come about later."""
        return self.draft.at or self.due


def next_fire(state: Incident, now: datetime) -> Draft | None:
    """Return the earliest entry that clocks owe by `now`; append, apply and ask again.

    Its `at` is the second it was due, which may be long ago when nobody was there to write.
    """
    owed = (fire for fire in _owed(state, now) if fire.at <= now)
    first = min(owed, key=lambda fire: (fire.at, fire.due, fire.rank, fire.mark), default=None)
    return first.draft if first else None


def next_due(state: Incident, now: datetime) -> datetime | None:
    """Return when a clock will next have something to write, None if none is running."""
    fired = frozenset(state.fired)
    moments = (clock.due_at for clock in clocks(state, now) if mark(clock) not in fired)
    later = (fire.at for fire in _owed(state, now))
    due = min((*moments, *later), default=None)
    return max(due, state.acted_at or due) if due else None


def mark(clock: ClockState) -> str:
    """Return what tells one due time of a clock from its next."""
    return f"{clock.id}@{stamp(clock.due_at)}"


def _owed(state: Incident, now: datetime) -> Iterator[_Fire]:
    """Yield what clocks owe, none of it from before the last act.

    What was due until then is on the timeline: whoever acts writes it down first. So what seems
    to be due earlier came about by that act, as when a task is reopened or a time is set back, and
    begins with it: nobody is said to have been called before anybody could be.
    """
    for fire in _due(state, now):
        if state.acted_at and fire.at < state.acted_at:
            fire = replace(fire, draft=replace(fire.draft, at=state.acted_at))
        yield fire


def _due(state: Incident, now: datetime) -> Iterator[_Fire]:
    yield from _lateness(state, now)
    yield from _calls(state)
    yield from _reminded(state, now)
    if state.status == "open":
        yield from _ticks(state)
        yield from _offered(state)
        yield from _lapses(state)


def _lateness(state: Incident, now: datetime) -> Iterator[_Fire]:
    fired = frozenset(state.fired)
    for clock in clocks(state, now):
        if clock.state != "overdue" or clock.kind == "escalation":
            continue
        if mark(clock) not in fired:
            due = clock.due_at
            yield _Fire(due, 0, mark(clock), _late(clock, due))
        else:
            late = state.late_at.get(clock.id, clock.due_at)
            at = max(late, state.resumed_at or late)
            follows = _on_overdue(state, clock)
            yield from _following(state, follows, at, mark(clock), clock.title, fired)


def _late(clock: ClockState, at: datetime) -> Draft:
    data: dict[str, object] = {
        "clock": mark(clock),
        "due_at": stamp(clock.due_at),
        "who": clock.who,
    }
    return _draft("clock.late", f"late: {clock.title}", at, data)


def _draft(kind: str, text: str, at: datetime, data: dict[str, object]) -> Draft:
    return Draft(kind=kind, text=text, data=data, at=at, actor=MACHINE, source="system")


def _on_overdue(state: Incident, clock: ClockState) -> tuple[Consequence, ...]:
    plan = state.plan
    _, _, name = clock.id.partition(":")
    if clock.kind == "task":
        return next((spec.on_overdue for _, spec in plan.tasks() if spec.id == name), ())
    if clock.kind == "cadence":
        return next((one.on_overdue for one in plan.cadences if one.id == name), ())
    if clock.kind == "deadline":
        return next((one.on_overdue for one in plan.deadlines if one.id == name), ())
    if clock.kind == "approval":
        words = state.words(name)
        approval = plan.approval(words.approval) if words else None
        return approval.on_overdue if approval else ()
    if clock.kind == "role" and state.roles[name].backup:
        return (Consequence(notify=state.roles[name].backup),)
    return ()


def _ticks(state: Incident) -> Iterator[_Fire]:
    """What follows from tasks that were done."""
    fired = frozenset(state.fired)
    for _, spec in state.plan.tasks():
        task = state.tasks[spec.id]
        ticked = task.state == "done" or (spec.repeat and task.times)
        if spec.on_done and ticked and task.closed_at:
            base = f"done:{task.id}@{stamp(task.closed_at)}"
            at = max(task.closed_at, state.declared_at)
            yield from _following(state, spec.on_done, at, base, task.title, fired)


def _following(
    state: Incident,
    follows: Sequence[Consequence],
    at: datetime,
    base: str,
    title: str,
    fired: frozenset[str],
) -> Iterator[_Fire]:
    for index, one in enumerate(follows):
        own = f"{base}#{index}"
        if own not in fired:
            when = at + timedelta(seconds=one.after)
            yield _Fire(when, 1, own, _consequence(state, one, when, own, title))


def _consequence(state: Incident, one: Consequence, at: datetime, own: str, title: str) -> Draft:
    if one.escalate:
        return _escalate(state, one.escalate, at, own, title)
    if one.notify:
        who = called_as(state, one.notify)
        data: dict[str, object] = {"who": one.notify, "words": title, "mark": own}
        return _draft("person.notified", f"tells {who}: {title}", at, data)
    return _draft("note.added", one.note, at, {"words": one.note, "mark": own})


def _escalate(state: Incident, name: str, at: datetime, own: str, title: str) -> Draft:
    """Begin to call; where that makes no sense now, say so instead."""
    plan = planned(state.plan, name)
    running = state.escalations.get(name)
    if running is not None and running.next_at is not None:
        words = f"{plan.title}: already under way ({title})"
    elif not holds(state, plan.when):
        words = f"{plan.title}: not in this situation ({title})"
    else:
        data: dict[str, object] = {"escalation": name, "why": title, "mark": own}
        return _draft("escalation.started", f"escalates: {plan.title} ({title})", at, data)
    return _draft("note.added", words, at, {"words": words, "mark": own})


def called_as(state: Incident, who: str) -> str:
    """Return how people know a contact or a role: by name, or by who holds it."""
    for contact in state.plan.contacts:
        if contact.id == who:
            return contact.name
    role = state.roles.get(who)
    return (role.holder or role.title) if role else who


def _calls(state: Incident) -> Iterator[_Fire]:
    for run, at in under_way(state):
        yield _Fire(at, 2, f"escalation:{run.id}", _next_call(state, run, at))


def _next_call(state: Incident, run: EscalationRun, at: datetime) -> Draft:
    """Call the next step's people; after the last one begin again, or give up and say so."""
    plan = planned(state.plan, run.id)
    step, round_ = run.step + 1, run.round
    if step >= len(plan.steps):
        step, round_ = 0, round_ + 1
    if round_ > min(plan.rounds, MOST_ROUNDS):
        text = f"nobody acknowledged: {plan.title}"
        return _draft("escalation.exhausted", text, at, {"escalation": run.id})
    return _call(state, plan, step, round_, at)


def _call(state: Incident, plan: Escalation, step: int, round_: int, at: datetime) -> Draft:
    ids, names = people_of(state, plan.steps[step])
    again = f", round {round_}" if round_ > 1 else ""
    text = f"call {', '.join(names)}: {plan.title}{again}"
    data: dict[str, object] = {
        "escalation": plan.id,
        "round": round_,
        "step": step,
        "called": list(ids),
        "people": [{"name": name} for name in names],
    }
    return _draft("escalation.step", text, at, data)


def people_of(state: Incident, step: EscalationStep) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the contacts a step calls, and their names; a role stands for its contacts."""
    people: dict[str, str] = {}
    for who in step.call:
        if who in state.roles:
            held = state.roles[who].holder
            known = [one for one in state.plan.contacts if who in one.roles]
            mine = [one for one in known if one.id == held] or known
            people |= {one.id: one.name for one in mine}
            if not mine:
                people[held or who] = holder(state, who)
        else:
            people[who] = called_as(state, who)
    return tuple(people), tuple(people.values())


def _lapses(state: Incident) -> Iterator[_Fire]:
    for words in (*state.statements.values(), *state.replies.values()):
        at = lapses_at(state, words)
        if at is not None:
            text = f"the approval of {words.id} is over: it was not sent in time"
            data: dict[str, object] = {"id": words.id, "words": text}
            yield _Fire(at, 3, f"lapse:{words.id}", _draft(f"{words.sort}.lapsed", text, at, data))


def _reminded(state: Incident, now: datetime) -> Iterator[_Fire]:
    """Remind of corrective actions: these go on when the incident is over."""
    for one in reminders(state, now):
        action = state.actions[one.action]
        who = called_as(state, action.owner) if action.owner else "whoever takes it"
        text = f"reminds {who}: {action.id} is {late_words(one.days)}: {action.title}"
        data: dict[str, object] = {
            "action": action.id,
            "who": action.owner,
            "due": action.due,
            "words": action.title,
            "mark": one.mark,
        }
        yield _Fire(one.at, 4, one.mark, _draft("action.reminded", text, one.at, data))


def _offered(state: Incident) -> Iterator[_Fire]:
    for one in unanswered(state):
        data: dict[str, object] = {"who": one.who, "words": one.words, "mark": one.mark}
        text = f"tells {one.who}: {one.words}"
        yield _Fire(one.at, 1, one.mark, _draft("person.notified", text, one.at, data))
