"""The rules of a drill's script."""

from __future__ import annotations

from crisisroom.core.check_conditions import options
from crisisroom.core.check_run import Run
from crisisroom.core.crossref import Path
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.playbook import DrillStep
from crisisroom.core.problems import shown

_THINGS = ("mention", "inject", "declare", "done", "fact", "met", "publish")
# what says more about which things
_BESIDE = {"to": ("inject",), "given": ("done", "met")}
_ACTS = ("declare", "done", "fact", "met", "publish")
_EXTRAS = frozenset({"at", "to", "given", "by"})


def check_drill(run: Run) -> None:
    """Report steps of the drill that do nothing, too much, or come in the wrong order."""
    reached = 0
    for index, step in enumerate(run.plan.drill):
        path: Path = ("drill", index)
        if step.at < reached and "at" in run.keys(path):
            what = "this step comes before the one above it"
            run.add((*path, "at"), what, "put the steps in the order of time", "order")
        reached = max(reached, step.at)
        _one_thing(run, path)
        _references(run, path, step)


def _one_thing(run: Run, path: Path) -> None:
    written = run.keys(path)
    given = [key for key in _THINGS if key in written]
    if len(given) > 1:
        what = f"{given[0]} and {given[1]} stand in one step"
        run.add_key((*path, given[1]), what, "give each a - of its own", "one_of")
    elif not given and "at" in written and set(written) <= _EXTRAS:
        hint = f"write one of {', '.join(_THINGS)}"
        run.add(path, "nothing happens in this step", hint, "one_of")
    for key, things in _BESIDE.items():
        if key in written and given and not set(things) & set(given):
            what = f"{key}: says more about {' or '.join(things)}, and there is none"
            run.add_key((*path, key), what, "take it out", "one_of")
    if "by" in written and given and not set(given) & set(_ACTS):
        what = "by: says who acts, and nobody does"
        run.add_key((*path, "by"), what, "take it out; an inject goes to:", "one_of")


def _references(run: Run, path: Path, step: DrillStep) -> None:
    run.refer((*path, "to"), step.to, run.roles, "role")
    run.refer((*path, "by"), step.by, run.roles, "role")
    run.refer((*path, "declare"), step.declare, run.severities, "severity")
    run.refer((*path, "done"), step.done, run.task_ids, "task")
    run.refer((*path, "met"), step.met, run.deadlines, "deadline")
    run.refer((*path, "publish"), step.publish, run.statements, "statement")
    for name, value in step.fact.items():
        place = (*path, "fact", name)
        run.refer(place, name, run.facts, "fact", key=True)
        fact = run.fact(name)
        allowed = options(fact) if fact else ()
        if value and allowed and value.casefold() not in {one.casefold() for one in allowed}:
            hint = did_you_mean(value, allowed, "one of")
            run.add(place, f'"{shown(value)}" is no answer to {shown(name)}', hint, "choice")
