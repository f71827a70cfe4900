"""One pass of the rules over a playbook: what its parts are called, and where they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, get_args, get_origin

import msgspec

from crisisroom.core.condition import Condition
from crisisroom.core.crossref import Crossref, Part, Path
from crisisroom.core.playbook import Deadline, Fact, Playbook, Task
from crisisroom.core.problems import Report
from crisisroom.core.schema import bare, hints
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
        self.deadlines = ids(plan.deadlines)
        self.sorts: dict[str, Collection[str]] = {  # what a condition can look at
            "fact": self.facts,
            "task": self.task_ids,
            "role": self.roles,
            "statement": self.statements,
        }
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


class Found(NamedTuple):
    """A part of a playbook: where it stands, what it belongs to, and itself."""

    path: Path
    owner: msgspec.Struct
    thing: Any


def each(owner: msgspec.Struct, wanted: type[msgspec.Struct], path: Path = ()) -> Iterator[Found]:
    """Yield everything of one sort in a playbook, wherever its vocabulary has a place for it."""
    for name in _leading(type(owner), wanted):
        yield from _inside(getattr(owner, name), owner, wanted, (*path, name))


def _inside(
    value: Any, owner: msgspec.Struct, wanted: type[msgspec.Struct], path: Path
) -> Iterator[Found]:
    if isinstance(value, wanted):
        yield Found(path, owner, value)
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _inside(one, owner, wanted, (*path, index))
    elif isinstance(value, msgspec.Struct):
        yield from each(value, wanted, path)


@lru_cache
def _leading(shape: type[msgspec.Struct], wanted: type[msgspec.Struct]) -> tuple[str, ...]:
    """Return the fields under which such things stand, directly or further in."""
    leads = []
    for name, hint in hints(shape).items():
        kind = bare(hint)
        if get_origin(kind) is tuple:
            kind = bare(get_args(kind)[0])
        struct = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        if kind is wanted or (struct and kind is not shape and _leading(kind, wanted)):
            leads.append(name)
    return tuple(leads)


def conditions(run: Run) -> Iterator[tuple[Path, Condition, tuple[str, ...]]]:
    """Yield every condition, where it stands, and the facts known before it matters."""
    for path, owner, condition in each(run.plan, Condition):
        needed: tuple[str, ...] = ()
        if isinstance(owner, Task) and path[-1] == "when":
            needed = owner.needs_facts
        elif isinstance(owner, Deadline):
            needed = (owner.starts,)
        yield path, condition, needed
