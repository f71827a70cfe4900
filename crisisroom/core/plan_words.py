"""What a playbook says, in sentences: conditions, due times and consequences without ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crisisroom.core.condition import Condition
from crisisroom.core.playbook import ApprovalStep, Consequence, Playbook, Task
from crisisroom.core.yamlwrite import duration

_COMPARED = {"at_least": "at least", "at_most": "at most"}
_SETTLED = {
    "fact": "is known",
    "task": "is closed",
    "role": "is held",
    "statement": "is out",
    "severity": "is known",
}
_COUNTED = {"fact": "is known", "task": "is closed", "phase": "begins", "statement": "is out"}


class PlanWords:
    """Knows what people call the things of one playbook."""

    def __init__(self, plan: Playbook) -> None:
        self._names: dict[tuple[str, str], str] = {
            **_named("role", plan.roles, "title"),
            **_named("contact", plan.contacts, "name"),
            **_named("fact", plan.facts, "label"),
            **_named("task", (task for _, task in plan.tasks()), "title"),
            **_named("phase", plan.phases, "title"),
            **_named("statement", plan.statements, "title"),
            **_named("severity", plan.severities, "label"),
            **_named("escalation", plan.escalations, "title"),
            **_named("approval", plan.approvals, "id"),
        }

    def name(self, sort: str, id_: str) -> str:
        """Return what people call a thing, its id where the playbook does not know it."""
        return self._names.get((sort, id_), id_)

    def who(self, id_: str) -> str:
        """Return the name of a contact, or the title of a role."""
        return self._names.get(("contact", id_)) or self.name("role", id_)

    def names(self, sort: str, ids: Iterable[str], last: str = "and") -> str:
        """Return names as people list them."""
        return listed(
            [self.who(one) if sort == "who" else self.name(sort, one) for one in ids], last
        )

    def condition(self, condition: Condition) -> str:
        """Return a condition as a clause that follows `if`."""
        parts = [self.condition(one) for one in condition.of]
        if condition.op == "not":
            return f"not ({parts[0]})"
        if condition.op in ("all", "any"):
            joint = " and " if condition.op == "all" else " or "
            return joint.join(
                f"({text})" if one.op in ("all", "any") and len(one.of) > 1 else text
                for one, text in zip(condition.of, parts, strict=True)
            )
        return self._look(condition)

    def _look(self, condition: Condition) -> str:
        sort, _, id_ = condition.subject.partition(".")
        subject = f"“{self.name(sort, id_)}”" if id_ else "the severity"
        if condition.op == "set":
            return f"{subject} {_SETTLED.get(sort, 'is set')}"
        if sort == "severity":
            return f"{subject} is {self.names('severity', condition.values, 'or')}"
        if condition.op == "is":
            return f"{subject} is {listed(condition.values, 'or')}"
        return f"{subject} is {_COMPARED[condition.op]} {condition.values[0]}"

    def due(self, task: Task) -> str:
        """Return when a task is due: `5m after the declaration`; nothing where it is not."""
        if task.at:
            return f"at {task.at}"
        if task.within is None:
            return ""
        return f"{duration(task.within)} after {self.anchor(task)}"

    def anchor(self, task: Task) -> str:
        """Return the moment a task's time counts from."""
        sort, _, id_ = task.after.partition(".")
        if id_:
            return f"“{self.name(sort, id_)}” {_COUNTED[sort]}"
        known = {"declared": "the declaration", "severity": "the severity changes"}
        appears = "it appears" if task.when else "the declaration"
        return known.get(sort, "it appears" if sort == "appears" else appears)

    def follows(self, consequences: Iterable[Consequence]) -> str:
        """Return what follows by itself, as a list of clauses."""
        return ", ".join(self._consequence(one) for one in consequences)

    def _consequence(self, one: Consequence) -> str:
        later = f" {duration(one.after)} later" if one.after else ""
        if one.escalate:
            return f"begins to call: {self.name('escalation', one.escalate)}{later}"
        return (
            f"tells {self.who(one.notify)}{later}" if one.notify else f"notes “{one.note}”{later}"
        )

    def step(self, step: ApprovalStep) -> str:
        """Return who agrees in a step, by when, and who may stand in."""
        words = f"{self.names('role', step.by, 'and' if step.rule == 'all' else 'or')}"
        words += f" within {duration(step.within)}"
        if step.fallback:
            words += f", then also {self.names('role', step.fallback, 'or')}"
        return f"{words} (if {self.condition(step.when)})" if step.when else words


def _named(sort: str, things: Iterable[Any], field: str) -> dict[tuple[str, str], str]:
    return {(sort, thing.id): getattr(thing, field) for thing in things}


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return words as people list them: a, b and c."""
    *front, end = [*words] or [""]
    return f"{', '.join(front)} {last} {end}" if front else end
