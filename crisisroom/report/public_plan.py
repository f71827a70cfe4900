"""What of a plan everybody may read, and which of its parts have to stay unseen.

A part that hangs on a fact nobody outside may know would tell that fact by its mere state: it is
left out with all that was done for it. So is what was added in the room in people's own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from crisisroom.core.additions import ADDED_WORDS, added_ids
from crisisroom.core.condition import Condition
from crisisroom.core.incident import Incident
from crisisroom.core.playbook import (
    Approval,
    Cadence,
    Fact,
    Phase,
    Playbook,
    Role,
    Severity,
    Task,
)
from crisisroom.core.terms import zone_of
from crisisroom.core.timeline import stamp
from crisisroom.report.history import PLANS
from crisisroom.report.log import Log

replace = msgspec.structs.replace

_SHOWN = (
    *("schema", "id", "title", "version", "language", "severities", "facts", "roles", "phases"),
    *("approvals", "cadences"),
)
_TASKS = ("task.added",)


class PublicPlan:
    """What strangers may see of the plans in a log; `incident` is what the whole log tells.

    `spoken` makes a title public: it replaces the names of people.
    """

    def __init__(self, log: Log, incident: Incident, spoken: Callable[[str], str]) -> None:
        plans = [msgspec.convert(one.data["plan"], Playbook) for one in log.of(PLANS)]
        self._incident = incident
        self._spoken = spoken
        self._added_words = frozenset(added_ids(log.of(ADDED_WORDS), ADDED_WORDS))
        self.facts = _in_all((fact.id, fact.may_fill) for plan in plans for fact in plan.facts)
        self.tasks = frozenset[str]()
        self.tasks = self._visible(plans, frozenset(added_ids(log.of(_TASKS), _TASKS)))
        self.cadences = _in_all(
            (one.id, self._sayable(one.when)) for plan in plans for one in plan.cadences
        )
        self.phases = frozenset(
            phase.id for plan in plans for phase, task in plan.tasks() if task.id in self.tasks
        )

    def _visible(self, plans: Iterable[Playbook], added: frozenset[str]) -> frozenset[str]:
        """Return the tasks whose conditions only look at what everybody may know."""
        known = [task for plan in plans for _, task in plan.tasks()]
        self.tasks = frozenset(task.id for task in known) - added
        while True:
            shown = self.tasks & _in_all((task.id, self._sayable(task.when)) for task in known)
            if shown == self.tasks:
                return shown
            self.tasks = shown  # a condition may look at a task that is left out itself

    def _sayable(self, condition: Condition | None) -> bool:
        """Tell whether a condition looks at nothing but what is public, and at no one's name."""
        if condition is None:
            return True
        if condition.of:
            return all(map(self._sayable, condition.of))
        sort, _, name = condition.subject.partition(".")
        if sort == "role":
            return condition.op == "set"
        known = {"fact": self.facts, "task": self.tasks}
        return sort not in known or name in known[sort]

    def uses(self, ids: Iterable[str]) -> list[str]:
        """Return the ids of approved sentences, but for those written in the room."""
        return [one for one in ids if one not in self._added_words]

    def moments(self) -> dict[str, str]:
        """Return when the tasks were due in the end, as stamps by task.

        It counts for those that name a moment, or get one in `narrow`.
        """
        return {
            task.id: stamp(task.due_at)
            for task in self._incident.tasks.values()
            if task.due_at and task.id in self.tasks
        }

    def narrow(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return a plan, as the log keeps it, as everybody may read it."""
        shown = self._public(msgspec.convert(values, Playbook))
        plain = msgspec.json.decode(msgspec.json.encode(shown))
        return {key: plain[key] for key in _SHOWN}

    def _public(self, plan: Playbook) -> Playbook:
        say = self._spoken
        return Playbook(
            schema=plan.schema,
            id=plan.id,
            title=say(plan.title),
            version=plan.version,
            language=plan.language,
            severities=tuple(Severity(one.id, say(one.label)) for one in plan.severities),
            facts=tuple(self._fact(one) for one in plan.facts),
            roles=tuple(
                Role(one.id, say(one.title), required=one.required, within=one.within)
                for one in plan.roles
            ),
            phases=tuple(self._phases(plan)),
            approvals=tuple(
                Approval(one.id, one.by, within=one.within, self_approval=one.self_approval)
                for one in plan.approvals
            ),
            cadences=tuple(self._cadence(one) for one in plan.cadences if one.id in self.cadences),
        )

    def _fact(self, fact: Fact) -> Fact:
        say = self._spoken
        options = tuple(say(one) for one in fact.options)
        named = {"label": say(fact.label), "unit": say(fact.unit), "options": options}
        return replace(fact, ask="", confirm_by="", **named)

    def _condition(self, condition: Condition | None) -> Condition | None:
        """Return a condition that looks at facts as they are shown."""
        if condition is None:
            return None
        of = tuple(one for each in condition.of if (one := self._condition(each)))
        if not condition.subject.startswith("fact."):
            return replace(condition, of=of)
        return replace(condition, of=of, values=tuple(map(self._spoken, condition.values)))

    def _phases(self, plan: Playbook) -> Iterator[Phase]:
        for phase in plan.phases:
            tasks = tuple(self._task(one) for one in phase.tasks if one.id in self.tasks)
            if tasks:
                yield Phase(phase.id, self._spoken(phase.title), tasks)

    def _task(self, task: Task) -> Task:
        seen = self._from_what_is_seen(task)
        return Task(
            id=task.id,
            title=self._spoken(task.title),
            role=task.role,
            within=task.within if seen else None,
            after=task.after if seen else "",
            at=task.at if seen or task.repeat else self._due(task),
            warn=task.warn,
            when=self._condition(task.when),
            required=task.required,
            evidence=task.evidence,
            needs=tuple(one for one in task.needs if one in self.tasks),
            needs_facts=task.needs_facts,
            repeat=task.repeat,
        )

    def _from_what_is_seen(self, task: Task) -> bool:
        """Tell whether a task's time counts from something that is public itself."""
        sort, _, name = task.after.partition(".")
        return sort != "phase" and (sort != "task" or name in self.tasks)

    def _due(self, task: Task) -> str:
        """Return when a task was due in the end, as playbooks write a moment.

        So it stays right where nobody outside can tell what its time counted from.
        """
        state = self._incident.tasks.get(task.id)
        if state is None or state.due_at is None:
            return ""
        return f"{state.due_at.astimezone(zone_of(self._incident.zone)):%Y-%m-%d %H:%M}"

    def _cadence(self, cadence: Cadence) -> Cadence:
        return replace(cadence, on_overdue=(), when=self._condition(cadence.when))


def _in_all(pairs: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """Return the ids of which every pair says yes."""
    known = tuple(pairs)
    never = {name for name, says in known if not says}
    return frozenset(name for name, _ in known) - never
