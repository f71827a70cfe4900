"""The rules across a playbook: references, order, placeholders, approvals, time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

from crisisroom.core import placeholders
from crisisroom.core.crossref import Crossref, Path
from crisisroom.core.playbook import Playbook, Task
from crisisroom.core.problems import Report, shown
from crisisroom.core.schema import did_you_mean
from crisisroom.core.yamltext import Node

# nobody is addressed in a statement, so it has no handle
_STATEMENT_NAMES = placeholders.FIXED - {"handle"}
_LISTS = ("severities", "facts", "roles", "contacts", "phases", "approvals", "cadences")
_SINGLE = re.compile(r"(?<!\{)\{[ \t]*([a-z][\w.-]*)[ \t]*\}(?!\})", re.ASCII)


class _Check(Crossref):
    """One pass over a playbook and the nodes it came from."""

    def __init__(self, plan: Playbook, root: Node, report: Report) -> None:
        super().__init__(root, report)
        self.plan = plan
        self.tasks = [*_walk(plan)]
        self.roles = _ids(plan.roles)
        self.facts = _ids(plan.facts)
        self.approvals = _ids(plan.approvals)


def check(plan: Playbook, root: Node, report: Report) -> None:
    """Report everything in a playbook that does not hold together."""
    run = _Check(plan, root, report)
    _head(run)
    _unique(run)
    _people(run)
    _tasks(run)
    _cycles(run)
    _statements(run)
    _cadences(run)
    _wording(run)


def _head(run: _Check) -> None:
    plan = run.plan
    if not plan.severities:
        run.add(("severities",), "a playbook names at least one severity", code="missing_key")
    for name in ("forbid", "warn"):
        for index, phrase in enumerate(getattr(plan.guardrails, name)):
            if not phrase.strip():
                run.add(("guardrails", name, index), "an empty phrase matches nothing")


def _ids(things: Iterable[Any]) -> dict[str, int]:
    return {thing.id: index for index, thing in enumerate(things)}


def _unique(run: _Check) -> None:
    """Every id stands once in its list; tasks once in the playbook, and so do all words.

    Words are approved and chosen by their id alone, so a question cannot share a statement's.
    """
    for section in _LISTS:
        things = enumerate(getattr(run.plan, section))
        run.once(((section, index), thing.id) for index, thing in things)
    run.once((path, task.id) for path, task in run.tasks)
    words = [
        ((section, index), thing.id)
        for section in ("key_messages", "faq", "statements")
        for index, thing in enumerate(getattr(run.plan, section))
    ]
    run.once(words)
    for path, word in words:
        if word in ("greeting", "sign_off"):
            run.add((*path, "id"), f'the id "{word}" is taken', "choose another", "duplicate")


def _walk(plan: Playbook) -> Iterator[tuple[Path, Task]]:
    for at, phase in enumerate(plan.phases):
        for index, task in enumerate(phase.tasks):
            yield ("phases", at, "tasks", index), task


def _people(run: _Check) -> None:
    plan = run.plan
    contacts = _ids(plan.contacts)
    for index, role in enumerate(plan.roles):
        run.refer(("roles", index, "backup"), role.backup, contacts, "contact")
        if role.required and not role.backup:
            hint = "write backup: and a contact's id"
            run.add(("roles", index), "a required role has a backup", hint, "backup")
    for index, contact in enumerate(plan.contacts):
        run.refer_each(("contacts", index, "roles"), contact.roles, run.roles, "role")
    for index, approval in enumerate(plan.approvals):
        run.refer_each(("approvals", index, "by"), approval.by, run.roles, "role")
    run.refer(("reply_approval",), plan.reply_approval, run.approvals, "approval")


def _tasks(run: _Check) -> None:
    known = _ids(task for _, task in run.tasks)
    for path, task in run.tasks:
        run.refer((*path, "role"), task.role, run.roles, "role")
        run.refer_each((*path, "needs"), task.needs, known, "task")
        run.refer_each((*path, "needs_facts"), task.needs_facts, run.facts, "fact")
        if task.within is None and task.warn:
            run.add((*path, "warn"), "a warning needs a due time", "add within:", "range")
        elif task.within and task.warn >= task.within:
            run.add((*path, "warn"), "the warning comes before the task starts", "", "range")


def _cycles(run: _Check) -> None:
    """Report tasks that wait for each other: each ring once, where it closes."""
    needs = {task.id: task.needs for _, task in run.tasks}
    paths = {task.id: path for path, task in run.tasks}
    done: set[str] = set()
    for start in paths:
        for ring in _rings(start, needs, done):
            words = " needs ".join(shown(word) for word in (*ring[:8], ring[0]))
            hint = "take one of these needs away"
            run.add((*paths[ring[0]], "needs"), f"no task can start: {words}", hint, "cycle")


def _rings(start: str, needs: Mapping[str, Sequence[str]], done: set[str]) -> Iterator[list[str]]:
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
        elif task in needs and task not in done:
            done.add(task)
            trail[task] = None
            stack += [(need, len(trail)) for need in needs[task]]


def _statements(run: _Check) -> None:
    for index, statement in enumerate(run.plan.statements):
        path: Path = ("statements", index)
        run.refer((*path, "approval"), statement.approval, run.approvals, "approval")
        run.refer_each((*path, "needs_facts"), statement.needs_facts, run.facts, "fact")
        public = statement.kind != "internal" and run.says((*path, "kind"), statement.kind)
        if public and not statement.approval:
            hint = "write approval: and an approval's id"
            run.add(path, "a statement that goes out has an approval", hint, "approval")


def _cadences(run: _Check) -> None:
    statements, severities = _ids(run.plan.statements), _ids(run.plan.severities)
    for index, cadence in enumerate(run.plan.cadences):
        path: Path = ("cadences", index)
        run.refer((*path, "statement"), cadence.statement, statements, "statement")
        for severity, every in cadence.every.items():
            run.refer((*path, "every", severity), severity, severities, "severity")
            if 0 < every <= cadence.warn:
                what = f"the warning, {cadence.warn}s before, is not shorter than this"
                run.add((*path, "every", severity), what, "write a shorter warn:", "range")


def _wording(run: _Check) -> None:
    """Check the placeholders of everything that is said.

    What is approved once and used many times is stricter: only facts that may fill approved
    words may vary in it.
    """
    plan = run.plan
    for index, statement in enumerate(plan.statements):
        _template(run, ("statements", index, "text"), statement.text, _STATEMENT_NAMES)
    fillable = {fact.id for fact in plan.facts if fact.may_fill}
    for path, text in _reused(plan):
        _template(run, path, text, placeholders.FIXED)
        for name in placeholders.names(text):
            fact = name.removeprefix("fact.")
            if fact != name and fact in run.facts and fact not in fillable:
                what = f'the fact "{shown(fact)}" may not vary inside approved words'
                run.add(path, what, "give the fact may_fill: yes, or leave it out", "placeholder")


def _reused(plan: Playbook) -> Iterator[tuple[Path, str]]:
    yield ("greeting",), plan.greeting
    yield ("sign_off",), plan.sign_off
    yield from (
        (("key_messages", n, "text"), word.text) for n, word in enumerate(plan.key_messages)
    )
    yield from ((("faq", n, "answer"), word.answer) for n, word in enumerate(plan.faq))


def _template(run: _Check, path: Path, text: str, fixed: Set[str]) -> None:
    for name in placeholders.names(text):
        if name.startswith("fact."):
            run.refer(path, name.removeprefix("fact."), run.facts, "fact")
        elif name not in fixed:
            hint = did_you_mean(name, [*sorted(fixed), *(f"fact.{fact}" for fact in run.facts)])
            run.add(path, f'no placeholder is called "{shown(name)}" here', hint, "placeholder")
    for part in _strays(text):
        hint = "‹ and › mark open blanks" if part[0] in "‹›" else "write it like {{fact.what}}"
        run.add(path, f'"{shown(part)}" is no placeholder', hint, "placeholder")
    for name in dict.fromkeys(_SINGLE.findall(text)):
        if name in fixed or name.removeprefix("fact.") in run.facts:
            what = f"{{{name}}} with single braces would stay as it is"
            run.add(path, what, f"write {{{{{name}}}}}", "placeholder")


def _strays(text: str) -> list[str]:
    """Return what looks like an open blank in a template and is no placeholder."""
    filled = placeholders.fill(text, {})
    known = {(blank.start, blank.end) for blank in filled.blanks}
    found = placeholders.blanks_in(filled.text)
    return [filled.text[b.start : b.end] for b in found if (b.start, b.end) not in known]
