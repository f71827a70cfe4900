"""The rules of conditions: what they look at is there, can be so, and can be so all at once."""

from __future__ import annotations

from collections.abc import Collection

from crisisroom.core.check_run import Run, conditions
from crisisroom.core.condition import Condition
from crisisroom.core.condition_read import Looked, looks
from crisisroom.core.crossref import Path
from crisisroom.core.nearest import did_you_mean
from crisisroom.core.playbook import Fact
from crisisroom.core.problems import shown
from crisisroom.core.satisfy import Domain, Solver, Value
from crisisroom.core.yamltext import Scalar

TASK_STATES = ("done", "skipped", "not_needed")  # an open task is one nobody knows of yet


def check_conditions(run: Run, solver: Solver) -> None:
    """Report looks that lead nowhere or compare with what never is, and what can never hold."""
    for path, condition, needed in conditions(run):
        report = run.report(path)
        if report.full:
            return
        before = len(report)
        for looked in looks(run.node(path)):
            _look(run, path, looked)
        if len(report) == before and readable(condition):
            facts = tuple(name for name in needed if name in run.facts)
            _possible(run, path, condition, facts, solver)


def readable(condition: Condition) -> bool:
    """Tell whether a condition could be read whole: no stand-in is in it."""
    stack = [condition]
    while stack:
        node = stack.pop()
        if node.op in ("all", "any") and not node.of:
            return False
        stack += node.of
    return True


def domain_of(run: Run) -> Domain:
    """Return which values a subject of this playbook's conditions can have."""

    def domain(subject: str) -> Collection[Value] | None:
        sort, _, name = subject.partition(".")
        if sort == "severity":
            return [severity.id for severity in run.plan.severities]
        if sort == "task":
            return [None, *TASK_STATES]
        if sort == "statement":
            return [None, "sent"]
        if sort == "role":
            return [None, "somebody"]
        fact = run.fact(name)
        allowed = options(fact) if fact else ()
        return [None, *allowed] if allowed else None

    return domain


def options(fact: Fact) -> tuple[str, ...]:
    """Return the values a fact can have, none where it can be any text."""
    if fact.type == "yes-no":
        return ("yes", "no")
    return fact.options if fact.type == "choice" else ()


def _look(run: Run, path: Path, looked: Looked) -> None:
    sort, _, name = looked.subject.value.partition(".")
    report = run.report(path)
    known = run.sorts.get(sort)
    if known is None:  # the severity, or what was reported when it was read
        if sort == "severity":
            _values(run, path, looked, [*run.severities], "severity")
    elif not name:
        return
    elif name not in known:
        hint = did_you_mean(name, known, "there is") or f"this file names no {sort}"
        report.add(looked.subject, f'no {sort} is called "{shown(name)}"', hint, "reference")
    elif sort == "fact" and (fact := run.fact(name)):
        _fact(run, path, looked, fact)
    elif sort == "task":
        _values(run, path, looked, TASK_STATES, "state of a task")
    elif sort == "statement":
        _values(run, path, looked, ("sent",), "state of a statement")
    elif looked.op != "set":
        what = f"whether somebody holds {shown(name)} is looked at with set"
        report.add(looked.subject, what, f"write set: role.{shown(name)}", "condition")


def _fact(run: Run, path: Path, looked: Looked, fact: Fact) -> None:
    if allowed := options(fact):
        _values(run, path, looked, allowed, f"answer to {fact.id}")
    elif looked.op in ("at_least", "at_most") and fact.type != "number":
        what = f"{looked.op} compares numbers, and {fact.id} is a {fact.type}"
        run.report(path).add(looked.subject, what, "give the fact type: number", "type")


def _values(run: Run, path: Path, looked: Looked, allowed: Collection[str], what: str) -> None:
    """Report a comparison with what the subject can never be."""
    report = run.report(path)
    if looked.op in ("at_least", "at_most"):
        hint = f"write is: {{{looked.subject.value}: …}}"
        report.add(looked.subject, f"{looked.op} compares numbers only", hint, "type")
    elif looked.op == "is":
        plain = {one.casefold() for one in allowed}
        for value in looked.values:
            if value.value.casefold() not in plain:
                _never(run, path, value, allowed, what)


def _never(run: Run, path: Path, value: Scalar, allowed: Collection[str], what: str) -> None:
    hint = did_you_mean(value.value, allowed, "one of")
    if what.startswith("state of a task") and value.value == "open":
        hint = "a task is done, skipped or not_needed; write not: {set: task.ID} while it is open"
    run.report(path).add(value, f'"{shown(value.value)}" is no {what}', hint, "choice")


def _possible(
    run: Run, path: Path, condition: Condition, needed: tuple[str, ...], solver: Solver
) -> None:
    if not solver.can_hold(condition):
        what = "this can never be so: its parts contradict each other"
        run.add(path, what, "take one of them away, or join them with any:", "never")
        return
    known = tuple(Condition("set", subject=f"fact.{name}") for name in needed)
    if known and not solver.can_hold(Condition("all", (condition, *known))):
        what = f"this can never be so once {', '.join(map(shown, needed[:3]))} is known"
        run.add(path, what, "what stands beside it needs that fact known", "never")
