"""Tasks that wait for each other, so that none of them can ever start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise

from crisisroom.core.check_conditions import readable
from crisisroom.core.check_run import Run
from crisisroom.core.condition import Condition, subjects
from crisisroom.core.playbook import Task
from crisisroom.core.problems import shown
from crisisroom.core.satisfy import Solver

_VERBS = {
    "needs": "needs",
    "after": "counts from",
    "when": "appears by",
    "done_when": "is done by",
}
_MOST_SHOWN = 8


def check_order(run: Run, solver: Solver) -> None:
    """Report tasks that wait for each other: each ring once, where it closes."""
    waits = {task.id: dict(_waits(task, solver)) for _, task in run.tasks if task.id}
    edges = {task: tuple(dict.fromkeys(them)) for task, them in waits.items()}
    done: set[str] = set()
    for start in waits:
        for ring in _rings(start, edges, done):
            path = run.task_ids[ring[0]]
            if run.report(path).full:
                return
            steps = [
                f"{shown(one)} {_VERBS[waits[one][other]]} {shown(other)}"
                for one, other in islice(pairwise([*ring, ring[0]]), _MOST_SHOWN)
            ]
            what = f"no task can start: {', '.join(steps)}"
            key = waits[ring[0]][ring[1 % len(ring)]]
            run.add((*path, key), what, "take one of these away", "cycle")


def _waits(task: Task, solver: Solver) -> Iterator[tuple[str, str]]:
    """Yield the tasks that have to be done first, and the key that says so; needs comes last."""
    for key, condition in (("done_when", task.done_when), ("when", task.when)):
        if condition is not None and not solver.tired and readable(condition):
            yield from ((name, key) for name in _inevitable(condition, solver))
    sort, _, name = task.after.partition(".")
    if sort == "task":
        yield name, "after"
    yield from ((name, "needs") for name in task.needs)


def _inevitable(condition: Condition, solver: Solver) -> Iterator[str]:
    """Yield the tasks without whose end a condition cannot hold."""
    for subject in subjects(condition):
        sort, _, name = subject.partition(".")
        if sort == "task":
            still_open = Condition("not", (Condition("set", subject=subject),))
            if not solver.can_hold(Condition("all", (condition, still_open))):
                yield name


def _rings(start: str, edges: Mapping[str, Sequence[str]], done: set[str]) -> Iterator[list[str]]:
    """Yield the rings met from `start`, without recursion; the walks share what is `done`."""
    trail: dict[str, None] = {}
    stack: list[tuple[str, int]] = [(start, 0)]
    while stack:
        task, depth = stack.pop()
        while len(trail) > depth:
            trail.popitem()
        if task in trail:
            ring = [*trail]
            yield ring[ring.index(task) :]
        elif task in edges and task not in done:
            done.add(task)
            trail[task] = None
            stack += [(need, len(trail)) for need in edges[task]]
