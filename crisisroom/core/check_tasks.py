"""The rules of tasks: whose they are, what they need, and when they are due."""

from __future__ import annotations

from crisisroom.core.check_run import Run
from crisisroom.core.crossref import Path
from crisisroom.core.playbook import Task
from crisisroom.core.problems import shown

_ANCHORS = {"fact": "facts", "task": "task_ids", "phase": "phases", "statement": "statements"}


def check_tasks(run: Run) -> None:
    """Report references of tasks that lead nowhere, and due times that cannot be kept."""
    for path, task in run.tasks:
        run.refer((*path, "role"), task.role, run.roles, "role")
        run.refer_each((*path, "needs"), task.needs, run.task_ids, "task")
        run.refer_each((*path, "needs_facts"), task.needs_facts, run.facts, "fact")
        _due(run, path, task)
        _anchor(run, path, task)


def _due(run: Run, path: Path, task: Task) -> None:
    if task.at and task.within is not None:
        what = "at and within both say when the task is due"
        run.add_key((*path, "at"), what, "keep one of them", "one_of")
    if task.warn and task.within is None and not task.at and task.repeat is None:
        run.add((*path, "warn"), "a warning needs a due time", "add within:", "range")
    for key in ("within", "repeat"):
        seconds = getattr(task, key)
        if seconds and task.warn >= seconds:
            what = "the warning comes before the task starts"
            hint = f"warn: is shorter than {key}:"
            run.add((*path, "warn"), what, hint, "range")
            return


def _anchor(run: Run, path: Path, task: Task) -> None:
    if not task.after:
        return
    place = (*path, "after")
    if task.within is None:
        hint = "add within:" if not task.at else "take it out: at: is a moment by itself"
        run.add_key(place, "after says from when, and nothing says how long", hint, "range")
    sort, _, name = task.after.partition(".")
    if sort not in _ANCHORS:
        return
    known = getattr(run, _ANCHORS[sort])
    run.refer(place, name, known, sort)
    if sort == "phase" and name in known and task.required:
        own = path[1]
        if isinstance(own, int) and known[name] > own:
            what = f"the phase {shown(name)} begins only once this required task is done"
            run.add(place, what, "count from an earlier phase, or from declared", "cycle")
