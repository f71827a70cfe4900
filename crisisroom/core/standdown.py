"""Standing down: what stands between an incident and its end, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

import msgspec

from crisisroom.core.calm import CalmState, calm
from crisisroom.core.factvalue import on_the_clock
from crisisroom.core.incident import Incident
from crisisroom.core.pausing import paused
from crisisroom.core.promises import open_threads, owed, whom
from crisisroom.core.settle import settled
from crisisroom.core.terms import zone_of


class Standdown(msgspec.Struct, frozen=True):
    """What has to be settled first, why it is not calm yet, and what is good to know.

    Tasks are skipped and duties waived, each with its own reason; only the wait for calm can be
    cut short as a whole.
    """

    firm: tuple[str, ...] = ()
    calm: str = ""
    loose: tuple[str, ...] = ()

    @property
    def blocking(self) -> tuple[str, ...]:
        """Return all that keeps an incident open."""
        return (*self.firm, *([f"it is not calm yet: {self.calm}"] if self.calm else ()))


def standdown(incident: Incident, now: datetime, mention_times: Iterable[datetime]) -> Standdown:
    """Return what stands between an incident and its end.

    `mention_times` are when the posts about it were written, in any order.
    """
    firm = (*_tasks(incident), *_deadlines(incident, now), *_on_their_way(incident))
    return Standdown(
        firm=(*firm, *_escalations(incident)),
        calm=_unrest(incident, now, mention_times),
        loose=(
            *_enquiries(incident),
            *_undecided(incident),
            *_promises(incident, now),
            *_private(incident),
            *_paused(incident),
        ),
    )


def _tasks(incident: Incident) -> Iterator[str]:
    """Yield the tasks that have to be done or skipped; of one that comes again, once is enough."""
    every = incident.plan.resolve.tasks == "all"
    for task in incident.tasks.values():
        if (task.required or every) and not settled(task):
            required = "required " if task.required else ""
            waits = f", it waits for {task.waiting_for}" if task.waiting_for else ""
            yield f"{required}task {task.id} ({task.title}) is {task.state}{waits}"


def _deadlines(incident: Incident, now: datetime) -> Iterator[str]:
    if not incident.plan.resolve.deadlines:
        return
    zone = zone_of(incident.zone)
    for duty in incident.deadlines.values():
        if duty.state == "running" and duty.due_at:
            due = on_the_clock(duty.due_at, now, zone)
            yield f"legal duty {duty.id} ({duty.title}) is neither met nor waived, due {due}"
        elif duty.state == "waiting":
            waits = f" for {duty.waiting_for}" if duty.waiting_for else ""
            yield f"legal duty {duty.id} ({duty.title}) waits{waits}: settle that, or waive it"


def _on_their_way(incident: Incident) -> Iterator[str]:
    for words in (*incident.statements.values(), *incident.replies.values()):
        if words.state in ("queued", "sending", "unknown"):
            doubt = ", nobody knows whether it is out" if words.state == "unknown" else ""
            yield f"{words.id} is {words.state}{doubt}"


def _escalations(incident: Incident) -> Iterator[str]:
    for run in incident.escalations.values():
        if run.next_at is not None:
            yield f"escalation {run.id} ({run.title}) still calls: nobody acknowledged it"


def _unrest(incident: Incident, now: datetime, times: Iterable[datetime]) -> str:
    rule = incident.plan.resolve.calm
    if rule is None:
        return ""
    zone = zone_of(incident.zone)
    state = calm(times, incident.declared_at, now, zone, rule)
    return "" if state.calm else _restless(state, now, zone)


def _restless(state: CalmState, now: datetime, zone: tzinfo) -> str:
    if state.since is None or state.until is None:
        return "posts keep coming in"
    since, until = (on_the_clock(one, now, zone) for one in (state.since, state.until))
    return f"quiet since {since}, calm at {until} if it stays so"


def _enquiries(incident: Incident) -> Iterator[str]:
    for asked in incident.enquiries.values():
        if asked.state == "open":
            yield f"enquiry {asked.id} of {asked.outlet} is open"


def _undecided(incident: Incident) -> Iterator[str]:
    for words in (*incident.statements.values(), *incident.replies.values()):
        if words.state == "submitted":
            yield f"{words.id} waits for approval"


def _promises(incident: Incident, now: datetime) -> Iterator[str]:
    zone = zone_of(incident.zone)
    for one in owed(incident):
        due = f", due {on_the_clock(one.due_at, now, zone)}" if one.due_at else ""
        yield f"promise {one.id} to {whom(incident, one)} is open{due}: {one.words}"


def _private(incident: Incident) -> Iterator[str]:
    for one in open_threads(incident):
        who = one.handle or "somebody"
        yield f"{one.mention} of {who} goes on in private: nobody noted what came of it"


def _paused(incident: Incident) -> Iterator[str]:
    for item in paused(incident):
        yield f"{item.title} is paused until the lead resumes it"
