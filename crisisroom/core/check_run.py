"""One pass of the rules over a playbook: what its parts are called, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from crisisroom.core.condition import Condition
from crisisroom.core.crossref import Crossref, Part, Path
from crisisroom.core.playbook import Consequence, Fact, Playbook, Task
from crisisroom.core.problems import Report
from crisisroom.core.yamltext import Node


class Run(Crossref):
    """A playbook, the nodes it came from, and its parts by their ids."""

    def __init__(
        self, plan: Playbook, root: Node, report: Report, parts: Sequence[Part] = ()
    ) -> None:
        super().__init__(root, report, parts)
        self.plan = plan
        self.tasks: list[tuple[Path, Task]] = [*_walk(plan)]
        self.task_ids = {task.id: path for path, task in self.tasks}
        self.roles = ids(plan.roles)
        self.contacts = ids(plan.contacts)
        self.facts = ids(plan.facts)
        self.severities = ids(plan.severities)
        self.phases = ids(plan.phases)
        self.statements = ids(plan.statements)
        self.approvals = ids(plan.approvals)
        self.escalations = ids(plan.escalations)
        self.parties = {**self.contacts, **self.roles}

    def fact(self, fact_id: str) -> Fact | None:
        """Return the fact with this id."""
        index = self.facts.get(fact_id)
        return None if index is None else self.plan.facts[index]

    def party(self, path: Path, word: str) -> None:
        """Report a word that is neither a contact nor a role, or both."""
        self.refer(path, word, self.parties, "contact or role")
        if word and word in self.roles and word in self.contacts:
            hint = "give one of them another id"
            self.add(path, f'"{word}" is a role and a contact', hint, "reference")


def ids(things: Iterable[Any]) -> dict[str, int]:
    """Return the place of each thing by its id, the first where two have the same."""
    found: dict[str, int] = {}
    for index, thing in enumerate(things):
        found.setdefault(thing.id, index)
    return found


def _walk(plan: Playbook) -> Iterator[tuple[Path, Task]]:
    for at, phase in enumerate(plan.phases):
        for index, task in enumerate(phase.tasks):
            yield ("phases", at, "tasks", index), task


def consequences(run: Run) -> Iterator[tuple[Path, Consequence]]:
    """Yield everything that follows by itself, and where it stands."""
    owners: list[tuple[Path, Any]] = [*run.tasks]
    for section in ("approvals", "cadences", "deadlines"):
        owners += (((section, n), one) for n, one in enumerate(getattr(run.plan, section)))
    for path, owner in owners:
        for key in ("on_done", "on_overdue"):
            for index, follows in enumerate(getattr(owner, key, ())):
                yield (*path, key, index), follows


def conditions(run: Run) -> Iterator[tuple[Path, Condition, tuple[str, ...]]]:
    """Yield every condition, where it stands, and the facts known before it matters."""
    for path, task in run.tasks:
        if task.when:
            yield (*path, "when"), task.when, task.needs_facts
        if task.done_when:
            yield (*path, "done_when"), task.done_when, ()
    for index, ladder in enumerate(run.plan.escalations):
        if ladder.when:
            yield ("escalations", index, "when"), ladder.when, ()
    for index, approval in enumerate(run.plan.approvals):
        for at, step in enumerate(approval.steps):
            if step.when:
                yield ("approvals", index, "steps", at, "when"), step.when, ()
    for index, deadline in enumerate(run.plan.deadlines):
        if deadline.when:
            yield ("deadlines", index, "when"), deadline.when, (deadline.starts,)
